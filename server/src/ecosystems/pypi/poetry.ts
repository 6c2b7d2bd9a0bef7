import type { Declaration, Group, Source } from '../../core/declaration';
import type { Span } from '../../core/span';
import { textAt } from '../../core/span';
import { tomlSpan, type TomlArray, type TomlEntry, type TomlKey, type TomlString, type TomlTable, type TomlValue } from '../../syntax/toml';
import type { TomlPlace } from '../../syntax/tomlEdit';
import { normalizeName } from './name';
import { poetryMarker } from './poetryMarker';
import { poetryRange } from './poetryRange';
import {
  escapesFreeze,
  invalid,
  isTrue,
  pairPlace,
  stringAt,
  type PyprojectDetail,
  type Reading,
  type ValueDetail,
} from './pyprojectReading';
import { sourceOfUrl } from './sourceUrl';

// A table of Poetry's dependencies ("Dependency specification" in its documentation):
//
//   name = "range" | { version, extras, optional, python, markers, platform, source,
//                      git + branch|tag|rev, path|file, url, develop, … } | [ one of these, … ]
//
// A table may also be written as `[….dependencies.name]`, `name.version = …` or `[[….dependencies.name]]`.

export interface PoetryTable {
  readonly group: Group;
  readonly section: string;
  /** Told of an entry that only adds to what `[project]` declares; true where it does. */
  readonly adds?: (name: string, source: string | undefined) => boolean;
  /** The name of the index, unless it is PyPI. */
  readonly bound: (source: string | undefined) => string | undefined;
}

/** One constraint of an entry: a string or table, with its surroundings. */
interface Constraint {
  readonly key: TomlKey;
  readonly value: TomlValue;
  readonly entry: Span;
  readonly place: TomlPlace | undefined;
}

const packageName = /^[A-Z0-9](?:[A-Z0-9._-]*[A-Z0-9])?$/i;

export function readPoetryTable(table: TomlTable, context: PoetryTable, reading: Reading): void {
  for (const entry of table.entries) {
    if (normalizeName(entry.key.name) === 'python') continue;
    if (!packageName.test(entry.key.name))
      invalid(reading, entry.key.span, `"${entry.key.name.slice(0, 60)}" is not the name of a package`);
    else for (const constraint of constraintsOf(table, entry)) readConstraint(constraint, context, reading);
  }
}

function constraintsOf(table: TomlTable, { key, value, pair }: TomlEntry): Constraint[] {
  if (value.kind === 'tables') {
    return value.tables.map((element) => ({
      key: lastKey(element) ?? key,
      value: element,
      entry: piecesSpan(element, key),
      place: linesPlace(element),
    }));
  }
  if (value.kind === 'table' && !pair) return [{ key, value, entry: piecesSpan(value, key), place: linesPlace(value) }];
  if (value.kind !== 'array') return [{ key, value, entry: pair!.span, place: pairPlace(table, pair!) }];
  return value.elements.map((element, index) => ({
    key,
    value: element.value,
    entry: tomlSpan(element.value),
    place: value.elements.length > 1 ? elementPlace(value, index) : pairPlace(table, pair!),
  }));
}

function elementPlace(array: TomlArray, index: number): TomlPlace {
  return { kind: 'element', array, index };
}

function lastKey(table: TomlTable): TomlKey | undefined {
  const [piece] = table.pieces;
  return piece?.path?.at(-1);
}

function linesPlace(table: TomlTable): TomlPlace | undefined {
  const inBraces = table.pieces.some((piece) => piece.kind === 'pair' && piece.inBraces);
  return inBraces ? undefined : { kind: 'lines', pieces: table.pieces };
}

/** The section, or of `name.version = …` the pair with the version, or the first one. */
function piecesSpan(table: TomlTable, key: TomlKey): Span {
  const piece = table.byName.get('version')?.pair ?? table.pieces[0];
  const [first] = table.pieces;
  if (first?.kind === 'section') return { start: first.header.start, end: first.pairs.at(-1)?.span.end ?? first.header.end };
  return piece?.kind === 'pair' ? piece.span : key.span;
}

function readConstraint(constraint: Constraint, context: PoetryTable, reading: Reading): void {
  const { value } = constraint;
  if (value.kind === 'string') declare(constraint, context, reading, { version: value, group: context.group, extras: [] });
  else if (value.kind === 'table') readTable(value, constraint, context, reading);
  else if (value.kind !== 'unreadable')
    invalid(reading, tomlSpan(value), 'Poetry needs a range in quotes here, such as "^1.2", or a table');
}

interface Wanted {
  readonly version?: TomlString;
  readonly source?: Exclude<Source, { kind: 'registry' }>;
  readonly hashes?: readonly string[];
  readonly group: Group;
  readonly extras: readonly string[];
  readonly marker?: string;
  readonly bound?: string;
  readonly table?: TomlTable;
}

function readTable(table: TomlTable, constraint: Constraint, context: PoetryTable, reading: Reading): void {
  // What cannot be read might change everything; a problem says so already.
  const telling = ['version', 'git', 'path', 'file', 'url'];
  if (table.entries.some((entry) => telling.includes(entry.key.name) && entry.value.kind === 'unreadable')) return;
  const faulty = table.entries.find((entry) => telling.includes(entry.key.name) && entry.value.kind !== 'string');
  if (faulty)
    invalid(reading, faulty.pair ? tomlSpan(faulty.pair.value) : faulty.key.span, `"${faulty.key.name}" must be a text in quotes`);
  const version = stringAt(table, 'version');
  const link = linkOf(table);
  const source = stringAt(table, 'source')?.value;
  if (!version && !link && context.adds?.(normalizeName(constraint.key.name), source)) return;
  const marker = poetryMarker(stringAt(table, 'markers')?.value, stringAt(table, 'python')?.value, stringAt(table, 'platform')?.value);
  const bound = context.bound(source);
  declare(constraint, context, reading, {
    ...(version && { version }),
    ...link,
    group: isTrue(table, 'optional') ? 'optional' : context.group,
    extras: extrasOf(table),
    ...(marker !== undefined && { marker }),
    ...(bound !== undefined && { bound }),
    table,
  });
}

function linkOf(table: TomlTable): Pick<Wanted, 'source' | 'hashes'> | undefined {
  const git = stringAt(table, 'git');
  if (git) {
    const revision = stringAt(table, 'rev') ?? stringAt(table, 'tag') ?? stringAt(table, 'branch');
    return { source: { kind: 'git', url: git.value, ...(revision && { revision: revision.value }) } };
  }
  const path = stringAt(table, 'path') ?? stringAt(table, 'file');
  if (path) return { source: { kind: 'path', path: path.value } };
  const url = stringAt(table, 'url');
  if (!url) return undefined;
  const { source, hashes } = sourceOfUrl(url.value);
  return { source, hashes };
}

function extrasOf(table: TomlTable): string[] {
  const value = table.byName.get('extras')?.value;
  if (value?.kind !== 'array') return [];
  return value.elements.flatMap((element) => (element.value.kind === 'string' ? [element.value.value] : []));
}

function declare(constraint: Constraint, context: PoetryTable, reading: Reading, wanted: Wanted): void {
  const { key, entry, place } = constraint;
  const written = wanted.source ? undefined : wanted.version;
  const range = written ? poetryRange(written.value) : '';
  if (range === undefined) {
    const { span, content } = written!;
    invalid(
      reading,
      content.end > content.start ? content : span,
      'Poetry knows no such range; ranges look like "^1.2", "~1.2", ">=1.2,<2", "1.2.*" or "1.2.3"',
    );
  }
  const frozen = !key.verbatim || wanted.version?.offsets ? escapesFreeze : undefined;
  const span = written && trimmed(reading.text, written.content);
  const specifier = span ? textAt(reading.text, span) : '';
  const value: ValueDetail = { notation: 'poetry', ...(!wanted.source && { pin: pinAt(reading.text, wanted) }) };
  const detail: PyprojectDetail = { ...(place && { place }), value };
  const declaration: Declaration = {
    package: { ecosystem: 'PyPI', name: normalizeName(key.name) },
    writtenName: textAt(reading.text, key.content),
    source: wanted.source ?? { kind: 'registry', range: range ?? written!.value },
    group: wanted.group,
    section: context.section,
    specifier,
    spans: { entry, name: key.content, ...(specifier !== '' && { range: span! }) },
    extras: wanted.extras,
    ...(wanted.marker !== undefined && { marker: wanted.marker }),
    hashes: wanted.hashes ?? [],
    ...(wanted.bound !== undefined && { boundIndex: wanted.bound }),
    ...(frozen !== undefined && { frozen }),
    notes: wanted.bound === undefined ? [] : [`Comes from the source "${wanted.bound}" of this file`],
    detail,
  };
  reading.declarations.push(declaration);
}

/** Where an exact version goes: in the version's quotes, or as a first `version` in the table. */
function pinAt(text: string, { version, table }: Wanted): ValueDetail['pin'] {
  if (version) return { span: version.content, before: '', after: '' };
  if (table?.inline) {
    const [first] = table.inline.pairs;
    if (!table.inline.closed) return undefined;
    const at = first?.span.start ?? table.inline.span.start + 1;
    return { span: { start: at, end: at }, before: 'version = "', after: first ? '", ' : '"' };
  }
  const section = table?.pieces[0];
  if (section?.kind !== 'section' || section.path === undefined) return undefined;
  const behind = /[^\r\n]*(\r?\n)?/y;
  behind.lastIndex = section.header.end;
  const [line, newline] = behind.exec(text)!;
  const at = section.header.end + line.length;
  const end = newline ?? '\n';
  return { span: { start: at, end: at }, before: `${newline === undefined ? end : ''}version = "`, after: `"${newline ?? ''}` };
}

function trimmed(text: string, { start, end }: Span): Span {
  while (start < end && /\s/.test(text[start]!)) start++;
  while (end > start && /\s/.test(text[end - 1]!)) end--;
  return { start, end };
}
