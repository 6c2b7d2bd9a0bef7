import defer * as yaml from 'yaml';
import type { Span } from '../core/span';
import { readYamlLayout, type YamlMap, type YamlValue, type YamlVisitor } from './yamlLayout';
import { unquoteYaml } from './yamlScalars';

// The YAML of lockfiles: by the line reader where the text keeps to the layout that their writers put out, which is a hundred times as
// fast, and by the `yaml` library where somebody's formatter has been at it.

export interface YamlText {
  /** One a document, each a map. With a fault, what stands before it. */
  readonly documents: readonly YamlMap[];
  /** Where and why the text cannot be read further. */
  readonly fault?: { readonly span: Span; readonly message: string };
}

/** The library takes a second for a megabyte, and the square of some lengths. */
const mostCharacters = 2_000_000;
const longestLine = 10_000;
const deepest = 32;

/** Reads a YAML text of maps, lists and text. Never throws; scalars stay text, anchors and tags are not read. */
export function readYaml(text: string): YamlText {
  const { documents, leftAt } = readYamlLayout(text);
  if (leftAt === undefined) return { documents };
  const whole = byLibrary(text);
  return typeof whole === 'string' ? { documents, fault: { span: lineAt(text, leftAt), message: whole } } : { documents: whole };
}

/**
 * The same, told entry by entry of the maps at the top: what they hold is not kept. Where the library must take over, a visitor starts
 * anew; the one that was told everything is handed back.
 */
export function visitYaml<T extends YamlVisitor>(text: string, begin: () => T): YamlText & { readonly visitor: T } {
  const visitor = begin();
  const { documents, leftAt } = readYamlLayout(text, visitor);
  if (leftAt === undefined) return { documents, visitor };
  const whole = byLibrary(text);
  if (typeof whole === 'string') return { documents, visitor, fault: { span: lineAt(text, leftAt), message: whole } };
  const again = begin();
  for (const document of whole) {
    for (const [section, map] of document) {
      if (map instanceof Map) for (const [key, value] of map as YamlMap) again.entry(section, key, value);
    }
  }
  return { documents: whole, visitor: again };
}

/** The documents, or why there are none. */
function byLibrary(text: string): readonly YamlMap[] | string {
  if (text.length > mostCharacters || !isTame(text)) return 'it is not laid out as its tool does, and too large or too deep to be read so';
  try {
    const documents: YamlMap[] = [];
    for (const document of yaml.parseAllDocuments(text, {
      schema: 'failsafe',
      uniqueKeys: false,
      prettyErrors: false,
      logLevel: 'silent',
    })) {
      const [error] = document.errors;
      if (error) return `it is not YAML: ${error.message.split('\n', 1)[0]!.slice(0, 200)}`;
      const value = valueOf(document.contents);
      if (value === undefined || !(value instanceof Map)) {
        if (document.contents === null || value === '') continue;
        return 'it is not made of maps, lists and text, each key once';
      }
      documents.push(value as YamlMap);
    }
    return documents;
  } catch {
    return 'it is not YAML';
  }
}

/** `undefined` for anchors, keys that are no text, and keys that stand twice. */
function valueOf(node: unknown): YamlValue | undefined {
  if (node === null) return '';
  if (yaml.isScalar(node)) return scalarText(node.value);
  if (yaml.isSeq(node)) {
    const list: YamlValue[] = [];
    for (const item of node.items) {
      const value = valueOf(item);
      if (value === undefined) return undefined;
      list.push(value);
    }
    return list;
  }
  if (!yaml.isMap(node)) return undefined;
  const map = new Map<string, YamlValue>();
  for (const { key, value } of node.items) {
    const name = yaml.isScalar(key) ? scalarText(key.value) : undefined;
    const read = valueOf(value);
    if (name === undefined || read === undefined || map.has(name)) return undefined;
    map.set(name, read);
  }
  return map;
}

/** In the failsafe schema every scalar is text. */
function scalarText(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** Where the key at the end of this path stands, inside its quotes: found by indentation. `undefined` in a `{…}`, or where it is missing. */
export function locateYamlKey(text: string, path: readonly string[]): Span | undefined {
  /** Indentation of the keys that are looked at; of a level not yet seen, the first deeper line's. */
  let level = 0;
  let indent: number | undefined = 0;
  let above = -1;
  for (let start = text.charCodeAt(0) === 0xfeff ? 1 : 0, end = 0; start < text.length; start = end + 1) {
    end = text.indexOf('\n', start);
    if (end < 0) end = text.length;
    let at = start;
    while (text.charCodeAt(at) === 32) at++;
    if (at >= end || text.charCodeAt(at) === 13 || text.charCodeAt(at) === 35) continue;
    const here = at - start;
    if (here <= above) {
      // The map that holds the rest of the path has ended without it; another document may hold it.
      level = 0;
      indent = 0;
      above = -1;
    }
    indent ??= here;
    if (here !== indent) continue;
    const found = keyAt(text, at, end);
    if (!found || found.key !== path[level]) continue;
    if (level === path.length - 1) return found.span;
    above = here;
    indent = undefined;
    level++;
  }
  return undefined;
}

/** The same for every key below one at the top, or for those at the top, in one go; of keys that stand twice the first. */
export function locateYamlKeys(text: string, section?: string): ReadonlyMap<string, Span> {
  const found = new Map<string, Span>();
  let inside = section === undefined;
  let indent: number | undefined = inside ? 0 : undefined;
  for (let start = text.charCodeAt(0) === 0xfeff ? 1 : 0, end = 0; start < text.length; start = end + 1) {
    end = text.indexOf('\n', start);
    if (end < 0) end = text.length;
    let at = start;
    while (text.charCodeAt(at) === 32) at++;
    if (at >= end || text.charCodeAt(at) === 13 || text.charCodeAt(at) === 35) continue;
    const here = at - start;
    if (section !== undefined && here === 0) {
      inside = keyAt(text, at, end)?.key === section;
      indent = undefined;
      continue;
    }
    if (!inside) continue;
    indent ??= here;
    const key = here === indent ? keyAt(text, at, end) : undefined;
    if (key && !found.has(key.key)) found.set(key.key, key.span);
  }
  return found;
}

function keyAt(text: string, at: number, end: number): { readonly key: string; readonly span: Span } | undefined {
  const line = text.slice(at, end).trimEnd();
  const from = line.startsWith('? ') ? 2 : 0;
  const [, quoted, plain] = /^("(?:[^"\\]|\\.){0,9999}"|'(?:[^']|''){0,9999}')\s*(?::|$)/.exec(line.slice(from)) ?? [];
  if (quoted !== undefined && plain === undefined) {
    const key = unquoteYaml(quoted);
    return key === undefined ? undefined : { key, span: { start: at + from + 1, end: at + from + quoted.length - 1 } };
  }
  const colonAt = line.indexOf(': ', from);
  const stop = colonAt >= 0 ? colonAt : line.endsWith(':') ? line.length - 1 : from > 0 ? line.length : -1;
  return stop < 0 ? undefined : { key: line.slice(from, stop), span: { start: at + from, end: at + stop } };
}

/** Whether the library can be let loose on it: it recurses. */
function isTame(text: string): boolean {
  let depth = 0;
  let lineStart = 0;
  let leading = true;
  let dashes = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 10 || code === 13) {
      lineStart = i + 1;
      leading = true;
      dashes = 0;
      continue;
    }
    if (i - lineStart > longestLine) return false;
    if (code === 91 || code === 123) depth++;
    else if ((code === 93 || code === 125) && depth > 0) depth--;
    if (depth > deepest) return false;
    if (!leading) continue;
    if (code === 45 || code === 63 || code === 58) dashes++;
    else if (code !== 32 && code !== 9) leading = false;
    if (dashes > deepest || (leading && i - lineStart > 200)) return false;
  }
  return true;
}

function lineAt(text: string, start: number): Span {
  const newline = text.indexOf('\n', start);
  return { start, end: newline < 0 ? text.length : newline };
}
