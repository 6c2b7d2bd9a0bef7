import type { Span } from '../../core/span';
import { isPythonSpace, stripped } from './pythonText';

// A requirements file as pip takes it apart, in pip's order (pip's reference, "Requirements File Format"):
// physical lines as Python's splitlines has them, then lines ending in "\" joined to the next, then comments cut, then
// white space. A comment line never goes on, and a joined line ends with it.

/** What pip reads as one line, and where each of its characters stands in the file. */
export interface LogicalLine {
  readonly text: string;
  /** All physical lines that make it, comments and the last line end included. */
  readonly lines: Span;
  /** Where a stretch of `text` stands in the file. It covers the "\" and line ends inside it. */
  locate(span: Span): Span;
}

interface PhysicalLine {
  readonly start: number;
  /** Without its line end. */
  readonly end: number;
  readonly next: number;
}

/** A stretch of a joined line that stands in one piece in the file. */
interface Piece {
  readonly from: number;
  readonly offset: number;
}

/** The lines that hold something. A byte order mark is skipped. Linear. */
export function logicalLines(text: string): LogicalLine[] {
  const result: LogicalLine[] = [];
  let open: PhysicalLine[] = [];
  for (const line of physicalLines(text)) {
    open.push(line);
    if (text[line.end - 1] === '\\' && line.end > line.start && !isComment(text, line)) continue;
    addJoined(text, open, result);
    open = [];
  }
  if (open.length) addJoined(text, open, result);
  return result;
}

function addJoined(text: string, lines: readonly PhysicalLine[], result: LogicalLine[]): void {
  const pieces: Piece[] = [];
  let joined = '';
  for (const line of lines) {
    const comment = isComment(text, line);
    const goesOn = !comment && text[line.end - 1] === '\\' && line.end > line.start;
    const { start, end } = goesOn ? withoutBackslashes(text, line) : line;
    // pip puts a space before a comment line, so that it is a comment behind any text.
    if (comment) joined += ' ';
    pieces.push({ from: joined.length, offset: start });
    joined += text.slice(start, end);
  }
  const inner = stripped(joined, 0, commentStart(joined));
  if (inner.start === inner.end) return;
  const locateOne = (index: number) => locate(pieces, index + inner.start);
  result.push({
    text: joined.slice(inner.start, inner.end),
    lines: { start: lines[0]!.start, end: lines[lines.length - 1]!.next },
    locate: ({ start, end }) =>
      end > start ? { start: locateOne(start), end: locateOne(end - 1) + 1 } : { start: locateOne(start), end: locateOne(start) },
  });
}

function locate(pieces: readonly Piece[], index: number): number {
  let low = 0;
  let high = pieces.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (pieces[middle]!.from <= index) low = middle;
    else high = middle - 1;
  }
  return pieces[low]!.offset + index - pieces[low]!.from;
}

function physicalLines(text: string): PhysicalLine[] {
  const lines: PhysicalLine[] = [];
  let start = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  for (const { 0: ending, index } of text.matchAll(lineEnd)) {
    lines.push({ start, end: index, next: index + ending.length });
    start = index + ending.length;
  }
  if (start < text.length) lines.push({ start, end: text.length, next: text.length });
  return lines;
}

/** The line ends of Python's `str.splitlines`. */
const lineEnd = /\r\n|[\n\v\f\r\x1c-\x1e\x85\u2028\u2029]/g;

function isComment(text: string, line: PhysicalLine): boolean {
  let start = line.start;
  while (start < line.end && isPythonSpace(text.charCodeAt(start))) start++;
  return start < line.end && text[start] === '#';
}

function withoutBackslashes(text: string, line: PhysicalLine): Span {
  let { start, end } = line;
  while (start < end && text[start] === '\\') start++;
  while (end > start && text[end - 1] === '\\') end--;
  return { start, end };
}

/** A comment begins with a "#" that is first or behind white space; `pkg#x` has none. */
function commentStart(joined: string): number {
  for (let i = joined.indexOf('#'); i >= 0; i = joined.indexOf('#', i + 1)) {
    if (i === 0 || isPythonSpace(joined.charCodeAt(i - 1))) return i;
  }
  return joined.length;
}
