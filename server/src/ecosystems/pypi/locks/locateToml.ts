import type { LockedPackage } from '../../../core/lockfile';
import type { Span } from '../../../core/span';
import { parseToml, type TomlTable } from '../../../syntax/toml';
import { normalizeName } from '../name';
import { entryTime } from './entries';

/**
 * Where the name of an entry stands: below the header of the table that the entry was read from, `[[package]]`. Only the
 * tables of that name are parsed; a text of another layout is parsed whole. Linear.
 * @param lists the names of the list of tables, the first that the text has counts
 */
export function locateToml(text: string, entry: LockedPackage, lists: readonly string[]): Span | undefined {
  return locateByHeaders(text, entry, lists) ?? locateByParsing(text, entry, lists);
}

function locateByHeaders(text: string, entry: LockedPackage, lists: readonly string[]): Span | undefined {
  // Only a text in several lines could hold a line that looks like a header and is none.
  if (text.includes('"""') || text.includes("'''")) return undefined;
  const wanted = entryTime(entry.key);
  const header = new RegExp(String.raw`^\[\[(?:${lists.join('|')})\]\][ \t]*\r?\n`, 'gm');
  const nameLine = /[ \t\r\n]*name = "([^"\\\r\n]*)"/y;
  let time = 0;
  for (let match = header.exec(text); match; match = header.exec(text)) {
    const start = header.lastIndex;
    nameLine.lastIndex = start;
    const name = nameLine.exec(text)?.[1];
    if (name !== undefined && normalizeName(name) !== entry.package.name) continue;
    const end = text.indexOf('\n[', start);
    const found = nameSpan(parseToml(text.slice(start, end < 0 ? text.length : end)).root, entry);
    if (found && ++time === wanted) return { start: found.start + start, end: found.end + start };
  }
  return undefined;
}

/** The same for many entries: the text is looked through once. */
export function tomlLocator(text: string, lists: readonly string[]): (entry: LockedPackage) => Span | undefined {
  const byHeaders = text.includes('"""') || text.includes("'''") ? undefined : placesByHeaders(text, lists);
  let parsed: ReadonlyMap<string, readonly Span[]> | undefined;
  return (entry) => {
    const time = entryTime(entry.key) - 1;
    const release = releaseKey(entry.package.name, entry.version);
    return byHeaders?.get(release)?.[time] ?? (parsed ??= grouped(tablesOf(text, lists).map((table) => [table, 0]))).get(release)?.[time];
  };
}

function placesByHeaders(text: string, lists: readonly string[]): ReadonlyMap<string, readonly Span[]> {
  const header = new RegExp(String.raw`^\[\[(?:${lists.join('|')})\]\][ \t]*\r?\n`, 'gm');
  const tables: [TomlTable, number][] = [];
  for (let match = header.exec(text); match; match = header.exec(text)) {
    const start = header.lastIndex;
    const end = text.indexOf('\n[', start);
    tables.push([parseToml(headOf(text.slice(start, end < 0 ? text.length : end))).root, start]);
  }
  return grouped(tables);
}

/** Names and versions stand before long lists. */
function headOf(table: string): string {
  const found = /^(?:[ \t]*(?:name|version) = "[^"\\\r\n]*"\r?\n){2}/.exec(table);
  return found ? found[0] : table;
}

/** By release, in the order of the text; each table with where its text begins. */
function grouped(tables: readonly (readonly [TomlTable, number])[]): ReadonlyMap<string, readonly Span[]> {
  const places = new Map<string, Span[]>();
  for (const [table, from] of tables) {
    const name = table.byName.get('name')?.value;
    if (name?.kind !== 'string') continue;
    const version = table.byName.get('version')?.value;
    const key = releaseKey(normalizeName(name.value), version?.kind === 'string' ? version.value : '');
    const span = { start: name.content.start + from, end: name.content.end + from };
    const same = places.get(key);
    if (same) same.push(span);
    else places.set(key, [span]);
  }
  return places;
}

function releaseKey(name: string, version: string): string {
  return `${name} ${version}`;
}

function locateByParsing(text: string, entry: LockedPackage, lists: readonly string[]): Span | undefined {
  const spans = tablesOf(text, lists).flatMap((table) => nameSpan(table, entry) ?? []);
  return spans[entryTime(entry.key) - 1];
}

function tablesOf(text: string, lists: readonly string[]): TomlTable[] {
  const { root } = parseToml(text);
  const value = lists.map((name) => root.byName.get(name)?.value).find((list) => list !== undefined);
  const tables = value?.kind === 'tables' ? value.tables : value?.kind === 'array' ? value.elements.map((element) => element.value) : [];
  return tables.flatMap((table) => (table.kind === 'table' ? [table] : []));
}

/** The place of the name, if the table is of the entry's name and version. */
function nameSpan(table: TomlTable, { package: pkg, version }: LockedPackage): Span | undefined {
  const name = table.byName.get('name')?.value;
  const own = table.byName.get('version')?.value;
  if (name?.kind !== 'string' || normalizeName(name.value) !== pkg.name) return undefined;
  return (own?.kind === 'string' ? own.value : '') === version ? name.content : undefined;
}
