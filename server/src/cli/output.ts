import { createHash } from 'node:crypto';
import { checks } from '../checks';
import type { Report } from '../core/report';
import { writeResult } from '../platform/writeText';
import { sarifLog } from '../render/sarif';
import type { Invocation } from './arguments';
import { UsageError } from './scanPaths';

/** Puts a result where the caller wants it: on standard output, or into the file that `--output` names. */
export function putResult(text: string, { output }: Pick<Invocation, 'output'>): void {
  if (output === undefined || output === '-') return void process.stdout.write(text);
  const fault = writeResult(output, text);
  if (fault !== undefined) throw new UsageError(`${output} is not written: ${fault}`);
}

export function sarifText(report: Report, command: 'check' | 'verify', now: Date): string {
  const log = sarifLog(report, {
    command,
    checks,
    now,
    digest: (text) => createHash('sha256').update(text).digest('hex'),
  });
  return `${JSON.stringify(log, undefined, 2)}\n`;
}
