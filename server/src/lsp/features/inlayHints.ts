import type { InlayHint, InlayHintParams } from 'vscode-languageserver';
import { hintOf } from '../../fixes/outlook';
import { hintPlace, inlayHints as rendered } from '../../render/inlayHints';
import { lineIndexOf } from '../../render/positions';
import type { Settings } from '../../policy/settings';
import type { Assessed } from '../folder';

/** Behind the ranges of what is asked for: the release that each comes to, and its age. Judges nothing anew. */
export function inlayHints({ range }: Pick<InlayHintParams, 'range'>, { file }: Assessed, mode: Settings['inlayHints']): InlayHint[] {
  if (mode === 'off') return [];
  const lines = lineIndexOf(file);
  const start = lines.offset(range.start);
  const end = lines.offset(range.end);
  const culprits = new Set(file.findings.map(({ subject }) => subject));
  const hinted = file.subjects.flatMap((subject) => {
    const { declaration, lock } = subject;
    const { entry } = declaration.spans;
    if (entry.end < start || entry.start > end || (mode === 'problems' && !culprits.has(subject))) return [];
    const place = hintPlace(file.text, declaration);
    const release = start <= place && place <= end ? hintOf(subject) : undefined;
    return release ? [{ declaration, release, lockfile: lock?.file }] : [];
  });
  return rendered(file, hinted, file.subjects[0]?.now ?? new Date(0));
}
