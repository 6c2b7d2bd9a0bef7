import type { ClientCapabilities, Connection, ServerCapabilities } from 'vscode-languageserver';
import type { Settings } from '../policy/settings';
import type { Session } from '../session/session';
import { codeLens } from './features/codeLens';
import { completion } from './features/completion';
import { hover } from './features/hover';
import { inlayHints } from './features/inlayHints';
import type { Assessed } from './folder';
import { createLookups } from './lookups';
import { createRefresher } from './refresher';
import type { Workspace } from './workspace';

export interface GlanceParts {
  readonly connection: Connection;
  readonly workspace: Workspace;
  readonly session: () => Session;
  readonly settingsOf: (folderUri: string) => Settings;
  readonly capabilities: () => ClientCapabilities;
  /** Since when a source could not be asked. */
  readonly since: (source: string) => Date | undefined;
  /** Runs a request after the settings have come. */
  readonly answer: <T>(work: () => T | Promise<T>) => Promise<T>;
  readonly onError: (error: unknown) => void;
}

/** What people see where they look, without asking for it: hover, hints behind ranges, versions while one is written, counts above sections. */
export interface Glances {
  /** Something was assessed anew: what the client shows may be old. */
  assessed(): void;
  dispose(): void;
}

export const glanceCapabilities = {
  hoverProvider: true,
  inlayHintProvider: true,
  codeLensProvider: {},
  completionProvider: { triggerCharacters: ['=', '^', '~', '"', "'", '>', '<', ' ', ',', '.'] },
} as const satisfies ServerCapabilities;

export function registerGlances(parts: GlanceParts): Glances {
  const { connection, workspace, session, settingsOf, capabilities, since, answer, onError } = parts;
  const lookups = createLookups(workspace, session, () => void workspace.reassess().catch(onError));
  const refresher = createRefresher(connection, workspace, capabilities, onError);

  /** The assessment of the text as the client has it; what it shows of another text would stand in the wrong places. */
  const current = (uri: string): Assessed | undefined => {
    const at = workspace.assessed(uri);
    return at && (workspace.openText(uri) ?? at.file.text) === at.file.text ? at : undefined;
  };
  const settings = ({ folder }: Assessed) => settingsOf(folder.uri);

  connection.onHover((params) => answer(() => hover(params, workspace, lookups, capabilities(), since)));
  connection.onCompletion((params) => answer(() => completion(params, workspace, lookups, capabilities())));
  connection.languages.inlayHint.on((params) =>
    answer(() => {
      const at = current(params.textDocument.uri);
      refresher.shown('hints', params.textDocument.uri, at?.file);
      return at ? inlayHints(params, at, settings(at).inlayHints) : [];
    }),
  );
  connection.onCodeLens(({ textDocument: { uri } }) =>
    answer(() => {
      const at = current(uri);
      refresher.shown('counts', uri, at?.file);
      return at && settings(at).codeLens ? codeLens(at, canPinSections(capabilities())) : [];
    }),
  );
  return refresher;
}

/** Our own client knows the command of the lens. */
function canPinSections({ experimental }: ClientCapabilities): boolean {
  return (experimental as { merlonPinSection?: boolean } | undefined)?.merlonPinSection === true;
}
