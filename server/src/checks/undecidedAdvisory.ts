import type { Advisory } from '../core/advisory';
import type { Brought, Check, DeclarationSubject, InstalledSubject, LockedSubject } from '../core/check';
import type { Observation } from '../core/finding';
import { aboutBrought, lockLines, ownLockLine, wayOf } from '../fixes/brought';
import { culprit } from '../fixes/culprit';
import { heldWords, rangeText } from '../fixes/effect';
import { compromiseOf } from '../fixes/exposure';
import { counted, listed } from '../fixes/wording';

export const undecidedAdvisory: Check = {
  id: 'undecided-advisory',
  title: 'A known advisory leaves it open whether this release is affected',
  severity: 'warning',
  docs: {
    severity: 'warning; error where the advisory is about malware',
    why: `Advisories say by versions which releases they affect. A few of them hold a date, a commit or a slip of the pen in the place of a version. By such a range nobody can tell whether your release is affected, and to take that for harmless would be a guess.

A release that the advisory lists, or that another range of it holds, is a finding of \`vulnerable-release\` or \`compromised-release\` as ever, and one that lies outside of all that the range may hold is none.

The check is not complete by it: the exit code is 3, and the report names the advisory with its source.`,
    example: `steam==1.4.4`,
    fix: `Read the advisory and decide. Where your release is not affected, suppress the advisory for it in \`merlon.toml\`, with the reason; then the check is complete again. Telling the database of its record mends it for everybody.`,
  },
  assess: {
    declaration(subject) {
      if (compromiseOf(subject)) return [];
      return [own(subject) ?? brought(subject)].filter((observation) => observation !== undefined);
    },
    locked,
    installed,
  },
};

/** Of a range that stands for no single release, malware alone is told: of what else may come no rule speaks. */
function own(subject: DeclarationSubject): Observation | undefined {
  const { declaration, resolution, known } = subject;
  const { version } = resolution;
  if (declaration.source.kind !== 'registry') return undefined;
  const open = known.filter((advisory) =>
    version === undefined ? advisory.kind === 'malware' && advisory.unreadable : advisory.undecided?.(version),
  );
  if (open.length === 0) return undefined;
  const { name } = declaration.package;
  const what =
    version === undefined ? `${name} ${rangeText(declaration) || 'without a version'}` : `${name} ${version}${heldWords(subject)}`;
  return observation(`${what} ${version === undefined ? 'may admit malware by' : mayBe(open)} ${because(open)}`, open, {
    span: culprit(declaration),
    related: ownLockLine(subject),
  });
}

/** What comes along with the declaration, by the lockfile: the worst speaks, the others are counted. */
function brought(subject: DeclarationSubject): Observation | undefined {
  const all: readonly Brought[] = subject.bringsUndecided ?? [];
  const [first, ...others] = all;
  if (!first) return undefined;
  const more = others.length ? `, and so may ${counted(others.length, 'other release', 'other releases')}` : '';
  const message = `${first.path[0]} brings ${first.package.name} ${first.version}, which ${mayBe(first.advisories)} ${because(first.advisories)}, by ${wayOf(first)}${more}`;
  return observation(message, [...new Set(all.flatMap(({ advisories }) => advisories))], {
    span: culprit(subject.declaration),
    ...aboutBrought(first),
    related: lockLines(subject, all.slice(0, 5)),
  });
}

function locked({ entry, undecided = [], span }: LockedSubject): Observation[] {
  if (undecided.length === 0) return [];
  const message = `${entry.package.name} ${entry.version} is locked and ${mayBe(undecided)} ${because(undecided)}`;
  return [observation(message, undecided, { span: span() })];
}

function installed({ release, known }: InstalledSubject): Observation[] {
  const { package: pkg, version, span } = release;
  const isMalware = known.some((advisory) => advisory.kind === 'malware' && (advisory.wholePackage || advisory.affects(version)));
  const open = known.filter((advisory) => advisory.undecided?.(version));
  if (open.length === 0 || isMalware) return [];
  return [observation(`${pkg.name} ${version} is installed and ${mayBe(open)} ${because(open)}`, open, { span })];
}

function observation(
  message: string,
  advisories: readonly Advisory[],
  more: Pick<Observation, 'span'> & Partial<Observation>,
): Observation {
  return { message, advisories, undecided: true, ...(isMalware(advisories) && { severity: 'error' as const }), ...more };
}

function mayBe(advisories: readonly Advisory[]): string {
  return isMalware(advisories) ? 'may be malware by' : 'may be affected by';
}

function because(advisories: readonly Advisory[]): string {
  const whose = advisories.length === 1 ? 'whose range' : 'whose ranges';
  return `${listed(advisories.map(({ id }) => id))}, ${whose} could not be read`;
}

function isMalware(advisories: readonly Advisory[]): boolean {
  return advisories.some(({ kind }) => kind === 'malware');
}
