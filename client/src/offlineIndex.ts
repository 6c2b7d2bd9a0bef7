import * as vscode from 'vscode';
import { SYNC_INDEX, type SyncIndexParams, type SyncIndexResult } from '../../server/src/lsp/messages';
import type { Session } from './session';

/** Brings the offline index up to OSV's dump, with a bar that can be cancelled. */
export async function syncIndex(session: Session): Promise<void> {
  const { WorkDoneProgress } = await import('./library');
  const client = await session.client();
  const options = { location: vscode.ProgressLocation.Notification, title: 'Merlon: syncing the offline index', cancellable: true };
  const result = await vscode.window.withProgress(options, async (progress, token) => {
    const workDoneToken = `merlon-sync-${Date.now()}`;
    let shown = 0;
    const listening = client.onProgress(WorkDoneProgress.type, workDoneToken, (value) => {
      if (value.kind !== 'report') return;
      const share = value.percentage ?? 0;
      // VS Code adds up; another part begins at nothing again, and a bar does not go back.
      progress.report({ ...(value.message !== undefined && { message: value.message }), increment: Math.max(0, share - shown) });
      shown = Math.max(shown, share);
    });
    try {
      return await client.sendRequest<SyncIndexResult>(SYNC_INDEX, { workDoneToken } satisfies SyncIndexParams, token);
    } catch (error) {
      if (token.isCancellationRequested) return undefined;
      throw error;
    } finally {
      listening.dispose();
    }
  });
  if (!result) return;
  // Nobody waits until it is read.
  void (result.ok ? vscode.window.showInformationMessage(result.text) : vscode.window.showWarningMessage(result.text));
}
