import type { ClientCapabilities, Connection } from 'vscode-languageserver';
import type { ScannedFile } from '../core/report';
import { ASSESSED } from './messages';
import type { Workspace } from './workspace';

/** What follows the text need not follow each letter. */
const quietMs = 300;
/** Documents of which something was shown; of more than these a client shows few at once. */
const mostKept = 500;

type Kind = 'hints' | 'counts';

export interface Refresher {
  /** Hints or counts of this document were shown as of this assessment. */
  shown(kind: Kind, uri: string, file: ScannedFile | undefined): void;
  assessed(): void;
  dispose(): void;
}

/**
 * Has the client ask anew for hints and counts where what it shows rests on an older assessment: after typing it asks by itself, but it
 * does not know that answers have come, or that another file has changed. Our own is told for its view of dependencies, too.
 */
export function createRefresher(
  connection: Connection,
  workspace: Workspace,
  capabilities: () => ClientCapabilities,
  onError: (error: unknown) => void,
): Refresher {
  const shown = new Map<string, { readonly kind: Kind; readonly uri: string; readonly file: ScannedFile | undefined }>();
  let soon: NodeJS.Timeout | undefined;

  const refresh = () => {
    soon = undefined;
    if (followsAssessments(capabilities())) connection.sendNotification(ASSESSED).catch(onError);
    const stale = [...shown].filter(([, { uri, file }]) => workspace.assessed(uri)?.file !== file);
    if (!stale.length) return;
    // What is closed is not asked for any more, and no reason to ask again.
    for (const [key] of stale) shown.delete(key);
    const can = capabilities().workspace;
    const has = (kind: Kind) => stale.some(([, one]) => one.kind === kind);
    if (has('hints') && can?.inlayHint?.refreshSupport) connection.languages.inlayHint.refresh().catch(onError);
    if (has('counts') && can?.codeLens?.refreshSupport) connection.sendRequest('workspace/codeLens/refresh').catch(onError);
  };

  return {
    shown(kind, uri, file) {
      const key = `${kind} ${uri}`;
      shown.delete(key);
      shown.set(key, { kind, uri, file });
      if (shown.size > mostKept) shown.delete(shown.keys().next().value!);
    },
    assessed() {
      if (shown.size || followsAssessments(capabilities())) soon ??= setTimeout(refresh, quietMs);
    },
    dispose() {
      clearTimeout(soon);
    },
  };
}

function followsAssessments({ experimental }: ClientCapabilities): boolean {
  return (experimental as { merlonDependencies?: boolean } | undefined)?.merlonDependencies === true;
}
