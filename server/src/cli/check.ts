import type { Severity } from '../core/finding';
import { partsOf, type Report } from '../core/report';
import { githubText } from '../render/github';
import { reportJson } from '../render/json';
import { plainStyle, reportText } from '../render/text';
import type { Invocation } from './arguments';
import { exitCodes } from './exitCodes';
import { putResult, sarifText } from './output';
import { reportHtml } from './reportHtml';
import { startRun, type Run } from './run';
import { styleFor } from './style';

const ranks: Readonly<Record<Severity, number>> = { error: 3, warning: 2, information: 1, hint: 0 };

/** `merlon check`: says what is wrong. */
export async function check(invocation: Invocation): Promise<number> {
  const run = await startRun(invocation);
  const report = invocation.provenance ? await run.provenReport() : await run.report();
  putResult(rendered(report, invocation, run), invocation);
  if (!report.complete) return exitCodes.incomplete;
  const { failOn } = invocation;
  if (failOn === 'never') return exitCodes.clean;
  const failing = partsOf(report).some((file) => file.findings.some(({ severity }) => ranks[severity] >= ranks[failOn]));
  return failing ? exitCodes.findings : exitCodes.clean;
}

function rendered(report: Report, invocation: Invocation, run: Run): string {
  const { format, output } = invocation;
  switch (format) {
    case 'json':
      return `${JSON.stringify(reportJson(report), undefined, 2)}\n`;
    case 'sarif':
      return sarifText(report, 'check', run.session.clock.now());
    case 'github':
      return githubText(report);
    case 'html':
      return reportHtml(report, run, invocation);
    case 'text':
      return reportText(report, output === undefined ? styleFor(process.stdout) : plainStyle);
  }
}
