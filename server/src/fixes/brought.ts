import type { Brought, DeclarationSubject, Policy } from '../core/check';
import type { Fix, Observation, Related } from '../core/finding';
import { cleanByAdvisories } from './cleanReleases';

// What a declaration brings along, by the lockfile: how it is said, where it stands, and the lever that takes it out.

/** `dspy → litellm`: the way, by names. */
export function wayOf({ path }: Brought): string {
  return path.map((step) => step.split(' ', 1)[0]).join(' → ');
}

/** The finding is about the release that is brought; `via` names those on the way to it. */
export function aboutBrought(brought: Brought): Pick<Observation, 'package' | 'version' | 'via'> {
  return { package: brought.package, version: brought.version, via: brought.path.slice(0, -1).map((step) => step.replace(' ', '@')) };
}

/** Points at the lockfile's own line. */
export function lockLines(subject: DeclarationSubject, entries: readonly Pick<Brought, 'entry' | 'version' | 'package'>[]): Related[] {
  const { lock } = subject;
  if (!lock) return [];
  return entries.flatMap(({ entry, package: pkg, version }) => {
    const span = lock.locate(entry);
    return span ? [{ file: lock.file, span, message: `${pkg.name} ${version} stands here` }] : [];
  });
}

/** Points at the line that resolved the declaration itself, where that was a lockfile's. */
export function ownLockLine(subject: DeclarationSubject): Related[] {
  const { resolution, lock, versions } = subject;
  if (!lock || resolution.version === undefined || resolution.from !== 'lockfile') return [];
  const entry = lock.releases.find(({ version }) => versions.equal(version, resolution.version));
  return entry ? lockLines(subject, [{ entry, package: entry.package, version: entry.version }]) : [];
}

/**
 * Tells the package manager to take a release of the brought package that no known advisory touches, whatever those on the
 * way ask for, where the manifest's tool has such a lever. The lockfile has to be written anew after it.
 */
export function override(subject: DeclarationSubject, _policy: Policy, brought: Brought): Fix | undefined {
  const clean = cleanByAdvisories(brought.known, subject.versions).find(
    (version) => subject.versions.compare(version, brought.version) > 0,
  );
  const edits = clean === undefined ? undefined : subject.edit.override?.(brought.package, clean);
  if (!edits?.length) return undefined;
  const title = `Override ${brought.package.name} with ${clean} or later, then run ${subject.lock?.relock ?? 'the package manager'}`;
  return { title, kind: 'override', preferred: false, edits };
}
