import type { Check, DeclarationSubject } from '../core/check';
import { matchesNamePattern } from '../core/namePattern';
import { releaseAtHand } from '../fixes/atHand';
import { ownLockLine } from '../fixes/brought';
import { culprit } from '../fixes/culprit';
import { rangeText } from '../fixes/effect';
import { pinnableGroups } from '../fixes/pinning';
import { named } from '../fixes/publisher';
import { isSpokenFor } from '../fixes/silence';
import { listed } from '../fixes/wording';

export const installScript: Check = {
  id: 'install-script',
  title: 'A package that runs code when it is installed',
  severity: 'information',
  docs: {
    why: `A script of a package (\`preinstall\`, \`install\`, \`postinstall\`, or node-gyp for its \`binding.gyp\`) runs with all your rights as soon as it is installed, before anybody has looked at it: that is how Shai-Hulud spread, and how nx stole tokens in 2025. Most packages need none; those that compile or fetch a binary do.

Package managers have begun to block them (npm 12, pnpm 10, Bun, new projects of Yarn) until somebody allows each. So nothing is said of a package about which the project has decided, be it yes or no: \`allowScripts\` (npm), \`allowBuilds\` and \`onlyBuiltDependencies\` (pnpm), \`trustedDependencies\` (Bun), \`dependenciesMeta\` (Yarn); nor where scripts are off as a whole. Only what the project declares itself is named, by what the registry says of the release, or else the lockfile.

No script is no promise: code also runs when a package is imported.`,
    example: `"esbuild": "0.25.0"      // postinstall`,
    fix: `Decide, and write it down: allow the package in your package manager's list if you need what its script does, or forbid it there.`,
  },
  assess: {
    declaration(subject, policy) {
      const { declaration, installScripts: rules } = subject;
      if (declaration.source.kind !== 'registry' || !rules || rules.noneRun !== undefined || !pinnableGroups.has(declaration.group))
        return [];
      const evidence = evidenceOf(subject);
      if (!evidence || isDecided(subject, evidence.version) || isSpokenFor(subject, policy)) return [];
      const { name } = declaration.package;
      const { resolution } = subject;
      const which =
        resolution.version === undefined
          ? `${name} ${rangeText(declaration) || 'without a version'} takes ${evidence.version}, which`
          : `${name} ${evidence.version}`;
      return [
        {
          message: `${which} runs code when it is installed (${evidence.words}), and no setting of the project decides on that`,
          span: culprit(declaration),
          related: ownLockLine(subject),
        },
      ];
    },
  },
};

interface Evidence {
  readonly version: string;
  readonly words: string;
}

/** By the registry, or by the lockfile where the registry was not asked or does not say. */
function evidenceOf(subject: DeclarationSubject): Evidence | undefined {
  const atHand = releaseAtHand(subject)?.release;
  if (atHand?.installScripts) {
    const { installScripts: scripts, version } = atHand;
    return scripts.length ? { version, words: listed(scripts.map(named)) } : undefined;
  }
  const { lock, resolution, versions } = subject;
  if (!lock || resolution.version === undefined || resolution.from === 'installed') return undefined;
  const entry = lock.releases.find(({ version }) => versions.equal(version, resolution.version));
  return entry?.installScript ? { version: entry.version, words: `${lock.file} says so` } : undefined;
}

function isDecided({ installScripts, declaration, versions }: DeclarationSubject, version: string): boolean {
  return (installScripts?.decided ?? []).some(
    ({ name, range }) =>
      matchesNamePattern(name, declaration.package.name) && (range === undefined || range === '*' || versions.satisfies(version, range)),
  );
}
