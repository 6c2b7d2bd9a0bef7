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

function locateByParsing(text: string, entry: LockedPackage, lists: readonly string[]): Span | undefined {
  const { root } = parseToml(text);
  const value = lists.map((name) => root.byName.get(name)?.value).find((list) => list !== undefined);
  const tables = value?.kind === 'tables' ? value.tables : value?.kind === 'array' ? value.elements.map((element) => element.value) : [];
  const spans = tables.flatMap((table) => (table.kind === 'table' ? (nameSpan(table, entry) ?? []) : []));
  return spans[entryTime(entry.key) - 1];
}

/** The place of the name, if the table is of the entry's name and version. */
function nameSpan(table: TomlTable, { package: pkg, version }: LockedPackage): Span | undefined {
  const name = table.byName.get('name')?.value;
  const own = table.byName.get('version')?.value;
  if (name?.kind !== 'string' || normalizeName(name.value) !== pkg.name) return undefined;
  return (own?.kind === 'string' ? own.value : '') === version ? name.content : undefined;
}
