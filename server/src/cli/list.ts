import { listJson } from '../render/json';
import { listText } from '../render/text';
import type { Invocation } from './arguments';
import { exitCodes } from './exitCodes';
import { startRun } from './run';
import { styleFor } from './style';

/** `merlon list`: says what was read and what it resolves to. Nothing is asked of anybody. */
export async function list(invocation: Invocation): Promise<number> {
  const run = await startRun(invocation);
  const report = run.assess();
  process.stdout.write(
    invocation.format === 'json' ? `${JSON.stringify(listJson(report), undefined, 2)}\n` : listText(report, styleFor(process.stdout)),
  );
  const unreadable =
    report.unread.length > 0 || report.files.some((file) => file.manifest.problems.some(({ kind }) => kind === 'unreadable'));
  return unreadable ? exitCodes.incomplete : exitCodes.clean;
}
