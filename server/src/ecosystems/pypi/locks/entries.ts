import type { LockedPackage } from '../../../core/lockfile';
import { normalizeName } from '../name';

/** What a format says of one entry. */
export type EntryFacts = Omit<LockedPackage, 'key' | 'package' | 'dependencies' | 'version'> & {
  readonly name: string;
  readonly version: string;
};

interface GrowingPackage extends LockedPackage {
  dev?: boolean;
  optional?: boolean;
  dependencies: readonly number[];
}

/** A collection of a lockfile's entries that finds them again by name. */
export interface Entries {
  readonly packages: readonly LockedPackage[];
  /** Adds an entry and gives its position. `prefix` leads its key, for formats that hold one release in several sections. */
  add(facts: EntryFacts, prefix?: string): number;
  /** The positions of a name, or of one of its releases. Only the first thirty, so that no text makes edges without end. */
  find(name: string, version?: string): readonly number[];
  /** Says what an entry depends on, by the lists that `find` gave. */
  connect(index: number, targets: readonly (readonly number[])[]): void;
  mark(index: number, flag: 'dev' | 'optional'): void;
}

const mostReleases = 30;

export function lockEntries(): Entries {
  const packages: GrowingPackage[] = [];
  const keys = new Set<string>();
  const times = new Map<string, number>();
  const byName = new Map<string, number[]>();
  const byRelease = new Map<string, number[]>();

  /** `a 1.0`, and `a 1.0 #2` for the second one. */
  function uniqueKey(base: string): string {
    let key = base;
    for (let time = times.get(base) ?? 1; keys.has(key); key = `${base} #${time}`) times.set(base, ++time);
    keys.add(key);
    return key;
  }

  return {
    packages,
    add({ name: written, ...facts }, prefix = '') {
      const name = normalizeName(written);
      const base = facts.version === '' ? name : `${name} ${facts.version}`;
      const key = uniqueKey(prefix + base);
      const index = packages.push({ key, package: { ecosystem: 'PyPI', name }, ...facts, dependencies: [] }) - 1;
      remember(byName, name, index);
      remember(byRelease, base, index);
      return index;
    },
    find(written, version) {
      if (version === undefined) return byName.get(written) ?? byName.get(normalizeName(written)) ?? [];
      const name = normalizeName(written);
      return byRelease.get(version === '' ? name : `${name} ${version}`) ?? [];
    },
    connect(index, targets) {
      if (!targets.length) return;
      const distinct = new Set<number>();
      for (const list of targets) for (const target of list) distinct.add(target);
      packages[index]!.dependencies = [...distinct];
    },
    mark(index, flag) {
      packages[index]![flag] = true;
    },
  };
}

/** The how manyth entry of its name and version a key stands for. */
export function entryTime(key: string): number {
  return Number(/ #([0-9]+)$/.exec(key)?.[1] ?? 1);
}

function remember(map: Map<string, number[]>, key: string, index: number): void {
  const known = map.get(key);
  if (!known) map.set(key, [index]);
  else if (known.length < mostReleases) known.push(index);
}
