import type { Span } from '../../../core/span';

// A path configuration file of site.py. Each line is a folder for sys.path, but a line that begins with `import` and a blank
// is run, at every start of Python; blank lines and lines that begin with `#` are nothing. Until Python 3.12 lines ended as
// in any text file; since 3.13 at everything where str.splitlines() ends one. What either takes for a line is a line here,
// so that no code can hide behind an odd line end.

export interface PthFile {
  /** The lines that run, without what ends them. */
  readonly runs: readonly Span[];
  /** The lines that name folders. */
  readonly paths: readonly Span[];
}

/** Reads a .pth file. Never throws, on any string; linear. */
export function readPth(text: string): PthFile {
  const runs: Span[] = [];
  const paths: Span[] = [];
  for (const span of linesOf(text)) {
    const line = text.slice(span.start, span.end);
    if (/^import[ \t]/.test(line)) runs.push(span);
    else if (line.trim() !== '' && !line.startsWith('#')) paths.push(span);
  }
  return { runs, paths };
}

/** The lines of a `.start` file (PEP 829), each an entry point `package.module:callable` that runs at every start of Python. */
export function readStart(text: string): readonly Span[] {
  return linesOf(text).filter(({ start, end }) => {
    const line = text.slice(start, end).trim();
    return line !== '' && !line.startsWith('#');
  });
}

const lineEnd = /\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]/g;

function linesOf(text: string): Span[] {
  const lines: Span[] = [];
  let start = text.startsWith('\ufeff') ? 1 : 0;
  for (const match of text.matchAll(lineEnd)) {
    lines.push({ start, end: match.index });
    start = match.index + match[0].length;
  }
  lines.push({ start, end: text.length });
  return lines;
}
