import { spawn } from 'node:child_process';
import path from 'node:path';
import {
  createProtocolConnection,
  FileChangeType,
  ProgressType,
  StreamMessageReader,
  StreamMessageWriter,
  type CancellationToken,
  type ClientCapabilities,
  type CodeAction,
  type Diagnostic,
  type Hover,
  type Position,
  type PublishDiagnosticsParams,
  type TextEdit,
  type WorkspaceEdit,
} from 'vscode-languageserver-protocol/node';
import type { Status } from '../../server/src/lsp/messages';

export interface LspClientOptions {
  /** The built server; the one in dist/ where absent. */
  readonly server?: string;
  readonly args?: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  readonly folders?: readonly string[];
  readonly initializationOptions?: unknown;
  /** Answers `workspace/configuration`; without it the client says that it cannot be asked. */
  readonly configuration?: (section: string, scopeUri: string | undefined) => unknown;
  /** In place of those of a modern editor. */
  readonly capabilities?: ClientCapabilities;
  /** Which process the server takes for its parent. */
  readonly processId?: number | null;
  /** Told of the requests to refresh what is shown. */
  readonly onRequest?: (method: string) => void;
  /** How long the client waits for what it is asked to wait for; 12 seconds where absent. */
  readonly patienceMs?: number;
  /** Leaves `initialized` to the test. */
  readonly withoutInitialized?: boolean;
}

/** The built server over stdio, as any editor starts it. */
export interface LspClient {
  readonly statuses: Status[];
  open(uri: string, text: string, languageId?: string): void;
  /** Replaces the whole text. */
  change(uri: string, version: number, text: string): void;
  /** As an editor sends what is typed. */
  edit(uri: string, version: number, edits: readonly TextEdit[]): void;
  close(uri: string): void;
  /** Tells that files have changed on disk. */
  filesChanged(changes: Readonly<Record<string, 'created' | 'changed' | 'deleted'>>): void;
  request<T>(method: string, params?: unknown, token?: CancellationToken): Promise<T>;
  notify(method: string, params: unknown): void;
  /** Told of the progress under a token. */
  onProgress(token: string, told: (value: unknown) => void): void;
  /** How often the server has sent this notification of ours. */
  told(method: 'merlon/assessed'): number;
  /** The published diagnostics of a document, once they fulfil the condition. */
  diagnostics(uri: string, when?: (diagnostics: Diagnostic[], version: number | undefined) => boolean): Promise<Diagnostic[]>;
  /** The status, once it fulfils the condition. */
  status(when: (status: Status) => boolean): Promise<Status>;
  /** What is published at present. */
  published(uri: string): PublishDiagnosticsParams | undefined;
  publishedUris(): string[];
  /** Everything that was ever published, in order. */
  readonly history: PublishDiagnosticsParams[];
  codeActions(uri: string, diagnostic: Pick<Diagnostic, 'range'>, only?: string[], triggerKind?: 1 | 2): Promise<CodeAction[]>;
  hover(uri: string, position: Position): Promise<Hover | null>;
  /** What the server has registered, by method. */
  readonly registrations: ReadonlyMap<string, unknown>;
  readonly log: string[];
  readonly pid: number;
  /** The exit code, once the server has ended. */
  readonly ended: Promise<number | null>;
  /** Closes the server's standard input, as an editor that dies does. */
  hangUp(): void;
  /** Shutdown and exit; kills a server that does not end. Answers how long it took. */
  stop(): Promise<number>;
}

const modern: ClientCapabilities = {
  workspace: {
    workspaceFolders: true,
    didChangeWatchedFiles: { dynamicRegistration: true },
    didChangeConfiguration: { dynamicRegistration: true },
    workspaceEdit: { documentChanges: true, changeAnnotationSupport: {} },
  },
  textDocument: { publishDiagnostics: { versionSupport: true, codeDescriptionSupport: true }, hover: { contentFormat: ['markdown'] } },
  experimental: { merlonStatus: true },
};

const patienceMs = 12_000;
const fileTypes = { created: FileChangeType.Created, changed: FileChangeType.Changed, deleted: FileChangeType.Deleted } as const;

export async function startLspClient(options: LspClientOptions = {}): Promise<LspClient> {
  const root = process.env.MERLON_ROOT ?? process.cwd();
  const server = options.server ?? path.join(root, 'dist', 'server.js');
  const child = spawn(process.execPath, [server, '--stdio', ...(options.args ?? [])], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: options.env ?? process.env,
  });
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const log: string[] = [];
  child.stderr.on('data', (data: Buffer) => log.push(String(data)));
  child.stdin.on('error', () => undefined);
  const connection = createProtocolConnection(new StreamMessageReader(child.stdout), new StreamMessageWriter(child.stdin));
  connection.onError(() => undefined);
  const published = new Map<string, PublishDiagnosticsParams>();
  const history: PublishDiagnosticsParams[] = [];
  const statuses: Status[] = [];
  const waiting = new Set<() => void>();
  const look = () => {
    for (const one of [...waiting]) one();
  };
  connection.onNotification('textDocument/publishDiagnostics', (params: PublishDiagnosticsParams) => {
    published.set(params.uri, params);
    history.push(params);
    look();
  });
  connection.onNotification('merlon/status', (status: Status) => {
    statuses.push(status);
    look();
  });
  const tellings: string[] = [];
  connection.onNotification('merlon/assessed', () => void tellings.push('merlon/assessed'));
  connection.onNotification('window/logMessage', ({ message }: { message: string }) => void log.push(message));
  const registered = new Map<string, unknown>();
  connection.onRequest('client/registerCapability', (params: { registrations: { method: string; registerOptions: unknown }[] }) => {
    for (const { method, registerOptions } of params.registrations) registered.set(method, registerOptions);
    return null;
  });
  const folders = (options.folders ?? []).map((uri) => ({ uri, name: path.posix.basename(uri) }));
  connection.onRequest('workspace/workspaceFolders', () => folders);
  connection.onRequest('workspace/configuration', ({ items }: { items: { section: string; scopeUri?: string }[] }) =>
    items.map(({ section, scopeUri }) => options.configuration?.(section, scopeUri) ?? null),
  );
  for (const method of ['workspace/inlayHint/refresh', 'workspace/codeLens/refresh'])
    connection.onRequest(method, () => (options.onRequest?.(method), null));
  connection.listen();
  let over = false;
  void ended.then(() => (over = true));
  // A server that is gone hears nothing, and the test says what it makes of that.
  const send = (method: string, params?: unknown) => {
    if (!over) connection.sendNotification(method, params).catch(() => undefined);
  };

  const early = ended.then((code): never => {
    throw new Error(`the server ended with ${String(code)}:\n${log.join('')}`);
  });
  early.catch(() => undefined);
  const initialized = connection.sendRequest('initialize', {
    processId: options.processId === undefined ? process.pid : options.processId,
    rootUri: folders[0]?.uri ?? null,
    workspaceFolders: folders,
    initializationOptions: options.initializationOptions,
    capabilities: options.capabilities ?? {
      ...modern,
      workspace: { ...modern.workspace, configuration: options.configuration !== undefined },
    },
  });
  await Promise.race([initialized, early]);
  if (!options.withoutInitialized) send('initialized', {});

  /** Waits until `find` finds something; `state` says what there is instead. */
  const until = <T>(find: () => T | undefined, state: () => unknown): Promise<T> =>
    new Promise((resolve, reject) => {
      const done = () => {
        clearTimeout(timer);
        waiting.delete(one);
      };
      const one = () => {
        const found = find();
        if (found === undefined) return;
        done();
        resolve(found);
      };
      const timer = setTimeout(() => {
        done();
        reject(new Error(`waited in vain; there is ${JSON.stringify(state() ?? null)}\n${log.join('\n')}`));
      }, options.patienceMs ?? patienceMs);
      waiting.add(one);
      one();
    });

  return {
    statuses,
    history,
    registrations: registered,
    log,
    ended,
    pid: child.pid!,
    open: (uri, text, languageId = 'plaintext') => send('textDocument/didOpen', { textDocument: { uri, languageId, version: 1, text } }),
    change: (uri, version, text) => send('textDocument/didChange', { textDocument: { uri, version }, contentChanges: [{ text }] }),
    edit: (uri, version, edits) =>
      send('textDocument/didChange', {
        textDocument: { uri, version },
        contentChanges: edits.map(({ range, newText }) => ({ range, text: newText })),
      }),
    close: (uri) => send('textDocument/didClose', { textDocument: { uri } }),
    filesChanged: (changes) =>
      send('workspace/didChangeWatchedFiles', { changes: Object.entries(changes).map(([uri, type]) => ({ uri, type: fileTypes[type] })) }),
    request: (method, params, token) => (token ? connection.sendRequest(method, params, token) : connection.sendRequest(method, params)),
    told: (method) => tellings.filter((one) => one === method).length,
    notify: send,
    onProgress: (token, told) => void connection.onProgress(new ProgressType<unknown>(), token, told),
    diagnostics: (uri, when = () => true) =>
      until(
        () => {
          const params = published.get(uri);
          return params && when(params.diagnostics, params.version) ? params.diagnostics : undefined;
        },
        () => ({ uri, last: published.get(uri), all: [...published.keys()] }),
      ),
    status: (when) =>
      until(
        () => {
          const last = statuses.at(-1);
          return last && when(last) ? last : undefined;
        },
        () => statuses.at(-1),
      ),
    published: (uri) => published.get(uri),
    publishedUris: () => [...published.keys()],
    codeActions: async (uri, { range }, only, triggerKind = 1) =>
      (await connection.sendRequest('textDocument/codeAction', {
        textDocument: { uri },
        range,
        context: { diagnostics: [], triggerKind, ...(only && { only }) },
      })) ?? [],
    hover: (uri, position) => connection.sendRequest('textDocument/hover', { textDocument: { uri }, position }),
    hangUp: () => child.stdin.end(),
    async stop() {
      const started = performance.now();
      const timer = setTimeout(() => child.kill('SIGKILL'), 20_000);
      if (!over) await Promise.race([connection.sendRequest('shutdown').catch(() => undefined), ended]);
      send('exit');
      await ended;
      clearTimeout(timer);
      connection.dispose();
      return performance.now() - started;
    },
  };
}

/** The text after an edit of one file, as an editor applies it: all ranges are of the text before. */
export function applied(text: string, edit: WorkspaceEdit | undefined, uri: string): string {
  const own = edit?.documentChanges?.flatMap((change) => ('edits' in change && change.textDocument.uri === uri ? change.edits : []));
  const edits = (own ?? edit?.changes?.[uri] ?? []) as TextEdit[];
  const lines = text.split('\n');
  const offset = ({ line, character }: Position) => lines.slice(0, line).reduce((sum, { length }) => sum + length + 1, 0) + character;
  return [...edits]
    .sort((a, b) => offset(b.range.start) - offset(a.range.start))
    .reduce((result, { range, newText }) => result.slice(0, offset(range.start)) + newText + result.slice(offset(range.end)), text);
}
