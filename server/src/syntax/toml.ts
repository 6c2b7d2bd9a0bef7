import type { Problem } from '../core/manifest';
import type { Span } from '../core/span';
import defer * as parser from './tomlParser';

export { tomlSpan } from './tomlTree';

// TOML 1.1 (https://toml.io/en/v1.1.0) with spans, read as a person types. The grammar stands at the head of tomlParser.ts.
//
// A text is first read by TOML's punctuation alone. Only where that breaks is it read once more, by its lines: a table
// header or a `key =` at the beginning of a line ends what was left open above it. So a valid text is never misjudged, and
// a broken line costs its own entry.

/** A part of a dotted key. */
export interface TomlKey {
  readonly name: string;
  /** With its quotes. */
  readonly span: Span;
  /** Without its quotes; the text at it is `name`, unless `verbatim` is false. */
  readonly content: Span;
  /** False where the quoted key holds escapes. */
  readonly verbatim: boolean;
}

/** `key = value`, in a section or in an inline table. */
export interface TomlPair {
  readonly kind: 'pair';
  readonly path: readonly TomlKey[];
  readonly value: TomlValue;
  /** From the key to the end of the value. */
  readonly span: Span;
  /** Whether it stands in an inline table. */
  readonly inBraces: boolean;
  /** In an inline table: the comma behind it. */
  readonly comma?: number;
}

/** A table header and the pairs below it; the first one of a text has no header. */
export interface TomlSection {
  readonly kind: 'section';
  /** `[[x]]`, which adds one more table to a list. */
  readonly array: boolean;
  /** Empty for the first section; undefined where the header cannot be read, so that nobody knows what its pairs mean. */
  readonly path: readonly TomlKey[] | undefined;
  /** With its brackets. */
  readonly header: Span;
  readonly pairs: readonly TomlPair[];
}

export interface TomlString {
  readonly kind: 'string';
  readonly value: string;
  /** With its quotes. */
  readonly span: Span;
  /** Between its quotes; of a multi-line string without the newline that TOML drops. */
  readonly content: Span;
  /** Where each UTF-16 unit of `value` begins in the text. Absent where they are the content's own, one for one. */
  readonly offsets?: readonly number[];
}

export interface TomlArray {
  readonly kind: 'array';
  readonly span: Span;
  readonly elements: readonly TomlElement[];
  readonly closed: boolean;
}

export interface TomlElement {
  readonly value: TomlValue;
  /** The offset of the comma behind it. */
  readonly comma?: number;
}

export interface TomlScalar {
  readonly kind: 'scalar';
  readonly type: 'boolean' | 'integer' | 'float' | 'offset-datetime' | 'local-datetime' | 'date' | 'time' | 'invalid';
  /** As written. */
  readonly text: string;
  readonly span: Span;
}

/** A value that is there and cannot be read; a problem says why. */
export interface TomlUnreadable {
  readonly kind: 'unreadable';
  readonly span: Span;
}

/** Pairs of one table, wherever they stand: below `[a.b]`, as `a.b = { … }` or as `a.b.key = …`. */
export interface TomlTable {
  readonly kind: 'table';
  readonly definedBy: 'implicit' | 'header' | 'dotted' | 'inline';
  /** In the order of the text; the rare second one of a name (a problem says so) is here too. */
  readonly entries: readonly TomlEntry[];
  /** The first entry of each name. */
  readonly byName: ReadonlyMap<string, TomlEntry>;
  /** The sections and pairs that make it, in the order of the text. Empty for an inline table. */
  readonly pieces: readonly (TomlSection | TomlPair)[];
  /** Of an inline table. */
  readonly inline?: { readonly span: Span; readonly pairs: readonly TomlPair[]; readonly closed: boolean };
}

/** `[[x]]`, a list of tables. */
export interface TomlTables {
  readonly kind: 'tables';
  readonly tables: readonly TomlTable[];
}

export interface TomlEntry {
  /** As first written. */
  readonly key: TomlKey;
  readonly value: TomlValue | TomlTables;
  /** The pair whose value it is; absent for a table made of sections or of dotted keys. */
  readonly pair?: TomlPair;
}

export type TomlValue = TomlString | TomlArray | TomlScalar | TomlTable | TomlUnreadable;

export interface TomlDocument {
  readonly root: TomlTable;
  readonly sections: readonly TomlSection[];
  /**
   * `unreadable`: a part that was passed over. `invalid`: all was understood, and TOML forbids it (a table defined twice).
   * At most a few hundred, in the order of the text.
   */
  readonly problems: readonly Problem[];
}

/** Never throws, on any string; linear. Spans are offsets into `text`, a byte order mark included. */
export function parseToml(text: string): TomlDocument {
  return new parser.TomlParser(text, false).document() ?? new parser.TomlParser(text, true).document()!;
}

/** All entries at a path of names: usually one or none, more where a key is written twice. Lists of tables end the walk. */
export function tomlEntries(table: TomlTable, path: readonly string[]): TomlEntry[] {
  const [name, ...rest] = path;
  const found =
    table.entries.length === table.byName.size ? [table.byName.get(name!)] : table.entries.filter((entry) => entry.key.name === name);
  return found.flatMap((entry) => {
    if (!entry) return [];
    if (!rest.length) return [entry];
    return entry.value.kind === 'table' ? tomlEntries(entry.value, rest) : [];
  });
}

/** Where the unit `index` of a string's value stands in the text; `value.length` gives the end of its content. */
export function tomlOffset(string: TomlString, index: number): number {
  if (!string.offsets) return string.content.start + index;
  return string.offsets[index] ?? string.content.end;
}
