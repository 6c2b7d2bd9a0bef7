import type { PackageId } from '../core/declaration';
import type { Lock, LockedPackage } from '../core/lockfile';
import type { Privacy } from '../policy/privacy';
import type { LockDocument } from './lockDocument';
import { packageKey } from './packages';
import { withheldName, type WithheldNames } from './withheld';

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

/** What is known of public registries. */
export interface PublicIndexes {
  /** Their hosts, and those of their mirrors on this machine. */
  readonly hosts: ReadonlySet<string>;
  /** Whether an address is a public registry's own, or of an index that serves nothing but what everybody may have. */
  readonly is?: ((address: string) => boolean) | undefined;
}

/**
 * Of one lockfile, the packages whose names are sent nowhere, with the reason: those that a pattern or the workspace makes
 * private, and those of an index that is somebody's own. What was locked from a public registry itself is known there: that a member
 * of the workspace, or a scope, is called so keeps nothing secret, and must not keep advisories away.
 */
export function withheldInLock(
  { lock, path: file }: Pick<LockDocument, 'lock' | 'path'>,
  privacy: Privacy,
  workspace: WithheldNames,
  { hosts, is }: PublicIndexes,
): WithheldNames {
  const isOwn = ownIndexes(lock.packages, hosts);
  const isPublic = (registry = '') =>
    is !== undefined && registry !== '' && is(registry.includes('://') ? registry : `https://${registry}`);
  const withheld = new Map<string, string>();
  for (const entry of lock.packages) {
    if (!isAsked(entry)) continue;
    const elsewhere = () =>
      withheldName(entry.package, workspace) ??
      (isOwn(entry.registry) ? `${file} has it from another index than the public one` : undefined);
    const reason = privacy.ofName(entry.package.name) ?? (isPublic(entry.registry) ? undefined : elsewhere());
    if (reason !== undefined) withheld.set(packageKey(entry.package), reason);
  }
  return withheld;
}

/**
 * Which indexes are somebody's own: where anything comes from a public one, all others are (a lockfile of Poetry or PDM writes
 * no index for what comes from PyPI). Where nothing does, what most comes from is a mirror of it, and the others are.
 */
export function ownIndexes(
  entries: readonly { readonly registry?: string; readonly package: PackageId }[],
  publicHosts: ReadonlySet<string>,
): (registry: string | undefined) => boolean {
  // Yarn's own host serves npm's registry.
  const isPublicHost = (registry: string) => publicHosts.has(hostOf(registry)) || /(?:^|\.)yarnpkg\.com$/.test(hostOf(registry));
  const counts = new Map<string, number>();
  let isPublic = false;
  for (const { registry, package: pkg } of entries) {
    if (registry !== undefined) counts.set(registry, (counts.get(registry) ?? 0) + 1);
    isPublic ||= registry === undefined ? pkg.ecosystem === 'PyPI' : isPublicHost(registry);
  }
  const [main] = [...counts].sort((a, b) => b[1] - a[1])[0] ?? [];
  return (registry) => registry !== undefined && (isPublic ? !isPublicHost(registry) : registry !== main);
}

function hostOf(registry: string): string {
  return URL.canParse(registry) ? new URL(registry).host : registry;
}
