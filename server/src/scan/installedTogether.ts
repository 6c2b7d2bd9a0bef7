import type { Declaration } from '../core/declaration';
import type { Include } from '../core/manifest';
import type { Constraint } from './constraints';
import type { ManifestDocument } from './document';
import type { IncludeTarget } from './includes';

// Files that require one another are one install, and an install has one release of a package: what all of its entries admit. An
// entry that is written anew must stay within what the others ask for, or nobody can install the files any more.

/** More than any project's files need; a limit, since files that anybody wrote may include each other in every way. */
const mostSteps = 20_000;

/** By file, the entries of other files about a package of its own that some install brings together with it. */
export function installedTogether(
  documents: readonly ManifestDocument[],
  targetOf: (from: string, include: Include) => IncludeTarget,
): ReadonlyMap<string, readonly Constraint[]> {
  const byPath = new Map(documents.map((document) => [document.path, document]));
  const targets = (path: string) =>
    byPath.get(path)!.manifest.includes.flatMap((include) => {
      const target = include.kind === 'requirements' ? targetOf(path, include) : { fault: '' };
      return 'path' in target && byPath.has(target.path) ? [target.path] : [];
    });
  const including = documents.filter(({ manifest }) => manifest.includes.length > 0);
  const together = new Map<string, Map<Declaration, Constraint>>();
  let steps = 0;
  for (const { path } of including) {
    const reached = new Set([path]);
    for (const file of reached) {
      if (++steps > mostSteps) break;
      for (const target of targets(file)) reached.add(target);
    }
    const byName = new Map<string, Constraint[]>();
    for (const file of reached)
      for (const declaration of byPath.get(file)!.manifest.declarations) {
        const same = byName.get(declaration.package.name);
        if (same) same.push({ file, declaration });
        else byName.set(declaration.package.name, [{ file, declaration }]);
      }
    for (const same of byName.values()) {
      if (same.every(({ file }) => file === same[0]!.file)) continue;
      for (const file of new Set(same.map((one) => one.file))) {
        let others = together.get(file);
        if (!others) together.set(file, (others = new Map<Declaration, Constraint>()));
        for (const one of same) if (one.file !== file && ++steps <= mostSteps) others.set(one.declaration, one);
      }
    }
  }
  return new Map([...together].map(([path, others]) => [path, [...others.values()]]));
}

/** The declarations of a file, told what stands beside each, in the file itself and in those that are installed together with it. */
export function withBeside(
  { ecosystem: { versions } }: Pick<ManifestDocument, 'ecosystem'>,
  declarations: readonly Declaration[],
  others: readonly Constraint[],
): readonly Declaration[] {
  /** By package, section and marker, who asks for which range. */
  const asked = new Map<string, Map<string, string>>();
  const keyOf = ({ package: { name }, section, marker = '' }: Declaration) => `${name}\n${section}\n${marker}`;
  const add = (by: string, declaration: Declaration) => {
    if (declaration.package.name === '' || !isAsking(declaration)) return;
    const [key, range] = [keyOf(declaration), ownRange(declaration)];
    const same = asked.get(key);
    if (!same) asked.set(key, new Map([[range, by]]));
    else if (same.size < mostRanges && !same.has(range)) same.set(range, by);
  };
  for (const declaration of declarations) add('another line', declaration);
  for (const { file, declaration } of others) add(file, declaration);
  const isContrary = (ranges: readonly string[]) =>
    ranges.some((range) => {
      const version = versions.exact(range);
      return version !== undefined && ranges.some((other) => other !== '' && !versions.satisfies(version, other));
    });
  // What contradicts itself cannot be installed anyhow.
  for (const [key, same] of asked) if (same.size > 1 && isContrary([...same.keys()])) asked.delete(key);
  let changed = false;
  const told = declarations.map((declaration): Declaration => {
    const same = asked.get(keyOf(declaration));
    if (!same || same.size < 2 || !isAsking(declaration)) return declaration;
    const own = ownRange(declaration);
    // Who asks for the same is moved alike.
    const beside = [...same].flatMap(([range, by]) => (range === '' || range === own ? [] : [{ range, by }]));
    if (beside.length === 0) return declaration;
    changed = true;
    return { ...declaration, beside };
  });
  return changed ? told : declarations;
}

/** A file may name one package on each of its lines. */
const mostRanges = 50;

function isAsking({ source, group }: Declaration): boolean {
  return source.kind === 'registry' && source.tag === undefined && group !== 'override' && group !== 'constraint' && group !== 'peer';
}

function ownRange({ source, bounded }: Declaration): string {
  return bounded?.own ?? (source.kind === 'registry' ? source.range : '');
}
