import type { Advisory } from '../core/advisory';
import type { Brought } from '../core/check';
import type { LockedPackage } from '../core/lockfile';
import type { LockedAnswer, ScannedLock } from '../core/report';
import { isAsked, lockedRegistryPackages } from './lockPackages';
import type { LockDocument } from './lockDocument';
import { lockGraph } from './lockGraph';
import type { Knowledge } from './knowledge';
import { packageKey } from './packages';

/** A release of a lockfile that advisories speak of. */
export interface BadEntry {
  /** Position in `lock.packages`. */
  readonly index: number;
  readonly entry: LockedPackage;
  /** Those that affect the release; malware first, then by severity. */
  readonly advisories: readonly Advisory[];
  readonly known: readonly Advisory[];
}

/** One declaration seldom brings more than a few; beyond this the worst say enough. */
const mostBrought = 50;
const severities = ['critical', 'high', 'medium', 'low'];

/** What is known of a lockfile's releases, and who has not answered yet. */
export interface KnownLock {
  /** The releases that advisories speak of, worst first. */
  readonly bad: readonly BadEntry[];
  /** Those of which advisories leave it open. */
  readonly open: readonly BadEntry[];
  readonly answers: readonly LockedAnswer[];
  /** Every package that advisories speak of, whatever the release. */
  readonly known: ScannedLock['known'];
}

/** So many packages are looked up, and so many releases judged, at a time: some milliseconds' work. */
const portion = 250;

/** Works it out in portions: a lockfile has thousands of packages, and whoever drives this may attend to something else in between. */
export function* knownOfLock(
  { lock }: LockDocument,
  knowledge: Knowledge,
  secret: ReadonlyMap<string, string>,
): Generator<undefined, KnownLock> {
  const packages = [...lockedRegistryPackages(lock)];
  const knownBy = new Map<string, readonly Advisory[]>();
  const answers: LockedAnswer[] = [];
  const spokenOf: ScannedLock['known'][number][] = [];
  for (let start = 0; start < packages.length; start += portion) {
    const some = new Map(packages.slice(start, start + portion));
    for (const [key, { advisories, known }] of knowledge(some, secret)) {
      knownBy.set(key, known);
      if (known.length) spokenOf.push({ package: some.get(key)!, advisories: known });
      for (const one of advisories) answers.push({ package: some.get(key)!, ...one });
    }
    yield;
  }
  const bad: BadEntry[] = [];
  const open: BadEntry[] = [];
  for (const [index, entry] of lock.packages.entries()) {
    if (index % portion === 0) yield;
    const known = isAsked(entry) ? knownBy.get(packageKey(entry.package))! : [];
    const advisories = known.filter((advisory) => advisory.affects(entry.version));
    if (advisories.length) bad.push({ index, entry, advisories, known });
    const undecided = known.filter((advisory) => advisory.undecided?.(entry.version));
    if (undecided.length) open.push({ index, entry, advisories: undecided, known });
  }
  return { bad: bad.sort(worstFirst), open: open.sort(worstFirst), answers, known: spokenOf };
}

function worstFirst(a: BadEntry, b: BadEntry): number {
  return badness(a.advisories[0]!) - badness(b.advisories[0]!) || (a.entry.key < b.entry.key ? -1 : 1);
}

function badness({ kind, severity }: Advisory): number {
  if (kind === 'malware') return -1;
  const rank = severity === undefined ? -1 : severities.indexOf(severity);
  return kind === 'unmaintained' ? 9 : rank < 0 ? 5 : rank;
}

/** Which bad releases come along with these of the lockfile, they themselves left out; each by its shortest way. Worked out once. */
export function broughtBy(starts: readonly LockedPackage[], document: LockDocument, bad: readonly BadEntry[]): readonly Brought[] {
  let known = broughtSoFar.get(bad);
  if (!known) broughtSoFar.set(bad, (known = new Map<string, readonly Brought[]>()));
  const key = starts.map((start) => start.key).join('\n');
  let brought = known.get(key);
  if (!brought) known.set(key, (brought = findBrought(starts, document, bad)));
  return brought;
}

/** By what is known of a lockfile, which outlives many keystrokes. */
const broughtSoFar = new WeakMap<readonly BadEntry[], Map<string, readonly Brought[]>>();

function findBrought(starts: readonly LockedPackage[], { lock }: LockDocument, bad: readonly BadEntry[]): readonly Brought[] {
  const graph = lockGraph(lock);
  const brought: Brought[] = [];
  const from = starts.map((start) => lock.packages.indexOf(start));
  for (const { index, entry, advisories, known } of bad) {
    if (starts.includes(entry)) continue;
    const paths = from.map((start) => graph.path(start, index)).filter((path) => path !== undefined);
    const shortest = paths.sort((a, b) => a.length - b.length)[0];
    if (!shortest) continue;
    const path = shortest.map((at) => `${lock.packages[at]!.package.name} ${lock.packages[at]!.version}`.trim());
    brought.push({ package: entry.package, version: entry.version, path, entry, advisories, known });
    if (brought.length === mostBrought) break;
  }
  return brought;
}
