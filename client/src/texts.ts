import * as vscode from 'vscode';

/** Read-only documents of plain text that somebody asked for. */
export interface Texts extends vscode.Disposable {
  /** Shows a text under a title; the same title again shows the new text in the same document. */
  show(title: string, text: string): Promise<void>;
}

const scheme = 'merlon-text';

export function createTexts(): Texts {
  const texts = new Map<string, string>();
  const changed = new vscode.EventEmitter<vscode.Uri>();
  const registered = vscode.Disposable.from(
    changed,
    vscode.workspace.registerTextDocumentContentProvider(scheme, {
      onDidChange: changed.event,
      provideTextDocumentContent: (uri) => texts.get(uri.path) ?? '',
    }),
    vscode.workspace.onDidCloseTextDocument(({ uri }) => uri.scheme === scheme && texts.delete(uri.path)),
  );
  return {
    show: async (title, text) => {
      // A slash would hide the beginning of the title.
      const uri = vscode.Uri.from({ scheme, path: `/${title.replaceAll('/', '∕')}.txt` });
      texts.set(uri.path, text);
      changed.fire(uri);
      await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri), { preview: true });
    },
    dispose: () => void registered.dispose(),
  };
}
