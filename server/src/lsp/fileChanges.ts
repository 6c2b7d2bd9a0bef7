import { lockKindOf } from '../ecosystems';
import type { DocumentKind } from '../scan/document';
import type { LockEntry } from '../scan/lockStore';
import { isPolicyFile } from '../scan/policies';
import { kindAt, type Folder } from './folder';

export interface FileChange {
  readonly uri: string;
  readonly type: 'created' | 'changed' | 'deleted';
  /** It is known to be a folder; of others only those that hold manifests can be told. */
  readonly folder?: boolean;
}

/** What is to be read anew in a folder. */
export interface Rereading {
  /** Every path in the folder that has changed. */
  readonly paths: readonly string[];
  readonly policies: ReadonlySet<string>;
  readonly locks: readonly LockEntry[];
  readonly documents: readonly { readonly path: string; readonly kind: DocumentKind }[];
  /** There may be files that are not known yet, or others that are left out: the folder is to be looked through. */
  readonly walk: boolean;
}

/** What changes on disk mean for one folder, by what is held of it. */
export function rereadingOf(folder: Folder, changes: readonly FileChange[]): Rereading {
  const paths: string[] = [];
  const policies = new Set<string>();
  const locks = new Map<string, LockEntry>();
  const documents = new Map<string, DocumentKind>();
  let walk = false;
  for (const { uri, type, folder: isFolder } of changes) {
    const path = folder.pathOf(uri);
    if (path === undefined) continue;
    paths.push(path);
    if (isPolicyFile(path)) {
      policies.add(path);
      continue;
    }
    const lockKind = lockKindOf(path);
    // Held as a lockfile: read anew, and forgotten where it is no more. A compiled requirements file is a manifest besides.
    const lock = folder.locks.documents().find((held) => held.path === path);
    if (lock) locks.set(path, { path, kind: lock, ...(lock.only !== undefined && { only: lock.only }) });
    else if (lockKind && !folder.whole) locks.set(path, { path, kind: lockKind });
    if (lockKind && locks.has(path)) continue;
    const known = folder.project.document(path) !== undefined || folder.project.unread().some((file) => file.path === path);
    const kind = kindAt(folder, path);
    if (known && kind && type !== 'created') documents.set(path, kind);
    else if (isFolder || kind || lockKind || path === '.gitignore' || path.endsWith('/.gitignore')) walk = true;
    else if (type === 'deleted') walk ||= folder.project.documents().some((document) => document.path.startsWith(`${path}/`));
  }
  return { paths, policies, locks: [...locks.values()], documents: [...documents].map(([path, kind]) => ({ path, kind })), walk };
}
