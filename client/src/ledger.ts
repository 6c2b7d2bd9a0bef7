import * as vscode from 'vscode';
import { EXPORT_LEDGER, LEDGER, type ExportLedgerParams } from '../../server/src/lsp/messages';
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

/** Writes the ledger to a file: JSON, or CSV where its name says so. A task may name the file: `{ "target": "file:///…" }`. */
export async function exportLedger(session: Session, [wanted]: readonly unknown[] = []): Promise<void> {
  const named = typeof wanted === 'object' && wanted !== null ? (wanted as { readonly target?: unknown }).target : undefined;
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const target =
    typeof named === 'string'
      ? vscode.Uri.parse(named, true)
      : await vscode.window.showSaveDialog({
          title: 'Export what leaves this machine',
          filters: { JSON: ['json'], CSV: ['csv'] },
          ...(folder && { defaultUri: vscode.Uri.joinPath(folder, 'merlon-ledger.json') }),
        });
  if (!target) return;
  const format: ExportLedgerParams['format'] = target.path.toLowerCase().endsWith('.csv') ? 'csv' : 'json';
  const text = await (await session.client()).sendRequest<string>(EXPORT_LEDGER, { format } satisfies ExportLedgerParams);
  await vscode.workspace.fs.writeFile(target, new TextEncoder().encode(text));
  const name = target.path.slice(target.path.lastIndexOf('/') + 1);
  void vscode.window.showInformationMessage(`What has left this machine is in ${name}.`, 'Open').then(async (answer) => {
    if (answer) await vscode.window.showTextDocument(target, { preview: true });
  });
}
