import type { PackageId } from '../core/declaration';
import type { EnvironmentReading } from '../core/environment';
import type { Privacy } from '../policy/privacy';
import { packageKey } from './packages';

/** The packages of an environment that come from a registry, each once: what came from elsewhere is no feed's business. */
export function askedReleases({ releases }: EnvironmentReading): ReadonlyMap<string, PackageId> {
  const asked = releases.filter(({ source, package: pkg, version }) => source === 'registry' && pkg.name !== '' && version !== '');
  return new Map(asked.map(({ package: pkg }) => [packageKey(pkg), pkg]));
}

/**
 * Of an environment, the packages whose names are sent nowhere, with the reason: those that a pattern makes private, and those
 * of another registry than the one that most of it comes from.
 */
export function withheldReleases(reading: EnvironmentReading, privacy: Privacy): ReadonlyMap<string, string> {
  const counts = new Map<string, number>();
  for (const { registry } of reading.releases) if (registry !== undefined) counts.set(registry, (counts.get(registry) ?? 0) + 1);
  const [main] = [...counts].sort((a, b) => b[1] - a[1])[0] ?? [];
  const withheld = new Map<string, string>();
  for (const { package: pkg, registry } of reading.releases) {
    const elsewhere =
      registry !== undefined && registry !== main ? 'it comes from another registry than the rest of the environment' : undefined;
    const reason = privacy.ofName(pkg.name) ?? elsewhere;
    if (reason !== undefined) withheld.set(packageKey(pkg), reason);
  }
  return withheld;
}
