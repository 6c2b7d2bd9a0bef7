import {
  CodeActionKind,
  ErrorCodes,
  ResponseError,
  TextDocumentSyncKind,
  TextDocuments,
  type Connection,
  type InitializeParams,
  type InitializeResult,
} from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { createLedger } from '../platform/ledger';
import { createWorkerClient } from '../platform/worker';
import type { LockReading } from '../scan/lockStore';
import type { LockJob } from '../session/jobs';
import { FIX_ALL } from '../render/codeActions';
import { createSession, type NetworkEnvironment, type Session, type Switches } from '../session/session';
import { createAsker } from './asker';
import { registerCommands } from './commands';
import { fetchConfiguration, initialConfiguration, type Configuration } from './configuration';
import { codeActions } from './features/codeActions';
import { registerFileEvents } from './fileEvents';
import { withoutSlash } from './folders';
import { glanceCapabilities, registerGlances } from './glances';
import { ENVIRONMENT, STATUS, type Environment, type InitializationOptions } from './messages';
import { namedPolicy } from '../cli/policies';
import type { PolicyFile } from '../policy/policyFile';
import { registerOffline } from './offline';
import type { PolicyMode } from './policies';
import { registerMore } from './registrations';
import { createSerial } from './serial';
import { statusOf } from './status';
import { createWorkspace } from './workspace';

const statusMs = 30;
const goneMs = 60_000;

/**
 * Serves one client over an open connection. `switches` are those of the command line; they win over settings; `workerProgram` is what
 * worker threads run.
 */
export function serve(connection: Connection, switches: Switches, version: string, workerProgram: string): void {
  const documents = new TextDocuments(TextDocument);
  const ledger = createLedger();
  const failing = new Map<string, Date>();
  let client: InitializeParams | undefined;
  let options: InitializationOptions = {};
  let environment: Environment | undefined;
  let configuration: Configuration | undefined;
  let override: PolicyFile | undefined;
  let session: Session | undefined;
  let lastStatus = '';
  /** Jobs that read the workspace: before the first of them is done, silence is no sign of anything. */
  let reading = 1;
  let statusSoon: NodeJS.Timeout | undefined;
  let ended = false;
  let folderUris: readonly string[] = [];

  const logError = (error: unknown) => {
    if (!ended) connection.console.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
  };
  const capabilities = () => client?.capabilities ?? {};

  const worker = createWorkerClient(workerProgram);
  const workspace = createWorkspace({
    connection,
    documents,
    onRead: () => asker.soon(),
    onAssessed: () => {
      tellSoon();
      glances.assessed();
    },
    onError: logError,
    readLock: (root, name, { ecosystem, reader }) =>
      worker.run<LockReading>('readLock', { root, name, ecosystem: ecosystem.id, reader: reader.id } satisfies LockJob),
  });
  const asker = createAsker(
    workspace,
    () => session!,
    () => tellSoon(),
    logError,
  );

  const report = () =>
    session!.engine.report(
      workspace.all().map(({ file }) => file),
      workspace.unread(),
      workspace.locks(),
    );
  const policyMode = (): PolicyMode => ({ trusted: environment?.trusted ?? true, ...(override && { override }) });

  const tellSoon = () => {
    statusSoon ??= setTimeout(() => {
      statusSoon = undefined;
      void attempt(tell);
    }, statusMs);
  };
  const tell = async () => {
    const experimental = capabilities().experimental as { merlonStatus?: boolean } | undefined;
    if (!experimental?.merlonStatus || !session || ended) return;
    const busy = asker.asking || reading > 0;
    const mode = configuration?.machine.feeds.mode ?? 'online';
    const status = statusOf({ report: report(), busy, mode, failing, now: session.clock.now(), index: session.index.state() });
    const content = JSON.stringify(status);
    if (content === lastStatus) return;
    lastStatus = content;
    await connection.sendNotification(STATUS, status);
  };

  const network = (): NetworkEnvironment => ({
    ...(environment?.proxy && { proxy: environment.proxy }),
    noProxy: environment?.noProxy ?? [],
    strictSsl: environment?.strictSSL ?? true,
    trusted: environment?.trusted ?? true,
  });

  const newSession = (settings: Configuration['machine']) => {
    // Who still asks in the old one may finish.
    if (session) setTimeout(session.close, goneMs).unref();
    return createSession({
      ...{ settings, switches, network: network(), ledger, maxAgeSetting: 'merlon.feeds.maxAge' },
      log: (text) => connection.console.info(text),
    });
  };

  /** Reads the settings, and builds the engine anew where what it asks, or how, has changed. Answers the folders that they are of. */
  const applySettings = async (): Promise<readonly string[]> => {
    const uris = folderUris;
    const before = configuration;
    if (switches.policy !== undefined) override ??= await namedPolicy(switches.policy, process.cwd());
    const fetched = await fetchConfiguration(connection, capabilities().workspace?.configuration === true, options, uris);
    const next = fetched ?? before ?? initialConfiguration(connection, options);
    if (!session || !before || machineChanged(before, next)) session = newSession(next.machine);
    configuration = next;
    workspace.configure(session, next, policyMode());
    return uris;
  };

  /** One change of settings or folders after another, so that an older answer of the client never replaces a newer one. */
  const configuring = createSerial();
  const configure = () =>
    configuring.run(async () => {
      const before = configuration;
      const uris = await applySettings();
      await workspace.setFolders(uris);
      const excludes = (one: Configuration) => JSON.stringify(uris.map((uri) => one.ofFolder(uri).exclude));
      if (before && excludes(before) !== excludes(configuration!)) await workspace.rescan();
      await workspace.reassess();
      asker.soon();
    });

  connection.onInitialize((params): InitializeResult => {
    client = params;
    folderUris = (params.workspaceFolders?.map(({ uri }) => uri) ?? (params.rootUri ? [params.rootUri] : [])).map(withoutSlash);
    options = isObject(params.initializationOptions) ? (params.initializationOptions as InitializationOptions) : {};
    environment = isObject(options.environment) ? options.environment : undefined;
    const folders = { filters: [{ pattern: { glob: '**', matches: 'folder' as const } }] };
    return {
      serverInfo: { name: 'merlon', version },
      capabilities: {
        textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental },
        codeActionProvider: { codeActionKinds: [CodeActionKind.QuickFix, FIX_ALL] },
        ...glanceCapabilities,
        workspace: {
          workspaceFolders: { supported: true, changeNotifications: true },
          // Watchers tell of files; a folder that is renamed takes its files along in silence.
          fileOperations: { didCreate: folders, didRename: folders, didDelete: folders },
        },
      },
    };
  });

  let settle: () => void;
  /** What comes before the settings have come waits for them. */
  const settled = new Promise<void>((resolve) => (settle = resolve));

  connection.onInitialized(() =>
    attempt(async () => {
      void attempt(register);
      let uris = folderUris;
      try {
        uris = await configuring.run(applySettings);
      } catch (error) {
        logError(error);
        configuration = initialConfiguration(connection, {});
        session ??= newSession(configuration.machine);
        workspace.configure(session, configuration, policyMode());
      }
      settle();
      await workspace.setFolders(uris);
    }).finally(() => {
      reading--;
      tellSoon();
    }),
  );

  const register = async () => {
    const can = capabilities().workspace;
    if (can?.workspaceFolders) {
      connection.workspace.onDidChangeWorkspaceFolders(({ added, removed }) => {
        const gone = new Set(removed.map(({ uri }) => withoutSlash(uri)));
        folderUris = [...new Set([...folderUris.filter((uri) => !gone.has(uri)), ...added.map(({ uri }) => withoutSlash(uri))])];
        void whenSettled(configure);
      });
    }
    await registerMore(connection, capabilities());
  };

  /** Whatever goes wrong is logged, and ends nothing. */
  const attempt = async (work: () => Promise<unknown>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      logError(error);
    }
  };
  /** Work that reads the workspace, after the settings have come. While it goes on, the status says so. */
  const whenSettled = (work: () => Promise<unknown>): Promise<void> =>
    attempt(async () => {
      await settled;
      reading++;
      try {
        await work();
      } finally {
        reading--;
        tellSoon();
      }
    });
  /** A request: after the settings have come, or refused where nothing was begun. */
  const answer = async <T>(work: () => T | Promise<T>): Promise<T> => {
    if (!client) throw new ResponseError(ErrorCodes.ServerNotInitialized, 'the server is not initialized');
    await settled;
    return work();
  };

  documents.onDidChangeContent(({ document }) => {
    if (session) workspace.changed(document);
    else void whenSettled(async () => Promise.resolve(workspace.changed(document)));
  });
  documents.onDidClose(({ document }) => void whenSettled(() => workspace.closed(document)));

  connection.onDidChangeConfiguration((params) => {
    // A client that pushes its settings sends them here; one that is asked sends nothing of use.
    const pushed = isObject(params?.settings) ? (params.settings as Record<string, unknown>).merlon : undefined;
    if (isObject(pushed)) options = pushed as InitializationOptions;
    void whenSettled(configure);
  });
  connection.onNotification(ENVIRONMENT, (next: unknown) => {
    if (!isObject(next)) return;
    const trusted = network().trusted;
    environment = next as Environment;
    if (!session) return;
    session.setNetwork(network());
    if (network().trusted === trusted) return asker.again();
    // Other indexes may be asked now.
    void whenSettled(async () => {
      workspace.configure(session!, configuration!, policyMode());
      // What a policy file leaves out counts only where the workspace is trusted.
      await workspace.rescan();
      await workspace.reassess();
      asker.again();
    });
  });

  registerFileEvents(connection, (changes) => void whenSettled(() => workspace.filesChanged(changes)));
  connection.onCodeAction((params) => answer(() => codeActions(params, workspace, asker, capabilities(), session!.clock.now())));
  const glances = registerGlances({
    connection,
    workspace,
    session: () => session!,
    settingsOf: (uri) => configuration!.ofFolder(uri),
    capabilities,
    since: (source) => failing.get(source),
    answer,
    onError: logError,
  });
  const startWorker = () => createWorkerClient(workerProgram);
  registerCommands({
    connection,
    workspace,
    asker,
    session: () => session!,
    report,
    folders: () => folderUris,
    rulesOf: (uri) => workspace.rulesAt(uri) ?? configuration!.ofFolder(uri),
    trusted: () => environment?.trusted ?? true,
    capabilities,
    startWorker,
    version,
    answer,
  });
  const renew = async () => {
    // What is in memory goes with the session.
    await configuring.run(async () => {
      session = newSession(configuration!.machine);
      workspace.configure(session, configuration!, policyMode());
      return Promise.resolve();
    });
    await workspace.reassess();
    asker.again();
  };
  const mode = () => configuration?.machine.feeds.mode ?? 'online';
  const offline = registerOffline({
    connection,
    ledger,
    session: () => session,
    report,
    mode,
    renew,
    startWorker,
    answer,
    onError: logError,
  });
  connection.onShutdown(() => {
    ended = true;
    clearTimeout(statusSoon);
    asker.dispose();
    glances.dispose();
    offline.dispose();
    workspace.dispose();
    worker.dispose();
  });

  documents.listen(connection);
  connection.listen();
}

/** Whether the engine must be built anew: what it asks, and how, is no matter of a folder. */
function machineChanged(before: Configuration, after: Configuration): boolean {
  const machine = ({ machine: { feeds, registries, http } }: Configuration) => JSON.stringify({ feeds, registries, http });
  return machine(before) !== machine(after);
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
