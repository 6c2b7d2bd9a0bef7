import { setFlagsFromString } from 'node:v8';

/**
 * Has V8 wait eight times as long as it does by itself before it compiles a function anew for speed. A run of the command line is
 * mostly over before that has paid: on two cores it took a third of the processor's time. What runs for long is compiled all the same.
 */
export function expectShortRun(): void {
  // The one in which it was tried (Node 20): a V8 without the flag would complain of it on standard error.
  if (Number.parseInt(process.versions.v8, 10) !== 11) return;
  setFlagsFromString('--interrupt-budget=1000000');
  setFlagsFromString('--no-incremental-marking');
}
