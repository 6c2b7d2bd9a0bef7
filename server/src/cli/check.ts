import type { Severity } from '../core/finding';
import { partsOf, type Report } from '../core/report';
import { reportJson } from '../render/json';
import { jsonText } from '../render/jsonText';
import { plainStyle, reportText } from '../render/text';
import type { Invocation } from './arguments';
import { exitCodes } from './exitCodes';
import { putResult } from './output';
import { startRun, type Run } from './run';
import { styleFor } from './style';

const ranks: Readonly<Record<Severity, number>> = { error: 3, warning: 2, information: 1, hint: 0 };

/** `merlon check`: says what is wrong. */
export async function check(invocation: Invocation): Promise<number> {
  const run = await startRun(invocation);
  const report = invocation.provenance ? await run.provenReport() : await run.report();
  putResult(await rendered(report, invocation, run), invocation);
  if (!report.complete) return exitCodes.incomplete;
  const { failOn } = invocation;
  if (failOn === 'never') return exitCodes.clean;
  const failing = partsOf(report).some((file) => file.findings.some(({ severity }) => ranks[severity] >= ranks[failOn]));
  return failing ? exitCodes.findings : exitCodes.clean;
}

async function rendered(report: Report, invocation: Invocation, run: Run): Promise<string> {
  const { format, output } = invocation;
  switch (format) {
    case 'json':
      return jsonText(reportJson(report));
    case 'sarif':
      return (await import('./sarifText')).sarifText(report, 'check', run.session.clock.now());
    case 'github':
      return (await import('../render/github')).githubText(report);
    case 'html':
      return (await import('./reportHtml')).reportHtml(report, run, invocation);
    case 'text':
      return reportText(report, output === undefined ? styleFor(process.stdout) : plainStyle);
  }
}
