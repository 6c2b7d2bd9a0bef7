import { WatchKind, type FileSystemWatcher } from 'vscode-languageserver';
import { ecosystems } from '../ecosystems';
import { policyFileName } from '../scan/policies';

/** What the client is asked to watch on disk. */
export function watchers(): FileSystemWatcher[] {
  const readers = ecosystems.flatMap(({ manifests }) => manifests);
  // What a requirements file pulls in may have any name.
  const included = ['**/*.txt', '**/*.in'];
  const beside = readers.flatMap(({ companions, rootCompanions = [] }) => [...companions, ...rootCompanions]).map((name) => `**/${name}`);
  const locks = ecosystems.flatMap(({ lockfiles }) => lockfiles.flatMap((reader) => reader.patterns));
  const patterns = new Set([
    ...readers.flatMap((reader) => reader.patterns),
    ...locks,
    ...beside,
    ...included,
    '**/.gitignore',
    `**/${policyFileName}`,
  ]);
  // Of a folder that is deleted its own event alone is told.
  return [...[...patterns].map((globPattern) => ({ globPattern })), { globPattern: '**', kind: WatchKind.Delete }];
}
