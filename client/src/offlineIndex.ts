import * as vscode from 'vscode';
import {
  BUILD_INDEX,
  SYNC_INDEX,
  type BuildIndexParams,
  type BuildIndexResult,
  type SyncIndexParams,
  type SyncIndexResult,
} from '../../server/src/lsp/messages';
import type { Session } from './session';

/** Brings the offline index up to OSV's dump, with a bar that can be cancelled. */
export async function syncIndex(session: Session): Promise<void> {
  const params: SyncIndexParams = {};
  await showWork(session, 'Merlon: syncing the offline index', SYNC_INDEX, params);
}

/**
 * Asks for files or folders and builds the offline index of them, with a bar that can be cancelled. A key binding or a task may name
 * them: `{ "from": ["file:///…"] }`.
 */
export async function buildIndex(session: Session, [wanted]: readonly unknown[] = []): Promise<void> {
  const named = typeof wanted === 'object' && wanted !== null ? (wanted as { readonly from?: unknown }).from : undefined;
  const from = Array.isArray(named) ? named.map(String) : await pickSources();
  if (!from?.length) return;
  const params: BuildIndexParams = { from };
  await showWork(session, 'Merlon: building the offline index', BUILD_INDEX, params);
}

const kinds = [
  { label: 'Files', description: 'OSV dumps (.zip), .jsonl, .jsonl.gz', folders: false },
  { label: 'Folders', description: 'records (.json) at any depth', folders: true },
] as const;

/** On Windows and Linux one dialog cannot offer both. */
async function pickSources(): Promise<readonly string[] | undefined> {
  const title = 'Build the offline index from files';
  const kind = await vscode.window.showQuickPick(kinds, { title, placeHolder: 'What the records are in' });
  if (!kind) return undefined;
  const chosen = await vscode.window.showOpenDialog({
    title,
    openLabel: 'Build',
    canSelectMany: true,
    canSelectFiles: !kind.folders,
    canSelectFolders: kind.folders,
    ...(!kind.folders && { filters: { 'OSV records': ['zip', 'jsonl', 'gz', 'json'] } }),
  });
  return chosen?.map((uri) => uri.toString());
}

/** Has the server do what makes a new index, shows how far it is, and says what came of it. */
async function showWork(session: Session, title: string, request: string, params: object): Promise<void> {
  const { WorkDoneProgress } = await import('./library');
  const client = await session.client();
  const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
  const result = await vscode.window.withProgress(options, async (progress, token) => {
    const workDoneToken = `${request}-${Date.now()}`;
    let shown = 0;
    const listening = client.onProgress(WorkDoneProgress.type, workDoneToken, (value) => {
      if (value.kind !== 'report') return;
      const share = value.percentage ?? 0;
      // VS Code adds up; another part begins at nothing again, and a bar does not go back.
      progress.report({ ...(value.message !== undefined && { message: value.message }), increment: Math.max(0, share - shown) });
      shown = Math.max(shown, share);
    });
    try {
      return await client.sendRequest<SyncIndexResult | BuildIndexResult>(request, { ...params, workDoneToken }, token);
    } catch (error) {
      if (token.isCancellationRequested) return undefined;
      throw error;
    } finally {
      listening.dispose();
    }
  });
  if (!result) return;
  const isWell = result.ok && !('complete' in result && !result.complete);
  // Nobody waits until it is read.
  void (isWell ? vscode.window.showInformationMessage(result.text) : vscode.window.showWarningMessage(result.text));
}
