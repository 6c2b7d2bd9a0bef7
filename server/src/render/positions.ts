import type { Companion } from '../core/manifest';
import type { Report } from '../core/report';
import { LineIndex } from '../core/span';

const indexes = new WeakMap<Companion, LineIndex>();

/** The line index of a file's text, made once. */
export function lineIndexOf(file: Companion): LineIndex {
  let index = indexes.get(file);
  if (!index) indexes.set(file, (index = new LineIndex(file.text)));
  return index;
}

/** The file of a report at this path, be it scanned or only a companion that an edit changes. */
export function fileAt(report: Pick<Report, 'files' | 'policies'>, path: string): Companion | undefined {
  for (const file of report.files) if (file.path === path) return file;
  for (const file of report.files) {
    const companion = file.companions.find((candidate) => candidate.path === path);
    if (companion) return companion;
  }
  return report.policies?.find((file) => file.path === path);
}
