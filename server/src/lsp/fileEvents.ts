import { FileChangeType, type Connection } from 'vscode-languageserver';
import type { FileChange } from './fileChanges';
import { withoutSlash } from './folders';

/** How long events of files are gathered: a branch switch is one pass. */
const burstMs = 150;
const types = { [FileChangeType.Created]: 'created', [FileChangeType.Deleted]: 'deleted', [FileChangeType.Changed]: 'changed' } as const;

/** Hears what happens to files on disk, from watchers and from the client's own doings, and tells of each burst once: the last word on each file. */
export function registerFileEvents(connection: Connection, onBurst: (changes: readonly FileChange[]) => void): void {
  let burst: Map<string, FileChange> | undefined;
  const gather = (changes: readonly FileChange[]) => {
    if (!burst) {
      const gathered = (burst = new Map<string, FileChange>());
      setTimeout(() => {
        burst = undefined;
        onBurst([...gathered.values()]);
      }, burstMs);
    }
    for (const change of changes) burst.set(change.uri, change);
  };
  const moved = (uri: string, type: 'created' | 'deleted') => ({ uri: withoutSlash(uri), type, folder: true });
  connection.onDidChangeWatchedFiles(({ changes }) => gather(changes.map(({ uri, type }) => ({ uri, type: types[type] }))));
  connection.workspace.onDidCreateFiles(({ files }) => gather(files.map(({ uri }) => moved(uri, 'created'))));
  connection.workspace.onDidDeleteFiles(({ files }) => gather(files.map(({ uri }) => moved(uri, 'deleted'))));
  connection.workspace.onDidRenameFiles(({ files }) =>
    gather(files.flatMap(({ oldUri, newUri }) => [moved(oldUri, 'deleted'), moved(newUri, 'created')])),
  );
}
