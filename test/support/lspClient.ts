import { spawn } from 'node:child_process';
import path from 'node:path';
import {
  createProtocolConnection,
  StreamMessageReader,
  StreamMessageWriter,
  type CodeAction,
  type Diagnostic,
  type PublishDiagnosticsParams,
} from 'vscode-languageserver-protocol/node';

export interface LspClientOptions {
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly folders?: readonly string[];
  readonly initializationOptions?: unknown;
  /** Answers `workspace/configuration`; without it the client says that it cannot be asked. */
  readonly configuration?: (section: string, scopeUri: string | undefined) => unknown;
}

/** The built server over stdio, as any editor starts it. */
export interface LspClient {
  readonly statuses: { state: string; text: string }[];
  open(uri: string, text: string, languageId?: string): void;
  /** Replaces the whole text. */
  change(uri: string, version: number, text: string): void;
  close(uri: string): void;
  request<T>(method: string, params?: unknown): Promise<T>;
  notify(method: string, params: unknown): void;
  /** The last published diagnostics of a document, once they fulfil the condition. */
  diagnostics(uri: string, when?: (diagnostics: Diagnostic[], version: number | undefined) => boolean): Promise<Diagnostic[]>;
  /** What is published at present. */
  published(uri: string): PublishDiagnosticsParams | undefined;
  publishedUris(): string[];
  codeActions(uri: string, diagnostic: Diagnostic, only?: string[]): Promise<CodeAction[]>;
  readonly log: string[];
  readonly pid: number;
  stop(): Promise<void>;
}

export async function startLspClient(options: LspClientOptions = {}): Promise<LspClient> {
  const root = process.env.MERLON_ROOT ?? process.cwd();
  const child = spawn(process.execPath, [path.join(root, 'dist', 'server.js'), '--stdio', ...(options.args ?? [])], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, ...options.env },
  });
  const log: string[] = [];
  child.stderr.on('data', (data: Buffer) => log.push(String(data)));
  const connection = createProtocolConnection(new StreamMessageReader(child.stdout), new StreamMessageWriter(child.stdin));
  const published = new Map<string, PublishDiagnosticsParams>();
  const statuses: { state: string; text: string }[] = [];
  const waiting = new Set<() => void>();
  connection.onNotification('textDocument/publishDiagnostics', (params: PublishDiagnosticsParams) => {
    published.set(params.uri, params);
    for (const look of [...waiting]) look();
  });
  connection.onNotification('merlon/status', (status: { state: string; text: string }) => void statuses.push(status));
  connection.onNotification('window/logMessage', ({ message }: { message: string }) => void log.push(message));
  connection.onRequest('client/registerCapability', () => null);
  const folders = (options.folders ?? []).map((uri) => ({ uri, name: path.posix.basename(uri) }));
  connection.onRequest('workspace/workspaceFolders', () => folders);
  connection.onRequest('workspace/configuration', ({ items }: { items: { section: string; scopeUri?: string }[] }) =>
    items.map(({ section, scopeUri }) => options.configuration?.(section, scopeUri) ?? null),
  );
  connection.listen();
  await connection.sendRequest('initialize', {
    processId: process.pid,
    rootUri: folders[0]?.uri ?? null,
    workspaceFolders: folders,
    initializationOptions: options.initializationOptions,
    capabilities: {
      workspace: {
        workspaceFolders: true,
        configuration: options.configuration !== undefined,
        didChangeWatchedFiles: { dynamicRegistration: true },
        workspaceEdit: { documentChanges: true },
      },
      textDocument: { publishDiagnostics: { versionSupport: true, codeDescriptionSupport: true }, hover: { contentFormat: ['markdown'] } },
      experimental: { merlonStatus: true },
    },
  });
  await connection.sendNotification('initialized', {});

  return {
    statuses,
    log,
    pid: child.pid!,
    open: (uri, text, languageId = 'plaintext') =>
      void connection.sendNotification('textDocument/didOpen', { textDocument: { uri, languageId, version: 1, text } }),
    change: (uri, version, text) =>
      void connection.sendNotification('textDocument/didChange', { textDocument: { uri, version }, contentChanges: [{ text }] }),
    close: (uri) => void connection.sendNotification('textDocument/didClose', { textDocument: { uri } }),
    request: (method, params) => connection.sendRequest(method, params),
    notify: (method, params) => void connection.sendNotification(method, params),
    diagnostics: (uri, when = () => true) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const params = published.get(uri);
          if (!params || !when(params.diagnostics, params.version)) return;
          done();
          resolve(params.diagnostics);
        };
        const timer = setTimeout(() => {
          done();
          reject(new Error(`no such diagnostics of ${uri}; last: ${JSON.stringify(published.get(uri) ?? null)}\n${log.join('\n')}`));
        }, 15_000);
        const done = () => {
          clearTimeout(timer);
          waiting.delete(look);
        };
        waiting.add(look);
        look();
      }),
    published: (uri) => published.get(uri),
    publishedUris: () => [...published.keys()],
    codeActions: async (uri, diagnostic, only) =>
      (await connection.sendRequest('textDocument/codeAction', {
        textDocument: { uri },
        range: diagnostic.range,
        context: { diagnostics: [diagnostic], ...(only && { only }) },
      })) ?? [],
    async stop() {
      const gone = new Promise((resolve) => child.once('exit', resolve));
      await Promise.race([connection.sendRequest('shutdown'), gone]);
      await connection.sendNotification('exit').catch(() => undefined);
      const timer = setTimeout(() => child.kill('SIGKILL'), 3000);
      await gone;
      clearTimeout(timer);
      connection.dispose();
    },
  };
}
