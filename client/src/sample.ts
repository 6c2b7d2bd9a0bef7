import * as vscode from 'vscode';

/** Opens a fresh copy of the sample, in the extension's own storage: whoever tries the fixes on it changes nothing of theirs. */
export async function openSample(context: vscode.ExtensionContext): Promise<void> {
  const source = vscode.Uri.joinPath(context.extensionUri, 'media', 'walkthrough', 'sample', 'requirements.txt');
  const copy = vscode.Uri.joinPath(context.globalStorageUri, 'sample', 'requirements.txt');
  await vscode.workspace.fs.copy(source, copy, { overwrite: true });
  const document = await vscode.workspace.openTextDocument(copy);
  const editor = await vscode.window.showTextDocument(document, { preview: false });
  const line = document.lineAt(
    Math.max(
      0,
      document
        .getText()
        .split('\n')
        .findIndex((text) => text.startsWith('litellm')),
    ),
  );
  editor.selection = new vscode.Selection(line.range.start, line.range.start);
}
