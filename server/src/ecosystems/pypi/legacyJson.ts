import { isObject } from '../../core/isObject';
import type { PackageRecord, ReleaseFile } from '../../core/release';
import type { Portions } from '../jsonPortions';
import { clipped } from '../recordBounds';
import { collectReleases, digestOf, firstUpload, uploadOf, yankOf } from './collectedReleases';
import { normalizeName } from './name';
import { absoluteUrl } from './simpleIndex';

// PyPI's own JSON: `/pypi/NAME/json` lists `releases` (version to files), `/pypi/NAME/VERSION/json` the `urls` of one. It knows no status and no
// attestation, and answers 404 for a quarantined project; so it is for indexes that have nothing better.

export const legacyPortions: Portions = { keep: new Set(['info', 'releases']), split: 'releases', each: (files) => files };

/** What `/pypi/NAME/json` says; `undefined` for what is no such document, or for one that lists no releases. */
export function recordInLegacyJson(document: unknown): PackageRecord | undefined {
  if (!isObject(document) || !isObject(document.info) || !isObject(document.releases)) return undefined;
  const { name, license_expression: expression, license } = document.info;
  const collection = collectReleases(typeof name === 'string' ? normalizeName(name) : undefined);
  for (const [version, files] of Object.entries(document.releases)) {
    collection.addVersion(version);
    for (const file of Array.isArray(files) ? (files as unknown[]) : []) {
      if (!isObject(file) || typeof file.filename !== 'string') continue;
      const yanked = yankOf(file.yanked);
      collection.addFile(
        {
          fileName: file.filename,
          ...uploadOf(file.upload_time_iso_8601),
          yanked: yanked === true && typeof file.yanked_reason === 'string' ? file.yanked_reason : yanked,
          ...digestOf(isObject(file.digests) ? file.digests.sha256 : undefined),
        },
        version,
      );
    }
  }
  const releases = collection.releases();
  const createdAt = firstUpload(releases);
  // Old projects put the whole text of their license here.
  const named = clipped(expression, 200) ?? (typeof license === 'string' && license.length <= 100 ? clipped(license, 100) : undefined);
  return { exists: true, releases, ...(createdAt && { createdAt }), ...(named !== undefined && { license: named }) };
}

/** The files of `/pypi/NAME/VERSION/json`. */
export function filesInLegacyJson(document: unknown, pageUrl: string): readonly ReleaseFile[] | undefined {
  if (!isObject(document) || !isObject(document.info) || !Array.isArray(document.urls)) return undefined;
  return (document.urls as unknown[]).flatMap((file) => {
    if (!isObject(file) || typeof file.filename !== 'string') return [];
    const url = absoluteUrl(file.url, pageUrl);
    const { sha256 } = digestOf(isObject(file.digests) ? file.digests.sha256 : undefined);
    const hashes = sha256 === undefined ? [] : [`sha256:${sha256}`];
    return url === undefined ? [] : [{ name: file.filename, url, hashes, attestationsUntold: true as const }];
  });
}
