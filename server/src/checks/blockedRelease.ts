import type { Check, DeclarationSubject, LockedSubject, Policy } from '../core/check';
import type { Observation } from '../core/finding';
import { shown } from '../core/lookup';
import type { Blocked, PolicyPlace } from '../core/teamPolicy';
import { aboutBrought, lockLines, ownLockLine, wayOf } from '../fixes/brought';
import { culprit } from '../fixes/culprit';
import { rangeText } from '../fixes/effect';
import { exclusion, ranked, removal } from '../fixes/moves';
import { counted, listed } from '../fixes/wording';

export const blockedRelease: Check = {
  id: 'blocked-release',
  title: "A release, package or publisher on the team's deny-list",
  severity: 'error',
  docs: {
    why: `Somebody who answers for the project's security has written this release, this package or its publisher into the deny-list of a \`merlon.toml\`. On the day of an attack that is quicker than any database: the entry turns every editor and every check red as soon as the file is there.

A range that lets a blocked release in is reported as the release itself: the next install may take it.`,
    example: `[[blocked]]
package = "litellm"
versions = [ "1.82.7", "1.82.8" ]
reason = "credential stealer, see the incident channel"`,
    fix: `Move to a release that is not blocked, or remove the package. If the entry is wrong, change the \`merlon.toml\`: the finding points at its line.`,
  },
  assess: {
    declaration: (subject, policy) => ofDeclaration(subject, policy),
    locked: (subject, policy) => ofLocked(subject, policy),
    installed({ release: { package: pkg, version, span } }, { team }) {
      const by = team?.blocks(pkg).filter((blocked) => blocked.affects(version)) ?? [];
      return by.length ? [{ message: `${pkg.name} ${version} is installed and is blocked${because(by)}`, span, related: linesOf(by) }] : [];
    },
  },
};

function ofDeclaration(subject: DeclarationSubject, { team }: Policy): Observation[] {
  const { declaration, resolution } = subject;
  if (!team || declaration.source.kind !== 'registry' || subject.lock?.exempt === 'own') return [];
  const { version } = resolution;
  const { name } = declaration.package;
  const all = team.blocks(declaration.package);
  const by = all.filter((blocked) => blocked.wholePackage || (version !== undefined && blocked.affects(version)));
  const span = culprit(declaration);
  if (by.length) {
    const whole = by.some(({ wholePackage }) => wholePackage);
    const what = whole ? name : `${name} ${version}`;
    const related = [...linesOf(by), ...ownLockLine(subject)];
    return [{ message: `${what} is blocked${because(by)}`, span, related, fixes: () => ranked(whole ? [removal(subject)] : []) }];
  }
  return ofPublisher(subject, team) ?? ofRange(subject, all) ?? ofBrought(subject, team);
}

/** Who published it is known only where the registry was asked. */
function ofPublisher(subject: DeclarationSubject, team: NonNullable<Policy['team']>): Observation[] | undefined {
  const { declaration, resolution, versions } = subject;
  const { version } = resolution;
  const release = version === undefined ? undefined : shown(subject.releases)?.find((one) => versions.equal(one.version, version));
  const match = release?.publisher && team.blocksPublisher(release.publisher);
  if (!match) return undefined;
  const message = `${declaration.package.name} ${version} was published by ${match.pattern}, whom the policy blocks`;
  return [{ message, span: culprit(declaration), related: linesOf([match]) }];
}

/** The releases that the range admits, of those that are listed and of those that the registry has. */
function ofRange(subject: DeclarationSubject, all: readonly Blocked[]): Observation[] | undefined {
  const { declaration, resolution, versions } = subject;
  const { source } = declaration;
  // A lockfile, or what is installed, speaks for one release; it was weighed above.
  if (resolution.version !== undefined || source.kind !== 'registry' || !all.length) return undefined;
  const admits = (version: string) => source.tag !== undefined || source.range === '' || versions.satisfies(version, source.range);
  const released = (shown(subject.releases) ?? []).map(({ version }) => version);
  const admitted = (blocked: Blocked) =>
    [...blocked.listedVersions, ...released.filter((version) => blocked.affects(version))].filter(admits);
  const by = all.filter((blocked) => admitted(blocked).length > 0);
  if (!by.length) return undefined;
  const found = [...new Set(by.flatMap(admitted))].sort((a, b) => versions.compare(a, b));
  const { name } = declaration.package;
  return [
    {
      message: `${name}${rangeText(declaration) && ` ${rangeText(declaration)}`} admits ${listed(found)}, which ${found.length === 1 ? 'is' : 'are'} blocked${because(by)}`,
      span: culprit(declaration),
      related: linesOf(by),
      fixes: () => ranked([exclusion(subject, found)]),
    },
  ];
}

function ofBrought(subject: DeclarationSubject, team: NonNullable<Policy['team']>): Observation[] {
  const [first, ...others] = subject.bringsBlocked ?? [];
  if (!first) return [];
  const by = team.blocks(first.package).filter((blocked) => blocked.affects(first.version));
  const more = others.length ? `, and ${counted(others.length, 'other blocked release', 'other blocked releases')}` : '';
  return [
    {
      message: `${first.path[0]} brings ${first.package.name} ${first.version} by ${wayOf(first)}, which is blocked${because(by)}${more}`,
      span: culprit(subject.declaration),
      ...aboutBrought(first),
      related: [...linesOf(by), ...lockLines(subject, [first, ...others].slice(0, 5))],
    },
  ];
}

function ofLocked({ entry, span }: LockedSubject, { team }: Policy): Observation[] {
  const by = team?.blocks(entry.package).filter((blocked) => blocked.affects(entry.version)) ?? [];
  if (!by.length) return [];
  return [{ message: `${entry.package.name} ${entry.version} is blocked${because(by)}`, span: span(), related: linesOf(by) }];
}

/** The team's own words, the first that there are. */
function because(by: readonly Blocked[]): string {
  const said = by.find(({ reason }) => reason !== '') ?? by[0]!;
  const id = said.id === undefined ? '' : ` (${said.id})`;
  return ` by the team's policy${id}${said.reason === '' ? '' : `: ${said.reason.split('\n', 1)[0]!.slice(0, 200)}`}`;
}

function linesOf(by: readonly { readonly place: PolicyPlace }[]) {
  return by.slice(0, 3).map(({ place }) => ({ ...place, message: 'the policy says so here' }));
}
