import type { Release } from '../../core/release';
import { boundedReleases, clipped } from '../recordBounds';
import { dateOf } from '../releaseRecord';
import { parseDistributionFile } from './distributionFile';
import { formatVersion, parseVersion } from './version';
import { pypiVersions } from './versions';

/** A file as one of the indexes' forms lists it. */
export interface IndexedFile {
  readonly fileName: string;
  readonly uploaded?: Date;
  /** PEP 592: false, true, or the reason. */
  readonly yanked: boolean | string;
  /** Hexadecimal. */
  readonly sha256?: string;
  /** PEP 740: whether it has one; absent where the index does not say. */
  readonly provenance?: boolean;
}

interface Collected {
  version: string;
  readonly files: IndexedFile[];
}

/** Files that are put together to releases, under every spelling of a version. */
export interface ReleaseCollection {
  /** A release that is there even if no file is (PEP 700). */
  addVersion(version: string): void;
  /** `version`: where the index says it; else the file's name does. A file that belongs to no version is left out. */
  addFile(file: IndexedFile, version?: string): void;
  /**
   * In ascending order. A release was published when its first file was uploaded, is yanked when all its files are (PEP 592), and
   * attested when one of them is; its hashes are told when all of them are.
   */
  releases(): readonly Release[];
}

const longestReason = 1000;

/** `project`: the normalized name, where the index says it. */
export function collectReleases(project: string | undefined): ReleaseCollection {
  const releases = new Map<string, Collected>();
  const releaseAt = (version: string): Collected => {
    const key = keyOf(version);
    let release = releases.get(key);
    if (!release) releases.set(key, (release = { version, files: [] }));
    return release;
  };
  return {
    addVersion(version) {
      releaseAt(version).version = version;
    },
    addFile(file, version = versionOfFile(file.fileName, project)) {
      if (version !== undefined) releaseAt(version).files.push(file);
    },
    releases() {
      const saysProvenance = [...releases.values()].some(({ files }) => files.some(({ provenance }) => provenance !== undefined));
      const list = [...releases.values()].map((release) => releaseOf(release, saysProvenance));
      return boundedReleases(
        list.sort((a, b) => pypiVersions.compare(a.version, b.version)),
        pypiVersions,
      );
    },
  };
}

function releaseOf({ version, files }: Collected, saysProvenance: boolean): Release {
  const times = files.flatMap(({ uploaded }) => (uploaded ? [uploaded.getTime()] : []));
  const allYanked = files.length > 0 && files.every(({ yanked }) => yanked !== false);
  const reason = files.map(({ yanked }) => yanked).find((yanked) => typeof yanked === 'string' && yanked !== '');
  const hashes = files.flatMap(({ sha256 }) => (sha256 === undefined ? [] : [`sha256:${sha256}`]));
  return {
    version,
    ...(times.length && { publishedAt: new Date(times.reduce((a, b) => Math.min(a, b))) }),
    ...(allYanked && { yanked: clipped(reason, longestReason) ?? (true as const) }),
    ...(saysProvenance && files.length > 0 && { attested: files.some(({ provenance }) => provenance === true) }),
    ...(hashes.length > 0 && hashes.length === files.length && { hashes }),
  };
}

/** The normal form of the version that a file's name says. */
export function versionOfFile(fileName: string, project: string | undefined): string | undefined {
  return parseDistributionFile(fileName, project)?.version ?? eggVersion(fileName);
}

/** One key for all spellings of a release. */
export function keyOf(written: string): string {
  const version = parseVersion(written);
  if (!version) return ` ${written}`;
  const last = version.release.findLastIndex((number) => number !== '0');
  return formatVersion({ ...version, release: version.release.slice(0, Math.max(1, last + 1)) });
}

/** `name-1.0-py2.7.egg`, which the index still serves for old releases. */
function eggVersion(fileName: string): string | undefined {
  const version = fileName.endsWith('.egg') ? parseVersion(fileName.split('-')[1] ?? '') : undefined;
  return version && formatVersion(version);
}

/** The first upload of all: since when there is the project, as far as its files tell. */
export function firstUpload(releases: readonly Release[]): Date | undefined {
  let first: Date | undefined;
  for (const { publishedAt } of releases) if (publishedAt && (!first || publishedAt < first)) first = publishedAt;
  return first;
}

/** PEP 592: an empty reason still is a yank. */
export function yankOf(written: unknown): boolean | string {
  return typeof written === 'string' ? written : written === true;
}

export function digestOf(written: unknown): { readonly sha256?: string } {
  return typeof written === 'string' && /^[0-9a-f]{64}$/i.test(written) ? { sha256: written.toLowerCase() } : {};
}

export function uploadOf(written: unknown): { readonly uploaded?: Date } {
  const uploaded = typeof written === 'string' ? dateOf(written) : undefined;
  return uploaded ? { uploaded } : {};
}
