import { yamlScalars } from './yamlScalars';

// A line reader for the YAML that lockfile writers put out, and for nothing else: block maps and block lists, one entry a line; scalars
// plain, 'single' or "double" on one line; flat {…} and […], also over several lines; `|` and `|-` blocks; `? key` above `:` for very
// long keys; comment lines; documents parted by `---`. No anchors, tags, folded scalars, tabs, or line breaks of another kind than LF and
// CRLF. What leaves that layout is not guessed at.

/** Scalars are text, were they numbers; an empty value is `''`. */
export type YamlValue = string | readonly YamlValue[] | YamlMap;
export type YamlMap = ReadonlyMap<string, YamlValue>;

export interface YamlLayout {
  /** One a document; the last is cut short where the layout is left. */
  readonly documents: readonly YamlMap[];
  /** Offset of the first line that is written in another way. */
  readonly leftAt?: number;
}

/** Takes the entries of the maps at the top as they are finished, so that nobody holds a large file as a tree. */
export interface YamlVisitor {
  /** An entry of the map under a document's key `section`. `false` where the key stood there before: the layout is then left. */
  entry(section: string, key: string, value: YamlValue): boolean;
  /**
   * The keys of an entry of this section that matter; without, all. The value of another is passed over by its indentation: YAML gives no
   * deeper line to anybody else, whatever it holds.
   */
  wanted?(section: string): ReadonlySet<string> | undefined;
}

type Building = Map<string, YamlValue> | YamlValue[];

const space = 32;
const hash = 35;
const dash = 45;
const colon = 58;
const question = 63;
const bracket = 91;
const brace = 123;
const bar = 124;

/**
 * Reads a text in that layout. Never throws, on any string; linear in its length. With a visitor the maps under the keys of a document
 * stay empty, and an entry that the layout is left in is not told.
 */
export function readYamlLayout(text: string, visitor?: YamlVisitor): YamlLayout {
  const documents: Map<string, YamlValue>[] = [];
  const scalars = yamlScalars(text);
  /** The maps and lists that are open, how far their entries are indented, and the innermost of them: one of map and list is there. */
  const open: Building[] = [];
  const indents: number[] = [];
  let depth = 0;
  let innerIndent = 0;
  let innerMap: Map<string, YamlValue> | undefined;
  let innerList: YamlValue[] | undefined;
  /** The map whose last key has no value yet; the next deeper line opens one. */
  let waiting: Map<string, YamlValue> | undefined;
  let waitingKey = '';
  let waitingIndent = 0;
  /** A key that stood behind `?`. */
  let longKey: string | undefined;
  let nextLine = 0;
  /** With a visitor: the key under which the open map stands, and that map's last entry. */
  let section = '';
  let wanted: ReadonlySet<string> | undefined;
  let entryKey: string | undefined;
  let entryValue: YamlValue = '';
  /** Indentation of the key whose value is passed over, or -1. */
  let passing = -1;

  const odd = firstOdd(text);

  startDocument();
  for (let start = text.charCodeAt(0) === 0xfeff ? 1 : 0; start < text.length; start = nextLine) {
    let end = text.indexOf('\n', start);
    if (end < 0) end = text.length;
    nextLine = end + 1;
    if (odd < end) return { documents, leftAt: start };
    const at = skipSpaces(start);
    if (passing >= 0 && passes(at, end, at - start)) continue;
    if (end > at && text.charCodeAt(end - 1) === 13) end--;
    while (end > at && text.charCodeAt(end - 1) === space) end--;
    if (at < end && text.charCodeAt(at) !== hash && !readLine(at, end, at - start)) return { documents, leftAt: start };
  }
  return longKey === undefined && tellEntry() ? { documents } : { documents, leftAt: text.length };

  function passes(at: number, end: number, indent: number): boolean {
    if (indent > passing || at >= end || (indent === passing && text.charCodeAt(at) === dash)) return true;
    passing = -1;
    return false;
  }

  function tellEntry(): boolean {
    const told = entryKey === undefined || visitor!.entry(section, entryKey, entryValue);
    entryKey = undefined;
    return told;
  }

  function startDocument(): void {
    const root = new Map<string, YamlValue>();
    documents.push(root);
    depth = 0;
    push(root, 0);
    waiting = undefined;
  }

  function readLine(at: number, end: number, indent: number): boolean {
    const first = text.charCodeAt(at);
    if (indent === 0) {
      if (first === dash && end === at + 3 && text.startsWith('---', at)) {
        if (longKey !== undefined) return false;
        if (!tellEntry()) return false;
        if (documents[documents.length - 1]!.size > 0) startDocument();
        return true;
      }
      if (text.startsWith('<<<<<<<', at) || text.startsWith('=======', at) || text.startsWith('>>>>>>>', at)) return false;
    }
    const alone = at + 1 === end || text.charCodeAt(at + 1) === space;
    if (first === colon && alone) return readLongValue(at, end, indent);
    if (longKey !== undefined) return false;
    if (first === dash && alone) return readItem(at, end, indent);
    if (first === question && alone) return readLongKey(at, end, indent);
    if ((first === brace || first === bracket) && waiting && indent > waitingIndent) return readWaitingFlow(at);
    const colonAt = scalars.keyEnd(at, end);
    return colonAt >= 0 && enter(indent) && setKey(colonAt, end, indent);
  }

  /** `- value`, or `- key: value` with the map's further keys below. */
  function readItem(at: number, end: number, indent: number): boolean {
    if (waiting && indent >= waitingIndent) openValue([], indent);
    else leave(indent);
    const list = innerList;
    if (!list || innerIndent !== indent || at + 1 === end) return false;
    const inner = skipSpaces(at + 1);
    const colonAt = scalars.keyEnd(inner, end);
    if (colonAt >= 0) {
      const map = new Map<string, YamlValue>();
      list.push(map);
      return openInline(map, colonAt, end, indent + inner - at);
    }
    const value = valueOf(inner, end, indent);
    if (value !== undefined) list.push(value);
    return value !== undefined;
  }

  function readLongKey(at: number, end: number, indent: number): boolean {
    longKey = at + 1 < end && enter(indent) ? scalars.scalarOf(skipSpaces(at + 1), end) : undefined;
    return longKey !== undefined;
  }

  function readLongValue(at: number, end: number, indent: number): boolean {
    const map = innerMap;
    if (longKey === undefined || !map || innerIndent !== indent) return false;
    const name = longKey;
    longKey = undefined;
    const inner = skipSpaces(at + 1);
    const colonAt = inner < end ? scalars.keyEnd(inner, end) : -1;
    if (colonAt >= 0) {
      const nested = new Map<string, YamlValue>();
      return put(map, name, nested) && openInline(nested, colonAt, end, indent + inner - at);
    }
    scalars.key = name;
    return setKey(at, end, indent);
  }

  /** A map whose first entry stands on the line of the `-` or `:` that opens it. */
  function openInline(map: Map<string, YamlValue>, colonAt: number, end: number, indent: number): boolean {
    push(map, indent);
    return setKey(colonAt, end, indent);
  }

  /** `{…}` on the lines below its key. */
  function readWaitingFlow(at: number): boolean {
    const value = readFlow(at);
    if (value === undefined) return false;
    setWaiting(value);
    return true;
  }

  /** Makes the map that holds entries of this indentation the innermost. */
  function enter(indent: number): boolean {
    if (waiting && indent > waitingIndent) openValue(new Map<string, YamlValue>(), indent);
    else {
      leave(indent);
      // A list may stand at the indentation of the key that it belongs to.
      if (innerIndent === indent && innerList) pop();
    }
    return innerIndent === indent && innerMap !== undefined;
  }

  function openValue(value: Building, indent: number): void {
    setWaiting(value);
    push(value, indent);
  }

  /** Gives the key that waits for one its value. */
  function setWaiting(value: YamlValue): void {
    if (visitor && depth === 2 && waiting === innerMap) entryValue = value;
    else waiting!.set(waitingKey, value);
    if (visitor && depth === 1) {
      section = waitingKey;
      wanted = visitor.wanted?.(section);
    }
    waiting = undefined;
  }

  function leave(indent: number): void {
    waiting = undefined;
    while (innerIndent > indent && depth > 1) pop();
  }

  function push(value: Building, indent: number): void {
    open[depth] = value;
    indents[depth] = indent;
    depth++;
    takeInner(value, indent);
  }

  function pop(): void {
    depth--;
    takeInner(open[depth - 1]!, indents[depth - 1]!);
  }

  function takeInner(value: Building, indent: number): void {
    innerIndent = indent;
    innerList = Array.isArray(value) ? value : undefined;
    innerMap = Array.isArray(value) ? undefined : value;
  }

  /** Gives the key that was read last the value behind the colon. */
  function setKey(colonAt: number, end: number, indent: number): boolean {
    const map = innerMap!;
    const { key } = scalars;
    if (wanted && depth === 3 && !wanted.has(key)) {
      waiting = undefined;
      passing = indent;
      return true;
    }
    if (colonAt + 1 === end) {
      waiting = map;
      waitingKey = key;
      waitingIndent = indent;
      return put(map, key, '');
    }
    const value = valueOf(skipSpaces(colonAt + 1), end, indent);
    return value !== undefined && put(map, key, value);
  }

  /** A key that stands twice is written by nobody. */
  function put(map: Map<string, YamlValue>, name: string, value: YamlValue): boolean {
    if (visitor && depth <= 2 && !tellEntry()) return false;
    if (visitor && depth === 2) {
      entryKey = name;
      entryValue = value;
      return true;
    }
    const { size } = map;
    map.set(name, value);
    return map.size > size;
  }

  function valueOf(at: number, end: number, indent: number): YamlValue | undefined {
    const first = text.charCodeAt(at);
    if (first === brace || first === bracket) return readFlow(at);
    return first === bar ? readBlock(at, end, indent) : scalars.scalarOf(at, end);
  }

  /** A `{…}` or `[…]` that ends its line. */
  function readFlow(at: number): YamlValue | undefined {
    const value = scalars.readFlow(at);
    if (value === undefined) return undefined;
    const behind = skipSpaces(scalars.flowEnd);
    const code = text.charCodeAt(behind);
    if (behind < text.length && code !== 10 && (code !== 13 || text.charCodeAt(behind + 1) !== 10)) return undefined;
    nextLine = code === 13 ? behind + 2 : behind + 1;
    return odd < nextLine ? undefined : value;
  }

  /** A literal block: the deeper lines below, without their indentation. */
  function readBlock(at: number, end: number, indent: number): string | undefined {
    const kept = text.slice(at, end);
    if (kept !== '|' && kept !== '|-') return undefined;
    const lines: string[] = [];
    let deep = -1;
    while (nextLine < text.length) {
      const from = nextLine;
      const newline = text.indexOf('\n', from);
      const to = newline < 0 ? text.length : newline;
      const stop = to > from && text.charCodeAt(to - 1) === 13 ? to - 1 : to;
      const inner = skipSpaces(from);
      if (inner < stop) {
        if (deep < 0) deep = inner - from;
        if (inner - from < deep) {
          if (inner - from > indent) return undefined;
          break;
        }
        if (deep <= indent) break;
      } else if (deep < 0 || inner - from > deep) return undefined;
      lines.push(inner < stop ? text.slice(from + deep, stop) : '');
      nextLine = to + 1;
    }
    while (lines.at(-1) === '') lines.pop();
    return lines.length === 0 || odd < nextLine ? undefined : lines.join('\n') + (kept === '|' ? '\n' : '');
  }

  function skipSpaces(from: number): number {
    let at = from;
    while (text.charCodeAt(at) === space) at++;
    return at;
  }
}

/** Where the first tab or lone carriage return stands; both part things in YAML, and no writer of lockfiles uses them. */
function firstOdd(text: string): number {
  const tab = text.indexOf('\t');
  const last = tab < 0 ? text.length : tab;
  for (let at = text.indexOf('\r'); at >= 0 && at < last; at = text.indexOf('\r', at + 1)) if (text.charCodeAt(at + 1) !== 10) return at;
  return last;
}
