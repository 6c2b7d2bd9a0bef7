import type { Lock, LockedPackage, LockedRoot } from '../../../core/lockfile';
import type { Problem } from '../../../core/manifest';
import type { Span } from '../../../core/span';

/** Why a lockfile cannot be trusted to be whole, and where that shows. */
export interface Fault {
  readonly span: Span;
  readonly message: string;
}

/** The one problem of a damaged lockfile. Merge markers explain every other fault, so they are named instead. */
export function damaged(text: string, format: string, fault: Fault): Problem {
  const marker = conflictMarker(text);
  const span = marker ?? fault.span;
  const reason = marker ? 'a merge conflict was left in it' : fault.message;
  return { kind: 'unreadable', span, message: `${format} cannot be read in full (line ${lineOf(text, span.start)}): ${reason}` };
}

/** The one problem of a lockfile that was read whole, and that its tool would not install from. */
export function rejected(text: string, format: string, { span, message }: Fault): Problem {
  return { kind: 'invalid', span, message: `${format} contradicts itself (line ${lineOf(text, span.start)}): ${message}` };
}

/** The one problem of a lockfile from a newer tool: what is well formed in it is still read. */
export function newer(format: string, version: string, known: string, span: Span | undefined): Problem {
  return {
    kind: 'unreadable',
    span: span ?? { start: 0, end: 0 },
    message: `${format} has lockfile version ${version.slice(0, 40)}, which is not known here (${known} are): what it holds may be missing or wrong`,
  };
}

/** A lockfile of which nothing is sure. */
export function nothingOf(format: string, problem: Problem): Lock {
  return { format, packages: [], roots: [], importers: [''], problems: [problem] };
}

/** A lock, read with at most one fault. With merge markers no entry is sure: lines of one side may have gone to an entry of the other. */
export function lockOf(
  text: string,
  format: string,
  read: {
    readonly packages: readonly LockedPackage[];
    readonly roots: readonly LockedRoot[];
    readonly importers: readonly string[];
    readonly anyImporter?: true;
  },
  problem: Problem | Fault | undefined,
): Lock {
  if (problem === undefined) return { format, ...read, problems: [] };
  const told = 'kind' in problem ? problem : damaged(text, format, problem);
  const unsure = told.kind === 'unreadable' && conflictMarker(text) !== undefined;
  return unsure ? nothingOf(format, told) : { format, ...read, problems: [told] };
}

function conflictMarker(text: string): Span | undefined {
  for (const marker of ['<<<<<<<', '>>>>>>>', '|||||||']) {
    const at = text.startsWith(marker) ? 0 : text.indexOf(`\n${marker}`) + 1;
    if (at > 0 || text.startsWith(marker)) return { start: at, end: lineEnd(text, at) };
  }
  return undefined;
}

function lineOf(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) line++;
  return line;
}

export function lineEnd(text: string, offset: number): number {
  const newline = text.indexOf('\n', offset);
  if (newline < 0) return text.length;
  return newline > offset && text.charCodeAt(newline - 1) === 13 ? newline - 1 : newline;
}

/** The first line that says anything, for a fault of the file as a whole. */
export function firstLine(text: string): Span {
  const start = Math.max(0, text.search(/\S/));
  return { start, end: lineEnd(text, start) };
}
