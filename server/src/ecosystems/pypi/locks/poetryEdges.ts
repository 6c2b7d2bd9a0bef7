import { normalizeName } from '../name';
import { poetryRange } from '../poetryRange';
import { admitted, leadingName } from './choose';
import type { Entries } from './entries';
import type { PoetryEntry } from './poetry';
import { entriesOf, tableOf, textOf, textsOf, type Values } from './values';

interface Wish {
  readonly name: string;
  /** In Poetry's notation. */
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
      .map((wish) => releasesOf(wish, entries));
    for (const list of targets) for (const target of list) explained.add(target);
    return targets;
  });
  wishes.forEach((list, position) => {
    const guessed = list
      .filter(({ optional }) => optional)
      .map((wish) => releasesOf(wish, entries).filter((target) => !explained.has(target)));
    entries.connect(read[position]!.index, [...certain[position]!, ...guessed]);
  });
}

function releasesOf({ name, range }: Wish, entries: Entries): readonly number[] {
  return admitted(entries, name, () => (range === undefined ? undefined : poetryRange(range)));
}

function wishesOf(values: Values): Wish[] {
  return entriesOf(values.dependencies).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value]).map((one) => wishOf(name, one)),
  );
}

function wishOf(name: string, value: unknown): Wish {
  const table = tableOf(value);
  return {
    name,
    range: textOf(table ? table.version : value),
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
  const names = lists.flatMap(([, list]) => textsOf(list).map((text) => leadingName(text) ?? ''));
  return new Set(names.map(normalizeName));
}
