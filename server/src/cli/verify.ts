import { findEnvironments } from '../platform/environments';
import { createWorkerClient } from '../platform/worker';
import type { Severity } from '../core/finding';
import type { Report } from '../core/report';
import { reportJson } from '../render/json';
import { jsonText } from '../render/jsonText';
import { printable } from '../render/printable';
import { plainStyle } from '../render/text';
import { verifyText } from '../render/verifyText';
import { verifyInstalled } from '../session/verify';
import type { Invocation } from './arguments';
import { exitCodes } from './exitCodes';
import { openSession } from './openSession';
import { putResult } from './output';
import { rulesHere } from './policies';
import { createProgress } from './progress';
import { sarifText } from './sarifText';
import { statOf, UsageError } from './scanPaths';
import { styleFor } from './style';

const ranks: Readonly<Record<Severity, number>> = { error: 3, warning: 2, information: 1, hint: 0 };

/** `merlon verify`: says what is installed and should not be. `worker` is the program of worker threads. */
export async function verify(invocation: Invocation, worker: string): Promise<number> {
  const places = invocation.paths.map((path) => {
    if (statOf(path) === undefined) throw new UsageError(`${path}: no such file or folder`);
    const found = findEnvironments(path);
    if (!found) throw new UsageError(`${path}: there is no virtual environment, no site-packages, no node_modules and no project`);
    return found;
  });
  const { session, settings } = openSession(invocation);
  const progress = createProgress(process.stderr);
  const report = await verifyInstalled(session, places, {
    base: process.cwd(),
    rules: await rulesHere(settings, invocation.switches.policy),
    startWorker: () => createWorkerClient(worker),
    onProgress: (environment, files) =>
      progress.show(`verifying ${printable(environment)}${files ? `: ${files.toLocaleString('en-US')} files` : ''}`),
    onAsking: () => progress.show('asking advisory feeds'),
  });
  progress.clear();
  putResult(rendered(report, invocation, session.clock.now()), invocation);
  if (!report.complete) return exitCodes.incomplete;
  const { failOn } = invocation;
  if (failOn === 'never') return exitCodes.clean;
  const failing = report.files.some(({ findings }) => findings.some(({ severity }) => ranks[severity] >= ranks[failOn]));
  return failing ? exitCodes.findings : exitCodes.clean;
}

function rendered(report: Report, { format, output }: Invocation, now: Date): string {
  if (format === 'json') return jsonText(reportJson(report));
  if (format === 'sarif') return sarifText(report, 'verify', now);
  return verifyText(report, output === undefined ? styleFor(process.stdout) : plainStyle);
}
