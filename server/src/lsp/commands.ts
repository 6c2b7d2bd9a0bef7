import type { CancellationToken, ClientCapabilities, Connection } from 'vscode-languageserver';
import type { Report } from '../core/report';
import type { WorkerClient } from '../platform/worker';
import type { Rules } from '../scan/engine';
import type { Session } from '../session/session';
import type { Asker } from './asker';
import { checkWorkspace } from './features/checkWorkspace';
import { dependencies } from './features/dependencies';
import { pinAi } from './features/pinAi';
import { report as reportOf } from './features/report';
import { sbom } from './features/sbom';
import { suppress } from './features/suppress';
import { verify } from './features/verify';
import { verifyProvenance } from './features/verifyProvenance';
import { whyHere } from './features/whyHere';
import {
  CHECK_WORKSPACE,
  DEPENDENCIES,
  DEPENDENCY,
  PIN_AI,
  REPORT,
  SBOM,
  SUPPRESS,
  VERIFY,
  VERIFY_PROVENANCE,
  type DependenciesParams,
  type DependencyParams,
  type PinAiParams,
  type ReportParams,
  type SbomParams,
  type SuppressParams,
  type VerifyParams,
  type VerifyProvenanceParams,
} from './messages';
import type { Workspace } from './workspace';

export interface CommandParts {
  readonly connection: Connection;
  readonly workspace: Workspace;
  readonly asker: Asker;
  readonly session: () => Session;
  readonly report: () => Report;
  /** The URIs of the workspace folders. */
  readonly folders: () => readonly string[];
  readonly rulesOf: (folderUri: string) => Rules;
  readonly trusted: () => boolean;
  readonly capabilities: () => ClientCapabilities;
  readonly startWorker: () => WorkerClient;
  /** What the server calls its own version. */
  readonly version: string;
  /** Runs a request after the settings have come. */
  readonly answer: <T>(work: () => T | Promise<T>) => Promise<T>;
}

/** What people ask for: the requests behind commands and views, each of them one feature. */
export function registerCommands(parts: CommandParts): void {
  const { connection, workspace, asker, session, report, capabilities, version, answer } = parts;

  connection.onRequest(CHECK_WORKSPACE, () => answer(() => checkWorkspace(session(), workspace, asker, report)));
  connection.onRequest(SUPPRESS, (params: SuppressParams) =>
    answer(() => suppress(params, workspace, session().clock.now(), capabilities())),
  );
  connection.onRequest(PIN_AI, (params: PinAiParams) => answer(() => pinAi(params, workspace, session(), capabilities())));
  connection.onRequest(DEPENDENCIES, (params: DependenciesParams | null, token: CancellationToken) =>
    answer(() => dependencies(params ?? {}, workspace, token)),
  );
  connection.onRequest(DEPENDENCY, (params: DependencyParams) => answer(() => whyHere(params, workspace)));
  connection.onRequest(VERIFY, (params: VerifyParams | null, token: CancellationToken) =>
    answer(() => verify(params ?? {}, token, { ...parts, session: session(), folders: parts.folders(), trusted: parts.trusted() })),
  );
  connection.onRequest(VERIFY_PROVENANCE, (params: VerifyProvenanceParams | null, token: CancellationToken) =>
    answer(() => verifyProvenance(params ?? {}, token, { connection, session: session(), workspace, asker })),
  );
  connection.onRequest(REPORT, (params: ReportParams) => answer(() => reportOf(params, version, session(), workspace, asker)));
  connection.onRequest(SBOM, (params: SbomParams) => answer(() => sbom(params, version, session(), workspace, asker)));
}
