import * as vscode from 'vscode';
import type { WorkspaceEdit } from 'vscode-languageclient/node';
import { SUPPRESS, type SuppressParams } from '../../server/src/lsp/messages';
import type { Session } from './session';

/** What the code action knows of the finding. */
export type SuppressedFinding = Omit<SuppressParams, 'reason'>;

/** Asks why, then writes the entry into the team's policy file, which is shown and not saved: who reviews it should have seen it. */
export async function suppressFinding(session: Session, output: vscode.LogOutputChannel, finding?: SuppressedFinding): Promise<void> {
  if (!finding) return;
  try {
    const about = [finding.package, finding.version].filter(Boolean).join(' ');
    const reason = await vscode.window.showInputBox({
      title: `Merlon: suppress ${finding.rule}${about ? ` for ${about}` : ''}`,
      prompt: 'Why? It is written into merlon.toml for whoever reviews it, and holds for 30 days.',
      validateInput: (text) => (text.trim() === '' ? 'A suppression without a reason has no effect.' : undefined),
      ignoreFocusOut: true,
    });
    if (reason === undefined) return;
    const client = await session.client();
    const edit = await client.sendRequest<WorkspaceEdit | null>(SUPPRESS, { ...finding, reason } satisfies SuppressParams);
    const converted = edit && (await client.protocol2CodeConverter.asWorkspaceEdit(edit));
    if (!converted || !(await vscode.workspace.applyEdit(converted)))
      throw new Error('The finding is no more, or the policy file has changed. Nothing was written.');
    const [uri] = converted.entries().at(-1) ?? [];
    if (uri) await vscode.window.showTextDocument(uri, { preview: false, preserveFocus: true, viewColumn: vscode.ViewColumn.Beside });
  } catch (error) {
    output.error(`merlon.suppress: ${String(error)}`);
    void vscode.window.showErrorMessage(error instanceof Error ? error.message : String(error));
  }
}
