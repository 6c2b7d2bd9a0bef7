import type { Problem } from '../core/manifest';
import type { Span } from '../core/span';
import { parseJson, type JsonNode } from './json';

// JSON as plain values, for files that are large and mostly whole: JSON.parse reads them, and the tolerant tree only what it rejects.

export type PlainObject = Readonly<Record<string, unknown>>;

export interface PlainJson {
  readonly value: unknown;
  /** Why JSON.parse rejects the text; `value` is then what the tolerant reader makes of it. */
  readonly fault?: Pick<Problem, 'span' | 'message'>;
}

/** Reads a JSON text. Never throws. Keys such as `__proto__` are keys like any other; walk the values with {@link objectAt}. */
export function readPlainJson(text: string, allow?: { readonly trailingCommas: boolean }): PlainJson {
  try {
    return { value: JSON.parse(strict(text, allow)) as unknown };
  } catch {
    const { root, problems } = parseJson(text);
    const value = root && plain(root, text);
    // Comments and trailing commas are told as `invalid`, and read.
    const fault = allow ? problems.find(({ kind }) => kind === 'unreadable') : (problems[0] ?? unknownFault);
    return fault ? { value, fault: { span: fault.span, message: fault.message } } : { value };
  }
}

const unknownFault = { span: { start: 0, end: 0 }, message: 'it is not JSON' };

/** The value under a key, where both are objects. */
export function objectAt(value: unknown, key: string): PlainObject | undefined {
  return isPlainObject(value) && Object.hasOwn(value, key) && isPlainObject(value[key]) ? value[key] : undefined;
}

export function isPlainObject(value: unknown): value is PlainObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function strict(text: string, allow: { readonly trailingCommas: boolean } | undefined): string {
  const bare = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  return allow?.trailingCommas ? withoutTrailingCommas(bare) : bare;
}

/** Takes out the commas that stand before a closing bracket, outside of strings. */
function withoutTrailingCommas(text: string): string {
  const kept: string[] = [];
  let from = 0;
  /** The last comma that only white space has followed. */
  let comma = -1;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 44) comma = i;
    else if (code === 34) {
      comma = -1;
      i = stringEnd(text, i);
    } else if (code === 93 || code === 125) {
      if (comma >= 0) {
        kept.push(text.slice(from, comma));
        from = comma + 1;
      }
      comma = -1;
    } else if (code !== 32 && code !== 10 && code !== 13 && code !== 9) comma = -1;
  }
  kept.push(text.slice(from));
  return kept.join('');
}

/** The offset of the quote that closes the string which opens here; the text's length where none does. */
function stringEnd(text: string, at: number): number {
  let close = at;
  for (;;) {
    close = text.indexOf('"', close + 1);
    if (close < 0) return text.length;
    let slashes = close;
    while (text.charCodeAt(slashes - 1) === 92) slashes--;
    if ((close - slashes) % 2 === 0) return close;
  }
}

/** The tree is at most 200 deep. */
function plain(node: JsonNode, text: string): unknown {
  switch (node.type) {
    case 'string':
      return node.value;
    case 'array':
      return node.items.map((item) => plain(item, text));
    case 'object': {
      const object = Object.create(null) as Record<string, unknown>;
      for (const { key, value } of node.properties) if (value) object[key.value] = plain(value, text);
      return object;
    }
    default:
      return scalar(text.slice(node.span.start, node.span.end));
  }
}

function scalar(written: string): unknown {
  return written === 'true' ? true : written === 'false' ? false : written === 'null' ? null : Number(written);
}

/** Where the key at the end of this path of keys stands, inside its quotes; of keys that stand twice the last, as JSON.parse takes it. */
export function locateJsonKey(text: string, path: readonly string[]): Span | undefined {
  let found: Span | undefined;
  /** How deep the text is nested here, and how many levels of that are on the path. */
  let depth = 0;
  let onPath = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 123 || code === 91) {
      depth++;
      // An object on the path was announced by its key; the root by nothing.
      if (depth === 1 && code === 123) onPath = 1;
    } else if (code === 125 || code === 93) {
      depth--;
      if (onPath > depth) onPath = depth;
    } else if (code === 34) {
      const end = stringEnd(text, i);
      if (depth === onPath && isKey(text, i, end, path[depth - 1])) {
        const value = skipToValue(text, end + 1);
        if (value !== undefined) {
          if (depth === path.length) found = { start: i + 1, end };
          else if (text.charCodeAt(value) === 123) {
            depth++;
            onPath = depth;
            i = value;
            continue;
          }
        }
      }
      i = end;
    }
  }
  return found;
}

/** The same for every key of the object at this path, in one go. */
export function locateJsonKeys(text: string, path: readonly string[]): ReadonlyMap<string, Span> {
  const found = new Map<string, Span>();
  let depth = 0;
  let onPath = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 123 || code === 91) {
      depth++;
      if (depth === 1 && code === 123) onPath = 1;
    } else if (code === 125 || code === 93) {
      depth--;
      if (onPath > depth) onPath = depth;
    } else if (code === 34) {
      const end = stringEnd(text, i);
      const value = depth === onPath ? skipToValue(text, end + 1) : undefined;
      if (value !== undefined && depth === path.length + 1) {
        const key = keyOf(text, i, end);
        if (key !== undefined) found.set(key, { start: i + 1, end });
      } else if (value !== undefined && isKey(text, i, end, path[depth - 1]) && text.charCodeAt(value) === 123) {
        // Of an object that stands twice the last counts.
        if (depth === path.length) found.clear();
        depth++;
        onPath = depth;
        i = value;
        continue;
      }
      i = end;
    }
  }
  return found;
}

function keyOf(text: string, start: number, end: number): string | undefined {
  const inner = text.slice(start + 1, end);
  if (!inner.includes('\\')) return inner;
  try {
    return JSON.parse(text.slice(start, end + 1)) as string;
  } catch {
    return undefined;
  }
}

function isKey(text: string, start: number, end: number, key: string | undefined): boolean {
  if (key === undefined) return false;
  if (end - start - 1 === key.length) return text.startsWith(key, start + 1) && !key.includes('\\');
  const written = text.slice(start, end + 1);
  if (end - start - 1 < key.length || !written.includes('\\')) return false;
  try {
    return JSON.parse(written) === key;
  } catch {
    return false;
  }
}

/** Behind the colon that follows a key; `undefined` where none does. */
function skipToValue(text: string, from: number): number | undefined {
  let at = from;
  while (isBlank(text.charCodeAt(at))) at++;
  if (text.charCodeAt(at) !== 58) return undefined;
  at++;
  while (isBlank(text.charCodeAt(at))) at++;
  return at;
}

function isBlank(code: number): boolean {
  return code === 32 || code === 10 || code === 13 || code === 9;
}
