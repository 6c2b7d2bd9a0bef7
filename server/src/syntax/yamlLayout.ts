// A line reader for the YAML that lockfile writers put out, and for nothing else: block maps and block lists, one entry a line; scalars
// plain, 'single' or "double" on one line; flat {…} and […], also over several lines; `|` and `|-` blocks; `? key` above `:` for very
// long keys; comment lines; documents parted by `---`. No anchors, tags, folded scalars. What leaves that layout is not guessed at.

/** Scalars are text, were they numbers; an empty value is `''`. */
export type YamlValue = string | readonly YamlValue[] | YamlMap;
export type YamlMap = ReadonlyMap<string, YamlValue>;

export interface YamlLayout {
  /** One a document; the last is cut short where the layout is left. */
  readonly documents: readonly YamlMap[];
  /** Offset of the first line that is written in another way. */
  readonly leftAt?: number;
}

type Building = Map<string, YamlValue> | YamlValue[];

const space = 32;
const hash = 35;
const colon = 58;
const dash = 45;
const question = 63;
const quote = 39;
const doubleQuote = 34;
const comma = 44;
/** What YAML lets no plain scalar start with. */
const noPlainStart = codesOf('!"#%&\'*,>@[]{|}`');
/** What ends a plain scalar between brackets, or has no place in one. */
const noFlowPlain = codesOf(',[]{}\r\n"\'#');

/** Reads a text in that layout. Never throws, on any string; linear in its length. */
export function readYamlLayout(text: string): YamlLayout {
  const documents: Map<string, YamlValue>[] = [];
  const indents: number[] = [];
  const open: Building[] = [];
  /** The map whose last key has no value yet; the next deeper line opens one. */
  let waiting: Map<string, YamlValue> | undefined;
  let waitingKey = '';
  let waitingIndent = 0;
  /** A key that stood behind `?`. */
  let longKey: string | undefined;
  let nextLine = 0;
  // Where the next `: ` and ` #` of the text are, so that lines without one do not search to its end again and again.
  let nextColon = -1;
  let nextHash = -1;
  let key = '';
  let flowAt = 0;

  startDocument();
  let start = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  while (start < text.length) {
    let end = text.indexOf('\n', start);
    if (end < 0) end = text.length;
    nextLine = end + 1;
    let at = start;
    while (text.charCodeAt(at) === space) at++;
    if (end > at && text.charCodeAt(end - 1) === 13) end--;
    while (end > at && text.charCodeAt(end - 1) === space) end--;
    if (at < end && text.charCodeAt(at) !== hash && !readLine(at, end, at - start)) return { documents, leftAt: start };
    start = nextLine;
  }
  return longKey === undefined ? { documents } : { documents, leftAt: text.length };

  function startDocument(): void {
    const root = new Map<string, YamlValue>();
    documents.push(root);
    indents.length = open.length = 0;
    indents.push(0);
    open.push(root);
    waiting = undefined;
  }

  function readLine(at: number, end: number, indent: number): boolean {
    const first = text.charCodeAt(at);
    if (indent === 0 && first === dash && end === at + 3 && text.startsWith('---', at)) {
      if (longKey !== undefined) return false;
      if (documents.at(-1)!.size > 0) startDocument();
      return true;
    }
    if (indent === 0 && isConflictMarker(at)) return false;
    const alone = at + 1 === end || text.charCodeAt(at + 1) === space;
    if (first === dash && alone) return longKey === undefined && readItem(at, end, indent);
    if (first === question && alone) return longKey === undefined && readLongKey(at, end, indent);
    if (first === colon && alone) return readLongValue(at, end, indent);
    if ((first === 123 || first === 91) && waiting && indent > waitingIndent) return readWaitingFlow(at);
    const colonAt = longKey === undefined ? keyEnd(at, end) : -1;
    return colonAt >= 0 && enter(indent) && setKey(colonAt, end, indent);
  }

  /** `- value`, or `- key: value` with the map's further keys below. */
  function readItem(at: number, end: number, indent: number): boolean {
    if (waiting && indent >= waitingIndent) openValue([], indent);
    else leave(indent);
    const list = open.at(-1)!;
    if (!Array.isArray(list) || indents.at(-1) !== indent || at + 1 === end) return false;
    const inner = skipSpaces(at + 1);
    const colonAt = keyEnd(inner, end);
    if (colonAt < 0) {
      const value = valueOf(inner, end, indent);
      if (value === undefined) return false;
      list.push(value);
      return true;
    }
    const map = new Map<string, YamlValue>();
    list.push(map);
    indents.push(indent + inner - at);
    open.push(map);
    return setKey(colonAt, end, indent + inner - at);
  }

  function readLongKey(at: number, end: number, indent: number): boolean {
    const value = at + 1 < end && enter(indent) ? scalarOf(skipSpaces(at + 1), end) : undefined;
    longKey = value;
    return value !== undefined;
  }

  function readLongValue(at: number, end: number, indent: number): boolean {
    const map = open.at(-1)!;
    if (longKey === undefined || !(map instanceof Map) || indents.at(-1) !== indent) return false;
    key = longKey;
    longKey = undefined;
    const inner = skipSpaces(at + 1);
    const colonAt = inner < end ? keyEnd(inner, end) : -1;
    if (colonAt < 0) return setKey(at, end, indent);
    const nested = new Map<string, YamlValue>();
    if (!put(map, key, nested)) return false;
    indents.push(indent + inner - at);
    open.push(nested);
    key = '';
    return keyEnd(inner, end) >= 0 && setKey(colonAt, end, indent + inner - at);
  }

  /** `{…}` on the lines below its key. */
  function readWaitingFlow(at: number): boolean {
    const value = readFlow(at);
    if (value === undefined) return false;
    waiting!.set(waitingKey, value);
    waiting = undefined;
    return true;
  }

  /** Makes the map that holds entries of this indentation the innermost. */
  function enter(indent: number): boolean {
    if (waiting && indent > waitingIndent) openValue(new Map<string, YamlValue>(), indent);
    else {
      leave(indent);
      // A list may stand at the indentation of the key that it belongs to.
      if (indents.at(-1) === indent && Array.isArray(open.at(-1))) {
        indents.pop();
        open.pop();
      }
    }
    return indents.at(-1) === indent && open.at(-1) instanceof Map;
  }

  function openValue(value: Building, indent: number): void {
    waiting!.set(waitingKey, value);
    waiting = undefined;
    indents.push(indent);
    open.push(value);
  }

  function leave(indent: number): void {
    waiting = undefined;
    while (indents.at(-1)! > indent && indents.length > 1) {
      indents.pop();
      open.pop();
    }
  }

  /** Gives `key` the value behind the colon. */
  function setKey(colonAt: number, end: number, indent: number): boolean {
    const map = open.at(-1) as Map<string, YamlValue>;
    if (colonAt + 1 === end) {
      waiting = map;
      waitingKey = key;
      waitingIndent = indent;
      return put(map, key, '');
    }
    const name = key;
    const value = valueOf(skipSpaces(colonAt + 1), end, indent);
    return value !== undefined && put(map, name, value);
  }

  /** A key that stands twice is written by nobody. */
  function put(map: Map<string, YamlValue>, name: string, value: YamlValue): boolean {
    const { size } = map;
    map.set(name, value);
    return map.size > size;
  }

  /** Reads the key that starts here into `key`; the offset of its colon, or -1. */
  function keyEnd(at: number, end: number): number {
    const first = text.charCodeAt(at);
    if (first === quote || first === doubleQuote) {
      const close = closing(at, end, first);
      const value = close < 0 || text.charCodeAt(close + 1) !== colon ? undefined : quoted(at, close);
      if (value === undefined || (close + 2 < end && text.charCodeAt(close + 2) !== space)) return -1;
      key = value;
      return close + 1;
    }
    if (!startsPlain(at, end) || holdsComment(at, end)) return -1;
    const found = colonIn(at, end);
    const colonAt = found < end ? found : text.charCodeAt(end - 1) === colon ? end - 1 : -1;
    if (colonAt <= at || text.charCodeAt(colonAt - 1) === space) return -1;
    key = text.slice(at, colonAt);
    return colonAt;
  }

  function valueOf(at: number, end: number, indent: number): YamlValue | undefined {
    const first = text.charCodeAt(at);
    if (first === 123 || first === 91) return readFlow(at);
    if (first === 124) return readBlock(at, end, indent);
    return scalarOf(at, end);
  }

  function scalarOf(at: number, end: number): string | undefined {
    const first = text.charCodeAt(at);
    if (first === quote || first === doubleQuote) return closing(at, end, first) === end - 1 ? quoted(at, end - 1) : undefined;
    if (!startsPlain(at, end) || holdsComment(at, end) || text.charCodeAt(end - 1) === colon || colonIn(at, end) < end) return undefined;
    return text.slice(at, end);
  }

  function colonIn(at: number, end: number): number {
    if (nextColon < at) {
      nextColon = text.indexOf(': ', at);
      if (nextColon < 0) nextColon = text.length;
    }
    return nextColon < end - 1 ? nextColon : end;
  }

  function holdsComment(at: number, end: number): boolean {
    if (nextHash < at) {
      nextHash = text.indexOf(' #', at);
      if (nextHash < 0) nextHash = text.length;
    }
    return nextHash < end;
  }

  function startsPlain(at: number, end: number): boolean {
    const first = text.charCodeAt(at);
    if (first < space || (first < 128 && noPlainStart[first])) return false;
    return (first !== dash && first !== question && first !== colon) || (at + 1 < end && text.charCodeAt(at + 1) !== space);
  }

  /** Where the quote that opens here is closed, or -1. */
  function closing(at: number, end: number, mark: number): number {
    for (let i = at + 1; i < end; i++) {
      const code = text.charCodeAt(i);
      if (code === 10 || code === 13) return -1;
      if (code === 92 && mark === doubleQuote) i++;
      else if (code === mark) {
        if (mark === quote && i + 1 < end && text.charCodeAt(i + 1) === quote) i++;
        else return i;
      }
    }
    return -1;
  }

  function quoted(at: number, close: number): string | undefined {
    return unquoteYaml(text.slice(at, close + 1));
  }

  /** A literal block: the deeper lines below, without their indentation. */
  function readBlock(at: number, end: number, indent: number): string | undefined {
    const kept = text.slice(at, end);
    if (kept !== '|' && kept !== '|-') return undefined;
    const lines: string[] = [];
    let deep = -1;
    while (nextLine < text.length) {
      const from = nextLine;
      let to = text.indexOf('\n', from);
      if (to < 0) to = text.length;
      const stop = to > from && text.charCodeAt(to - 1) === 13 ? to - 1 : to;
      let inner = from;
      while (text.charCodeAt(inner) === space) inner++;
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
    return lines.length === 0 ? undefined : lines.join('\n') + (kept === '|' ? '\n' : '');
  }

  /** A flat `{key: value, …}` or `[value, …]`; behind it the line is at its end. */
  function readFlow(at: number): YamlValue | undefined {
    const isMap = text.charCodeAt(at) === 123;
    const close = isMap ? 125 : 93;
    const map = new Map<string, YamlValue>();
    const list: string[] = [];
    flowAt = skipBlanks(at + 1);
    while (text.charCodeAt(flowAt) !== close) {
      let name = '';
      if (isMap) {
        const written = flowScalar();
        if (written === undefined || text.charCodeAt(flowAt) !== colon || text.charCodeAt(flowAt + 1) !== space) return undefined;
        name = written;
        flowAt = skipSpaces(flowAt + 1);
      }
      const value = flowScalar();
      if (value === undefined) return undefined;
      if (!isMap) list.push(value);
      else if (!put(map, name, value)) return undefined;
      flowAt = skipBlanks(flowAt);
      if (text.charCodeAt(flowAt) === comma) flowAt = skipBlanks(flowAt + 1);
      else if (text.charCodeAt(flowAt) !== close) return undefined;
    }
    const behind = skipSpaces(flowAt + 1);
    const code = text.charCodeAt(behind);
    if (behind < text.length && code !== 10 && (code !== 13 || text.charCodeAt(behind + 1) !== 10)) return undefined;
    nextLine = code === 13 ? behind + 2 : behind + 1;
    return isMap ? map : list;
  }

  /** The scalar at `flowAt`, which moves behind it: to a comma, a bracket or the colon of a key. */
  function flowScalar(): string | undefined {
    const from = flowAt;
    const first = text.charCodeAt(from);
    if (first === quote || first === doubleQuote) {
      const close = closing(from, text.length, first);
      if (close < 0) return undefined;
      flowAt = close + 1;
      return quoted(from, close);
    }
    if (!startsPlain(from, text.length)) return undefined;
    let i = from;
    for (; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (code < 128 && (noFlowPlain[code] || (code === colon && text.charCodeAt(i + 1) <= space))) break;
    }
    flowAt = i;
    while (text.charCodeAt(i - 1) === space) i--;
    return i > from ? text.slice(from, i) : undefined;
  }

  function skipBlanks(from: number): number {
    let at = from;
    while (at < text.length && (text.charCodeAt(at) === space || text.charCodeAt(at) === 10 || text.charCodeAt(at) === 13)) at++;
    return at;
  }

  function isConflictMarker(at: number): boolean {
    return text.startsWith('<<<<<<<', at) || text.startsWith('=======', at) || text.startsWith('>>>>>>>', at);
  }

  function skipSpaces(at: number): number {
    while (text.charCodeAt(at) === space) at++;
    return at;
  }
}

/** The value of a quoted scalar of one line; `undefined` where it uses escapes that JSON does not have. */
export function unquoteYaml(written: string): string | undefined {
  const inner = written.slice(1, -1);
  if (written.charCodeAt(0) === quote) return inner.includes("'") ? inner.replaceAll("''", "'") : inner;
  if (!inner.includes('\\')) return inner;
  try {
    const value: unknown = JSON.parse(written);
    return typeof value === 'string' ? value : undefined;
  } catch {
    return undefined;
  }
}

function codesOf(characters: string): readonly boolean[] {
  const codes = Array.from({ length: 128 }, () => false);
  for (const character of characters) codes[character.charCodeAt(0)] = true;
  return codes;
}
