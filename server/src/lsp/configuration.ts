import type { Connection } from 'vscode-languageserver';
import { readSettings, type Settings } from '../policy/settings';

/** The settings in force: machine-wide ones, and those of each workspace folder. */
export interface Configuration {
  readonly machine: Settings;
  ofFolder(uri: string): Settings;
}

/** A client that does not answer must not keep its user without diagnostics. */
const patienceMs = 5000;

/**
 * Asks the client for section `merlon`, once for the machine and once for each folder; what it answers with nothing is as
 * `initial` says. `undefined` where it was asked and did not answer: then what was in force stays so.
 */
export async function fetchConfiguration(
  connection: Connection,
  canAsk: boolean,
  initial: unknown,
  folders: readonly string[],
): Promise<Configuration | undefined> {
  const answers = canAsk ? await ask(connection, folders) : [];
  return answers && configurationOf(connection, answers, initial, folders);
}

/** The settings of the initialization alone. */
export function initialConfiguration(connection: Connection, initial: unknown): Configuration {
  return configurationOf(connection, [], initial, []);
}

function configurationOf(connection: Connection, answers: readonly unknown[], initial: unknown, folders: readonly string[]): Configuration {
  const settings = [undefined, ...folders].map((_, i) => readSettings(answers[i] ?? initial));
  const [machine, ...own] = settings as [Settings, ...Settings[]];
  for (const problem of new Set(settings.flatMap(({ problems }) => problems))) connection.console.warn(problem);
  const byFolder = new Map(folders.map((uri, i) => [uri, own[i]!]));
  return { machine, ofFolder: (uri) => byFolder.get(uri) ?? machine };
}

async function ask(connection: Connection, folders: readonly string[]): Promise<readonly unknown[] | undefined> {
  let limit: NodeJS.Timeout | undefined;
  try {
    const answer: unknown = await Promise.race([
      connection.workspace.getConfiguration([{ section: 'merlon' }, ...folders.map((scopeUri) => ({ scopeUri, section: 'merlon' }))]),
      new Promise((_, reject) => (limit = setTimeout(() => reject(new Error('no answer')), patienceMs))),
    ]);
    if (Array.isArray(answer)) return answer as unknown[];
    throw new Error('the answer is no list');
  } catch (error) {
    connection.console.warn(`the client's settings could not be read: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  } finally {
    clearTimeout(limit);
  }
}
