import type { Release } from '../core/release';

/** `[version, published at or null, yanked or null, deprecated or null]`: what the cache keeps of a release. */
type Row = [string, string | null, true | string | null, string | null];

/** The JSON form of a list of releases. */
export function encodeReleases(releases: readonly Release[]): unknown {
  return releases.map((release): Row => [
    release.version,
    release.publishedAt?.toISOString() ?? null,
    release.yanked ?? null,
    release.deprecated ?? null,
  ]);
}

/** Reads {@link encodeReleases} back; `undefined` where the value is anything else. */
export function decodeReleases(value: unknown): readonly Release[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const releases: Release[] = [];
  for (const row of value as unknown[]) {
    if (!Array.isArray(row)) return undefined;
    const [version, published, yanked, deprecated] = row as unknown[];
    if (typeof version !== 'string') return undefined;
    releases.push({
      version,
      ...optional('publishedAt', typeof published === 'string' ? dateOf(published) : undefined),
      ...optional('yanked', yanked === true || typeof yanked === 'string' ? yanked : undefined),
      ...optional('deprecated', typeof deprecated === 'string' ? deprecated : undefined),
    });
  }
  return releases;
}

/** The date that a registry wrote, if it is one. */
export function dateOf(written: string): Date | undefined {
  const date = new Date(written);
  return Number.isNaN(date.getTime()) ? undefined : date;
}

function optional<K extends string, V>(key: K, value: V | undefined): { [k in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { [k in K]: V });
}
