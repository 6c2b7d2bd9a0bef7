import { createFolder, looseFolderUri, type Folder, type OpenDocuments } from './folder';
import { relativePlace } from './places';

export interface Located {
  readonly folder: Folder;
  readonly path: string;
}

/** The workspace folders, and the folders of documents that were opened alone. A file belongs to the innermost workspace folder that holds it. */
export interface Folders {
  all(): readonly Folder[];
  has(folder: Folder): boolean;
  find(uri: string): Located | undefined;
  /** The same; a document that no folder holds gets one of its own. */
  open(uri: string): Located | undefined;
  /** Whether what the folder holds at this path is its own, and no inner folder's. */
  owns(folder: Folder, path: string): boolean;
  /** Takes these as the workspace folders. Answers what is new, and what is gone. */
  set(uris: readonly string[]): { readonly added: readonly Folder[]; readonly removed: readonly Folder[] };
  drop(folder: Folder): void;
}

export function createFolders(documents: OpenDocuments): Folders {
  const folders = new Map<string, Folder>();
  /** Of each folder, the workspace folders inside it. */
  const inner = new Map<Folder, readonly string[]>();

  const innerOf = (folder: Folder): readonly string[] => {
    let known = inner.get(folder);
    if (!known) {
      known = [...folders.values()].flatMap((other) => {
        if (!other.whole || other.place === undefined || folder.place === undefined) return [];
        const path = relativePlace(folder.place, other.place);
        return path === undefined || path === '' ? [] : [`${path}/`];
      });
      inner.set(folder, known);
    }
    return known;
  };

  const find = (uri: string): Located | undefined => {
    let best: Located | undefined;
    for (const folder of folders.values()) {
      const path = folder.whole ? folder.pathOf(uri) : undefined;
      if (path !== undefined && (!best || path.length < best.path.length)) best = { folder, path };
    }
    if (best) return best;
    const folder = folders.get(looseFolderUri(uri));
    const path = folder?.pathOf(uri);
    return folder && path !== undefined ? { folder, path } : undefined;
  };

  return {
    all: () => [...folders.values()],
    has: (folder) => folders.get(folder.uri) === folder,
    find,
    open(uri) {
      const known = find(uri);
      if (known) return known;
      const folder = createFolder(looseFolderUri(uri), false, documents);
      const path = folder.pathOf(uri);
      if (path === undefined) return undefined;
      folders.set(folder.uri, folder);
      return { folder, path };
    },
    owns: (folder, path) => !innerOf(folder).some((prefix) => path.startsWith(prefix)),
    set(uris) {
      inner.clear();
      const wanted = new Set(uris.map(withoutSlash));
      const added = [...wanted].filter((uri) => !folders.get(uri)?.whole).map((uri) => createFolder(uri, true, documents));
      const gone = [...folders.values()].filter(({ uri, whole }) => whole && !wanted.has(uri));
      // A document that was opened alone may now lie in a workspace folder.
      const loose = added.length ? [...folders.values()].filter(({ whole }) => !whole) : [];
      const removed = [...gone, ...loose];
      for (const folder of removed) folders.delete(folder.uri);
      for (const folder of added) folders.set(folder.uri, folder);
      return { added, removed };
    },
    drop(folder) {
      folders.delete(folder.uri);
      inner.delete(folder);
    },
  };
}

/** `file:///` is the root, and keeps its slashes. */
export function withoutSlash(uri: string): string {
  return uri.endsWith('/') && !uri.endsWith('//') && !uri.endsWith(':/') ? uri.slice(0, -1) : uri;
}
