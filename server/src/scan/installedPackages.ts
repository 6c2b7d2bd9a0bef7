import type { PackageId } from '../core/declaration';
import type { EnvironmentReading } from '../core/environment';
import type { Privacy } from '../policy/privacy';
import type { LockDocument } from './lockDocument';
import { isAsked, lockedRegistryPackages, ownIndexes, withheldInLock } from './lockPackages';
import { packageKey } from './packages';
import { withheldName, type WithheldNames } from './withheld';

/** The packages of an environment that come from a registry, each once: what came from elsewhere is no feed's business. */
export function askedReleases({ releases }: EnvironmentReading): ReadonlyMap<string, PackageId> {
  const asked = releases.filter(({ source, package: pkg }) => source === 'registry' && pkg.name !== '');
  return new Map(asked.map(({ package: pkg }) => [packageKey(pkg), pkg]));
}

/**
 * Of an environment, the packages whose names are sent nowhere, with the reason: those that a pattern makes private, those of
 * another registry than the one that most of it comes from, and those that the project's lockfiles have from elsewhere.
 */
export function withheldReleases(
  reading: EnvironmentReading,
  locks: readonly LockDocument[],
  privacy: Privacy,
  workspace: WithheldNames,
  publicHosts: ReadonlySet<string>,
): WithheldNames {
  const isOwn = ownIndexes(reading.releases, publicHosts);
  const withheld = new Map<string, string>();
  for (const document of locks) {
    const { lock } = document;
    for (const [key, reason] of withheldInLock(document, privacy, workspace, { hosts: publicHosts })) withheld.set(key, reason);
    for (const entry of lock.packages) if (!isAsked(entry)) withheld.set(packageKey(entry.package), 'the lockfile has it from no registry');
    // The same name may stand there more than once.
    for (const key of lockedRegistryPackages(lock).keys())
      if (withheld.get(key) === 'the lockfile has it from no registry') withheld.delete(key);
  }
  for (const release of reading.releases) {
    const { package: pkg, registry } = release;
    const reason =
      privacy.ofName(pkg.name) ??
      (release.private ? 'its package.json says that it is private' : undefined) ??
      withheldName(pkg, workspace) ??
      (isOwn(registry) ? 'it comes from another registry than the public one' : undefined);
    if (reason !== undefined) withheld.set(packageKey(pkg), reason);
  }
  return withheld;
}
