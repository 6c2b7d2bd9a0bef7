import type { Check, DeclarationSubject, Policy } from '../core/check';
import { culprit } from '../fixes/culprit';
import { rangeText } from '../fixes/effect';
import { admissionOf, compromiseOf } from '../fixes/exposure';
import { pins, ranked } from '../fixes/moves';
import { pinnableGroups } from '../fixes/pinning';
import { isOutOfReach, speaks } from '../fixes/registryState';
import { counted } from '../fixes/wording';

export const unpinned: Check = {
  id: 'unpinned',
  title: 'No exact version, and no lockfile that holds one',
  severity: 'warning',
  docs: {
    why: `The next install takes whatever was published last. When litellm 1.82.7 and 1.82.8 were compromised, half of the installs that took them came from requirements without an exact version; those who had pinned, or installed from a lockfile, were not hit. Bad releases of AI packages lived for minutes to hours: a version chosen before that day is the defence that worked.

By default only AI packages are named; \`merlon.unpinned.scope\` widens this to all packages or turns it off. Peer dependencies, overrides and constraints are left alone, since a range is what they are for. Nothing is said where \`admits-compromised\` speaks on the same range, where \`quarantined-package\` or \`unknown-package\` says that no release can be had, nor where an application's committed lockfile holds the release and its hashes. A library's lockfile helps nobody but its authors: those who install the library get whatever the range admits, so there it is said, with the reason why the project counts as a library.`,
    example: `openai>=1.40`,
    fix: `Pin to the proposed release: the newest one that the range allows, that no known advisory touches, and that is older than \`merlon.minimumReleaseAge\`. Or commit a lockfile and install from it. Excluding bad releases (\`!=1.82.7\`) blocks these releases alone, not the next one.`,
  },
  assess: {
    declaration(subject, policy) {
      const { declaration, versions } = subject;
      const { source } = declaration;
      if (source.kind !== 'registry' || declaration.package.name === '' || !inScope(subject, policy)) return [];
      if (!pinnableGroups.has(declaration.group) || versions.exact(source.range) !== undefined || !versions.isValidRange(source.range))
        return [];
      if (heldByLock(subject) || isOutOfReach(subject, policy)) return [];
      if (speaks(policy, 'compromised-release') && compromiseOf(subject)) return [];
      if (speaks(policy, 'admits-compromised') && admissionOf(subject)) return [];
      return [
        {
          message: message(subject) + lockWords(subject),
          span: culprit(declaration),
          fixes: () => ranked(pins(subject, policy)),
        },
      ];
    },
  },
};

function inScope(subject: DeclarationSubject, policy: Policy): boolean {
  return policy.unpinnedScope === 'all' || (policy.unpinnedScope === 'ai' && subject.roles.length > 0);
}

/** An application's lockfile, committed, holds the release and its hashes; a library's users never see it. */
function heldByLock({ resolution, lock }: DeclarationSubject): boolean {
  // The workspace's own package is what lies in the workspace.
  if (lock?.exempt === 'own') return true;
  if (resolution.version === undefined || resolution.from !== 'lockfile' || !lock) return false;
  return lock.library === undefined && lock.releases.every(({ hashes, hashed }) => hashes.length > 0 || hashed === true);
}

/** Why the lockfile does not make the message idle. */
function lockWords({ resolution, lock }: DeclarationSubject): string {
  if (resolution.version === undefined || resolution.from !== 'lockfile' || !lock) return '';
  const held = `; ${lock.file} holds ${resolution.version}`;
  return lock.library === undefined ? `${held}, without hashes` : `${held}, which users of this library never see (${lock.library})`;
}

function message(subject: DeclarationSubject): string {
  const { declaration } = subject;
  const { source } = declaration;
  const { name } = declaration.package;
  const range = rangeText(declaration);
  if (source.kind !== 'registry') return '';
  if (source.tag !== undefined)
    return `${name} is not pinned: the tag ${source.tag} moves, and the next install takes what it points to then`;
  if (source.range === '' || /^[*\s]*$/.test(source.range))
    return `${name} is not pinned: the next install takes whatever was published last`;
  const excluded = exclusions(source.range);
  if (excluded > 0) {
    return `${name} is not pinned: ${range} blocks ${counted(excluded, 'release', 'releases')}, not the next one`;
  }
  return `${name} is not pinned: the next install may take any release that ${range} admits`;
}

/** How many releases a range consists in excluding; 0 where it says anything else. */
function exclusions(range: string): number {
  const clauses = range.split(',').map((clause) => clause.trim());
  return clauses.every((clause) => clause.startsWith('!=')) && !range.includes('||') ? clauses.length : 0;
}
