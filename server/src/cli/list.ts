import { listJson } from '../render/json';
import { jsonText } from '../render/jsonText';
import { listText } from '../render/listText';
import type { Invocation } from './arguments';
import { exitCodes } from './exitCodes';
import { startRun } from './run';
import { styleFor } from './style';

/** `merlon list`: says what was read and what it resolves to. Nothing is asked of anybody. */
export async function list(invocation: Invocation): Promise<number> {
  const run = await startRun(invocation);
  const report = run.assess();
  process.stdout.write(
    invocation.format === 'json'
      ? jsonText(listJson(report, invocation.locked))
      : listText(report, styleFor(process.stdout), invocation.locked),
  );
  const problems = [...report.files.map(({ manifest }) => manifest.problems), ...report.locks.map(({ lock }) => lock.problems)];
  const unreadable = report.unread.length > 0 || problems.flat().some(({ kind }) => kind === 'unreadable');
  return unreadable ? exitCodes.incomplete : exitCodes.clean;
}
