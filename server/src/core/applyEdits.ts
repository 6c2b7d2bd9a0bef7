import type { Edit } from './manifest';

/** Whether two edits of one file would touch the same characters. Two insertions at one place do too: their order would be arbitrary. */
export function overlap(a: Edit, b: Edit): boolean {
  if (a.file !== b.file) return false;
  if (a.span.start === a.span.end && b.span.start === b.span.end) return a.span.start === b.span.start;
  return a.span.start < b.span.end && b.span.start < a.span.end;
}

export function sameEdit(a: Edit, b: Edit): boolean {
  return a.file === b.file && a.span.start === b.span.start && a.span.end === b.span.end && a.newText === b.newText;
}

/** The text after edits of this one file that do not overlap, in any order. */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  let result = '';
  let at = 0;
  for (const { span, newText } of [...edits].sort((a, b) => a.span.start - b.span.start || a.span.end - b.span.end)) {
    if (span.start < at) throw new Error('edits overlap');
    result += text.slice(at, span.start) + newText;
    at = span.end;
  }
  return result + text.slice(at);
}
