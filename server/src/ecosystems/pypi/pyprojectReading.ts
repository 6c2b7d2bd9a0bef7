import type { Declaration, Group } from '../../core/declaration';
import type { IndexOption, Problem } from '../../core/manifest';
import type { Span } from '../../core/span';
import {
  tomlSpan,
  type TomlEntry,
  type TomlPair,
  type TomlString,
  type TomlTable,
  type TomlTables,
  type TomlValue,
} from '../../syntax/toml';
import type { TomlPlace } from '../../syntax/tomlEdit';
import type { Pep508Detail } from './pep508Declaration';

/** One pyproject.toml while it is read. */
export interface Reading {
  readonly text: string;
  readonly declarations: Declaration[];
  readonly problems: Problem[];
  readonly indexes: IndexOption[];
}

/** A list of dependencies in the file. */
export interface Section {
  readonly group: Group;
  readonly section: string;
}

/** What the editor needs to know of an entry (`Declaration.detail`). */
export interface PyprojectDetail extends Partial<Pep508Detail> {
  /** Absent where it cannot be removed by itself. */
  readonly place?: TomlPlace;
  /** Of an entry whose range is a value of its own. */
  readonly value?: ValueDetail;
}

export interface ValueDetail {
  readonly notation: 'poetry' | 'pdm';
  /** What an exact version replaces, with what must stand around it. */
  readonly pin?: { readonly span: Span; readonly before: string; readonly after: string };
}

export function invalid(reading: Reading, span: Span, message: string): void {
  reading.problems.push({ kind: 'invalid', span, message });
}

/** Where a value stands; of a table made of sections or dotted keys, its first key. */
export function placeOf(entry: TomlEntry): Span {
  const { value, key } = entry;
  if (value.kind === 'tables' || (value.kind === 'table' && !value.inline)) return key.span;
  return tomlSpan(value);
}

/** The tables of `[[x]]` or of `x = [{ … }]`. */
export function tablesOf(value: TomlValue | TomlTables): readonly TomlTable[] {
  if (value.kind === 'tables') return value.tables;
  if (value.kind !== 'array') return [];
  return value.elements.flatMap((element) => (element.value.kind === 'table' ? [element.value] : []));
}

export function stringAt(table: TomlTable, name: string): TomlString | undefined {
  const value = table.byName.get(name)?.value;
  return value?.kind === 'string' ? value : undefined;
}

export function isTrue(table: TomlTable, name: string): boolean {
  const value = table.byName.get(name)?.value;
  return value?.kind === 'scalar' && value.text === 'true';
}

/** How to remove what a pair stands for. */
export function pairPlace(parent: TomlTable, pair: TomlPair): TomlPlace | undefined {
  if (!pair.inBraces) return { kind: 'lines', pieces: [pair] };
  return parent.inline?.pairs.some((own) => own.span.start === pair.span.start) ? { kind: 'inline', table: parent, pair } : undefined;
}

export const escapesFreeze = 'its text holds escapes';
