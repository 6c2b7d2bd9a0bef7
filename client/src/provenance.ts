import * as vscode from 'vscode';
import { VERIFY_PROVENANCE, type VerifyProvenanceParams, type VerifyProvenanceResult } from '../../server/src/lsp/messages';
import type { Session } from './session';
import type { Texts } from './texts';

/** Verifies where the releases of the active manifest come from, or else those of the workspace, with a bar that can be cancelled. */
export async function verifyProvenance(session: Session, texts: Texts, selector: vscode.DocumentSelector): Promise<void> {
  const { WorkDoneProgress } = await import('./library');
  const client = await session.client();
  const document = vscode.window.activeTextEditor?.document;
  const manifest = document && vscode.languages.match(selector, document) > 0 ? document : undefined;
  const options = { location: vscode.ProgressLocation.Notification, title: 'Merlon: verifying provenance', cancellable: true };
  const result = await vscode.window.withProgress(options, async (progress, token) => {
    const workDoneToken = `merlon-provenance-${Date.now()}`;
    const listening = client.onProgress(WorkDoneProgress.type, workDoneToken, (value) => {
      if ('message' in value && value.message !== undefined) progress.report({ message: value.message });
    });
    const params: VerifyProvenanceParams = { workDoneToken, ...(manifest && { uri: manifest.uri.toString() }) };
    try {
      return await client.sendRequest<VerifyProvenanceResult>(VERIFY_PROVENANCE, params, token);
    } catch (error) {
      if (token.isCancellationRequested) return undefined;
      throw error;
    } finally {
      listening.dispose();
    }
  });
  if (result)
    await texts.show('Provenance', `${manifest ? vscode.workspace.asRelativePath(manifest.uri) : 'The workspace'}\n\n${result.text}`);
}
