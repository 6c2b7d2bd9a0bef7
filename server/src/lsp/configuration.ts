import type { Connection } from 'vscode-languageserver';
import { readSettings, type Settings } from '../policy/settings';

/** The settings in force: machine-wide ones, and those of each workspace folder. */
export interface Configuration {
  readonly machine: Settings;
  ofFolder(uri: string): Settings;
}

/**
 * Asks the client for section `merlon`, once for the machine and once for each folder. Where it cannot be asked, or answers
 * with nothing, the object of the initialization stands.
 */
export async function fetchConfiguration(
  connection: Connection,
  canAsk: boolean,
  initial: unknown,
  folders: readonly string[],
): Promise<Configuration> {
  const answers = canAsk ? await ask(connection, folders) : [];
  const settings = [undefined, ...folders].map((_, i) => readSettings(answers[i] ?? initial));
  const [machine, ...own] = settings as [Settings, ...Settings[]];
  for (const problem of new Set(settings.flatMap(({ problems }) => problems))) connection.console.warn(problem);
  const byFolder = new Map(folders.map((uri, i) => [uri, own[i]!]));
  return { machine, ofFolder: (uri) => byFolder.get(uri) ?? machine };
}

async function ask(connection: Connection, folders: readonly string[]): Promise<unknown[]> {
  try {
    return (await connection.workspace.getConfiguration([
      { section: 'merlon' },
      ...folders.map((scopeUri) => ({ scopeUri, section: 'merlon' })),
    ])) as unknown[];
  } catch (error) {
    connection.console.warn(`the client's settings could not be read: ${String(error)}`);
    return [];
  }
}
