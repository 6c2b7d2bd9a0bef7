import { createScanner } from 'jsonc-parser';

/** A token of a JSON text. */
export interface JsonToken {
  readonly kind: '{' | '}' | '[' | ']' | ':' | ',' | 'string' | 'number' | 'true' | 'false' | 'null' | 'unknown' | 'end';
  readonly start: number;
  readonly end: number;
  readonly line: number;
  /** White space before the first token of this token's line, in code units. */
  readonly indent: number;
  /** Whether it is the first token of its line. */
  readonly leads: boolean;
  /** Of a string, its value. */
  readonly value: string;
  /** Of a string: it ends with its line instead of a quote. */
  readonly unclosed: boolean;
  /** Of a string: a control character or an escape that JSON does not have. Of a number: not written as JSON writes numbers. */
  readonly malformed: boolean;
}

// jsonc-parser's SyntaxKind and ScanError are ambient const enums, which a bundler that compiles file by file cannot read.
const kinds: readonly JsonToken['kind'][] = ['unknown', '{', '}', '[', ']', ',', ':', 'null', 'true', 'false', 'string', 'number'];
const lineComment = 12;
const blockComment = 13;
const lineBreak = 14;
const whiteSpace = 15;
const endOfText = 17;
const endOfComment = 1;
const endOfString = 2;

/**
 * The tokens of a text, one after the other, without white space; comments are told to `onComment`. A block comment that is never
 * closed costs its line alone. After the last token every call answers `end`.
 */
export function jsonTokens(text: string, onComment: (start: number, end: number, closed: boolean) => void): () => JsonToken {
  const scanner = createScanner(text, false);
  const from = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  if (from) scanner.setPosition(from);
  let line = 0;
  let lineStart = from;
  let indent = 0;
  let fresh = true;
  // Once one block comment ran to the end of the text, every later one would: they are cut without looking, or many would cost a square.
  let unclosedComment = false;

  return function next(): JsonToken {
    for (;;) {
      if (unclosedComment && text.startsWith('/*', scanner.getPosition())) {
        cutComment(scanner.getPosition());
        continue;
      }
      const scanned: number = scanner.scan();
      const start = scanner.getTokenOffset();
      const end = start + scanner.getTokenLength();
      const error: number = scanner.getTokenError();
      if (scanned === whiteSpace) continue;
      if (scanned === lineBreak) {
        newLine(end);
        continue;
      }
      if (scanned === lineComment || scanned === blockComment) {
        if (error === endOfComment) cutComment(start);
        else passComment(start, end);
        continue;
      }
      const leads = fresh;
      if (fresh) indent = start - lineStart;
      fresh = false;
      const kind = scanned === endOfText ? 'end' : (kinds[scanned] ?? 'unknown');
      const string = kind === 'string';
      // A backslash before the line break takes it into the string; a string never goes on behind its line.
      const lineEnd = string && error !== 0 ? endOfLine(text, start) : end;
      const value = string ? scanner.getTokenValue() : '';
      if (lineEnd < end) scanner.setPosition(lineEnd);
      return {
        kind,
        start,
        end: Math.min(end, lineEnd),
        line,
        indent,
        leads,
        value,
        unclosed: string && (error === endOfString || lineEnd < end),
        malformed: error !== 0,
      };
    }
  };

  function newLine(at: number): void {
    line++;
    lineStart = at;
    fresh = true;
  }

  function passComment(start: number, end: number): void {
    onComment(start, end, true);
    for (let i = start; i < end; i++) {
      const code = text.charCodeAt(i);
      if (code === 10 || (code === 13 && text.charCodeAt(i + 1) !== 10)) newLine(i + 1);
    }
  }

  function cutComment(start: number): void {
    unclosedComment = true;
    const end = endOfLine(text, start);
    onComment(start, end, false);
    scanner.setPosition(end);
  }
}

function endOfLine(text: string, from: number): number {
  let at = from;
  while (at < text.length && text.charCodeAt(at) !== 10 && text.charCodeAt(at) !== 13) at++;
  return at;
}
