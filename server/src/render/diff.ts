import { createTwoFilesPatch } from 'diff';

/** A unified diff as `git apply` takes it: `a/…` and `b/…`, three lines of context. Without `before` the file is new. */
export function unifiedDiff(path: string, before: string | undefined, after: string): string {
  const from = before === undefined ? '/dev/null' : `a/${path}`;
  return createTwoFilesPatch(from, `b/${path}`, before ?? '', after, undefined, undefined, {
    context: 3,
    headerOptions: { includeIndex: false, includeUnderline: false, includeFileHeaders: true },
  });
}
