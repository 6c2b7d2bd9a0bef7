import type { Severity } from '../core/finding';
import { reportJson } from '../render/json';
import { reportText } from '../render/text';
import type { Invocation } from './arguments';
import { exitCodes } from './exitCodes';
import { startRun } from './run';
import { styleFor } from './style';

const ranks: Readonly<Record<Severity, number>> = { error: 3, warning: 2, information: 1, hint: 0 };

/** `merlon check`: says what is wrong. */
export async function check(invocation: Invocation): Promise<number> {
  const run = await startRun(invocation);
  const report = await run.report();
  process.stdout.write(
    invocation.format === 'json' ? `${JSON.stringify(reportJson(report), undefined, 2)}\n` : reportText(report, styleFor(process.stdout)),
  );
  if (!report.complete) return exitCodes.incomplete;
  const { failOn } = invocation;
  if (failOn === 'never') return exitCodes.clean;
  const failing = [...report.files, ...report.locks].some((file) => file.findings.some(({ severity }) => ranks[severity] >= ranks[failOn]));
  return failing ? exitCodes.findings : exitCodes.clean;
}
