import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { builtPrograms } from './built';
import { ageLimit, hermetic, scratch } from './cli';
import { startLspClient, type LspClient, type LspClientOptions } from './lspClient';

/** A client of a server built from the sources as they stand, and the folders that it works on. */
export interface Editor extends LspClient {
  /** Of the first folder: the address of a file in it. */
  uri(relative: string): string;
  write(relative: string, text: string): void;
  remove(relative: string): void;
  readonly folder: string;
}

export interface EditorOptions extends Omit<LspClientOptions, 'server' | 'folders'> {
  readonly files?: Readonly<Record<string, string>>;
  /** Relative folders that are opened; the one with the files where absent. */
  readonly open?: readonly string[];
  /** Settings, beside those that keep the test on this machine. */
  readonly settings?: Readonly<Record<string, unknown>>;
}

const started: LspClient[] = [];

/** Nothing but the loopback is reached, and no cache or setting of this machine is seen. Without other settings: bundled knowledge alone. */
export async function startEditor({ files = {}, open = [''], settings, ...options }: EditorOptions = {}): Promise<Editor> {
  const { server } = await builtPrograms();
  // A folder that has no file in it is one that is not there.
  const limits = open
    .filter((root) => root === '' || Object.keys(files).some((name) => name.startsWith(`${root}/`)))
    .flatMap((root) => Object.entries(ageLimit).map(([name, text]) => [path.join(root, name), text] as const));
  const folder = scratch({ ...Object.fromEntries(limits), ...files });
  const place = (relative: string) => path.join(folder, relative);
  const uri = (relative: string) => pathToFileURL(place(relative)).href.replace(/\/$/, '');
  const client = await startLspClient({
    initializationOptions: {
      feeds: { mode: 'local' },
      ...settings,
      rules: { 'release-age-setting': 'off', ...(settings?.rules as object | undefined) },
    },
    ...options,
    server,
    env: hermetic(options.env),
    folders: open.map(uri),
  });
  started.push(client);
  return {
    ...client,
    folder,
    uri,
    write(relative, text) {
      fs.mkdirSync(path.dirname(place(relative)), { recursive: true });
      fs.writeFileSync(place(relative), text);
    },
    remove: (relative) => fs.rmSync(place(relative), { recursive: true }),
  };
}

/** For `afterEach`. */
export async function stopEditors(): Promise<void> {
  await Promise.all(started.splice(0).map((client) => client.stop()));
}

/** Settings under which OSV and the registries are loopback servers, and a silent one is given up after 2.5 seconds. */
export function online(osvUrl: string, registryUrl = 'http://127.0.0.1:9'): Record<string, unknown> {
  return { feeds: { mode: 'online', osv: { url: osvUrl } }, registries: { npm: registryUrl, pypi: registryUrl }, http: { timeout: 1 } };
}

export const rulesIn = (diagnostics: readonly { readonly code?: unknown }[]): unknown[] => diagnostics.map(({ code }) => code);

export const messages = (diagnostics: readonly { readonly message: unknown }[]): string =>
  diagnostics.map(({ message }) => String(message)).join('\n');
