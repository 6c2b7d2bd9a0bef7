import type { Advisory, AdvisorySeverity } from '../core/advisory';
import type { Check, DeclarationSubject, InstalledSubject, LockedSubject, Policy } from '../core/check';
import type { Observation, Severity } from '../core/finding';
import { aboutBrought, lockLines, override, ownLockLine, raise, wayOf } from '../fixes/brought';
import { culprit } from '../fixes/culprit';
import { heldWords } from '../fixes/effect';
import { compromiseOf, flawsOf } from '../fixes/exposure';
import { lowestFree, movesOff, ranked } from '../fixes/moves';
import { counted, listed } from '../fixes/wording';

export const vulnerableRelease: Check = {
  id: 'vulnerable-release',
  title: 'Known vulnerabilities affect the resolved release',
  severity: 'warning',
  docs: {
    severity: 'by the worst vulnerability: error for critical and high, warning for medium, information for low and unknown',
    why: `Somebody found a flaw in this release and published it, so attackers know it too. The finding is an error when the worst known flaw is critical or high, a warning when it is medium, and information when it is low or not rated. All flaws of a line are one finding. A package that its author gave up is information as well: it gets no fixes any more.

Only the release that the entry stands for is judged: an exact version, or what the lockfile or the environment holds. For what a range may take see \`admits-compromised\` and \`unpinned\`.`,
    example: `litellm==1.82.6`,
    fix: `Move to the proposed release: the lowest later one that is free of all known advisories, not only of the one at hand. Where there is none, the last release before the flaw is offered.`,
  },
  assess: {
    installed,
    locked,
    declaration(subject, policy) {
      if (compromiseOf(subject) || subject.brings.some(({ advisories }) => advisories[0]?.kind === 'malware')) return [];
      const ofIts = own(subject, policy);
      const along = brought(subject, policy);
      if (!ofIts || !along) return [ofIts ?? along].filter((observation) => observation !== undefined);
      // One finding a declaration: the worse of the two, and its own release first.
      const [first, second] = rankOf(along) < rankOf(ofIts) ? [along, ofIts] : [ofIts, along];
      return [{ ...first, related: [...(first.related ?? []), ...(second.related ?? [])] }];
    },
  },
};

/** An entry of a lockfile that speaks for no manifest: no declaration is there to say it. */
function locked({ entry, advisories, span }: LockedSubject): Observation[] {
  const flaws = advisories.filter(({ kind }) => kind === 'vulnerability');
  if (!flaws.length || advisories.some(({ kind }) => kind === 'malware')) return [];
  const worst = worstOf(flaws);
  const worstFlaw = flaws.find(({ severity }) => severity === worst) ?? flaws[0]!;
  const count = counted(flaws.length, 'known vulnerability', 'known vulnerabilities');
  const rated = flaws.length > 1 && worst ? `the worst is ${worst}` : (worst ?? 'not rated');
  const message = `${entry.package.name} ${entry.version} is locked and has ${count}, ${rated} (${worstFlaw.id})`;
  return [{ message, span: span(), severity: worst ? bySeverity[worst] : 'information', advisories }];
}

function installed({ release, known, versions }: InstalledSubject): Observation[] {
  const { package: pkg, version, span } = release;
  const advisories = known.filter((advisory) => advisory.kind !== 'malware' && advisory.affects(version));
  const isMalware = known.some((advisory) => advisory.kind === 'malware' && (advisory.wholePackage || advisory.affects(version)));
  if (advisories.length === 0 || isMalware) return [];
  const flaws = advisories.filter(({ kind }) => kind === 'vulnerability');
  if (flaws.length === 0) {
    const message = `${pkg.name} is installed and no longer maintained (${listed(advisories.map(({ id }) => id))})`;
    return [{ message, span, severity: 'information', advisories }];
  }
  const worst = worstOf(flaws);
  const worstFlaw = flaws.find(({ severity }) => severity === worst) ?? flaws[0]!;
  const count = counted(flaws.length, 'known vulnerability', 'known vulnerabilities');
  const rated = flaws.length > 1 && worst ? `the worst is ${worst}` : (worst ?? 'not rated');
  // The lowest later release that ends all of them; where one has no end, none does.
  const ends = flaws.map(({ fixedIn }) => fixedIn.filter((fixed) => versions.compare(fixed, version) > 0)).map(([first]) => first);
  const free = ends.every((end) => end !== undefined) ? ends.sort((a, b) => versions.compare(b, a))[0] : undefined;
  const cure = free !== undefined && known.every((advisory) => !advisory.affects(free)) ? `; ${free} is free of all` : '';
  return [
    {
      message: `${pkg.name} ${version} is installed and has ${count}, ${rated} (${worstFlaw.id})${cure}`,
      span,
      severity: worst ? bySeverity[worst] : 'information',
      advisories,
    },
  ];
}

function own(subject: DeclarationSubject, policy: Policy): Observation | undefined {
  const { version } = subject.resolution;
  const advisories = flawsOf(subject);
  if (version === undefined || advisories.length === 0) return undefined;
  const flaws = advisories.filter((advisory) => advisory.kind === 'vulnerability');
  const worst = worstOf(flaws);
  const free = lowestFree(subject, policy, version);
  return {
    message:
      message(subject, version, advisories, flaws, worst) + (free === undefined ? '' : `; ${free} is the lowest later release free of all`),
    span: culprit(subject.declaration),
    severity: worst ? bySeverity[worst] : 'information',
    advisories,
    related: ownLockLine(subject),
    fixes: () => ranked(movesOff(subject, policy, version, 'instead')),
  };
}

/** Vulnerable releases that come along with the declaration, by the lockfile: the worst speaks, the others are counted. */
function brought(subject: DeclarationSubject, policy: Policy): Observation | undefined {
  const all = subject.brings.filter(({ advisories }) => advisories.some(({ kind }) => kind === 'vulnerability'));
  const [first, ...others] = all;
  if (!first) return undefined;
  const flaws = first.advisories.filter(({ kind }) => kind === 'vulnerability');
  const worst = worstOf(flaws);
  const more = others.length ? `, and ${counted(others.length, 'other vulnerable release', 'other vulnerable releases')}` : '';
  const rated = worst === undefined ? 'not rated' : worst;
  return {
    message: `${first.path[0]} brings ${first.package.name} ${first.version}, which has ${counted(flaws.length, 'known vulnerability', 'known vulnerabilities')}, ${flaws.length > 1 && worst ? `the worst is ${rated}` : rated} (${flaws[0]!.id}), by ${wayOf(first)}${more}`,
    span: culprit(subject.declaration),
    severity: worst ? bySeverity[worst] : 'information',
    ...aboutBrought(first),
    advisories: [...new Set(all.flatMap(({ advisories }) => advisories))],
    related: lockLines(subject, all.slice(0, 5)),
    fixes: () => ranked([raise(subject, policy, first), override(subject, first)]),
  };
}

function rankOf({ severity }: Observation): number {
  return ['error', 'warning', 'information'].indexOf(severity ?? 'warning');
}

const bySeverity: Readonly<Record<AdvisorySeverity, Severity>> = {
  critical: 'error',
  high: 'error',
  medium: 'warning',
  low: 'information',
};
const order: readonly AdvisorySeverity[] = ['critical', 'high', 'medium', 'low'];

function worstOf(flaws: readonly Advisory[]): AdvisorySeverity | undefined {
  return order.find((severity) => flaws.some((flaw) => flaw.severity === severity));
}

function message(
  subject: DeclarationSubject,
  version: string,
  advisories: readonly Advisory[],
  flaws: readonly Advisory[],
  worst: AdvisorySeverity | undefined,
): string {
  const { name } = subject.declaration.package;
  if (flaws.length === 0) return `${name} is no longer maintained (${listed(advisories.map((advisory) => advisory.id))})`;
  const held = heldWords(subject);
  const worstFlaw = flaws.find((flaw) => flaw.severity === worst) ?? flaws[0]!;
  const rated = worst ?? 'not rated';
  const count = counted(flaws.length, 'known vulnerability', 'known vulnerabilities');
  const worded = flaws.length === 1 ? rated : worst ? `the worst is ${rated}` : rated;
  return `${name} ${version}${held} has ${count}, ${worded} (${worstFlaw.id})`;
}
