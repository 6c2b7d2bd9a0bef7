import type { Versions } from '../core/versions';

/** A range that a policy file may hold; longer ones are no work of people. */
const longestRange = 500;

/** Whether at least one of these ecosystems can read it: one version, or a range in its own notation. */
export function isVersionRange(written: string, ecosystems: Iterable<Versions>): boolean {
  for (const versions of ecosystems) if (isReadable(written, versions)) return true;
  return false;
}

// npm passes over a comparator that it cannot read (`1.0.0 or 2.0.0` is to it `1.0.0 2.0.0`), and takes `==x` for any version. In a policy
// either would be a range that nobody meant, so each word has to be readable by itself, and to name a version.
function isReadable(written: string, versions: Versions): boolean {
  if (written.length > longestRange) return false;
  if (versions.isValid(written)) return true;
  if (!versions.isValidRange(written)) return false;
  const words = written
    .trim()
    .replace(/\s*,\s*/g, ',')
    .replace(/([<>=!~^])\s+/g, '$1')
    .split(/\s*\|\|\s*|\s+-\s+|\s+/);
  return words.every((word) => word === '*' || (/\d/.test(word) && (versions.isValid(word) || versions.isValidRange(word))));
}

/**
 * Whether no version lies in a range. Tried are the versions that it names and their neighbours, which is where a range begins that has
 * any; of one that leaves out each of these it would be said in error.
 */
export function isEmptyRange(range: string, versions: Versions): boolean {
  if (versions.isValid(range) || range === '*') return false;
  const named = range.match(/\d[\w.+!-]*/g) ?? [];
  return !['0', '999999999', ...named].some((one) =>
    neighbours(one).some((version) => holdsVersionOrItsPreview([range], version, versions)),
  );
}

function neighbours(named: string): readonly string[] {
  const release = /^(?:\d+!)?\d+(?:\.\d+)*/.exec(named)?.[0] ?? '0';
  const next = release.replace(/\d+$/, (last) => String(Number(last) + 1));
  const around = [release, next].flatMap((one) => [one, `${one}.0`, `${one}.1`, `${one}.0.0`, `${one}.0.1`]);
  return [named, `${named}.0`, ...around, ...around.flatMap((one) => [`${one}-0`, `${one}.dev0`, `${one}.post1`])];
}

/** Whether one of the items, each a version or a range, stands for the version. What another ecosystem alone can read does not. */
export function holdsVersion(items: readonly string[], version: string, versions: Versions): boolean {
  return items.some((item) =>
    versions.isValid(item) ? versions.equal(item, version) : versions.satisfies(version, item) && isReadable(item, versions),
  );
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
