import defer * as yaml from 'yaml';
import type { Span } from '../core/span';

// Reads the few top-level maps of a YAML file that matter, each by itself, so that the rest of the file may be broken, huge or
// made to be slow. Inside such a map a line that does not parse costs that line alone.

/** An entry of a map, in order; a map's own entries are its value. */
export interface YamlEntry {
  readonly key: string;
  readonly value: YamlText | readonly YamlEntry[] | undefined;
}

export interface YamlText {
  /** As written, were it a number or a date. */
  readonly text: string;
  /** Between the quotes. */
  readonly inner: Span;
  /** Whether the file holds the text to the letter, so that it can be replaced in place. */
  readonly literal: boolean;
}

const mostCharacters = 1_000_000;
const longestLine = 4000;
const deepest = 16;

/** The entries of each of these top-level maps that the file has. Never throws; spans are offsets into `text`. */
export function readYamlBlocks(text: string, names: readonly string[]): ReadonlyMap<string, readonly YamlEntry[]> {
  const found = new Map<string, readonly YamlEntry[]>();
  for (const block of topLevel(text)) {
    if (!names.includes(block.key) || block.end - block.start > mostCharacters) continue;
    found.set(block.key, readBlock(text.slice(block.start, block.end), block.start));
  }
  return found;
}

/** A value of any form. */
export type YamlNode =
  | ({ readonly kind: 'text' } & YamlText)
  | { readonly kind: 'list'; readonly items: readonly YamlNode[] }
  | { readonly kind: 'map'; readonly entries: readonly { readonly key: string; readonly value: YamlNode | undefined }[] };

/** The values of these top-level keys, whatever their form; one that does not parse is left out. Never throws. */
export function readYamlValues(text: string, names: readonly string[]): ReadonlyMap<string, YamlNode> {
  const found = new Map<string, YamlNode>();
  for (const block of topLevel(text)) {
    if (!names.includes(block.key) || block.end - block.start > mostCharacters) continue;
    const own = text.slice(block.start, block.end);
    const document = isTame(own) ? documentOf(own) : undefined;
    const pair = document && yaml.isMap(document.contents) ? document.contents.items[0] : undefined;
    const value = pair && nodeOf(pair.value, own, block.start);
    if (value) found.set(block.key, value);
  }
  return found;
}

function nodeOf(node: unknown, text: string, offset: number): YamlNode | undefined {
  if (yaml.isMap(node)) {
    const entries = node.items.flatMap(({ key, value }) =>
      yaml.isScalar(key) ? [{ key: key.source ?? String(key.value), value: nodeOf(value, text, offset) }] : [],
    );
    return { kind: 'map', entries };
  }
  if (yaml.isSeq(node)) return { kind: 'list', items: node.items.flatMap((item) => nodeOf(item, text, offset) ?? []) };
  const scalar = textOf(node, text, offset);
  return scalar && { kind: 'text', ...scalar };
}

interface Block {
  readonly key: string;
  readonly start: number;
  end: number;
}

/** Cuts the text at the lines that start with a key. */
function topLevel(text: string): Block[] {
  const blocks: Block[] = [];
  for (const line of linesOf(text)) {
    const [, double, single, plain] = /^\uFEFF?(?:"([^"\\]*)"|'([^']*)'|([A-Za-z][\w-]*))\s*:(?:\s|$)/.exec(line.text) ?? [];
    const key = double ?? single ?? plain;
    if (key === undefined) continue;
    const last = blocks.at(-1);
    const start = line.start + (line.text.startsWith('\uFEFF') ? 1 : 0);
    if (last) last.end = start;
    blocks.push({ key, start, end: text.length });
  }
  return blocks;
}

function readBlock(text: string, offset: number): readonly YamlEntry[] {
  const whole = isTame(text) ? entriesIn(text, offset) : undefined;
  const value = whole?.[0]?.value;
  if (whole) return Array.isArray(value) ? (value as readonly YamlEntry[]) : [];
  return readLines(text, offset);
}

/** The entries of a document that is a map; `undefined` where it does not parse. */
function entriesIn(text: string, offset: number): readonly YamlEntry[] | undefined {
  const document = documentOf(text);
  return document && entriesOf(document.contents, text, offset);
}

function documentOf(text: string): ReturnType<typeof yaml.parseDocument> | undefined {
  try {
    const document = yaml.parseDocument(text, { prettyErrors: false, logLevel: 'silent', uniqueKeys: false });
    return document.errors.length > 0 ? undefined : document;
  } catch {
    return undefined;
  }
}

function entriesOf(node: unknown, text: string, offset: number): readonly YamlEntry[] | undefined {
  if (!yaml.isMap(node)) return undefined;
  return node.items.flatMap(({ key, value }) => {
    if (!yaml.isScalar(key)) return [];
    return [{ key: key.source ?? String(key.value), value: entriesOf(value, text, offset) ?? textOf(value, text, offset) }];
  });
}

function textOf(node: unknown, text: string, offset: number): YamlText | undefined {
  if (!yaml.isScalar(node) || !node.range) return undefined;
  const quotes = node.type === 'QUOTE_DOUBLE' || node.type === 'QUOTE_SINGLE' ? 1 : 0;
  const [start, end] = [node.range[0] + quotes, node.range[1] - quotes];
  const value = node.source ?? '';
  return { text: value, inner: { start: offset + start, end: offset + end }, literal: text.slice(start, end) === value };
}

/** A block that does not parse, line by line: `key: value`, and `key:` above deeper lines. */
function readLines(text: string, offset: number): readonly YamlEntry[] {
  const root: YamlEntry[] = [];
  const open: { readonly indent: number; readonly entries: YamlEntry[] }[] = [];
  for (const line of linesOf(text)) {
    const indent = line.text.length - line.text.trimStart().length;
    if (line.start === 0 || line.text.length > longestLine || !isTame(line.text)) continue;
    const entry = entriesIn(line.text.trim(), offset + line.start + indent)?.[0];
    if (!entry) continue;
    while (open.length > 0 && open.at(-1)!.indent >= indent) open.pop();
    const parent = open.at(-1)?.entries ?? root;
    if (/:\s*(?:#.*)?$/.test(line.text)) {
      const entries: YamlEntry[] = [];
      parent.push({ key: entry.key, value: entries });
      open.push({ indent, entries });
    } else parent.push(entry);
  }
  return root;
}

/** Whether the parser can be let loose on it: it recurses, and takes the square of some lengths. */
function isTame(text: string): boolean {
  let depth = 0;
  let lineLength = 0;
  for (let i = 0; i < text.length; i++) {
    const character = text[i];
    lineLength = character === '\n' || character === '\r' ? 0 : lineLength + 1;
    if (character === '[' || character === '{') depth++;
    if (character === ']' || character === '}') depth--;
    if (depth > deepest || lineLength > longestLine) return false;
  }
  return !/^[ \t]*(?:[-?][ \t]+){8}/m.test(text) && !/^[ \t]{200}/m.test(text);
}

function* linesOf(text: string): Generator<{ readonly start: number; readonly text: string }> {
  let start = 0;
  while (start < text.length) {
    let end = start;
    while (end < text.length && text.charCodeAt(end) !== 10 && text.charCodeAt(end) !== 13) end++;
    yield { start, text: text.slice(start, end) };
    start = end + (text.startsWith('\r\n', end) ? 2 : 1);
  }
}
