import * as vscode from 'vscode';
import { LEDGER } from '../../server/src/lsp/messages';
import type { Session } from './session';

export const ledgerUri = vscode.Uri.from({ scheme: 'merlon', path: '/What leaves this machine.md' });

/** The read-only document that lists every request made. It is asked for whenever the command runs, so it never shows an old state as new. */
export function registerLedger(session: Session): vscode.Disposable {
  const changed = new vscode.EventEmitter<vscode.Uri>();
  const provider: vscode.TextDocumentContentProvider = {
    onDidChange: changed.event,
    provideTextDocumentContent: async () => (await session.client()).sendRequest<string>(LEDGER),
  };
  return vscode.Disposable.from(
    changed,
    vscode.workspace.registerTextDocumentContentProvider(ledgerUri.scheme, provider),
    vscode.commands.registerCommand('merlon.showLedger', async () => {
      changed.fire(ledgerUri);
      const document = await vscode.workspace.openTextDocument(ledgerUri);
      await vscode.window.showTextDocument(document, { preview: true });
    }),
  );
}
