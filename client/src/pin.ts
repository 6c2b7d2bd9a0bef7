import * as vscode from 'vscode';
import type { LanguageClient, WorkspaceEdit } from 'vscode-languageclient/node';
import { PIN_AI, type PinAiParams, type PinAiResult } from '../../server/src/lsp/messages';

/**
 * Pins the AI dependencies of one document or of the whole workspace, or all of one section. Every edit needs confirmation, so VS Code
 * opens its refactor preview; nothing is saved. (An edit marked as refactoring would be saved by `files.refactoring.autoSave`, so it is
 * not marked.)
 */
export async function pinAi(client: LanguageClient, params: PinAiParams, output: vscode.LogOutputChannel): Promise<void> {
  const result = await askWhileDocumentsStandStill(client, params);
  result.left.forEach((line) => output.info(`Not pinned: ${line}`));
  const left = result.left.length ? ` ${result.left.length} could not be pinned; the output says why.` : '';
  if (!result.edit) {
    await vscode.window.showInformationMessage(`There is no ${params.section === undefined ? 'AI ' : ''}dependency to pin.${left}`);
    return;
  }
  const edit = await client.protocol2CodeConverter.asWorkspaceEdit(result.edit as WorkspaceEdit);
  const applied = await vscode.workspace.applyEdit(edit);
  if (applied && left) await vscode.window.showInformationMessage(left.trim());
}

/** An answer about an older text must not be written into a newer one: it is asked for again. */
async function askWhileDocumentsStandStill(client: LanguageClient, params: PinAiParams): Promise<PinAiResult> {
  for (let attempt = 0; attempt < 3; attempt++) {
    const result = await client.sendRequest<PinAiResult>(PIN_AI, params);
    if (!result.edit || isCurrent(result.edit)) return result;
  }
  throw new Error('The files keep changing. Try again when they stand still.');
}

function isCurrent(edit: WorkspaceEdit): boolean {
  const versions = new Map(vscode.workspace.textDocuments.map((document) => [document.uri.toString(), document.version]));
  return (edit.documentChanges ?? []).every((change) => {
    if (!('textDocument' in change)) return true;
    const { uri, version } = change.textDocument;
    const open = versions.get(vscode.Uri.parse(uri).toString());
    return version === null || open === undefined || open === version;
  });
}
