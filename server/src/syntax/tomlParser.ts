import type { Problem } from '../core/manifest';
import type { Span } from '../core/span';
import type { TomlDocument, TomlElement, TomlKey, TomlPair, TomlSection, TomlUnreadable, TomlValue } from './toml';
import { endsArray, headerLike, TomlCursor } from './tomlCursor';
import { resemblesScalar, scalarType } from './tomlScalar';
import { scanString } from './tomlString';
import { addPair, newTable, openTable, tomlSpan, type GrowingTable } from './tomlTree';

// The grammar of TOML 1.1, with ws for spaces and tabs, and nl for line ends, comments and ws:
//
//   document = { [ key-value | header ] ws [ comment ] newline }
//   header   = "[" key "]" | "[[" key "]]"
//   key      = part { "." part }                        part = bare | '"' … '"' | "'" … "'"
//   key-value = key "=" value
//   value    = string | "[" nl { value nl "," nl } "]" | "{" nl { key-value nl "," nl } "}" | scalar
//              (the last comma may be left out)
//
// Faults that cost something are `unreadable`. Read by punctuation (`recover` false), the first fault of structure ends the
// reading. Read by lines, these ends are known besides: a single-line string ends with its line, and, where what follows its
// closing quote at once is neither a separator nor a space, at its last comma (`"a>=1, "b"`); an array ends before a line
// that looks like a header or a `key =`; an inline table ends with its line unless the next line is indented deeper.

const deepest = 100;
const mostProblems = 300;
const bareKey = /[A-Za-z0-9_-]+/y;
const scalarText = /[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9][^\s,\]}#]*|[^\s,\]}#"'[{=]+/y;

interface GrowingSection extends TomlSection {
  readonly pairs: TomlPair[];
}

export class TomlParser {
  readonly #text: string;
  readonly #recover: boolean;
  readonly #cursor: TomlCursor;
  readonly #problems: Problem[] = [];
  readonly #root = newTable('header');
  readonly #sections: TomlSection[] = [];
  readonly #counts = { invalid: 0, unreadable: 0 };
  #broken = false;

  constructor(text: string, recover: boolean) {
    this.#text = text;
    this.#recover = recover;
    this.#cursor = new TomlCursor(text, (start, end, message) => this.#object({ start, end }, message));
  }

  /** The document; undefined where the structure broke and reading by lines is the next try. */
  document(): TomlDocument | undefined {
    const cursor = this.#cursor;
    if (this.#text.startsWith('\uFEFF')) cursor.position = 1;
    let table: GrowingTable | undefined = this.#root;
    let { pairs } = this.#newSection(false, [], cursor.position, cursor.position);
    for (cursor.skipBlank(); cursor.position < this.#text.length && !this.#stopped; cursor.skipBlank()) {
      if (cursor.char === '[') {
        const opened = this.#header();
        pairs = opened.pairs;
        table = opened.path && openTable(this.#root, opened, this.#object);
      } else {
        const pair = this.#pair(0);
        if (pair) {
          pairs.push(pair);
          if (table) addPair(table, pair, this.#object);
        }
      }
      this.#endOfLine();
    }
    if (this.#stopped) return undefined;
    const problems = this.#problems.sort((a, b) => a.span.start - b.span.start || a.span.end - b.span.end);
    return { root: this.#root, sections: this.#sections, problems };
  }

  get #stopped(): boolean {
    return this.#broken && !this.#recover;
  }

  #newSection(array: boolean, path: readonly TomlKey[] | undefined, start: number, end: number): GrowingSection {
    const section: GrowingSection = { kind: 'section', array, path, header: { start, end }, pairs: [] };
    this.#sections.push(section);
    return section;
  }

  #header(): GrowingSection {
    const cursor = this.#cursor;
    const start = cursor.position;
    const array = this.#text.startsWith('[[', start);
    const closing = array ? ']]' : ']';
    cursor.position += closing.length;
    const path = this.#key();
    if (path && this.#text.startsWith(closing, cursor.position)) {
      cursor.position += closing.length;
      return this.#newSection(array, path, start, cursor.position);
    }
    const end = cursor.contentEnd();
    // A complete name is taken without its brackets, so that what follows is not read as part of the table above.
    const rest = this.#text.slice(cursor.position, end);
    const named = path && (rest === '' || rest === ']') ? path : undefined;
    cursor.position = end;
    this.#fault('unreadable', start, end, named ? `this table header lacks its "${closing}"` : 'this table header cannot be read');
    return this.#newSection(array, named, start, end);
  }

  /** A dotted key with the space around it; undefined where none can be read, with the position at what is amiss. */
  #key(): TomlKey[] | undefined {
    const cursor = this.#cursor;
    const path: TomlKey[] = [];
    for (;;) {
      cursor.skipSpace();
      const part = this.#keyPart();
      if (!part) return undefined;
      path.push(part);
      cursor.skipSpace();
      if (cursor.char !== '.') return path;
      cursor.position++;
    }
  }

  #keyPart(): TomlKey | undefined {
    const cursor = this.#cursor;
    const start = cursor.position;
    if (cursor.char === '"' || cursor.char === "'") {
      const string = scanString(this.#text, start, false, false);
      if (!string.closed) return undefined;
      for (const fault of string.faults) this.#object(fault.span, fault.message);
      cursor.position = string.span.end;
      return { name: string.value, span: string.span, content: string.content, verbatim: !string.offsets };
    }
    bareKey.lastIndex = start;
    const name = bareKey.exec(this.#text)?.[0];
    if (name === undefined) return undefined;
    cursor.position += name.length;
    const span = { start, end: cursor.position };
    return { name, span, content: span, verbatim: true };
  }

  /** `key = value` at the position. Where it cannot be read the rest of its line (in braces: up to the next comma) is passed over. */
  #pair(depth: number): TomlPair | undefined {
    const cursor = this.#cursor;
    const start = cursor.position;
    const path = this.#key();
    if (!path || cursor.char !== '=') {
      if (depth) cursor.skipJunk('}');
      else cursor.position = cursor.contentEnd();
      const message = path ? 'a "=" and a value are expected behind this key' : 'this is neither a key nor a table header';
      this.#fault('unreadable', start, Math.max(cursor.position, start + 1), message);
      if (cursor.position === start) cursor.position++;
      return undefined;
    }
    const equals = cursor.position++;
    cursor.skipSpace();
    const from = cursor.position;
    const value = this.#readValue(depth, depth ? '}' : '');
    if (cursor.position === from) this.#fault('unreadable', start, equals + 1, 'a value is expected behind this');
    return { kind: 'pair', path, value, inBraces: depth > 0, span: { start, end: Math.max(equals + 1, tomlSpan(value).end) } };
  }

  /** `closer`: the bracket that ends what the value stands in; `''` where the line does. An empty value is left to the caller to report. */
  #readValue(depth: number, closer: string): TomlValue {
    const cursor = this.#cursor;
    const start = cursor.position;
    const char = cursor.char;
    if (char === '"' || char === "'") return this.#string(closer);
    if ((char === '[' || char === '{') && depth >= deepest) {
      cursor.position = cursor.lineEnd();
      return this.#unreadable(start, start + 1, 'nested too deeply to be read');
    }
    if (char === '[') return this.#array(depth + 1);
    if (char === '{') return this.#inlineTable(depth + 1);
    scalarText.lastIndex = start;
    const text = scalarText.exec(this.#text)?.[0];
    const type = text === undefined ? 'invalid' : scalarType(text);
    if (text !== undefined && (type !== 'invalid' || resemblesScalar(text))) {
      cursor.position += text.length;
      const span = { start, end: cursor.position };
      if (type === 'invalid') this.#object(span, `"${text.slice(0, 40)}" is neither a number nor a date nor a truth value of TOML`);
      return { kind: 'scalar', type, text, span };
    }
    cursor.skipJunk(closer);
    if (cursor.position === start) return { kind: 'unreadable', span: { start, end: start } };
    return this.#unreadable(start, cursor.before(cursor.position), 'this value cannot be read; a text needs quotes');
  }

  #string(closer: string): TomlValue {
    const cursor = this.#cursor;
    const start = cursor.position;
    const string = scanString(this.#text, start, true, this.#recover);
    if (!string.closed) {
      cursor.position = string.span.end;
      return this.#unreadable(start, cursor.before(string.span.end), 'this string lacks its closing quote');
    }
    if (string.multiline) cursor.sawLines(string.span);
    else if (this.#recover && closer && /[^\s,\]}#]/.test(this.#text[string.span.end] ?? ' ')) {
      const comma = this.#text.slice(start, string.span.end).lastIndexOf(',');
      if (comma > 0) {
        cursor.position = start + comma;
        return this.#unreadable(start, cursor.position, 'this string lacks its closing quote');
      }
      if (string.value === '') {
        cursor.skipJunk(closer);
        return this.#unreadable(start, cursor.before(cursor.position), 'this string cannot be read');
      }
    }
    for (const fault of string.faults) this.#object(fault.span, fault.message);
    cursor.position = string.span.end;
    const { value, span, content, offsets } = string;
    return { kind: 'string', value, span, content, ...(offsets && { offsets }) };
  }

  #array(depth: number): TomlValue {
    const cursor = this.#cursor;
    const start = cursor.position++;
    const elements: TomlElement[] = [];
    let awaitsComma = false;
    for (;;) {
      const line = cursor.lineStart;
      cursor.skipBlank();
      if (this.#stopped) break;
      const atLineStart = cursor.lineStart > line;
      const { char, position } = cursor;
      if (char === undefined || (this.#recover && atLineStart && endsArray(this.#text, position))) {
        const last = elements.at(-1);
        if (!last || !endedBroken(last)) this.#fault('unreadable', start, start + 1, 'this array is never closed');
        cursor.backToLineEnd();
        const end = last ? (last.comma ?? tomlSpan(last.value).end - 1) + 1 : start + 1;
        return { kind: 'array', span: { start, end }, elements, closed: false };
      }
      if (char === ']') {
        cursor.position++;
        return { kind: 'array', span: { start, end: cursor.position }, elements, closed: true };
      }
      if (char === ',') {
        if (awaitsComma) elements.push({ ...elements.pop()!, comma: position });
        else this.#fault('invalid', position, position + 1, 'a value is expected before this comma');
        awaitsComma = false;
        cursor.position++;
      } else if (awaitsComma && !atLineStart) {
        cursor.skipJunk(']');
        if (cursor.position === position) cursor.position++;
        this.#fault('unreadable', position, Math.max(cursor.before(cursor.position), position + 1), 'a comma is expected before this');
      } else {
        if (awaitsComma) this.#missingComma(elements.at(-1)!.value);
        elements.push({ value: this.#readValue(depth, ']') });
        if (cursor.position === position) cursor.position++;
        awaitsComma = true;
      }
    }
    return { kind: 'array', span: { start, end: cursor.position }, elements, closed: false };
  }

  #missingComma(before: TomlValue): void {
    // Behind what could not be read nobody knows whether a comma was meant.
    if (before.kind === 'unreadable' || isOpen(before)) return;
    const { end } = tomlSpan(before);
    this.#fault('invalid', end - 1, end, 'a comma is missing behind this');
  }

  #inlineTable(depth: number): TomlValue {
    const cursor = this.#cursor;
    const start = cursor.position++;
    const indent = cursor.indent();
    const table = newTable('inline');
    const pairs: TomlPair[] = [];
    const finish = (closed: boolean): TomlValue => {
      for (const pair of pairs) addPair(table, pair, this.#object);
      const last = pairs.at(-1);
      const end = closed ? cursor.position : last ? (last.comma ?? last.span.end - 1) + 1 : start + 1;
      table.inline = { span: { start, end }, pairs, closed };
      return table;
    };
    let awaitsComma = false;
    for (;;) {
      const line = cursor.lineStart;
      cursor.skipBlank();
      if (this.#stopped) return finish(false);
      const { char, position } = cursor;
      const nextLine = cursor.lineStart > line;
      const leaves = this.#recover && nextLine && char !== '}' && (cursor.indent() <= indent || headerLike(this.#text, position));
      if (char === undefined || leaves || (this.#recover && char === ']')) {
        const last = pairs.at(-1);
        if (!last || !endedBroken(last)) this.#fault('unreadable', start, start + 1, 'this inline table is never closed');
        if (nextLine) cursor.backToLineEnd();
        return finish(false);
      }
      if (char === '}') {
        cursor.position++;
        return finish(true);
      }
      if (char === ',') {
        if (awaitsComma) pairs.push({ ...pairs.pop()!, comma: position });
        else this.#fault('invalid', position, position + 1, 'a key and its value are expected before this comma');
        awaitsComma = false;
        cursor.position++;
      } else if (awaitsComma && !nextLine) {
        cursor.skipJunk('}');
        if (cursor.position === position) cursor.position++;
        this.#fault('unreadable', position, Math.max(cursor.before(cursor.position), position + 1), 'a comma is expected before this');
      } else {
        if (awaitsComma) this.#fault('invalid', position, position + 1, 'a comma is missing before this');
        const pair = this.#pair(depth);
        if (pair) pairs.push(pair);
        awaitsComma = pair !== undefined;
      }
    }
  }

  #endOfLine(): void {
    const cursor = this.#cursor;
    cursor.skipSpace();
    const { char, position } = cursor;
    if (char === undefined || char === '#' || char === '\n' || char === '\r') return;
    cursor.position = cursor.contentEnd();
    this.#fault('unreadable', position, Math.max(cursor.position, position + 1), 'nothing but a comment may stand behind this on the line');
    if (cursor.position === position) cursor.position++;
  }

  #unreadable(start: number, end: number, message: string): TomlUnreadable {
    this.#fault('unreadable', start, end, message);
    return { kind: 'unreadable', span: { start, end } };
  }

  /** A fault of structure. */
  #fault(kind: Problem['kind'], start: number, end: number, message: string): void {
    this.#broken = true;
    this.#report(kind, { start, end }, message);
    if (!this.#recover) this.#cursor.position = this.#text.length;
  }

  /** A fault that leaves no doubt about the structure. */
  readonly #object = (span: Span, message: string): void => this.#report('invalid', span, message);

  #report(kind: Problem['kind'], span: Span, message: string): void {
    if (++this.#counts[kind] <= mostProblems) this.#problems.push({ kind, span, message });
  }
}

/** Whether what breaks off an array or table has been told with its last value. */
function endedBroken(last: { readonly value: TomlValue; readonly comma?: number }): boolean {
  return last.comma === undefined && (last.value.kind === 'unreadable' || isOpen(last.value));
}

/** A bracket that is not closed has been told already, inside it. */
function isOpen(value: TomlValue): boolean {
  return (value.kind === 'array' && !value.closed) || (value.kind === 'table' && !value.inline!.closed);
}
