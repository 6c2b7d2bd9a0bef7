import * as vscode from 'vscode';
import type { Status } from '../../server/src/lsp/messages';
import { registerCommands } from './commands';
import { createDependencies, type Dependencies } from './dependencies';
import { registerLedger } from './ledger';
import { manifestPatterns, manifestSelector, whenManifestAppears, type PackageJson } from './manifests';
import { createReport } from './report';
import { createSession } from './session';
import { createStatus } from './status';
import { createTexts } from './texts';

/** What other extensions, and our tests, may ask. */
export interface Api {
  /** What the status item says at present; absent before the server has said anything. */
  status(): Status | undefined;
  /** Whether a server runs. */
  running(): boolean;
  /** What the view of dependencies shows. */
  readonly dependencies: Dependencies;
  /** The page that the report's tab shows; `undefined` where it is closed. */
  report(): string | undefined;
}

/**
 * Activation does next to nothing: a JSON file of any kind activates us, since VS Code has no language for package.json alone. The
 * server starts when there is a manifest to read, or when a command asks for it.
 */
export function activate(context: vscode.ExtensionContext): Api {
  const patterns = manifestPatterns(context.extension.packageJSON as PackageJson);
  const selector = manifestSelector(patterns);
  const output = vscode.window.createOutputChannel('Merlon', { log: true });
  const status = createStatus(selector);
  const texts = createTexts();
  const dependencies = createDependencies(texts, output);
  const session = createSession({ context, selector, output, status, dependencies });
  const report = createReport(session, output);
  context.subscriptions.push(output, status, texts, dependencies, session, report);
  context.subscriptions.push(registerLedger(session), registerCommands({ context, session, output, selector, texts, report }));
  context.subscriptions.push(
    whenManifestAppears(patterns, selector, (why) => {
      output.info(`The server starts: ${why}.`);
      void session.start();
    }),
  );
  return { status: status.current, running: session.running, dependencies: dependencies.provider, report: report.html };
}
