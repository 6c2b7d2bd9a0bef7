/** A half-open stretch of a text, in UTF-16 code units: `text.slice(start, end)`. LSP positions exist only at the edge, by a {@link LineIndex}. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** An LSP position: zero-based line, character in UTF-16 code units. */
export interface Position {
  readonly line: number;
  readonly character: number;
}

export interface Range {
  readonly start: Position;
  readonly end: Position;
}

/** The text that a span covers. */
export function textAt(text: string, span: Span): string {
  return text.slice(span.start, span.end);
}

/** Offsets to positions of one text. A line ends at `\n`, `\r\n` or a lone `\r`, as LSP has it. */
export class LineIndex {
  readonly #starts: number[] = [0];
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (code === 10 || (code === 13 && text.charCodeAt(i + 1) !== 10)) this.#starts.push(i + 1);
    }
  }

  position(offset: number): Position {
    const clamped = Math.max(0, Math.min(offset, this.#text.length));
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#starts[middle]! <= clamped) low = middle;
      else high = middle - 1;
    }
    return { line: low, character: clamped - this.#starts[low]! };
  }

  range(span: Span): Range {
    return { start: this.position(span.start), end: this.position(span.end) };
  }

  /** The offset of a position; a position behind the end of its line or of the text is moved back to it. */
  offset(position: Position): number {
    if (position.line < 0) return 0;
    const start = this.#starts[position.line];
    if (start === undefined) return this.#text.length;
    return Math.min(start + Math.max(0, position.character), this.#lineEnd(position.line));
  }

  /** Where the line break begins, of the last line the end of the text. */
  #lineEnd(line: number): number {
    const next = this.#starts[line + 1];
    if (next === undefined) return this.#text.length;
    return this.#text.startsWith('\r\n', next - 2) && next - 2 >= this.#starts[line]! ? next - 2 : next - 1;
  }
}
