import os from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { VERIFY, type VerifyParams, type VerifyResult } from '../../server/src/lsp/messages';
import type { Session } from './session';
import type { Texts } from './texts';

/** Verifies what is installed, with a bar that can be cancelled, and shows what was found and what was looked at. */
export async function verifyInstalled(session: Session, texts: Texts): Promise<void> {
  const { WorkDoneProgress } = await import('./library');
  const client = await session.client();
  const options = { location: vscode.ProgressLocation.Notification, title: 'Merlon: verifying what is installed', cancellable: true };
  const result = await vscode.window.withProgress(options, async (progress, token) => {
    const workDoneToken = `merlon-verify-${Date.now()}`;
    const listening = client.onProgress(WorkDoneProgress.type, workDoneToken, (value) => {
      if ('message' in value && value.message !== undefined) progress.report({ message: value.message });
    });
    const params: VerifyParams = { workDoneToken, interpreters: interpreters() };
    try {
      return await client.sendRequest<VerifyResult>(VERIFY, params, token);
    } catch (error) {
      if (token.isCancellationRequested) return undefined;
      throw error;
    } finally {
      listening.dispose();
    }
  });
  if (result) await texts.show('What is installed', result.text);
}

/** As VS Code's Python tools name the interpreter of a folder; a bare `python` names none. */
function interpreters(): NonNullable<VerifyParams['interpreters']> {
  return (vscode.workspace.workspaceFolders ?? []).flatMap(({ uri }) => {
    const written: unknown = vscode.workspace.getConfiguration('python', uri).get('defaultInterpreterPath');
    if (typeof written !== 'string' || !/[/\\]/.test(written) || uri.scheme !== 'file') return [];
    const named = written
      .replace(/\$\{workspaceFolder(?::[^}]*)?\}/g, () => uri.fsPath)
      .replace(/\$\{userHome\}|^~(?=[/\\])/g, () => os.homedir())
      .replace(/\$\{env:([^}]+)\}/g, (_, name: string) => process.env[name] ?? '');
    return [{ folder: uri.toString(), path: path.resolve(uri.fsPath, named) }];
  });
}
