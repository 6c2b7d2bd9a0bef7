import type { Finding, Severity } from '../core/finding';
import { partsOf, type Report } from '../core/report';
import { gapLines } from './gaps';
import { lineIndexOf } from './positions';
import { printable, visible } from './printable';
import { count, plainStyle, summary } from './text';
import { withheldWords } from './withheldText';

const commands: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', information: 'notice', hint: 'notice' };
const order: readonly Severity[] = ['error', 'warning', 'information', 'hint'];

/** GitHub shows so many annotations of each kind a step; the others stand in the log alone. */
const shown = 10;
/** What was not checked comes before the findings, and must not take their places. */
const mostGaps = 4;

/**
 * A report as workflow commands of GitHub Actions, which annotate the lines of a change: what could not be checked and what is
 * to be known of the sources, then the worst first. The last line is the summary.
 */
export function githubText(report: Report): string {
  const parts = partsOf(report);
  const annotated = order.flatMap((severity) =>
    parts.flatMap((file) =>
      file.findings
        .filter((finding) => finding.severity === severity)
        .map((finding) => command(commands[severity], place(finding, lineIndexOf(file).range(finding.span)), finding.message)),
    ),
  );
  const counts = new Map<string, number>();
  for (const { findings } of parts) for (const { severity } of findings) add(counts, commands[severity]);
  const gaps = bounded(gapLines(report).map((line) => `Not everything could be checked: ${line}`));
  const nothing = parts.length + report.unread.length === 0 ? ['No manifest found: nothing was checked.'] : [];
  const before = [...[...nothing, ...gaps].map((text): Note => ['warning', 'not checked', text]), ...sourceNotes(report)];
  for (const [kind] of before) add(counts, kind);
  const hidden = [...counts].filter(([, n]) => n > shown).map(([kind, n]) => count(n, kind));
  const lines = [
    ...before.map(([kind, title, text]) => command(kind, { title: `Merlon: ${title}` }, text)),
    ...annotated,
    ...(hidden.length
      ? [`GitHub shows the first ${shown} annotations of a kind; there are ${hidden.join(', ')}, all of them in this log.`]
      : []),
    ...(nothing.length ? [] : [summary(report, plainStyle)]),
  ];
  return `${lines.join('\n')}\n`;
}

/** An annotation of no file: its kind, its title, its text. */
type Note = readonly [kind: 'warning' | 'notice', title: string, text: string];

/** What is to be known of the sources, though a check is no less complete for it; few, whatever the report is like. */
function sourceNotes({ sources, withheld, withheldNames = [] }: Report): readonly Note[] {
  const known = sources.flatMap(({ id, state, reason }): Note[] => {
    if (state === 'stale') return [['warning', 'old', `${id} is old: ${reason ?? 'it was not renewed'}`]];
    return state === 'ok' && reason !== undefined ? [['notice', 'not whole', `${id}: ${reason}`]] : [];
  });
  const off = sources.filter(({ state }) => state === 'disabled').map(({ id, reason }) => `${id} (${reason ?? 'switched off'})`);
  const which = withheldNames.length ? `: ${withheldWords(withheldNames)}` : '';
  return [
    ...known,
    ...(off.length ? [['notice', 'not asked', off.join(', ')] as const] : []),
    ...(withheld ? [['notice', 'private names', `${count(withheld, 'name')} not asked${which}`] as const] : []),
  ];
}

function bounded(gaps: readonly string[]): readonly string[] {
  if (gaps.length <= mostGaps) return gaps;
  return [...gaps.slice(0, mostGaps - 1), `and ${count(gaps.length - mostGaps + 1, 'other gap')}: the JSON report lists all`];
}

function place(
  { file, rule }: Finding,
  { start, end }: ReturnType<ReturnType<typeof lineIndexOf>['range']>,
): Readonly<Record<string, string | number>> {
  return {
    file,
    line: start.line + 1,
    endLine: end.line + 1,
    // Columns may only be given of one line.
    ...(start.line === end.line && { col: start.character + 1, endColumn: Math.max(start.character + 1, end.character) }),
    title: `Merlon: ${rule}`,
  };
}

/** A workflow command. Outside of it GitHub reads nothing, since every line of this output begins with words of ours. */
function command(name: string, properties: Readonly<Record<string, string | number>>, text: string): string {
  const written = Object.entries(properties).map(([key, value]) => `${key}=${property(String(value))}`);
  return `::${name} ${written.join(',')}::${data(printable(text))}`;
}

function data(text: string): string {
  return text.replace(/%/g, '%25').replace(/\r/g, '%0D').replace(/\n/g, '%0A');
}

/** Line breaks are kept, since they are a part of the file's name; what else could play with the log is not. */
function property(text: string): string {
  const kept = text
    .split(/([\r\n])/)
    .map((part) => (part === '\r' || part === '\n' ? part : visible(part)))
    .join('');
  return data(kept).replace(/:/g, '%3A').replace(/,/g, '%2C');
}

function add(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
