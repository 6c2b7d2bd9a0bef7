import { momentOrAge } from '../core/ageText';
import type { LockedSubject, ManifestSubject } from '../core/check';
import { settingThatCounts, type ReleaseAgeSetting } from '../core/releaseAge';
import { dirname, type ManifestDocument } from './document';
import type { LockDocument } from './lockDocument';

/**
 * The limit on the age of releases that a project sets itself, of all its settings the one that counts. What uv wrote into
 * its lockfile comes last: it may be of a command line, and the next one need not say it again.
 */
export function releaseAgeOf({ manifest }: ManifestDocument, lock: LockDocument | undefined): ReleaseAgeSetting | undefined {
  const settings = [...(manifest.releaseAge ?? []), ...ofLock(lock)];
  return settings.length ? settingThatCounts(settings, lock?.reader.id ?? manifest.project?.lockedBy) : undefined;
}

/** What the ages of a lockfile's own releases are measured by, where `documents` are its manifests: that beside it before those below. */
export function agesOfLock(lock: LockDocument, documents: readonly ManifestDocument[], now: Date): NonNullable<LockedSubject['age']> {
  const beside = documents.filter(({ path }) => dirname(path) === dirname(lock.path));
  for (const document of [...beside, ...documents]) {
    const releaseAge = releaseAgeOf(document, lock);
    if (releaseAge) return { now, releaseAge, versions: lock.ecosystem.versions };
  }
  return { now, versions: lock.ecosystem.versions };
}

function ofLock(lock: LockDocument | undefined): ReleaseAgeSetting[] {
  const written = lock?.lock.excludeNewer;
  if (!lock || written === undefined) return [];
  const nowhere = { start: 0, end: 0 };
  return [{ tool: 'uv', key: 'exclude-newer', file: lock.path, span: nowhere, written, exceptions: [], ...momentOrAge(written) }];
}

/** What a check of a whole manifest is told of such limits. */
export function aboutReleaseAge(
  document: ManifestDocument,
  lock: LockDocument | undefined,
): Pick<ManifestSubject, 'lock' | 'releaseAge' | 'limitReleaseAge'> {
  const releaseAge = releaseAgeOf(document, lock);
  const { path, text, manifest, companions } = document;
  const beside = lock && dirname(lock.path) === dirname(path);
  return {
    ...(beside && { lock: { file: lock.path, tool: lock.reader.id } }),
    ...(releaseAge && { releaseAge }),
    limitReleaseAge: (ageMs) => document.reader.edit.limitReleaseAge?.({ path, text, manifest, companions }, ageMs, lock?.reader.id),
  };
}
