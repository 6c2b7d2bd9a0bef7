import type { Release } from '../core/release';

// A registry's document is the work of strangers, and may be tens of megabytes. What is kept of it is bounded here. A part that is
// over its bound is left out as a whole, since half a list of dependencies or hashes would be taken for all of it.

/** The releases of a package, newest first, for which dependencies and hashes are kept. */
const mostDetailed = 2000;
const mostHashes = 20_000;
const mostReleases = 30_000;
const mostDependencies = 1000;
const longestName = 214;
const longestRange = 200;
/** Of all different lists of one package together. */
const dependencyCharacters = 4 * 1024 * 1024;

type Dependencies = Readonly<Record<string, string>>;

/** Gives equal lists as one object, and none where a list is not sound or over the bound. For one package. */
export function createDependencyLists(): (entries: Iterable<readonly [string, unknown]>) => Dependencies | undefined {
  const lists = new Map<string, Dependencies>();
  let left = dependencyCharacters;
  return (entries) => {
    const list: Record<string, string> = {};
    let count = 0;
    for (const [name, range] of entries) {
      if (typeof range !== 'string' || name.length > longestName || range.length > longestRange || ++count > mostDependencies)
        return undefined;
      Object.defineProperty(list, name, { value: range, enumerable: true, configurable: true, writable: true });
    }
    const text = JSON.stringify(list);
    const same = lists.get(text);
    if (same) return same;
    left -= text.length;
    if (left < 0) return undefined;
    lists.set(text, list);
    return list;
  };
}

/** The releases in their order, without what is too much: the oldest details first. */
export function boundedReleases(releases: readonly Release[]): readonly Release[] {
  const newestFirst = releases
    .map((release, i) => ({ i, at: release.publishedAt?.getTime() ?? i }))
    .sort((a, b) => b.at - a.at || b.i - a.i)
    .slice(0, mostReleases);
  const kept = new Map<number, Release>();
  let hashes = 0;
  for (const [rank, { i }] of newestFirst.entries()) {
    const release = releases[i]!;
    hashes += release.hashes?.length ?? 0;
    kept.set(i, rank < mostDetailed && hashes <= mostHashes ? release : withoutDetails(release));
  }
  return releases.flatMap((_, i) => kept.get(i) ?? []);
}

function withoutDetails(release: Release): Release {
  const { dependencies: _, hashes: __, ...rest } = release;
  return rest;
}

/** Text of a registry, cut where nobody reads on. Empty text is none. */
export function clipped(text: unknown, longest: number): string | undefined {
  if (typeof text !== 'string' || text === '') return undefined;
  return text.length <= longest ? text : `${text.slice(0, longest - 1)}…`;
}
