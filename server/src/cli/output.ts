import { writeResult } from '../platform/writeText';
import type { Invocation } from './arguments';
import { UsageError } from './scanPaths';

/** Puts a result where the caller wants it: on standard output, or into the file that `--output` names. */
export function putResult(text: string, { output }: Pick<Invocation, 'output'>): void {
  if (output === undefined || output === '-') return void process.stdout.write(text);
  const fault = writeResult(output, text);
  if (fault !== undefined) throw new UsageError(`${output} is not written: ${fault}`);
}
