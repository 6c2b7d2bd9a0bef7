import type { Finding, Severity } from '../core/finding';
import type { Companion } from '../core/manifest';
import { partsOf, type Report } from '../core/report';
import { dateText } from './dates';
import { lineIndexOf } from './positions';
import { printable } from './printable';
import { provenanceLines } from './provenanceText';
import { withheldLines } from './withheldText';

/** How a stretch of text is set off; the identity where the output is no terminal. */
export interface Style {
  readonly red: (text: string) => string;
  readonly yellow: (text: string) => string;
  readonly blue: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly bold: (text: string) => string;
}

const same = (text: string) => text;

/** For what is no terminal. */
export const plainStyle: Style = { red: same, yellow: same, blue: same, dim: same, bold: same };

/** The report as people read it in a terminal: findings by file, a summary, and what could not be checked. */
export function reportText(report: Report, style: Style): string {
  const lines: string[] = [];
  const parts = [
    ...report.files.map((file) => ({ file, problems: file.manifest.problems })),
    ...report.locks.map((file) => ({ file, problems: file.lock.problems })),
    ...[...(report.policies ?? []), ...(report.settings ?? [])].map((file) => ({ file, problems: [] })),
  ];
  for (const { file, problems: all } of parts) {
    const problems = all.filter(({ kind }) => kind === 'unreadable');
    if (!file.findings.length && !problems.length) continue;
    lines.push(style.bold(printable(file.path)));
    const index = lineIndexOf(file);
    for (const problem of problems) {
      const place = placeText(index.position(problem.span.start));
      lines.push(`  ${style.dim(place)}${style.yellow('not read'.padEnd(9))}${printable(problem.message)}`);
    }
    for (const finding of file.findings) lines.push(...findingLines(finding, file, style));
    lines.push('');
  }
  for (const { path, message } of report.unread)
    lines.push(`${style.bold(printable(path))}\n  ${style.yellow('not read')} ${printable(message)}\n`);
  if (report.provenance) lines.push(...provenanceLines(report.provenance, style), '');
  lines.push(summary(report, style), ...notChecked(report, style), ...knownFrom(report, style));
  return `${lines.join('\n')}\n`;
}

export function findingLines(finding: Finding, file: Companion, style: Style): string[] {
  const place = placeText(lineIndexOf(file).position(finding.span.start));
  const colour = finding.severity === 'error' ? style.red : finding.severity === 'warning' ? style.yellow : style.blue;
  const word = (finding.severity === 'information' ? 'info' : finding.severity).padEnd(9);
  const first = `  ${style.dim(place)}${colour(word)}${printable(finding.message)}  ${style.dim(finding.rule)}`;
  const fix = finding.fixes.find(({ preferred }) => preferred) ?? finding.fixes[0];
  return fix ? [first, `${' '.repeat(19)}${style.dim(`fix: ${printable(fix.title)}`)}`] : [first];
}

/** Line and column as people count them, with a space behind them however long they are. */
function placeText({ line, character }: { readonly line: number; readonly character: number }): string {
  return `${line + 1}:${character + 1} `.padEnd(8);
}

/** The counts of a report in one line. */
export function summary(report: Report, style: Style): string {
  const counts: Record<Severity, number> = { error: 0, warning: 0, information: 0, hint: 0 };
  for (const { findings } of partsOf(report)) for (const { severity } of findings) counts[severity]++;
  const declarations = report.files.reduce((sum, file) => sum + file.manifest.declarations.length, 0);
  const held = report.locks.length ? `, ${count(report.locks.length, 'lockfile')}` : '';
  const scope = `${count(declarations, 'declaration')} in ${count(report.files.length, 'file')}${held}`;
  if (report.files.length + report.locks.length + report.unread.length === 0) return 'No manifest found: nothing was checked.';
  const parts = [
    counts.error ? style.red(count(counts.error, 'error')) : '',
    counts.warning ? style.yellow(count(counts.warning, 'warning')) : '',
    counts.information + counts.hint ? style.blue(count(counts.information + counts.hint, 'note')) : '',
  ].filter(Boolean);
  const suppressed = partsOf(report).reduce((sum, file) => sum + file.suppressed.length, 0);
  const scopeAndMore = suppressed ? `${scope}; ${count(suppressed, 'finding')} suppressed by the policy` : scope;
  if (parts.length) return `${parts.join(', ')} (${scopeAndMore})${report.complete ? '' : '; not everything could be checked'}`;
  return report.complete ? `Nothing found (${scopeAndMore})` : `Nothing found in what could be checked (${scopeAndMore})`;
}

export function notChecked(report: Report, style: Style): string[] {
  const lines: string[] = [];
  for (const source of report.sources) {
    if (source.state === 'unavailable' || source.state === 'pending') {
      const last = source.asOf ? `; what it last said, ${dateText(source.asOf)}, is still shown` : '';
      lines.push(style.yellow(`Could not ask ${source.id}: ${printable(source.reason ?? 'no answer yet')}${last}`));
    }
  }
  for (const { id, state, reason, renewal } of report.sources) {
    const cure = renewal === undefined ? '' : `; ${renewal}`;
    if (state === 'stale') lines.push(style.yellow(`${id} is old: ${printable(reason ?? 'it was not renewed')}${cure}`));
  }
  const off = report.sources.filter(({ state }) => state === 'disabled').map(({ id, reason }) => `${id} (${reason ?? 'switched off'})`);
  if (off.length) lines.push(style.dim(`Not asked: ${printable(off.join(', '))}`));
  if (report.withheld) {
    const which = withheldLines(report.withheldNames ?? []);
    lines.push(...[`${count(report.withheld, 'name')} not asked: private`, ...which.map((line) => `  ${printable(line)}`)].map(style.dim));
  }
  return lines;
}

export function knownFrom(report: Report, style: Style): string[] {
  const parts = report.sources.flatMap(({ id, state, asOf, reason }) => {
    if (!asOf || (state !== 'ok' && state !== 'stale')) return [];
    const but = state === 'stale' ? ', which is old' : reason === undefined ? '' : ` (${printable(reason)})`;
    return [`${id} as of ${dateText(asOf)}${but}`];
  });
  return parts.length ? [style.dim(`Known from: ${parts.join(', ')}`)] : [];
}

export function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}
