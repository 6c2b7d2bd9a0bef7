import type { Check, DeclarationSubject } from '../core/check';
import { ownLockLine } from '../fixes/brought';
import { culprit } from '../fixes/culprit';
import { rangeText } from '../fixes/effect';
import { listed } from '../fixes/wording';

export const lockDrift: Check = {
  id: 'lock-drift',
  title: 'The lockfile does not hold what the manifest asks for',
  severity: 'warning',
  docs: {
    why: `The manifest and its lockfile have parted: the range no longer admits the locked release, or the entry is missing from the lockfile. The next install writes the lockfile anew and takes whatever is newest at that moment, or it fails. A build that was thought to be frozen is not, and what was reviewed is not what comes.

Merlon judges by the lockfile where it holds an entry, so a drifted one makes the other findings less sure as well.`,
    example: `openai>=2      # while uv.lock holds openai 1.40.2`,
    fix: `Write the lockfile anew with the command that the message names, and review what it changes. Merlon never runs it. If the manifest is what is wrong, put the old range back.`,
  },
  assess: {
    declaration(subject) {
      const message = drift(subject);
      return message === undefined ? [] : [{ message, span: culprit(subject.declaration), related: ownLockLine(subject) }];
    },
  },
};

function drift({ declaration, lock, versions }: DeclarationSubject): string | undefined {
  const { source, group, section, specifier, package: pkg } = declaration;
  // Peers need not be installed, and a tag admits everything.
  if (!lock || lock.exempt || source.kind !== 'registry' || source.tag !== undefined || group === 'peer') return undefined;
  // Optional packages that no release fits are left out by npm and pnpm.
  if (!lock.releases.length && section === 'optionalDependencies') return undefined;
  if (!lock.releases.length) return `${pkg.name} is missing from ${lock.file}: ${lock.relock} writes it anew`;
  // What the lockfile was written for is what counts: an override may have made it hold a release outside the range.
  if (source.range === '' || !versions.isValidRange(source.range) || lock.asked === specifier) return undefined;
  if (lock.releases.some(({ version }) => versions.satisfies(version, source.range))) return undefined;
  const held = listed(lock.releases.map(({ version }) => version));
  return `${lock.file} holds ${pkg.name} ${held}, which ${rangeText(declaration)} does not admit: ${lock.relock} writes it anew`;
}
