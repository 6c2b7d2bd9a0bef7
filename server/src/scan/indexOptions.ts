import type { Include, IndexOption } from '../core/manifest';
import type { ManifestDocument } from './document';
import type { IncludeTarget } from './includes';

/** More steps than any project's files need; a limit, since files that anybody wrote may include each other in every way. */
const mostSteps = 20_000;
const mostOptions = 100;

/**
 * The index options under which a file is installed, for each that includes others or is included: pip takes the options of all
 * files of one call for all of them, in the order in which it comes to them. A file that several include has those of all.
 */
export function sharedIndexOptions(
  documents: readonly ManifestDocument[],
  targetOf: (from: string, include: Include) => IncludeTarget,
): ReadonlyMap<string, readonly IndexOption[]> {
  const byPath = new Map(documents.map((document) => [document.path, document]));
  const targets = new Map(
    documents.map(({ path, manifest }) => [
      path,
      manifest.includes.flatMap((include) => {
        const target = targetOf(path, include);
        return 'path' in target && byPath.has(target.path) ? [target.path] : [];
      }),
    ]),
  );
  const included = new Set([...targets.values()].flat());
  const shared = new Map<string, IndexOption[]>();
  let steps = 0;
  const spread = (root: string) => {
    const reached = new Set([root]);
    for (const path of reached) {
      if (++steps > mostSteps) return;
      for (const target of targets.get(path)!) reached.add(target);
    }
    if (reached.size === 1) return;
    const options = [...reached].flatMap((path) => byPath.get(path)!.manifest.indexes).slice(0, mostOptions);
    for (const path of reached) {
      const before = shared.get(path);
      if (before && before.length < mostOptions) before.push(...options.filter((option) => !before.includes(option)));
      else if (!before) shared.set(path, [...options]);
    }
  };
  const roots = [...targets.keys()].filter((path) => !included.has(path));
  for (const root of roots) spread(root);
  // What is left goes round in a circle.
  for (const path of included) if (!shared.has(path)) spread(path);
  return shared;
}
