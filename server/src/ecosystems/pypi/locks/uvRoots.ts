import type { LockedRoot } from '../../../core/lockfile';
import type { Entries } from './entries';
import type { UvEntry, UvResolve } from './uv';
import { entriesOf, tableOf, tablesOf, textOf, type Values } from './values';

interface Section {
  readonly name: string;
  /** What the resolution made of it, by name. What is asked for and needed nowhere is not here. */
  readonly resolved: readonly (readonly [name: string, positions: readonly number[]])[];
  /** What the manifest asked for. */
  readonly requirements: readonly Values[];
}

/**
 * Who asks for what: one root for each name, section and specifier. Also says of every package that only extras, or only
 * development groups bring it that it is optional, or for development.
 */
export function uvRoots(
  manifest: Values | undefined,
  packages: readonly UvEntry[],
  entries: Entries,
  resolve: UvResolve,
): { readonly roots: readonly LockedRoot[]; readonly importers: readonly string[] } {
  const roots: LockedRoot[] = [];
  const importers = new Set(['']);
  for (const section of manifestSections(manifest, entries)) addRoots('', section, roots);
  for (const { values, folder } of packages) {
    if (folder === undefined) continue;
    importers.add(folder);
    for (const section of packageSections(values, resolve)) addRoots(folder, section, roots);
  }
  markFlags(roots, entries);
  return { roots, importers: [...importers] };
}

/** What a root asks for that is no package itself. Its resolution is not recorded, so a name stands for all its releases. */
function manifestSections(manifest: Values | undefined, entries: Entries): Section[] {
  const groups = entriesOf(manifest?.['dependency-groups']).map(([group, list]) => [`dev-dependencies.${group}`, list] as const);
  return [['dependencies', manifest?.requirements] as const, ...groups].map(([name, list]) => {
    const requirements = tablesOf(list);
    return { name, requirements, resolved: named(requirements).map(([wanted]) => [wanted, entries.find(wanted)] as const) };
  });
}

function packageSections(values: Values, resolve: UvResolve): Section[] {
  const metadata = tableOf(values.metadata);
  const asked = requirementsByExtra(tablesOf(metadata?.['requires-dist']));
  const groups = new Map(entriesOf(metadata?.['requires-dev']));
  const extras = new Map(entriesOf(values['optional-dependencies']));
  const development = new Map(entriesOf(values['dev-dependencies']));
  const resolvedOf = (list: unknown) => named(tablesOf(list)).map(([name, dependency]) => [name, resolve(dependency)] as const);
  const optional = new Set([...extras.keys(), ...asked.keys()].filter((extra) => extra !== ''));
  return [
    { name: 'dependencies', resolved: resolvedOf(values.dependencies), requirements: asked.get('') ?? [] },
    ...[...optional].map((extra) => ({
      name: `optional-dependencies.${extra}`,
      resolved: resolvedOf(extras.get(extra)),
      requirements: asked.get(extra) ?? [],
    })),
    ...[...new Set([...development.keys(), ...groups.keys()])].map((group) => ({
      name: `dev-dependencies.${group}`,
      resolved: resolvedOf(development.get(group)),
      requirements: tablesOf(groups.get(group)),
    })),
  ];
}

/** `''` for what no extra asks for. */
function requirementsByExtra(requirements: readonly Values[]): Map<string, Values[]> {
  const byExtra = new Map<string, Values[]>();
  for (const requirement of requirements) {
    const named = new Set([...(textOf(requirement.marker) ?? '').matchAll(/\bextra == '([^']*)'/g)].map((match) => match[1]!));
    for (const extra of named.size ? named : ['']) {
      const known = byExtra.get(extra);
      if (known) known.push(requirement);
      else byExtra.set(extra, [requirement]);
    }
  }
  return byExtra;
}

function named(tables: readonly Values[]): (readonly [string, Values])[] {
  return tables.flatMap((table) => {
    const name = textOf(table.name);
    return name === undefined ? [] : [[name, table] as const];
  });
}

function addRoots(importer: string, { name: section, resolved, requirements }: Section, roots: LockedRoot[]): void {
  const asked = new Map<string, Set<string | undefined>>();
  for (const [name, requirement] of named(requirements)) asked.set(name, (asked.get(name) ?? new Set()).add(specifierOf(requirement)));
  const found = new Map<string, Set<number>>();
  for (const [name, positions] of resolved) {
    const known = found.get(name) ?? new Set();
    for (const position of positions) known.add(position);
    found.set(name, known);
  }
  for (const name of new Set([...asked.keys(), ...found.keys()])) {
    const packages = [...(found.get(name) ?? [])];
    for (const specifier of asked.get(name) ?? [undefined]) {
      roots.push({ importer, name, section, ...(specifier !== undefined && { specifier }), packages });
    }
  }
}

/** `''` admits everything; undefined where something else than a range says what to take. */
function specifierOf(requirement: Values): string | undefined {
  const direct = ['git', 'url', 'path', 'directory', 'editable', 'virtual'].some((kind) => requirement[kind] !== undefined);
  return textOf(requirement.specifier) ?? (direct ? undefined : '');
}

function markFlags(roots: readonly LockedRoot[], entries: Entries): void {
  const reached = new Set<number>();
  const reach = (prefix: string): number[] => {
    const queue = roots.filter(({ section }) => section!.startsWith(prefix)).flatMap(({ packages }) => packages);
    const fresh: number[] = [];
    for (let index = queue.pop(); index !== undefined; index = queue.pop()) {
      if (reached.has(index)) continue;
      reached.add(index);
      fresh.push(index);
      const { own, dependencies } = entries.packages[index]!;
      // What an own package asks for is a root itself, by the section that asks.
      if (!own) for (const dependency of dependencies) queue.push(dependency);
    }
    return fresh;
  };
  reach('dependencies');
  for (const index of reach('optional-dependencies.')) if (!entries.packages[index]!.own) entries.mark(index, 'optional');
  for (const index of reach('dev-dependencies.')) if (!entries.packages[index]!.own) entries.mark(index, 'dev');
}
