import type { YamlMap, YamlValue } from './yamlLayout';

const space = 32;
const colon = 58;
const comma = 44;
const dash = 45;
const question = 63;
const quote = 39;
const doubleQuote = 34;
const brace = 123;
/** What YAML lets no plain scalar start with. */
const noPlainStart = codesOf('!"#%&\'*,>@[]{|}`');
/** What ends a plain scalar between brackets, or has no place in one. */
const noFlowPlain = codesOf(',[]{}\r\n"\'#');

const emptyMap: YamlMap = new Map();

/** Reads the scalars, keys and `{…}` of a text; offsets must be asked for in rising order, roughly, to stay linear. */
export interface YamlScalars {
  /** What {@link YamlScalars.keyEnd} read. */
  key: string;
  /** Behind the bracket that closed what {@link YamlScalars.readFlow} read. */
  flowEnd: number;
  /** Reads the key that starts at `at` on a line that ends at `end`; the offset of its colon, or -1. */
  keyEnd(at: number, end: number): number;
  /** The scalar between two offsets of one line. */
  scalarOf(at: number, end: number): string | undefined;
  /** A flat `{key: value, …}` or `[value, …]`, over however many lines. */
  readFlow(at: number): YamlValue | undefined;
}

export function yamlScalars(text: string): YamlScalars {
  // Where the next `: ` and the next `#` behind a space are, so that lines without one do not search to its end again and again.
  let nextColon = -1;
  let nextHash = -1;
  let flowAt = 0;
  const reader: YamlScalars = { key: '', flowEnd: 0, keyEnd, scalarOf, readFlow };
  return reader;

  function keyEnd(at: number, end: number): number {
    const first = text.charCodeAt(at);
    if (first === quote || first === doubleQuote) {
      const close = closing(at, end, first);
      const value = close < 0 || text.charCodeAt(close + 1) !== colon ? undefined : unquoteYaml(text.slice(at, close + 1));
      if (value === undefined || (close + 2 < end && text.charCodeAt(close + 2) !== space)) return -1;
      reader.key = value;
      return close + 1;
    }
    if (!startsPlain(at, end) || holdsComment(at, end)) return -1;
    const found = colonIn(at, end);
    const colonAt = found < end ? found : text.charCodeAt(end - 1) === colon ? end - 1 : -1;
    if (colonAt <= at || text.charCodeAt(colonAt - 1) === space) return -1;
    reader.key = text.slice(at, colonAt);
    return colonAt;
  }

  function scalarOf(at: number, end: number): string | undefined {
    const first = text.charCodeAt(at);
    if (first === quote || first === doubleQuote) {
      return closing(at, end, first) === end - 1 ? unquoteYaml(text.slice(at, end)) : undefined;
    }
    if (!startsPlain(at, end) || holdsComment(at, end) || text.charCodeAt(end - 1) === colon || colonIn(at, end) < end) return undefined;
    return text.slice(at, end);
  }

  function readFlow(at: number): YamlValue | undefined {
    if (text.charCodeAt(at + 1) === 125 && text.charCodeAt(at) === brace) {
      reader.flowEnd = at + 2;
      return emptyMap;
    }
    const isMap = text.charCodeAt(at) === brace;
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
        flowAt = skipBlanks(flowAt + 1);
      }
      const value = flowScalar();
      if (value === undefined || map.has(name)) return undefined;
      if (isMap) map.set(name, value);
      else list.push(value);
      flowAt = skipBlanks(flowAt);
      if (text.charCodeAt(flowAt) === comma) flowAt = skipBlanks(flowAt + 1);
      else if (text.charCodeAt(flowAt) !== close) return undefined;
    }
    reader.flowEnd = flowAt + 1;
    return isMap ? (map satisfies YamlMap) : list;
  }

  /** The scalar at `flowAt`, which moves behind it: to a comma, a bracket or the colon of a key. */
  function flowScalar(): string | undefined {
    const from = flowAt;
    const first = text.charCodeAt(from);
    if (first === quote || first === doubleQuote) {
      const newline = text.indexOf('\n', from);
      const close = closing(from, newline < 0 ? text.length : newline, first);
      if (close < 0) return undefined;
      flowAt = close + 1;
      return unquoteYaml(text.slice(from, close + 1));
    }
    if (!startsPlain(from, text.length)) return undefined;
    let i = from;
    for (; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (code < 128 && (noFlowPlain[code] === 1 || (code === colon && text.charCodeAt(i + 1) <= space))) break;
    }
    flowAt = i;
    while (i > from && text.charCodeAt(i - 1) === space) i--;
    return i > from ? text.slice(from, i) : undefined;
  }

  function colonIn(at: number, end: number): number {
    while (nextColon < at || (nextColon < text.length && text.charCodeAt(nextColon + 1) !== space)) {
      const found = text.indexOf(':', Math.max(at, nextColon + 1));
      nextColon = found < 0 ? text.length : found;
    }
    return nextColon < end - 1 ? nextColon : end;
  }

  function holdsComment(at: number, end: number): boolean {
    while (nextHash < at || (nextHash < text.length && text.charCodeAt(nextHash - 1) !== space)) {
      const found = text.indexOf('#', Math.max(at, nextHash + 1));
      nextHash = found < 0 ? text.length : found;
    }
    return nextHash < end;
  }

  function startsPlain(at: number, end: number): boolean {
    const first = text.charCodeAt(at);
    if (!(first >= space) || (first < 128 && noPlainStart[first] === 1)) return false;
    return (first !== dash && first !== question && first !== colon) || (at + 1 < end && text.charCodeAt(at + 1) !== space);
  }

  /** Where the quote that opens here is closed before `end`, or -1. */
  function closing(at: number, end: number, mark: number): number {
    if (mark === doubleQuote) {
      for (let i = at + 1; i < end; i++) {
        const code = text.charCodeAt(i);
        if (code === doubleQuote) return i;
        if (code === 92) i++;
      }
      return -1;
    }
    // A quote that is missing ends all reading, so its search is the last.
    for (let close = text.indexOf("'", at + 1); close >= 0 && close < end; close = text.indexOf("'", close + 2)) {
      if (close + 1 >= end || text.charCodeAt(close + 1) !== quote) return close;
    }
    return -1;
  }

  function skipBlanks(from: number): number {
    let at = from;
    for (let code = text.charCodeAt(at); code === space || code === 10 || code === 13; code = text.charCodeAt(++at));
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

/** By character code, up to 127. */
function codesOf(characters: string): Uint8Array {
  const codes = new Uint8Array(128);
  for (const character of characters) codes[character.charCodeAt(0)] = 1;
  return codes;
}
