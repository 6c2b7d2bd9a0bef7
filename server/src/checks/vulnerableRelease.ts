import type { Advisory, AdvisorySeverity } from '../core/advisory';
import type { Check, DeclarationSubject } from '../core/check';
import type { Severity } from '../core/finding';
import { culprit } from '../fixes/culprit';
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
    declaration(subject, policy) {
      const { version } = subject.resolution;
      const advisories = flawsOf(subject);
      if (version === undefined || advisories.length === 0 || compromiseOf(subject)) return [];
      const flaws = advisories.filter((advisory) => advisory.kind === 'vulnerability');
      const worst = worstOf(flaws);
      const free = lowestFree(subject, policy, version);
      return [
        {
          message:
            message(subject, version, advisories, flaws, worst) +
            (free === undefined ? '' : `; ${free} is the lowest later release free of all`),
          span: culprit(subject.declaration),
          severity: worst ? bySeverity[worst] : 'information',
          advisories,
          fixes: () => ranked(movesOff(subject, policy, version, 'instead')),
        },
      ];
    },
  },
};

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
  const { resolution } = subject;
  const held = resolution.version === undefined || resolution.from === 'exact-range' ? '' : whereFrom[resolution.from];
  const worstFlaw = flaws.find((flaw) => flaw.severity === worst) ?? flaws[0]!;
  const rated = worst ?? 'not rated';
  const count = counted(flaws.length, 'known vulnerability', 'known vulnerabilities');
  const worded = flaws.length === 1 ? rated : worst ? `the worst is ${rated}` : rated;
  return `${name} ${version}${held} has ${count}, ${worded} (${worstFlaw.id})`;
}

const whereFrom = { lockfile: ', which the lockfile holds,', installed: ', which is installed,' };
