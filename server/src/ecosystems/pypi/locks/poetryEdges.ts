import { normalizeName } from '../name';
import { poetryRange } from '../poetryRange';
import { admitted } from './choose';
import type { Entries } from './entries';
import type { PoetryEntry } from './poetry';
import { entriesOf, listOf, tableOf, textOf, textsOf, type Values } from './values';

interface Wish {
  readonly name: string;
  readonly range: string | undefined;
  readonly optional: boolean;
  readonly extras: readonly string[];
}

/**
 * Fills in what depends on what. poetry.lock lists what a package could need for any of its extras. Such an optional
 * dependency counts where another package asks for the extra, and where nothing else explains why the package is there:
 * which extras the project itself asks for is in its manifest alone.
 */
export function poetryEdges(read: readonly PoetryEntry[], entries: Entries): void {
  const wishes = read.map(({ values }) => wishesOf(values));
  const asked = askedExtras(wishes);
  const explained = new Set<number>();
  const certain = wishes.map((list, position) => {
    const { values } = read[position]!;
    const byExtras = neededByExtras(values, asked.get(normalizeName(textOf(values.name)!)));
    const targets = list
      .filter(({ name, optional }) => !optional || byExtras.has(normalizeName(name)))
      .map(({ name, range }) => admitted(entries, name, range));
    for (const list of targets) for (const target of list) explained.add(target);
    return targets;
  });
  wishes.forEach((list, position) => {
    const guessed = list
      .filter(({ optional }) => optional)
      .map(({ name, range }) => admitted(entries, name, range).filter((target) => !explained.has(target)));
    entries.connect(read[position]!.index, [...certain[position]!, ...guessed]);
  });
}

function wishesOf(values: Values): Wish[] {
  return entriesOf(values.dependencies).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value]).map((one) => wishOf(name, one)),
  );
}

function wishOf(name: string, value: unknown): Wish {
  const table = tableOf(value);
  const written = textOf(table ? table.version : value);
  return {
    name,
    range: written === undefined ? undefined : poetryRange(written),
    optional: table?.optional === true,
    extras: textsOf(table?.extras),
  };
}

/** Which extras of each package others ask for. */
function askedExtras(wishes: readonly (readonly Wish[])[]): Map<string, Set<string>> {
  const asked = new Map<string, Set<string>>();
  for (const { name: written, extras } of wishes.flat()) {
    if (!extras.length) continue;
    const name = normalizeName(written);
    const known = asked.get(name) ?? new Set();
    for (const extra of extras) known.add(normalizeName(extra));
    asked.set(name, known);
  }
  return asked;
}

/** The names that the extras of a package list, read from `name (range)`, `name[extra]>=1 ; marker` and the like. */
function neededByExtras(values: Values, extras: ReadonlySet<string> | undefined): Set<string> {
  if (!extras) return new Set();
  const lists = entriesOf(values.extras).filter(([extra]) => extras.has(normalizeName(extra)));
  return new Set(lists.flatMap(([, list]) => listOf(list).flatMap((text) => leadingName(textOf(text)) ?? [])));
}

function leadingName(requirement: string | undefined): string | undefined {
  const name = /^[A-Za-z0-9][A-Za-z0-9._-]*/.exec(requirement ?? '')?.[0];
  return name === undefined ? undefined : normalizeName(name);
}
