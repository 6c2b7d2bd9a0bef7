import { readArguments } from '../cli/arguments';
import { start } from './start';

// vscode-languageserver reads the channel from the arguments by itself, and there are more of them here than `merlon lsp` takes; ours are the others.
const channels = /^--(stdio|node-ipc|socket=\d+|pipe=.*|clientProcessId=\d+)$/;

/** Starts the server with the options of `merlon lsp`. `worker` is the program of worker threads. */
export function program(worker: string): void {
  const parsed = readArguments(['lsp', '--stdio', ...process.argv.slice(2).filter((argument) => !channels.test(argument))], []);
  if ('run' in parsed) start(parsed.run.switches, worker);
  else {
    process.stderr.write(`merlon: ${'usage' in parsed ? parsed.usage : 'dist/server.js takes the options of merlon lsp'}\n`);
    process.exitCode = 2;
  }
}
