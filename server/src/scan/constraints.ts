import { narrowedBy } from '../core/bounds';
import type { Declaration } from '../core/declaration';
import type { Include } from '../core/manifest';
import type { ManifestDocument } from './document';
import type { IncludeTarget } from './includes';

/** What narrows the declarations of a file, and where it stands. */
export interface Constraint {
  readonly file: string;
  readonly declaration: Declaration;
}

/** More than any project's files need; a limit, since files that anybody wrote may include each other in every way. */
const mostSteps = 20_000;

/**
 * By file, the constraints of each install of it: those that it names by `-c` itself, or that a file does which it requires by `-r`.
 * What narrows it only when it is installed through another file is left out, since it can be installed without.
 */
export function sharedConstraints(
  documents: readonly ManifestDocument[],
  targetOf: (from: string, include: Include) => IncludeTarget,
): ReadonlyMap<string, readonly Constraint[]> {
  const byPath = new Map(documents.map((document) => [document.path, document]));
  const targets = (path: string, kind: Include['kind']) =>
    (byPath.get(path)?.manifest.includes ?? []).flatMap((include) => {
      const target = include.kind === kind ? targetOf(path, include) : { fault: '' };
      return 'path' in target && byPath.has(target.path) ? [target.path] : [];
    });
  const shared = new Map<string, readonly Constraint[]>();
  let steps = 0;
  for (const { path, manifest } of documents) {
    if (manifest.includes.length === 0) continue;
    const required = new Set([path]);
    const constraining = new Set<string>();
    for (const file of required) {
      if (++steps > mostSteps) return shared;
      for (const target of targets(file, 'requirements')) required.add(target);
      for (const target of targets(file, 'constraints')) constraining.add(target);
    }
    for (const file of constraining) {
      if (++steps > mostSteps) return shared;
      for (const target of targets(file, 'constraints')) constraining.add(target);
    }
    const found = [...constraining]
      .filter((file) => !required.has(file))
      .flatMap((file) => byPath.get(file)!.manifest.declarations.map((declaration) => ({ file, declaration })));
    if (found.length) shared.set(path, found);
  }
  return shared;
}

/** The declarations as their constraints leave them. */
export function constrained(
  { ecosystem }: Pick<ManifestDocument, 'ecosystem'>,
  declarations: readonly Declaration[],
  constraints: readonly Constraint[],
): readonly Declaration[] {
  if (constraints.length === 0) return declarations;
  const byName = new Map<string, Constraint[]>();
  for (const one of constraints) {
    const { name } = one.declaration.package;
    const same = byName.get(name);
    if (same) same.push(one);
    else if (name !== '') byName.set(name, [one]);
  }
  return declarations.map((declaration) =>
    declaration.group === 'constraint' || declaration.group === 'override'
      ? declaration
      : (byName.get(declaration.package.name) ?? []).reduce(
          (narrowed, { file, declaration: by }) => narrowedBy(narrowed, by, file, ecosystem.versions),
          declaration,
        ),
  );
}

/** Whether two lists narrow alike. */
export function sameConstraints(a: readonly Constraint[], b: readonly Constraint[]): boolean {
  return (
    a.length === b.length &&
    a.every(({ file, declaration }, at) => {
      const other = b[at]!;
      return (
        file === other.file && declaration.package.name === other.declaration.package.name && sameRange(declaration, other.declaration)
      );
    })
  );
}

function sameRange({ source: a, marker }: Declaration, { source: b, marker: other }: Declaration): boolean {
  return marker === other && a.kind === b.kind && (a.kind !== 'registry' || b.kind !== 'registry' || a.range === b.range);
}
