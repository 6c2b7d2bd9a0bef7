import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import { version } from '../../../package.json';
import type { Switches } from '../session/session';
import { serve } from './server';

/** Starts the language server on the channel that the command line names (`--stdio`, `--node-ipc`). */
export function start(switches: Switches): void {
  serve(createConnection(ProposedFeatures.all), switches, version);
}
