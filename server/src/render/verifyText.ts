import type { Coverage } from '../core/environment';
import type { Severity } from '../core/finding';
import type { Report } from '../core/report';
import { printable } from './printable';
import { findingLines, knownFrom, notChecked, type Style } from './text';

/** Notes beyond these of one place are counted: a system's Python may hold hundreds of packages that list no files. */
const mostNotes = 15;

/** What `verify` found, as people read it in a terminal: findings by file, what was looked at, and what was not. */
export function verifyText(report: Report, style: Style): string {
  const lines: string[] = [];
  for (const file of report.files) {
    lines.push(style.bold(printable(file.path)));
    for (const finding of file.findings) lines.push(...findingLines(finding, file, style));
    lines.push('');
  }
  for (const coverage of report.coverage ?? []) lines.push(...coverageLines(coverage, style), '');
  lines.push(summary(report, style), ...notChecked(report, style), ...knownFrom(report, style));
  return `${lines.join('\n')}\n`;
}

function coverageLines({ path, looked, notLooked, packages, files }: Coverage, style: Style): string[] {
  const counts = [packages ? count(packages, 'package') : '', files ? count(files, 'file') : ''].filter(Boolean).join(', ');
  const lines = [`${style.bold(printable(path))}${counts ? `  ${counts}` : ''}`];
  if (looked.length) lines.push(`  looked at      ${printable(looked.join(', '))}`);
  // What could not be read comes first: it makes the report incomplete.
  const notes = [...notLooked].sort((a, b) => Number(b.fault ?? false) - Number(a.fault ?? false));
  for (const { what, reason, fault } of notes.slice(0, mostNotes)) {
    const word = fault ? style.yellow('could not read ') : style.dim('not looked at  ');
    lines.push(`  ${word}${printable(what)}: ${printable(reason)}`);
  }
  if (notes.length > mostNotes)
    lines.push(`  ${style.dim(`and ${count(notes.length - mostNotes, 'other note')}: the JSON report lists all`)}`);
  return lines;
}

function summary({ files, complete }: Report, style: Style): string {
  const counts: Record<Severity, number> = { error: 0, warning: 0, information: 0, hint: 0 };
  for (const { findings } of files) for (const { severity } of findings) counts[severity]++;
  const notes = counts.information + counts.hint;
  const parts = [
    counts.error ? style.red(count(counts.error, 'error')) : '',
    counts.warning ? style.yellow(count(counts.warning, 'warning')) : '',
    notes ? style.blue(count(notes, 'note')) : '',
  ].filter(Boolean);
  if (parts.length) return parts.join(', ');
  return complete ? 'Nothing found in what was looked at' : 'Nothing found in what could be looked at';
}

function count(n: number, noun: string): string {
  return `${n.toLocaleString('en-US')} ${noun}${n === 1 ? '' : 's'}`;
}
