import * as vscode from 'vscode';

/** What is read of our own package. */
export interface PackageJson {
  readonly activationEvents?: readonly string[];
}

/** The globs of every manifest that is read. They are static data of the package: what activates the extension, generated from the server's lists. */
export function manifestPatterns(packageJson: PackageJson): readonly string[] {
  const prefix = 'workspaceContains:';
  return (packageJson.activationEvents ?? []).filter((event) => event.startsWith(prefix)).map((event) => event.slice(prefix.length));
}

/** Documents are chosen by file pattern, never by language: another extension may call the language of these files as it likes. */
export function manifestSelector(patterns: readonly string[]): { scheme: string; pattern: string }[] {
  return ['file', 'untitled'].flatMap((scheme) => patterns.map((pattern) => ({ scheme, pattern })));
}

/** Calls once: at once where a manifest is open or lies in a folder, else as soon as one is opened or written. */
export function whenManifestAppears(
  patterns: readonly string[],
  selector: vscode.DocumentSelector,
  found: (why: string) => void,
): vscode.Disposable {
  const waiting: vscode.Disposable[] = [];
  let done = false;
  const dispose = () => {
    for (const item of waiting.splice(0)) item.dispose();
  };
  const finish = (why: string) => {
    dispose();
    if (!done) found(why);
    done = true;
  };
  const isManifest = (document: vscode.TextDocument) => vscode.languages.match(selector, document) > 0;
  const glob = `{${patterns.join(',')}}`;
  const search = async () => {
    if (!vscode.workspace.workspaceFolders?.length) return;
    const files = vscode.workspace.findFiles(glob, '**/{node_modules,.venv,venv,site-packages}/**', 1);
    // While a window opens, and in a huge folder, the search may take many seconds: longer than the server needs to look for itself.
    const slow = new Promise<undefined>((resolve) => setTimeout(() => resolve(undefined), 500));
    const answer = await Promise.race([files, slow]);
    if (!answer) finish('the search for manifests takes long');
    else if (answer.length) finish('a folder holds a manifest');
  };
  if (vscode.workspace.textDocuments.some(isManifest)) {
    finish('a manifest is open');
  } else {
    const watcher = vscode.workspace.createFileSystemWatcher(glob, false, true, true);
    waiting.push(
      watcher,
      watcher.onDidCreate(() => finish('a manifest was written')),
      vscode.workspace.onDidOpenTextDocument((document) => isManifest(document) && finish('a manifest was opened')),
      vscode.workspace.onDidChangeWorkspaceFolders(() => void search()),
    );
    void search();
  }
  return {
    dispose: () => {
      done = true;
      dispose();
    },
  };
}
