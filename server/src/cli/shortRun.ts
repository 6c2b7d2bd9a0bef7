import { setFlagsFromString } from 'node:v8';

/**
 * Has V8 wait eight times as long as it does by itself before it compiles a function anew for speed. A run of the command line is
 * mostly over before that has paid: on two cores it took a third of the processor's time. What runs for long is compiled all the same.
 */
export function expectShortRun(): void {
  // Those that are known to have the flag (Node 20 to 24): another would complain of it on standard error.
  const major = Number.parseInt(process.versions.v8, 10);
  if (major >= 11 && major <= 13) setFlagsFromString('--interrupt-budget=1000000');
}
