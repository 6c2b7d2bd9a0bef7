import type { PackageRecord, Release } from '../../core/release';
import { parseDistributionFile } from './distributionFile';
import { normalizeName } from './name';
import { formatVersion, parseVersion } from './version';
import { pypiVersions } from './versions';

interface IndexedFile {
  readonly fileName: string;
  readonly uploaded?: Date;
  /** PEP 592: false, true, or the reason. */
  readonly yanked: boolean | string;
}

interface Collected {
  version: string;
  readonly files: IndexedFile[];
}

/**
 * A project page of the simple API (PEP 691): what `versions` lists (PEP 700) and what the files are
 * named for, in ascending order. A release was published when its first file was uploaded, and is yanked when all its
 * files are (PEP 592). A quarantined project (PEP 792) has none. Undefined for what is no such page.
 */
export function recordInIndex(page: unknown): PackageRecord | undefined {
  if (!isRecord(page) || !Array.isArray(page.files) || !apiIsKnown(page.meta)) return undefined;
  const project = typeof page.name === 'string' ? normalizeName(page.name) : undefined;
  const releases = new Map<string, Collected>();
  for (const version of Array.isArray(page.versions) ? (page.versions as unknown[]) : []) {
    if (typeof version === 'string') releases.set(keyOf(version), { version, files: [] });
  }
  for (const entry of page.files as unknown[]) {
    const file = indexedFile(entry);
    const version = file && (parseDistributionFile(file.fileName, project)?.version ?? eggVersion(file.fileName));
    if (!file || version === undefined) continue;
    const key = keyOf(version);
    const release = releases.get(key) ?? { version, files: [] };
    release.files.push(file);
    releases.set(key, release);
  }
  return { exists: true, releases: [...releases.values()].map(releaseOf).sort((a, b) => pypiVersions.compare(a.version, b.version)) };
}

function releaseOf({ version, files }: Collected): Release {
  const times = files.flatMap(({ uploaded }) => (uploaded ? [uploaded.getTime()] : []));
  const allYanked = files.length > 0 && files.every(({ yanked }) => yanked !== false);
  const reason = files.map(({ yanked }) => yanked).find((yanked) => typeof yanked === 'string' && yanked !== '');
  return {
    version,
    ...(times.length && { publishedAt: new Date(times.reduce((a, b) => Math.min(a, b))) }),
    ...(allYanked && { yanked: typeof reason === 'string' ? reason : (true as const) }),
  };
}

function indexedFile(entry: unknown): IndexedFile | undefined {
  if (!isRecord(entry) || typeof entry.filename !== 'string') return undefined;
  const uploaded = typeof entry['upload-time'] === 'string' ? new Date(entry['upload-time']) : undefined;
  const { yanked } = entry;
  return {
    fileName: entry.filename,
    ...(uploaded && !Number.isNaN(uploaded.getTime()) && { uploaded }),
    // An empty reason still is a yank.
    yanked: typeof yanked === 'string' ? yanked : yanked === true,
  };
}

/** `name-1.0-py2.7.egg`, which the index still serves for old releases. */
function eggVersion(fileName: string): string | undefined {
  const version = fileName.endsWith('.egg') ? parseVersion(fileName.split('-')[1] ?? '') : undefined;
  return version && formatVersion(version);
}

/** One key for all spellings of a release. */
function keyOf(written: string): string {
  const version = parseVersion(written);
  if (!version) return ` ${written}`;
  const last = version.release.findLastIndex((number) => number !== '0');
  return formatVersion({ ...version, release: version.release.slice(0, Math.max(1, last + 1)) });
}

/** A later minor version only adds; a later major one may mean anything. */
function apiIsKnown(meta: unknown): boolean {
  return isRecord(meta) && typeof meta['api-version'] === 'string' && meta['api-version'].startsWith('1.');
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
