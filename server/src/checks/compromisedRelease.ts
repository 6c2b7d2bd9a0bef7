import type { Check, DeclarationSubject, InstalledSubject, Policy } from '../core/check';
import type { Fix, Observation } from '../core/finding';
import { aboutBrought, lockLines, override, ownLockLine, raise, wayOf } from '../fixes/brought';
import { cleanUpSteps } from '../fixes/cleanUp';
import { culprit } from '../fixes/culprit';
import { heldWords } from '../fixes/effect';
import { admittedBy, compromiseOf, flawsOf, type Compromise } from '../fixes/exposure';
import { exclusion, movesOff, ranked, removal } from '../fixes/moves';
import { replacements } from '../fixes/replacing';
import { counted, listed } from '../fixes/wording';

export const compromisedRelease: Check = {
  id: 'compromised-release',
  title: 'A release, or a whole package, that is known malware',
  severity: 'error',
  docs: {
    why: `Somebody published this release to run their own code on the machines of those who install it. It happens when a maintainer's account or token is stolen, and when a package is made for the purpose, often under a name that looks like a known one. Malware records carry no severity score, since no score fits: whoever installed such a release should treat the machine, and every secret it could reach, as taken.

The finding stays when the registry has already removed the release. Mirrors, caches, lockfiles and images may still hold it.`,
    example: `litellm==1.82.7`,
    fix: `Move to the proposed release. It is the lowest later one that no known advisory touches: the release just before the malware is often no cure, since it has flaws of its own. Where the whole package is malware, remove it. Then update the lockfile.

A changed line does not clean a machine on which the release was installed. Take it off the network, keep the evidence, remove what the malware left behind, rebuild, and only then renew secrets, from another machine.`,
  },
  assess: {
    declaration(subject, policy) {
      const compromise = compromiseOf(subject);
      return compromise ? [own(subject, compromise, policy)] : brought(subject, policy);
    },
    installed: (subject) => installed(subject),
    locked({ entry, advisories, span }) {
      const malware = advisories.filter(({ kind }) => kind === 'malware');
      if (!malware.length) return [];
      const message = `${entry.package.name} ${entry.version} is malware (${listed(malware.map(({ id }) => id))})`;
      return [{ message, span: span(), advisories }];
    },
  },
};

/** A release that lies on this machine: it has run, or can at any moment. */
function installed({ release, known }: InstalledSubject): Observation[] {
  const { package: pkg, version, span } = release;
  const malware = known.filter((advisory) => advisory.kind === 'malware' && (advisory.wholePackage || advisory.affects(version)));
  if (malware.length === 0) return [];
  const others = known.filter((advisory) => advisory.kind !== 'malware' && advisory.affects(version));
  const message = `${pkg.name} ${version} is installed and is malware (${listed(malware.map(({ id }) => id))}). ${cleanUpSteps()}`;
  return [{ message, span, advisories: [...malware, ...others] }];
}

function own(subject: DeclarationSubject, compromise: Compromise, policy: Policy): Observation {
  const { version, wholePackage, malware } = compromise;
  return {
    message: message(subject, compromise),
    span: culprit(subject.declaration),
    advisories: [...malware, ...flawsOf(subject)],
    related: ownLockLine(subject),
    fixes: () =>
      ranked(
        wholePackage || version === undefined
          ? [...meant(subject, true), removal(subject), ...meant(subject, false)]
          : [...movesOff(subject, policy, version, 'too'), shutOut(subject), ...meant(subject, true), ...meant(subject, false)],
      ),
  };
}

/** The package that was meant, where the name looks like a known one; `sure` where it hardly was anything else. */
function meant(subject: DeclarationSubject, sure: boolean): readonly Fix[] {
  const similar = subject.similar?.();
  return similar ? replacements(subject, similar).filter(({ preferred }) => preferred === sure) : [];
}

/** Where the line is a range and lockfile or environment hold the bad release, the line need only no longer admit it. */
function shutOut(subject: DeclarationSubject): Fix | undefined {
  const admission = admittedBy(subject);
  return admission && exclusion(subject, admission.versions);
}

/** Malware that comes along with the declaration, by the lockfile: the worst speaks, the others are counted. */
function brought(subject: DeclarationSubject, policy: Policy): Observation[] {
  const all = subject.brings.filter(({ advisories }) => advisories[0]?.kind === 'malware');
  const [worst, ...others] = all;
  if (!worst) return [];
  const malware = worst.advisories.filter(({ kind }) => kind === 'malware');
  const more = others.length ? `, and ${counted(others.length, 'other malware release', 'other malware releases')}` : '';
  return [
    {
      message: `${worst.path[0]} brings ${worst.package.name} ${worst.version}, which is malware (${listed(malware.map(({ id }) => id))}), by ${wayOf(worst)}${more}`,
      span: culprit(subject.declaration),
      ...aboutBrought(worst),
      advisories: [...new Set(all.flatMap(({ advisories }) => advisories))],
      related: lockLines(subject, all.slice(0, 5)),
      fixes: () => ranked([raise(subject, policy, worst), override(subject, worst)]),
    },
  ];
}

function message(subject: DeclarationSubject, { version, wholePackage, malware }: Compromise): string {
  const { name } = subject.declaration.package;
  const ids = listed(malware.map((advisory) => advisory.id));
  if (wholePackage) return `${name} is malware in every release (${ids})`;
  const held = heldWords(subject);
  return `${name} ${version}${held} is malware (${ids})`;
}
