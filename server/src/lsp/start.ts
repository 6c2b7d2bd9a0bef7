import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import { version } from '../../../package.json';
import type { Switches } from '../session/session';
import { serve } from './server';

/** Starts the language server on the channel that the command line names (`--stdio`, `--node-ipc`). `worker` is the program of worker threads. */
export function start(switches: Switches, worker: string): void {
  const tell = (error: unknown) => {
    process.stderr.write(`merlon: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  };
  // A fault in one corner must not take the diagnostics of the whole workspace with it. A client that is gone is told nothing.
  process.on('unhandledRejection', tell);
  process.on('uncaughtException', tell);
  process.stderr.on('error', () => undefined);
  serve(createConnection(ProposedFeatures.all), switches, version, worker);
}
