import type { Problem } from '../../../core/manifest';
import { LineIndex, type Span } from '../../../core/span';

/** The stretches between `<<<<<<<` and `>>>>>>>` that git leaves in a file, whole lines; an open one ends with the text. Linear. */
export function conflicts(text: string): Span[] {
  const spans: Span[] = [];
  const opening = /^<{7}(?![^ \r\n])/gm;
  for (let match = opening.exec(text); match; match = opening.exec(text)) {
    const closing = text.indexOf('\n>>>>>>>', match.index);
    const end = closing < 0 ? text.length : lineEnd(text, closing + 1);
    spans.push({ start: match.index, end });
    opening.lastIndex = end;
  }
  return spans;
}

/** The one problem of a lockfile that cannot be read in full: the first conflict, else the first fault. */
export function damage(text: string, format: string, fault: Pick<Problem, 'span' | 'message'>, conflict: Span | undefined): Problem {
  const span = conflict ? { start: conflict.start, end: lineEnd(text, conflict.start) } : fault.span;
  const line = new LineIndex(text).position(span.start).line + 1;
  const reason = conflict ? 'a merge conflict was left in it' : fault.message;
  return { kind: 'unreadable', span, message: `${format} cannot be read in full (line ${line}): ${reason}` };
}

export function lineEnd(text: string, offset: number): number {
  const newline = text.indexOf('\n', offset);
  if (newline < 0) return text.length;
  return text[newline - 1] === '\r' && newline > offset ? newline - 1 : newline;
}

/** Sorted spans that do not overlap, from any. */
export function merged(spans: readonly Span[]): Span[] {
  const result: { start: number; end: number }[] = [];
  for (const span of [...spans].sort((a, b) => a.start - b.start)) {
    const last = result.at(-1);
    if (last && span.start <= last.end) last.end = Math.max(last.end, span.end);
    else result.push({ ...span });
  }
  return result;
}

/** Whether one of these sorted spans touches the stretch. */
export function touches(spans: readonly Span[], { start, end }: Span): boolean {
  let low = 0;
  let high = spans.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (spans[middle]!.end < start) low = middle + 1;
    else high = middle;
  }
  return low < spans.length && spans[low]!.start <= end;
}
