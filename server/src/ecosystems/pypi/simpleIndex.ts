import { isObject } from '../../core/isObject';
import type { PackageRecord, ReleaseFile } from '../../core/release';
import type { Portions } from '../jsonPortions';
import { clipped } from '../recordBounds';
import { collectReleases, digestOf, firstUpload, keyOf, uploadOf, versionOfFile, yankOf } from './collectedReleases';
import { normalizeName } from './name';

// A project page of the simple API in JSON (PEP 691): `versions` and times (PEP 700), yanks (PEP 592), `provenance` of a file (PEP 740), and
// `project-status` (PEP 792). A quarantined project has no files.

const statuses = ['active', 'archived', 'quarantined', 'deprecated'] as const;

/** What is looked at here, so that the rest of a long page is not even kept while it is read. */
export const pagePortions: Portions = {
  keep: new Set(['meta', 'name', 'versions', 'files', 'project-status']),
  split: 'files',
  each: (file) => file,
};

/** What a project page says. Undefined for what is no such page. */
export function recordInIndex(page: unknown): PackageRecord | undefined {
  if (!isProjectPage(page)) return undefined;
  const collection = collectReleases(projectOf(page));
  for (const version of Array.isArray(page.versions) ? (page.versions as unknown[]) : []) {
    if (typeof version === 'string') collection.addVersion(version);
  }
  for (const entry of page.files as unknown[]) {
    if (!isObject(entry) || typeof entry.filename !== 'string') continue;
    const hashes = isObject(entry.hashes) ? entry.hashes : {};
    collection.addFile({
      fileName: entry.filename,
      ...uploadOf(entry['upload-time']),
      yanked: yankOf(entry.yanked),
      ...digestOf(hashes.sha256),
      ...(entry.provenance !== undefined && { provenance: typeof entry.provenance === 'string' }),
    });
  }
  const releases = collection.releases();
  const createdAt = firstUpload(releases);
  const status = statusOf(page['project-status']);
  // What the page of a quarantined project still names cannot be installed.
  const hidden = status.status === 'quarantined' && page.files.length === 0;
  return { exists: true, releases: hidden ? [] : releases, ...status, ...(createdAt && { createdAt }) };
}

/** PEP 792 has an object; the specification's example shows a bare string. */
function statusOf(written: unknown): Pick<PackageRecord, 'status' | 'statusReason'> {
  const named: unknown = isObject(written) ? written.status : written;
  const status = statuses.find((known) => known === named);
  const reason = isObject(written) ? clipped(written.reason, 1000) : undefined;
  return status ? { status, ...(reason !== undefined && { statusReason: reason }) } : {};
}

/** The files of one release, with absolute addresses; `undefined` where the page is none. */
export function filesInIndex(page: unknown, version: string, pageUrl: string): readonly ReleaseFile[] | undefined {
  if (!isProjectPage(page)) return undefined;
  const project = projectOf(page);
  const wanted = keyOf(version);
  const files: ReleaseFile[] = [];
  for (const entry of page.files as unknown[]) {
    if (!isObject(entry) || typeof entry.filename !== 'string') continue;
    const own = versionOfFile(entry.filename, project);
    const url = absoluteUrl(entry.url, pageUrl);
    if (own === undefined || keyOf(own) !== wanted || url === undefined) continue;
    const { sha256 } = digestOf(isObject(entry.hashes) ? entry.hashes.sha256 : undefined);
    const attestationUrl = absoluteUrl(entry.provenance, pageUrl);
    files.push({
      name: entry.filename,
      url,
      hashes: sha256 === undefined ? [] : [`sha256:${sha256}`],
      ...(attestationUrl !== undefined && { attestationUrl }),
      ...(entry.provenance === undefined && { attestationsUntold: true as const }),
    });
  }
  return files;
}

/** Addresses may be relative to their page; credentials are never part of one that is handed on. */
export function absoluteUrl(written: unknown, pageUrl: string): string | undefined {
  if (typeof written !== 'string' || !URL.canParse(written, pageUrl)) return undefined;
  const url = new URL(written, pageUrl);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return undefined;
  url.username = '';
  url.password = '';
  url.hash = '';
  return url.href;
}

interface ProjectPage extends Readonly<Record<string, unknown>> {
  readonly files: readonly unknown[];
}

/** A later minor version only adds; a later major one may mean anything. */
function isProjectPage(page: unknown): page is ProjectPage {
  if (!isObject(page) || !Array.isArray(page.files) || !isObject(page.meta)) return false;
  const version = page.meta['api-version'];
  return typeof version === 'string' && version.startsWith('1.');
}

function projectOf({ name }: ProjectPage): string | undefined {
  return typeof name === 'string' ? normalizeName(name) : undefined;
}
