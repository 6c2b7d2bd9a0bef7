import type { Report } from '../core/report';
import { lockedRows } from './lockedRows';
import { lineIndexOf } from './positions';
import { printable } from './printable';
import { count, type Style } from './text';

/** `list` for people: one line for each declaration, and, if wanted, one for each release of the lockfiles. */
export function listText(report: Report, style: Style, locked = false): string {
  const lines: string[] = [];
  for (const file of report.files) {
    lines.push(`${style.bold(printable(file.path))} ${style.dim(`(${count(file.manifest.declarations.length, 'declaration')})`)}`);
    const widest = file.subjects.reduce((most, { declaration }) => Math.min(40, Math.max(most, declaration.writtenName.length)), 0);
    for (const { declaration, resolution, roles } of file.subjects) {
      const what =
        declaration.source.kind === 'registry' ? printable(declaration.specifier) || style.dim('any') : style.dim(declaration.source.kind);
      const resolved = resolution.version === undefined || resolution.from === 'exact-range' ? '' : ` → ${printable(resolution.version)}`;
      const role = roles.length ? style.blue(`  ${roles.join(', ')}`) : '';
      const name = printable(declaration.writtenName || '(no name)').padEnd(widest);
      lines.push(
        `  ${name}  ${what}${resolved}${role}  ${style.dim([declaration.group, printable(declaration.section)].filter(Boolean).join(' '))}`,
      );
    }
    const index = lineIndexOf(file);
    for (const problem of file.manifest.problems) {
      const { line, character } = index.position(problem.span.start);
      lines.push(`  ${style.yellow(`${line + 1}:${character + 1} ${printable(problem.message)}`)}`);
    }
    lines.push('');
  }
  if (locked) lines.push(...lockedLines(report, style));
  for (const { path, lock } of report.locks)
    for (const { message } of lock.problems) lines.push(`${style.bold(printable(path))}\n  ${style.yellow(printable(message))}\n`);
  for (const { path, message } of report.unread) lines.push(`${style.bold(printable(path))}\n  ${style.yellow(printable(message))}\n`);
  if (!lines.length) lines.push('No manifest found.', '');
  return lines.join('\n');
}

function lockedLines(report: Report, style: Style): string[] {
  const rows = lockedRows(report);
  return report.locks.flatMap(({ path, lock }) => {
    const own = rows.filter(({ file }) => file === path);
    const head = `${style.bold(printable(path))} ${style.dim(`(${lock.format}, ${count(own.length, 'release')})`)}`;
    const lines = own.map(({ package: name, version, direct, via }) => {
      const way = direct ? '' : style.dim(via.length ? `  by ${printable(via.join(' → '))}` : '  nobody asks for it');
      return `  ${printable(name)} ${printable(version)}${way}`;
    });
    return [head, ...lines, ''];
  });
}
