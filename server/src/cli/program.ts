import fs from 'node:fs';
import { checks } from '../checks';
import { printable, printableLines } from '../render/printable';
import { version } from '../../../package.json';
import { readArguments, type Invocation } from './arguments';
import { exitCodes } from './exitCodes';
import { help } from './help';
import { UsageError } from './scanPaths';
import { expectShortRun } from './shortRun';

/** Runs the command line, and sets the exit code. `worker` is the program of worker threads. */
export function start(worker: string): void {
  quietPipes();
  void main(process.argv.slice(2), worker).then(leave, (error: unknown) => {
    process.stderr.write(`merlon: ${printableLines(error instanceof Error ? (error.stack ?? error.message) : String(error))}\n`);
    leave(exitCodes.incomplete);
  });
}

/** Ends when all that was written has gone out, and does not wait until V8 has tidied up memory that nobody needs any more. */
function leave(code: number): void {
  process.exitCode = code;
  // That a write has failed is told to those who wrote before it is told to those who listen.
  process.stdout.write('', () => setImmediate(tellLost));
}

/** Half of a report is not clean: whoever redirects into a file on a full disk has to know. */
function tellLost(): void {
  if (lost) process.exitCode = exitCodes.incomplete;
  process.stderr.write(lost ? `merlon: the output could not be written: ${printable(lost.message)}\n` : '', () => process.exit());
}

let lost: Error | undefined;

async function main(argv: readonly string[], worker: string): Promise<number> {
  const parsed = readArguments(
    argv,
    checks.map(({ id }) => id),
  );
  if ('show' in parsed) {
    process.stdout.write(parsed.show === 'help' ? help : `${version}\n`);
    return exitCodes.clean;
  }
  if ('usage' in parsed) {
    process.stderr.write(`merlon: ${printable(parsed.usage)}\n`);
    return exitCodes.usage;
  }
  const { run } = parsed;
  try {
    checkDb(run);
    if (['check', 'list', 'fix'].includes(run.command)) expectShortRun();
    // Of each command no more is loaded than it needs.
    switch (run.command) {
      case 'check':
        return await (await import('./check')).check(run);
      case 'list':
        return await (await import('./list')).list(run);
      case 'fix':
        return await (await import('./fix')).fix(run);
      case 'verify':
        return await (await import('./verify')).verify(run, worker);
      case 'sbom':
        return await (await import('./sbom')).sbom(run);
      case 'db':
        return await (await import('./db')).db(run);
      case 'lsp':
        (await import('../lsp/start')).start(run.switches, worker);
        return await new Promise<never>(() => undefined);
    }
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`merlon: ${printable(error.message)}\n`);
    return exitCodes.usage;
  }
}

/** An index that was named and is not there is a mistake, before anything is done without it. */
function checkDb({ command, switches: { db: place } }: Invocation): void {
  if (place !== undefined && command !== 'lsp' && command !== 'db' && !fs.existsSync(place))
    throw new UsageError(`${place}: no such file or folder`);
}

// A reader that closes early (`merlon check | head`) is no failure of ours; and no success either, so the work goes on to its exit code.
function quietPipes(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      // Nobody is left to be told of what standard error refuses.
      if (error.code !== 'EPIPE' && stream === process.stdout) lost ??= error;
    });
  }
}
