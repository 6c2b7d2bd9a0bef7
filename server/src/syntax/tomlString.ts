import type { Span } from '../core/span';

/** A string as it stands in the text. */
export interface ScannedString {
  readonly closed: boolean;
  readonly multiline: boolean;
  /** With its quotes; of an unclosed one up to the end of the line. */
  readonly span: Span;
  readonly content: Span;
  readonly value: string;
  readonly offsets?: readonly number[];
  readonly faults: readonly { readonly span: Span; readonly message: string }[];
}

const simpleEscapes = new Map([
  ['b', '\b'],
  ['t', '\t'],
  ['n', '\n'],
  ['f', '\f'],
  ['r', '\r'],
  ['e', '\u001b'],
  ['"', '"'],
  ['\\', '\\'],
]);
const numericEscape = /x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}/y;
// A backslash at the end of a line takes with it the space up to the next character (TOML 1.1, "String").
const lineContinuation = /[ \t]*\r?\n[ \t\r\n]*/y;
const keyAlone = /^[ \t]*(?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*')(?:[ \t]*\.[ \t]*(?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*'))*[ \t]*=[ \t]*$/;

/**
 * Reads the string that begins at `start` with a quote.
 * @param recover judge a `"""` that closes right behind a `key =` as the opening one of a later string
 */
export function scanString(text: string, start: number, multilineAllowed: boolean, recover: boolean): ScannedString {
  const quote = text[start]!;
  if (multilineAllowed && text.startsWith(quote.repeat(3), start)) return scanMultiline(text, start, quote, recover);
  let escaped = false;
  let end = start + 1;
  for (; end < text.length; end++) {
    const code = text.charCodeAt(end);
    if (code === 10 || code === 13) break;
    if (text[end] === quote) return finish(text, { start, end: end + 1 }, { start: start + 1, end }, false, escaped);
    if (code === 92 && quote === '"') {
      escaped = true;
      const next = text.charCodeAt(end + 1);
      if (next !== 10 && next !== 13) end++;
    }
  }
  return unclosed({ start, end: Math.min(end, text.length) }, start + 1, false);
}

function scanMultiline(text: string, start: number, quote: string, recover: boolean): ScannedString {
  const from = start + 3;
  let escaped = false;
  let end = from;
  for (; end < text.length; end++) {
    if (text[end] === quote && text[end + 1] === quote && text[end + 2] === quote) break;
    if (text[end] === '\\' && quote === '"') {
      escaped = true;
      end++;
    }
  }
  if (end >= text.length || (recover && opensAnother(text, from, end))) return unclosed({ start, end: lineEnd(text, start) }, from, true);
  // Up to two quotes may stand right before the closing three.
  for (let more = 0; more < 2 && text[end + 3] === quote; more++) end++;
  const newline = text.startsWith('\r\n', from) ? 2 : text[from] === '\n' ? 1 : 0;
  return finish(text, { start, end: end + 3 }, { start: from + newline, end }, true, escaped);
}

function opensAnother(text: string, from: number, end: number): boolean {
  const content = text.slice(from, end);
  const line = content.lastIndexOf('\n') + 1;
  return line > 0 && keyAlone.test(content.slice(line));
}

function lineEnd(text: string, from: number): number {
  for (let end = from; end < text.length; end++) if (text[end] === '\n' || text[end] === '\r') return end;
  return text.length;
}

function unclosed(span: Span, from: number, multiline: boolean): ScannedString {
  return { closed: false, multiline, span, content: { start: Math.min(from, span.end), end: span.end }, value: '', faults: [] };
}

function finish(text: string, span: Span, content: Span, multiline: boolean, escaped: boolean): ScannedString {
  const raw = text.slice(content.start, content.end);
  const faults: { span: Span; message: string }[] = [];
  const control = multiline ? /[\0-\x08\x0b\x0c\x0e-\x1f\x7f]|\r(?!\n)/ : /[\0-\x08\x0a-\x1f\x7f]/;
  const at = raw.search(control);
  if (at >= 0)
    faults.push({
      span: { start: content.start + at, end: content.start + at + 1 },
      message: 'TOML forbids this control character in a string',
    });
  if (!escaped) return { closed: true, multiline, span, content, value: raw, faults };
  return { closed: true, multiline, span, content, ...decode(text, content, multiline, faults), faults };
}

function decode(
  text: string,
  content: Span,
  multiline: boolean,
  faults: { span: Span; message: string }[],
): { value: string; offsets: number[] } {
  const parts: string[] = [];
  const offsets: number[] = [];
  const push = (part: string, offset: number, step: 0 | 1): void => {
    parts.push(part);
    for (let i = 0; i < part.length; i++) offsets.push(offset + i * step);
  };
  for (let i = content.start; i < content.end;) {
    const slash = text.indexOf('\\', i);
    const stop = slash < 0 || slash >= content.end ? content.end : slash;
    push(text.slice(i, stop), i, 1);
    if (stop === content.end) break;
    const escape = escapeAt(text, stop + 1, multiline);
    if (escape.value === undefined) {
      faults.push({
        span: { start: stop, end: Math.min(stop + 2, content.end) },
        message: 'TOML knows no such escape; a backslash is written as two, or the string in single quotes',
      });
      push(text.slice(stop, stop + 2), stop, 1);
    } else push(escape.value, stop, 0);
    i = stop + 1 + escape.length;
  }
  return { value: parts.join(''), offsets };
}

function escapeAt(text: string, position: number, multiline: boolean): { readonly value?: string; readonly length: number } {
  const simple = simpleEscapes.get(text[position] ?? '');
  if (simple !== undefined) return { value: simple, length: 1 };
  numericEscape.lastIndex = position;
  const hex = numericEscape.exec(text)?.[0];
  if (hex !== undefined) {
    const code = parseInt(hex.slice(1), 16);
    const isScalarValue = code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
    return isScalarValue ? { value: String.fromCodePoint(code), length: hex.length } : { length: 1 };
  }
  lineContinuation.lastIndex = position;
  const blank = multiline ? lineContinuation.exec(text)?.[0] : undefined;
  return blank === undefined ? { length: 1 } : { value: '', length: blank.length };
}
