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
export function whenManifestAppears(patterns: readonly string[], selector: vscode.DocumentSelector, found: () => void): vscode.Disposable {
  const waiting: vscode.Disposable[] = [];
  let done = false;
  const dispose = () => {
    for (const item of waiting.splice(0)) item.dispose();
  };
  const finish = () => {
    dispose();
    if (!done) found();
    done = true;
  };
  const isManifest = (document: vscode.TextDocument) => vscode.languages.match(selector, document) > 0;
  const glob = `{${patterns.join(',')}}`;
  const search = async () => {
    const files = await vscode.workspace.findFiles(glob, '**/{node_modules,.venv,venv,site-packages}/**', 1);
    if (files.length) finish();
  };
  if (vscode.workspace.textDocuments.some(isManifest)) {
    finish();
  } else {
    const watcher = vscode.workspace.createFileSystemWatcher(glob, false, true, true);
    waiting.push(
      watcher,
      watcher.onDidCreate(finish),
      vscode.workspace.onDidOpenTextDocument((document) => isManifest(document) && finish()),
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
