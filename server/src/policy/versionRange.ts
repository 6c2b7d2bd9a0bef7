import type { Versions } from '../core/versions';

/** A range that a policy file may hold; longer ones are no work of people. */
const longestRange = 500;

/** Whether at least one of these ecosystems can read it: one version, or a range in its own notation. */
export function isVersionRange(written: string, ecosystems: Iterable<Versions>): boolean {
  if (written.length > longestRange) return false;
  for (const versions of ecosystems) if (versions.isValid(written) || versions.isValidRange(written)) return true;
  return false;
}

/** Whether one of the items, each a version or a range, stands for the version. */
export function holdsVersion(items: readonly string[], version: string, versions: Versions): boolean {
  return items.some((item) => (versions.isValid(item) ? versions.equal(item, version) : versions.satisfies(version, item)));
}

/** The same for what is forbidden: a range holds its pre-releases too, which a package manager would pass over. */
export function holdsVersionOrItsPreview(items: readonly string[], version: string, versions: Versions): boolean {
  if (holdsVersion(items, version, versions)) return true;
  if (!versions.isPrerelease(version)) return false;
  const release = /^v?(\d+(?:\.\d+)*)/.exec(version)?.[1];
  if (release === undefined) return false;
  return holdsVersion(
    items.filter((item) => !versions.isValid(item) && versions.exact(item) === undefined),
    release,
    versions,
  );
}
