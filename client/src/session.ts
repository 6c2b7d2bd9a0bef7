import * as vscode from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';
import { ASSESSED, ENVIRONMENT, STATUS, type InitializationOptions, type Status } from '../../server/src/lsp/messages';
import type { DependenciesView } from './dependencies';
import { followEnvironment, readEnvironment } from './environment';
import type { StatusView } from './status';

/** The one server of this window. */
export interface Session extends vscode.Disposable {
  running(): boolean;
  /** Starts the server where none runs. Never rejects: a failure shows in the status and in the log. */
  start(): Promise<void>;
  restart(): Promise<void>;
  /** The running client; rejects with a sentence for people where the server cannot be started. */
  client(): Promise<LanguageClient>;
  /** What the server knows may have changed. */
  readonly onAssessed: vscode.Event<void>;
}

export interface SessionParts {
  readonly context: vscode.ExtensionContext;
  readonly selector: { scheme: string; pattern: string }[];
  readonly output: vscode.LogOutputChannel;
  readonly status: StatusView;
  readonly dependencies: DependenciesView;
}

export function createSession(parts: SessionParts): Session {
  const { output, status, dependencies } = parts;
  let current: Promise<LanguageClient | undefined> | undefined;
  let live: LanguageClient | undefined;
  const assessed = new vscode.EventEmitter<void>();

  const begin = async (): Promise<LanguageClient | undefined> => {
    status.starting();
    const client = await createClient(parts, () => assessed.fire());
    try {
      await client.start();
      live = client;
      dependencies.follow(client);
      output.debug('The server is ready.');
      return client;
    } catch (error) {
      output.error(`The server could not be started: ${String(error)}`);
      status.stopped();
      return undefined;
    }
  };
  const end = async () => {
    const client = await current;
    current = live = undefined;
    dependencies.follow(undefined);
    // A client that never started, or whose server is gone, rejects: it is over in any case.
    await client?.dispose(5000).catch((error: unknown) => output.debug(String(error)));
  };
  const start = async () => {
    current ??= begin();
    await current;
  };
  const follow = followEnvironment((environment) => {
    if (live?.isRunning()) void live.sendNotification(ENVIRONMENT, environment);
  });

  return {
    running: () => live?.isRunning() ?? false,
    start,
    restart: async () => {
      await end();
      await start();
    },
    client: async () => {
      await start();
      // A server that ended is on its way back, or stays down after too many ends until somebody asks.
      if (live && !live.isRunning()) await live.start().catch(() => end().then(start));
      if (!live) throw new Error('Merlon’s server could not be started. The output says why.');
      return live;
    },
    onAssessed: assessed.event,
    dispose: () => {
      follow.dispose();
      assessed.dispose();
      void end();
    },
  };
}

async function createClient(
  { context, selector, output, status, dependencies }: SessionParts,
  onAssessed: () => void,
): Promise<LanguageClient> {
  // The library is most of the client, so it is read only when a server is needed.
  const library = await import('./library');
  const module = vscode.Uri.joinPath(context.extensionUri, 'dist', 'server.js').fsPath;
  const crashes: number[] = [];
  const client = new library.LanguageClient(
    'merlon',
    'Merlon',
    {
      run: { module, transport: library.TransportKind.ipc },
      debug: {
        module,
        transport: library.TransportKind.ipc,
        options: { execArgv: ['--nolazy', '--inspect=6229', '--enable-source-maps'] },
      },
    },
    {
      documentSelector: selector,
      diagnosticCollectionName: 'merlon',
      outputChannel: output,
      // No popup that nobody asked for: neither this nor a handled error shows one.
      revealOutputChannelOn: library.RevealOutputChannelOn.Never,
      initializationOptions: initializationOptions,
      initializationFailedHandler: () => false,
      errorHandler: {
        error: (_error, _message, count) => ({
          action: (count ?? 0) <= 3 ? library.ErrorAction.Continue : library.ErrorAction.Shutdown,
          handled: true,
        }),
        closed: () => {
          const now = Date.now();
          crashes.push(now);
          const recent = crashes.filter((time) => now - time < 3 * 60_000).length;
          if (recent < 5) return { action: library.CloseAction.Restart, handled: true, message: 'The server ended; it is started again.' };
          status.stopped();
          dependencies.follow(undefined);
          return { action: library.CloseAction.DoNotRestart, handled: true, message: 'The server ended five times in three minutes.' };
        },
      },
    },
  );
  client.registerFeature({
    fillClientCapabilities: (capabilities) => {
      capabilities.experimental = {
        ...(capabilities.experimental as object | undefined),
        merlonStatus: true,
        merlonDependencies: true,
        merlonSuppress: true,
        merlonPolicyFile: true,
        merlonPinSection: true,
      };
    },
    initialize: () => {},
    getState: () => ({ kind: 'static' }),
    clear: () => {},
  });
  client.onNotification(STATUS, (value: Status) => status.show(value));
  client.onNotification(ASSESSED, () => {
    dependencies.refresh();
    onAssessed();
  });
  return client;
}

/** Read anew at every start, so that a server that is started again knows what has changed. */
function initializationOptions(): InitializationOptions {
  const settings = JSON.parse(JSON.stringify(vscode.workspace.getConfiguration('merlon'))) as Record<string, unknown>;
  return { ...settings, environment: readEnvironment() };
}
