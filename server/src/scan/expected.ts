import type { ExpectedRelease } from '../core/check';
import type { EnvironmentReading, InstalledRelease } from '../core/environment';
import type { LockedPackage } from '../core/lockfile';
import { dirname } from './document';
import { isReadable, type LockDocument } from './lockDocument';

/**
 * What each installed release should be: by the lockfile of the project, and by the list that npm keeps of what it installed.
 * Lockfiles whose keys are places in node_modules are compared place by place, all others by name.
 */
export function expectations(
  reading: EnvironmentReading,
  locks: readonly LockDocument[],
  project: string,
  nameOf: (path: string) => string,
): (release: InstalledRelease) => readonly ExpectedRelease[] {
  const sources = locks
    .filter((lock) => lock.ecosystem.id === reading.ecosystem && isReadable(lock))
    .slice(0, 1)
    .map(fromLock);
  const list = reading.installerList;
  const above = list ? dirname(dirname(list.file)) : '';
  const own = list && source(nameOf(list.file), list.locked, above);
  const all = own ? [...sources, own] : sources;
  return (release) => all.flatMap((expected) => expected(release));

  function fromLock({ path, lock, reader, text }: LockDocument) {
    return source(path, lock.packages, project, (entry) => reader.locate(text, entry));
  }
}

type Expecting = (release: InstalledRelease) => ExpectedRelease[];

function source(file: string, packages: readonly LockedPackage[], folder: string, locate?: ExpectedRelease['locate']): Expecting {
  const real = packages.filter(({ own, version }) => !own && version !== '');
  const byPlace = real.some(({ key }) => isPlace(key));
  const index = new Map<string, LockedPackage[]>();
  for (const locked of real) {
    const key = byPlace ? locked.key : locked.package.name;
    const same = index.get(key);
    if (same) same.push(locked);
    else index.set(key, [locked]);
  }
  return (release) => {
    const place = dirname(release.file);
    const within = folder === '' ? place : place.startsWith(`${folder}/`) ? place.slice(folder.length + 1) : undefined;
    const entries = byPlace ? (within === undefined ? undefined : index.get(within)) : index.get(release.package.name);
    return entries ? [{ file, entries, byPlace, ...(locate && { locate }) }] : [];
  };
}

function isPlace(key: string): boolean {
  return /(?:^|\/)node_modules\//.test(key);
}
