import type { Span } from '../core/span';
import { tomlSpan, type TomlArray, type TomlPair, type TomlSection, type TomlTable } from './toml';

/** Where an entry stands, for its removal: an element of an array, a pair in braces, or sections and pairs on lines of their own. */
export type TomlPlace =
  | { readonly kind: 'element'; readonly array: TomlArray; readonly index: number }
  | { readonly kind: 'inline'; readonly table: TomlTable; readonly pair: TomlPair }
  | { readonly kind: 'lines'; readonly pieces: readonly (TomlSection | TomlPair)[] };

interface Item extends Span {
  readonly comma?: number;
}

/** The spans to be deleted; commas, comments and line ends of the neighbours stay. Undefined in a list that is broken. */
export function tomlRemoval(text: string, place: TomlPlace): Span[] | undefined {
  if (place.kind === 'lines') return place.pieces.map((piece) => linesOf(text, piece));
  const list = listOf(place);
  if (!list) return undefined;
  return [itemRemoval(text, list.items, list.index, list.allowsTrailingComma)];
}

function listOf(place: Exclude<TomlPlace, { kind: 'lines' }>) {
  if (place.kind === 'element') {
    const { array, index } = place;
    const items = array.elements.map(({ value, comma }): Item => ({ ...tomlSpan(value), ...(comma !== undefined && { comma }) }));
    return array.closed ? { items, index, allowsTrailingComma: true } : undefined;
  }
  const { pairs, closed } = place.table.inline!;
  const items = pairs.map(({ span: own, comma }): Item => ({ ...own, ...(comma !== undefined && { comma }) }));
  const index = pairs.findIndex((pair) => pair.span.start === place.pair.span.start);
  // TOML 1.0, which most readers know, forbids the comma at the end.
  return closed && index >= 0 ? { items, index, allowsTrailingComma: false } : undefined;
}

function itemRemoval(text: string, items: readonly Item[], index: number, allowsTrailingComma: boolean): Span {
  const item = items[index]!;
  const before = items[index - 1];
  const after = items[index + 1];
  const end = item.comma === undefined ? item.end : item.comma + 1;
  const line = lineAround(text, item.start, end);
  if (line && (allowsTrailingComma || item.comma !== undefined || !before)) return line;
  if (after && item.comma !== undefined && !text.slice(end, after.start).includes('\n')) return { start: item.start, end: after.start };
  if (before?.comma === undefined || text.slice(before.comma, item.start).includes('#')) return { start: item.start, end };
  // Behind the last one the comma of the one before goes with it, so that a list without a comma at its end stays so.
  const startsLine = text.slice(before.comma, item.start).includes('\n');
  if (item.comma === undefined) {
    const alone = text.slice(before.end, before.comma).trim() === '';
    return { start: alone ? before.end : before.comma, end };
  }
  return { start: startsLine ? item.start : before.comma + 1, end };
}

/** The whole lines from `start` to `end`, if nothing but space stands before and a comment behind. */
function lineAround(text: string, start: number, end: number): Span | undefined {
  const from = lineStart(text, start);
  const behind = /[ \t]*(?:#[^\r\n]*)?(?:\r?\n|\r|$)/y;
  behind.lastIndex = end;
  return behind.test(text) && text.slice(from, start).trim() === '' ? { start: from, end: behind.lastIndex } : undefined;
}

function linesOf(text: string, piece: TomlSection | TomlPair): Span {
  const first = piece.kind === 'section' ? piece.header : piece.span;
  const last = (piece.kind === 'section' ? piece.pairs.at(-1)?.span : undefined) ?? first;
  let end = lineEnd(text, last.end);
  if (piece.kind === 'section') {
    // The blank lines behind a table separate it from the next one.
    const blank = /(?:[ \t]*(?:\r?\n|\r))*/y;
    blank.lastIndex = end;
    blank.test(text);
    end = blank.lastIndex;
  }
  return { start: lineStart(text, first.start), end };
}

function lineStart(text: string, offset: number): number {
  while (offset > 0 && !isLineEnd(text, offset - 1)) offset--;
  return offset;
}

/** Behind the line end. */
function lineEnd(text: string, offset: number): number {
  while (offset < text.length && !isLineEnd(text, offset)) offset++;
  return offset + (text.startsWith('\r\n', offset) ? 2 : offset < text.length ? 1 : 0);
}

function isLineEnd(text: string, offset: number): boolean {
  const code = text.charCodeAt(offset);
  return code === 10 || code === 13;
}
