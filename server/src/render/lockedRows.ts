import type { LockedPackage } from '../core/lockfile';
import type { Report, ScannedLock } from '../core/report';

/** One release of a lockfile, each (package, version) once, without the project's own. */
export interface LockedRow {
  readonly file: string;
  readonly ecosystem: string;
  readonly package: string;
  readonly version: string;
  /** Whether a manifest asks for it. */
  readonly direct: boolean;
  /** Names on the shortest way to it, beginning with one that a manifest asks for. */
  readonly via: readonly string[];
}

/** Every release that the report's lockfiles hold, by file, name and version. */
export function lockedRows(report: Report): LockedRow[] {
  const asked = new Set<LockedPackage>();
  for (const file of report.files) for (const { lock } of file.subjects) for (const release of lock?.releases ?? []) asked.add(release);
  return report.locks.flatMap((lock) => rowsOf(lock, asked));
}

function rowsOf({ path, lock }: ScannedLock, asked: ReadonlySet<LockedPackage>): LockedRow[] {
  const parents = waysFrom(startsOf({ lock }, asked), lock.packages);
  const rows = new Map<string, LockedRow>();
  for (const [index, { package: pkg, version, own }] of lock.packages.entries()) {
    if (own || version === '' || pkg.name === '') continue;
    const way: string[] = [];
    for (let at = parents.get(index); at !== undefined && at >= 0; at = parents.get(at)) way.unshift(lock.packages[at]!.package.name);
    const row = { file: path, ecosystem: pkg.ecosystem, package: pkg.name, version, direct: parents.get(index) === -1, via: way };
    const key = `${pkg.name} ${version}`;
    const before = rows.get(key);
    // Of the several places that npm gives one release, the one that is asked for, else the nearest.
    if (!before || (row.direct && !before.direct) || (!before.direct && way.length > 0 && way.length < before.via.length))
      rows.set(key, row);
  }
  return [...rows.values()].sort((a, b) => (a.package === b.package ? order(a.version, b.version) : order(a.package, b.package)));
}

/** Where ways begin: what manifests ask for; failing that what the lockfile says, or what nothing else needs. */
function startsOf({ lock }: Pick<ScannedLock, 'lock'>, asked: ReadonlySet<LockedPackage>): number[] {
  const named = lock.anyImporter ? [] : lock.roots.flatMap(({ packages }) => packages);
  const starts = [...new Set([...named, ...lock.packages.flatMap((entry, index) => (asked.has(entry) ? [index] : []))])];
  if (starts.length) return starts;
  const needed = new Set(lock.packages.flatMap(({ dependencies }) => dependencies));
  return lock.packages.flatMap(({ own }, index) => (own || needed.has(index) ? [] : [index]));
}

/** For each package that is reached the one before it on a shortest way; -1 for a start. */
function waysFrom(starts: readonly number[], packages: readonly LockedPackage[]): Map<number, number> {
  const parents = new Map(starts.map((start) => [start, -1]));
  const queue = [...starts];
  for (let head = 0; head < queue.length; head++) {
    for (const next of packages[queue[head]!]!.dependencies) {
      if (parents.has(next) || !packages[next]) continue;
      parents.set(next, queue[head]!);
      queue.push(next);
    }
  }
  return parents;
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
