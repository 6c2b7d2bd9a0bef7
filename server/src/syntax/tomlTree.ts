import type { Span } from '../core/span';
import type { TomlEntry, TomlKey, TomlPair, TomlSection, TomlTable, TomlTables, TomlValue } from './toml';

/** A table that is being filled. */
export interface GrowingTable extends TomlTable {
  definedBy: TomlTable['definedBy'];
  readonly entries: TomlEntry[];
  readonly byName: Map<string, TomlEntry>;
  readonly pieces: (TomlSection | TomlPair)[];
  inline?: TomlTable['inline'];
}

/** Told of what TOML forbids and a reader can live with. */
export type Objection = (span: Span, message: string) => void;

export function newTable(definedBy: TomlTable['definedBy']): GrowingTable {
  return { kind: 'table', definedBy, entries: [], byName: new Map(), pieces: [] };
}

/** The table that a header opens. A second `[x]` goes on with the first one. */
export function openTable(root: GrowingTable, section: TomlSection, object: Objection): GrowingTable {
  const path = section.path!;
  let table = root;
  for (const key of path.slice(0, -1)) {
    const entry = table.byName.get(key.name);
    const inside = entry && tableIn(entry.value);
    if (inside && inside.definedBy !== 'inline') table = inside;
    else {
      if (entry) object(key.span, noTable(entry));
      const created = newTable('implicit');
      add(table, { key, value: created });
      table = created;
    }
    table.pieces.push(section);
  }
  const last = path.at(-1)!;
  const opened = section.array ? openElement(table, last, object) : openLast(table, last, object);
  opened.pieces.push(section);
  return opened;
}

function openLast(parent: GrowingTable, key: TomlKey, object: Objection): GrowingTable {
  const entry = parent.byName.get(key.name);
  if (entry?.value.kind === 'table' && entry.value.definedBy !== 'inline') {
    const table = entry.value as GrowingTable;
    if (table.definedBy === 'dotted')
      object(key.span, `the table "${key.name}" is made of dotted keys above, so no header can go on with it`);
    else if (table.definedBy === 'header') object(key.span, `the table "${key.name}" is defined twice`);
    else table.definedBy = 'header';
    return table;
  }
  if (entry) object(key.span, noTable(entry));
  const created = newTable('header');
  add(parent, { key, value: created });
  return created;
}

function openElement(parent: GrowingTable, key: TomlKey, object: Objection): GrowingTable {
  const entry = parent.byName.get(key.name);
  const created = newTable('header');
  if (entry?.value.kind === 'tables') {
    (entry.value.tables as TomlTable[]).push(created);
    return created;
  }
  if (entry)
    object(key.span, `"${key.name}" is already ${entry.value.kind === 'table' ? 'a table' : 'a value'}, so it cannot be a list of tables`);
  add(parent, { key, value: { kind: 'tables', tables: [created] } });
  return created;
}

/** Puts `a.b.c = value` into the table under whose header, or in whose braces, it stands. */
export function addPair(table: GrowingTable, pair: TomlPair, object: Objection): void {
  let target = table;
  for (const key of pair.path.slice(0, -1)) {
    const entry = target.byName.get(key.name);
    const inside = entry?.value.kind === 'table' && entry.value.definedBy !== 'inline' ? (entry.value as GrowingTable) : undefined;
    if (inside) {
      if (inside.definedBy !== 'dotted')
        object(key.span, `the table "${key.name}" is made by headers above, so no dotted key can go on with it`);
      target = inside;
    } else {
      if (entry) object(key.span, noTable(entry));
      const created = newTable('dotted');
      add(target, { key, value: created });
      target = created;
    }
    target.pieces.push(pair);
  }
  const key = pair.path.at(-1)!;
  if (target.byName.has(key.name)) object(key.span, `"${key.name}" is defined twice`);
  add(target, { key, value: pair.value, pair });
}

function add(table: GrowingTable, entry: TomlEntry): void {
  table.entries.push(entry);
  if (!table.byName.has(entry.key.name)) table.byName.set(entry.key.name, entry);
}

/** Why what stands there is no table that more could go into. */
function noTable({ key, value }: TomlEntry): string {
  if (value.kind === 'table') return `the table "${key.name}" ends with its braces, so nothing can go on with it`;
  return `"${key.name}" is already a ${value.kind === 'tables' ? 'list of tables' : 'value'}, so it cannot be a table`;
}

function tableIn(value: TomlValue | TomlTables): GrowingTable | undefined {
  if (value.kind === 'table') return value as GrowingTable;
  return value.kind === 'tables' ? (value.tables.at(-1) as GrowingTable) : undefined;
}

/** Where a value stands; of a table in braces. */
export function tomlSpan(value: TomlValue): Span {
  return value.kind === 'table' ? value.inline!.span : value.span;
}
