import type { PackageId } from '../core/declaration';
import type { Lock, LockedPackage } from '../core/lockfile';
import type { Privacy } from '../policy/privacy';
import { packageKey } from './packages';
import { scopeKey } from './withheld';

/** The packages of a lockfile that come from a registry, each once. */
export function lockedRegistryPackages(lock: Lock): ReadonlyMap<string, PackageId> {
  let packages = memo.get(lock);
  if (!packages) {
    packages = new Map(lock.packages.filter(isAsked).map((entry) => [packageKey(entry.package), entry.package]));
    memo.set(lock, packages);
  }
  return packages;
}

const memo = new WeakMap<Lock, Map<string, PackageId>>();

export function isAsked(entry: LockedPackage): boolean {
  return !entry.own && entry.source === 'registry' && entry.package.name !== '' && entry.version !== '';
}

/**
 * Of one lockfile, the packages whose names are sent nowhere, with the reason: those that a pattern makes private, and those
 * of another index than the one that most of it comes from. That one may be a mirror; the others are somebody's own. `around`
 * is what the manifests beside it withhold.
 */
export function withheldInLock(lock: Lock, privacy: Privacy, around: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const counts = new Map<string, number>();
  for (const { registry } of lock.packages) if (registry !== undefined) counts.set(registry, (counts.get(registry) ?? 0) + 1);
  const [main] = [...counts].sort((a, b) => b[1] - a[1])[0] ?? [];
  const withheld = new Map<string, string>();
  for (const entry of lock.packages) {
    if (!isAsked(entry)) continue;
    const { registry } = entry;
    const reason =
      privacy.ofName(entry.package.name) ??
      around.get(packageKey(entry.package)) ??
      around.get(scopeKey(entry.package) ?? '') ??
      (registry !== undefined && registry !== main ? 'it comes from another index than the rest of the lockfile' : undefined);
    if (reason !== undefined) withheld.set(packageKey(entry.package), reason);
  }
  return withheld;
}
