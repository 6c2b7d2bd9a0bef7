import * as vscode from 'vscode';
import type { Api } from '../../../client/src/extension';

/** Asks until the answer is there. What is `undefined` or `false` is no answer. */
export async function until<T>(what: string, ask: () => T | undefined | false | Promise<T | undefined | false>, ms = 12_000): Promise<T> {
  const start = Date.now();
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    if (Date.now() - start > ms) throw new Error(`timed out: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 40));
  }
}

export async function api(): Promise<Api> {
  const extension = vscode.extensions.getExtension<Api>('merlon.merlon');
  if (!extension) throw new Error('the extension is not installed');
  return extension.activate();
}

export function inWorkspace(path: string): vscode.Uri {
  return vscode.Uri.joinPath(vscode.workspace.workspaceFolders![0]!.uri, path);
}

export function findings(uri: vscode.Uri): vscode.Diagnostic[] {
  return vscode.languages.getDiagnostics(uri).filter((diagnostic) => diagnostic.source === 'merlon');
}

export function rule(diagnostic: vscode.Diagnostic): string {
  return String(typeof diagnostic.code === 'object' ? diagnostic.code.value : diagnostic.code);
}

/** The finding of this rule in this file, as soon as there is one. */
export async function finding(uri: vscode.Uri, id: string): Promise<vscode.Diagnostic> {
  return until(`${id} in ${uri.path}`, () => findings(uri).find((diagnostic) => rule(diagnostic) === id));
}

export async function noFinding(uri: vscode.Uri, id: string): Promise<void> {
  await until(`no ${id} in ${uri.path}`, () => !findings(uri).some((diagnostic) => rule(diagnostic) === id));
}

export async function show(uri: vscode.Uri): Promise<vscode.TextEditor> {
  return vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri), { preview: false });
}

/** A request in flight is cancelled whenever any extension registers a provider, which they do for a while after the start: ask again. */
export async function codeActions(uri: vscode.Uri, range: vscode.Range, kind: string): Promise<vscode.CodeAction[]> {
  return until(`code actions in ${uri.path}`, async () => {
    try {
      const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>('vscode.executeCodeActionProvider', uri, range, kind);
      const ours = actions.filter((action) => action.kind?.value.startsWith(kind));
      return ours.length ? ours : undefined;
    } catch (error) {
      if (/cancel/i.test(String(error))) return undefined;
      throw error;
    }
  });
}

/** Puts a document back to what is on disk and closes it. */
export async function discard(): Promise<void> {
  await vscode.commands.executeCommand('workbench.action.files.revert');
  await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
}
