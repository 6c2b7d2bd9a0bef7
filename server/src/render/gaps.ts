import { partsOf, type Report } from '../core/report';
import { lineIndexOf } from './positions';
import { printable } from './printable';

/**
 * Why a report is incomplete, a line for each reason: files and parts of files that were not read, sources that were not heard,
 * releases that advisories leave open.
 */
export function gapLines(report: Report): string[] {
  const parts = [
    ...report.files.map((file) => ({ file, problems: file.manifest.problems })),
    ...report.locks.map((file) => ({ file, problems: file.lock.problems })),
  ];
  const unread = parts.flatMap(({ file, problems }) =>
    problems
      .filter(({ kind }) => kind === 'unreadable')
      .map(({ span, message }) => {
        const { line, character } = lineIndexOf(file).position(span.start);
        return `not read ${printable(`${file.path}:${line + 1}:${character + 1}: ${message}`)}`;
      }),
  );
  const unheard = report.sources.filter(({ state }) => state === 'unavailable' || state === 'pending');
  return [
    ...report.unread.map(({ path, message }) => `not read ${printable(`${path}: ${message}`)}`),
    ...unread,
    ...undecidedLines(report),
    ...unheard.map(({ id, reason }) => `could not ask ${id}: ${printable(reason ?? 'no answer yet')}`),
  ];
}

/** What findings say could not be told. */
function undecidedLines(report: Report): string[] {
  return partsOf(report).flatMap((file) =>
    file.findings
      .filter(({ undecided }) => undecided)
      .map(
        ({ message, span }) => `not decided ${printable(`${file.path}:${lineIndexOf(file).position(span.start).line + 1}: ${message}`)}`,
      ),
  );
}
