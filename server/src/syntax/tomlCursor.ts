const word = '[A-Za-z0-9_-]+';
const part = `(?:${word}|"[^"\\n]*"|'[^'\\n]*')`;
const keyAndEquals = new RegExp(`${part}(?:[ \\t]*\\.[ \\t]*${part})*[ \\t]*=(?!=)`, 'y');
// A bare name cannot stand in an array of a valid text, so `[tool.uv]` at the beginning of a line is a header.
const header = new RegExp(
  `\\[\\[?[ \\t]*(?!(?:true|false|inf|nan)\\b)[A-Za-z_]${word.slice(0, -1)}*(?:[ \\t]*\\.[ \\t]*${part})*[ \\t]*\\]\\]?[ \\t]*(?:#|\\r?\\n|$)`,
  'y',
);
const blankLines = /(?:[ \t]*(?:#[^\n]*)?\n)*[ \t]*/y;
const controlCharacter = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f]/;

/** A place in a TOML text, and the steps that do not depend on the grammar. A line ends with LF, CRLF or a lone CR (which TOML forbids). */
export class TomlCursor {
  position = 0;
  /** Where the line of the position begins, once the line ends before it were stepped over. */
  lineStart = 0;
  #indentOf = -1;
  #indent = 0;

  constructor(
    readonly text: string,
    readonly object: (start: number, end: number, message: string) => void,
  ) {}

  get char(): string | undefined {
    return this.text[this.position];
  }

  skipSpace(): void {
    while (this.char === ' ' || this.char === '\t') this.position++;
  }

  /** Space, comments and line ends. */
  skipBlank(): void {
    for (;;) {
      this.skipSpace();
      const { char } = this;
      if (char === '#') this.#skipComment();
      else if (char === '\n' || char === '\r') {
        if (char === '\r' && this.text[this.position + 1] === '\n') this.position++;
        else if (char === '\r') this.object(this.position, this.position + 1, 'TOML forbids a carriage return without a line feed');
        this.lineStart = ++this.position;
      } else return;
    }
  }

  #skipComment(): void {
    const start = this.position;
    this.position = this.lineEnd();
    const fault = this.text.slice(start, this.position).search(controlCharacter);
    if (fault >= 0) this.object(start + fault, start + fault + 1, 'TOML forbids this control character in a comment');
  }

  /** The end of the line, before its line end. */
  lineEnd(): number {
    let end = this.position;
    while (end < this.text.length && this.text[end] !== '\n' && this.text[end] !== '\r') end++;
    return end;
  }

  /** The end of what the line holds from the position on, without a comment behind a space and the space before it. */
  contentEnd(): number {
    const rest = this.text.slice(this.position, this.lineEnd());
    const comment = rest.search(/(?:^|[ \t])#/);
    return this.position + (comment < 0 ? rest : rest.slice(0, comment)).trimEnd().length;
  }

  /** `end`, moved back over spaces and tabs. */
  before(end: number): number {
    while (end > 0 && (this.text[end - 1] === ' ' || this.text[end - 1] === '\t')) end--;
    return end;
  }

  /**
   * Passes over what is no value: up to a comma or `closer` that stands in no bracket of its own (`torch[cpu]>=2,`), or up to a
   * comment or the end of the line.
   */
  skipJunk(closer: string): void {
    let depth = 0;
    for (; this.position < this.text.length; this.position++) {
      const { char } = this;
      if (char === '\n' || char === '\r' || (char === '#' && /[ \t]/.test(this.text[this.position - 1] ?? ''))) return;
      if (depth === 0 && closer && (char === ',' || char === closer)) return;
      if (char === '[') depth++;
      else if (char === ']' && depth > 0) depth--;
    }
  }

  /** Tells the cursor that a string of several lines was stepped over. */
  sawLines(span: { readonly start: number; readonly end: number }): void {
    const newline = this.text.slice(span.start, span.end).lastIndexOf('\n');
    if (newline >= 0) this.lineStart = span.start + newline + 1;
  }

  /** From the beginning of a line back to the end of the one before; at the end of the text it stays. */
  backToLineEnd(): void {
    if (this.position >= this.text.length) return;
    this.position = this.lineStart - 1;
    if (this.text[this.position] === '\n' && this.text[this.position - 1] === '\r') this.position--;
    this.lineStart = this.position;
  }

  /** How far the line of the position is indented. */
  indent(): number {
    if (this.#indentOf !== this.lineStart) {
      let end = (this.#indentOf = this.lineStart);
      while (this.text[end] === ' ' || this.text[end] === '\t') end++;
      this.#indent = end - this.lineStart;
    }
    return this.#indent;
  }
}

/** Whether a table header stands here, at the beginning of a line. */
export function headerLike(text: string, position: number): boolean {
  header.lastIndex = position;
  return header.test(text);
}

/**
 * Whether the line that begins here cannot belong to an array above it: a header, or a `key =`. The latter is taken for a
 * faulty element if it is complete on its line and the array visibly goes on below it.
 */
export function endsArray(text: string, position: number): boolean {
  if (headerLike(text, position)) return true;
  keyAndEquals.lastIndex = position;
  if (!keyAndEquals.test(text)) return false;
  const value = keyAndEquals.lastIndex;
  const newline = text.indexOf('\n', value);
  if (newline < 0 || opensBracket(text.slice(value, newline))) return true;
  blankLines.lastIndex = newline + 1;
  blankLines.test(text);
  const next = blankLines.lastIndex;
  if (text[next] === ']') return false;
  keyAndEquals.lastIndex = next;
  return !((text[next] === '"' || text[next] === "'") && !keyAndEquals.test(text));
}

/** Whether a line leaves a bracket or a multi-line string open, strings on it read roughly. */
function opensBracket(line: string): boolean {
  const code = line.replace(/"(?:[^"\\]|\\.)*"|'[^']*'|#.*$/g, (match) => (match.length === 2 ? match : ''));
  let depth = 0;
  for (const char of code) {
    if (char === '[' || char === '{') depth++;
    else if (char === ']' || char === '}') depth--;
  }
  return depth > 0 || /"{3}|'{3}/.test(code);
}
