import type { Registry } from '../../core/ecosystem';
import type { FeedContext } from '../../core/feed';
import type { PackageRecord, Release } from '../../core/release';
import { createReleaseStore } from '../releaseCache';
import { dateOf } from '../releaseRecord';
import { npmVersions } from './versions';

// The registry's package document: { versions: { VERSION: { deprecated? } }, time: { created, modified, VERSION: DATE } }. The abbreviated
// form has no `time`, so the full one is asked for; of its megabytes only versions, dates and deprecations are kept.

const maxBytes = 64 * 1024 * 1024;

/** A client for the npm registry at this address, or for a mirror of it. */
export function npmRegistry(baseUrl: string, context: FeedContext): Registry {
  const base = baseUrl.replace(/\/+$/, '');
  const source = {
    id: 'npm-registry',
    baseUrl,
    urlOf: (name: string) => `${base}/${escapedName(name)}`,
    headers: { accept: 'application/json' },
    maxBytes,
    parse,
  };
  return createReleaseStore(source, context);
}

/** The name as a path: `@scope%2fname`. */
function escapedName(name: string): string {
  return encodeURIComponent(name).replace(/^%40/, '@').replace('%2F', '%2f');
}

/** The releases that can still be installed. One that has a date in `time` but no row in `versions` was taken down. */
function parse(body: string): PackageRecord | undefined {
  const document = record(JSON.parse(body));
  const times = record(document?.['time']) ?? {};
  // Of a package that was taken down as a whole nothing but its dates is left.
  const versions = record(document?.['versions']) ?? (times['unpublished'] !== undefined ? {} : undefined);
  if (!versions) return undefined;
  const releases: Release[] = [];
  for (const [version, details] of Object.entries(versions)) {
    if (!npmVersions.isValid(version)) continue;
    const published = Object.hasOwn(times, version) ? times[version] : undefined;
    const publishedAt = typeof published === 'string' ? dateOf(published) : undefined;
    const deprecated = deprecation(record(details)?.['deprecated']);
    releases.push({ version, ...(publishedAt && { publishedAt }), ...(deprecated !== undefined && { deprecated }) });
  }
  return { exists: true, releases };
}

/** Registries write `false` and `''` where a deprecation was taken back. */
function deprecation(written: unknown): string | undefined {
  if (typeof written === 'string') return written === '' ? undefined : written;
  return written === true ? 'deprecated' : undefined;
}

function record(value: unknown): Record<string, unknown> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;
}
