import {
  CodeActionKind,
  DidChangeConfigurationNotification,
  DidChangeWatchedFilesNotification,
  FileChangeType,
  MarkupKind,
  TextDocumentSyncKind,
  TextDocuments,
  type Connection,
  type InitializeParams,
} from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { createLedger } from '../platform/ledger';
import { ecosystems } from '../ecosystems';
import { FIX_ALL } from '../render/codeActions';
import { createSession, type NetworkEnvironment, type Session, type Switches } from '../session/session';
import { createAsker } from './asker';
import { fetchConfiguration, type Configuration } from './configuration';
import { codeActions } from './features/codeActions';
import { hover } from './features/hover';
import { ledgerMarkdown } from './features/ledger';
import { pinAi } from './features/pinAi';
import {
  CHECK_WORKSPACE,
  CLEAR_CACHE,
  ENVIRONMENT,
  LEDGER,
  PIN_AI,
  STATUS,
  type CheckWorkspaceResult,
  type Environment,
  type InitializationOptions,
  type PinAiParams,
} from './messages';
import { statusOf } from './status';
import { createWorkspace } from './workspace';

/** How long events of files are gathered: a branch switch is one pass. */
const burstMs = 150;

/** Serves one client over an open connection. `switches` are those of the command line; they win over settings. */
export function serve(connection: Connection, switches: Switches, version: string): void {
  const documents = new TextDocuments(TextDocument);
  const ledger = createLedger();
  const failing = new Map<string, Date>();
  let client: InitializeParams;
  let options: InitializationOptions = {};
  let environment: Environment | undefined;
  let configuration: Configuration | undefined;
  let session: Session | undefined;
  let lastStatus = '';
  /** Whether the first walk of the folders is done: before that, nothing said is no sign of anything. */
  let walked = false;
  let statusSoon: NodeJS.Timeout | undefined;

  const workspace = createWorkspace({
    connection,
    documents,
    onAssessed: () => {
      asker.soon();
      tellSoon();
    },
  });
  const asker = createAsker(
    workspace,
    () => session!,
    () => tellSoon(),
    (error) => connection.console.error(`asking failed: ${message(error)}`),
  );

  const report = () =>
    session!.engine.report(
      workspace.all().map(({ file }) => file),
      workspace.unread(),
    );

  const tellSoon = () => {
    statusSoon ??= setTimeout(() => {
      statusSoon = undefined;
      tell();
    }, 30);
  };
  const tell = () => {
    const experimental = client.capabilities.experimental as { merlonStatus?: boolean } | undefined;
    if (!experimental?.merlonStatus || !session) return;
    const status = statusOf(report(), asker.asking || !walked, configuration?.machine.feeds.mode ?? 'online', failing, new Date());
    const content = JSON.stringify(status);
    if (content === lastStatus) return;
    lastStatus = content;
    void connection.sendNotification(STATUS, status);
  };

  const network = (): NetworkEnvironment => ({
    ...(environment?.proxy && { proxy: environment.proxy }),
    noProxy: environment?.noProxy ?? [],
    strictSsl: environment?.strictSSL ?? true,
  });

  const folderUris = async (): Promise<string[]> => {
    if (client.capabilities.workspace?.workspaceFolders)
      return ((await connection.workspace.getWorkspaceFolders()) ?? []).map(({ uri }) => uri);
    return client.workspaceFolders?.map(({ uri }) => uri) ?? (client.rootUri ? [client.rootUri] : []);
  };

  /** Reads the settings, and builds the engine anew where what it asks, or how, has changed. Answers the folders. */
  const applySettings = async (): Promise<string[]> => {
    const uris = (await folderUris()).map((uri) => uri.replace(/\/$/, ''));
    const before = configuration;
    configuration = await fetchConfiguration(connection, client.capabilities.workspace?.configuration === true, options, uris);
    if (!session || !before || machineChanged(before, configuration)) {
      session = createSession({
        settings: configuration.machine,
        switches,
        network: network(),
        ledger,
        log: (text) => connection.console.info(text),
      });
    }
    workspace.configure(session, configuration);
    return uris;
  };

  const configure = async () => {
    const before = configuration;
    const uris = await applySettings();
    await workspace.setFolders(uris);
    const excludes = (one: Configuration) => JSON.stringify(uris.map((uri) => one.ofFolder(uri).exclude));
    if (before && excludes(before) !== excludes(configuration!)) await workspace.rescan();
    workspace.reassess();
  };

  connection.onInitialize((params) => {
    client = params;
    options = isObject(params.initializationOptions) ? (params.initializationOptions as InitializationOptions) : {};
    environment = options.environment;
    return {
      serverInfo: { name: 'merlon', version },
      capabilities: {
        textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental },
        codeActionProvider: { codeActionKinds: [CodeActionKind.QuickFix, FIX_ALL] },
        hoverProvider: true,
        workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
      },
    };
  });

  let release: () => void;
  /** What comes before the settings have come waits for them. */
  const settled = new Promise<void>((resolve) => (release = resolve));

  connection.onInitialized(async () => {
    try {
      const can = client.capabilities.workspace;
      if (can?.didChangeWatchedFiles?.dynamicRegistration) {
        const watchers = watchedPatterns().map((globPattern) => ({ globPattern }));
        await connection.client.register(DidChangeWatchedFilesNotification.type, { watchers });
      }
      if (can?.didChangeConfiguration?.dynamicRegistration) {
        await connection.client.register(DidChangeConfigurationNotification.type, { section: 'merlon' });
      }
      if (can?.workspaceFolders) connection.workspace.onDidChangeWorkspaceFolders(() => void guard(configure));
      // Open documents first, by their own text; then the folders.
      const uris = await applySettings();
      release();
      await workspace.setFolders(uris);
    } catch (error) {
      connection.console.error(`start failed: ${message(error)}`);
    }
    walked = true;
    tellSoon();
  });

  const guard = async (work: () => Promise<unknown>) => {
    try {
      await settled;
      await work();
    } catch (error) {
      connection.console.error(message(error));
    }
  };

  documents.onDidChangeContent(({ document }) => {
    if (session) workspace.changed(document);
    else void guard(async () => workspace.changed(documents.get(document.uri) ?? document));
  });
  documents.onDidClose(({ document }) => void guard(() => workspace.closed(document)));

  connection.onDidChangeConfiguration(({ settings }) => {
    // A client that pushes its settings sends them here; one that is asked sends nothing of use.
    if (isObject(settings) && isObject((settings as Record<string, unknown>).merlon))
      options = (settings as Record<string, InitializationOptions>).merlon!;
    void guard(configure);
  });
  connection.onNotification(ENVIRONMENT, (next: Environment) => {
    environment = next;
    session?.setNetwork(network());
    asker.soon();
  });

  let burst: Map<string, FileChangeType> | undefined;
  connection.onDidChangeWatchedFiles(({ changes }) => {
    if (!burst) {
      const gathered = (burst = new Map());
      setTimeout(() => {
        burst = undefined;
        const all = [...gathered].map(([uri, type]) => ({
          uri,
          deleted: type === FileChangeType.Deleted,
          created: type === FileChangeType.Created,
        }));
        void guard(() => workspace.filesChanged(all));
      }, burstMs);
    }
    for (const { uri, type } of changes) burst.set(uri, type);
  });

  connection.onCodeAction(async (params) => {
    await settled;
    return codeActions(params, workspace, asker);
  });
  connection.onHover(async (params) => {
    await settled;
    return hover(params, workspace, client.capabilities.textDocument?.hover?.contentFormat?.includes(MarkupKind.Markdown) !== false);
  });

  connection.onRequest(CHECK_WORKSPACE, async (): Promise<CheckWorkspaceResult> => {
    await settled;
    session!.expire();
    await workspace.rescan();
    workspace.reassess();
    await asker.now();
    const whole = report();
    const severities = whole.files.flatMap(({ findings }) => findings.map(({ severity }) => severity));
    const errors = severities.filter((severity) => severity === 'error').length;
    const warnings = severities.filter((severity) => severity === 'warning').length;
    return { files: whole.files.length, errors, warnings, others: severities.length - errors - warnings, complete: whole.complete };
  });
  connection.onRequest(PIN_AI, async (params: PinAiParams) => {
    await settled;
    return pinAi(params, workspace, session!);
  });
  connection.onRequest(LEDGER, async () => {
    await settled;
    return ledgerMarkdown(ledger, report());
  });
  connection.onRequest(CLEAR_CACHE, async () => {
    await settled;
    await session!.clearCache();
    session = undefined;
    await configure();
    asker.soon();
    return null;
  });
  connection.onShutdown(() => asker.dispose());

  documents.listen(connection);
  connection.listen();
}

function watchedPatterns(): string[] {
  const readers = ecosystems.flatMap(({ manifests }) => manifests);
  // What a requirements file pulls in may have any name.
  const included = ['**/*.txt', '**/*.in'];
  const beside = readers.flatMap(({ companions }) => companions).map((name) => `**/${name}`);
  return [...new Set([...readers.flatMap(({ patterns }) => patterns), ...beside, ...included, '**/.gitignore'])];
}

/** Whether the engine must be built anew: what it asks, and how, is no matter of a folder. */
function machineChanged(before: Configuration, after: Configuration): boolean {
  const machine = ({ machine: { feeds, registries, http } }: Configuration) => JSON.stringify({ feeds, registries, http });
  return machine(before) !== machine(after);
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function message(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
