import type { Release } from '../core/release';
import type { Versions } from '../core/versions';

// A registry's document is the work of strangers, and may be tens of megabytes. What is kept of it is bounded here. A part that is
// over its bound is left out as a whole, since half a list of dependencies or hashes would be taken for all of it.

/** Of a package, for which dependencies and hashes are kept: its newest releases, those that are no previews before all others. */
const mostDetailed = 2000;
const mostHashes = 20_000;
const mostReleases = 30_000;
const mostDependencies = 1000;
const longestName = 214;
const longestRange = 200;
/** Of all different lists of dependencies of one package together. */
const dependencyCharacters = 1024 * 1024;

type Dependencies = Readonly<Record<string, string>>;

/** A release as a document has it: what it lists as dependencies may be anything. */
export interface UnboundedRelease extends Omit<Release, 'dependencies'> {
  readonly dependencies?: Readonly<Record<string, unknown>>;
}

/** The releases in their order, without what is too much: details of the oldest go first. Equal lists of dependencies are one object. */
export function boundedReleases(
  releases: readonly UnboundedRelease[],
  { isPrerelease }: Pick<Versions, 'isPrerelease'>,
): readonly Release[] {
  const ranked = releases
    .map(({ version, publishedAt }, i) => ({ i, at: publishedAt?.getTime() ?? i, preview: Number(isPrerelease(version)) }))
    .sort((a, b) => a.preview - b.preview || b.at - a.at || b.i - a.i)
    .slice(0, mostReleases);
  const listOf = createDependencyLists();
  const kept = new Map<number, Release>();
  let hashes = 0;
  for (const [rank, { i }] of ranked.entries()) {
    const { dependencies: listed, hashes: own, ...release } = releases[i]!;
    hashes += own?.length ?? 0;
    const isDetailed = rank < mostDetailed;
    const dependencies = listed && isDetailed ? listOf(listed) : undefined;
    kept.set(i, { ...release, ...(own && isDetailed && hashes <= mostHashes && { hashes: own }), ...(dependencies && { dependencies }) });
  }
  return releases.flatMap((_, i) => kept.get(i) ?? []);
}

/** Gives equal lists as one object, and none where a list is not sound or over the bound. */
function createDependencyLists(): (written: Readonly<Record<string, unknown>>) => Dependencies | undefined {
  const lists = new Map<string, Dependencies>();
  let left = dependencyCharacters;
  return (written) => {
    let count = 0;
    for (const name in written) {
      const range = written[name];
      if (typeof range !== 'string' || name.length > longestName || range.length > longestRange || ++count > mostDependencies)
        return undefined;
    }
    const text = JSON.stringify(written);
    const same = lists.get(text);
    if (same) return same;
    if (left < text.length) return undefined;
    left -= text.length;
    lists.set(text, written as Dependencies);
    return written as Dependencies;
  };
}

/** Text of a registry, cut where nobody reads on. Empty text is none. */
export function clipped(text: unknown, longest: number): string | undefined {
  if (typeof text !== 'string' || text === '') return undefined;
  return text.length <= longest ? text : `${text.slice(0, longest - 1)}…`;
}
