import { fileURLToPath } from 'node:url';
import type { Connection, Diagnostic } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { ScannedFile } from '../core/report';
import { kindOf } from '../ecosystems';
import { walk } from '../platform/walk';
import { diagnosticsOf, unreadDiagnostic } from '../render/diagnostics';
import type { Naming } from '../render/codeActions';
import type { ManifestDocument } from '../scan/document';
import type { Rules } from '../scan/engine';
import type { Session } from '../session/session';
import type { Configuration } from './configuration';
import { createFolder, looseFolderUri, type Folder, type OpenDocuments } from './folder';

/** An open document or a file on disk, assessed. */
export interface Assessed {
  readonly folder: Folder;
  readonly path: string;
  readonly file: ScannedFile;
}

export interface WorkspaceOptions {
  readonly connection: Connection;
  /** The documents open in the editor. */
  readonly documents: { get(uri: string): TextDocument | undefined; all(): TextDocument[] };
  /** Told when anything was assessed anew. */
  readonly onAssessed: () => void;
}

/**
 * Every manifest of every folder, its last assessment, and its diagnostics at the client. The first pass is synchronous:
 * from a changed text to published diagnostics without waiting for anything.
 */
export interface Workspace {
  configure(session: Session, configuration: Configuration): void;
  setFolders(uris: readonly string[]): Promise<void>;
  /** A document was opened or its text has changed. */
  changed(document: TextDocument): void;
  closed(document: TextDocument): Promise<void>;
  /** Files changed on disk: one pass for all of them. */
  filesChanged(changes: readonly { readonly uri: string; readonly deleted: boolean; readonly created: boolean }[]): Promise<void>;
  /** Walks every folder anew. */
  rescan(): Promise<void>;
  /** Assesses everything from what is held, and publishes what has changed. */
  reassess(): void;
  assessed(uri: string): Assessed | undefined;
  /** The text of a document, if it is open. */
  openText(uri: string): string | undefined;
  all(): readonly Assessed[];
  unread(): readonly { readonly path: string; readonly message: string }[];
  rulesOf(folder: Folder): Rules;
  namingOf(folder: Folder): Naming;
}

/** How long typing pauses before what depends on the file is read anew. */
const pauseMs = 300;

export function createWorkspace({ connection, documents, onAssessed }: WorkspaceOptions): Workspace {
  let session: Session;
  let configuration: Configuration;
  const folders = new Map<string, Folder>();
  const assessed = new Map<string, Assessed>();
  const published = new Map<string, string>();
  const rules = new Map<string, Rules>();

  const open: OpenDocuments = {
    textAt: (uri) => documents.get(uri)?.getText(),
    uriAt: (place) => documents.all().find(({ uri }) => uri.startsWith('file:') && fileURLToPath(uri) === place)?.uri,
  };

  const folderOf = (uri: string): { folder: Folder; path: string } | undefined => {
    let best: { folder: Folder; path: string } | undefined;
    for (const folder of folders.values()) {
      const path = folder.whole ? folder.pathOf(uri) : undefined;
      if (path !== undefined && (!best || path.length < best.path.length)) best = { folder, path };
    }
    if (best) return best;
    const looseUri = looseFolderUri(uri);
    let folder = folders.get(looseUri);
    if (!folder) folders.set(looseUri, (folder = createFolder(looseUri, false, open)));
    const path = folder.pathOf(uri);
    return path === undefined ? undefined : { folder, path };
  };

  const rulesOf = (folder: Folder): Rules => {
    let own = rules.get(folder.uri);
    if (!own) {
      const { policy, privatePackages } = configuration.ofFolder(folder.uri);
      rules.set(folder.uri, (own = { policy, privatePackages }));
    }
    return own;
  };

  // Keyed by folder and path, since a client may write one file's URI in several ways.
  const keyOf = (folder: Folder, path: string) => `${folder.uri} ${path}`;

  const publish = (folder: Folder, path: string, diagnostics: Diagnostic[]) => {
    const uri = folder.uriOf(path);
    const version = documents.get(uri)?.version;
    const key = keyOf(folder, path);
    const content = JSON.stringify(diagnostics);
    const before = published.get(key) ?? '[]';
    if (before === content && version === undefined) return;
    if (diagnostics.length) published.set(key, content);
    else published.delete(key);
    void connection.sendDiagnostics({ uri, diagnostics, ...(version !== undefined && { version }) });
  };

  const forget = (folder: Folder, path: string) => {
    assessed.delete(keyOf(folder, path));
    publish(folder, path, []);
  };

  const assess = (folder: Folder, path: string) => {
    const document = folder.project.document(path);
    if (!document) return forget(folder, path);
    const file = session.engine.assess(document, rulesOf(folder));
    assessed.set(keyOf(folder, path), { folder, path, file });
    publish(folder, path, diagnosticsOf(file));
  };

  const assessFolder = (folder: Folder) => {
    const paths = new Set(folder.project.documents().map(({ path }) => path));
    for (const path of paths) assess(folder, path);
    const unread = new Map(folder.project.unread().map(({ path, message }) => [path, message]));
    for (const { folder: own, path } of [...assessed.values()]) if (own === folder && !paths.has(path)) forget(folder, path);
    for (const [path, message] of unread) publish(folder, path, [unreadDiagnostic(message)]);
  };

  const walkFolder = async (folder: Folder) => {
    if (!folder.whole || folder.place === undefined) return;
    const { exclude } = configuration.ofFolder(folder.uri);
    const found = new Set<string>();
    for await (const path of walk(folder.place, { exclude, matches: (name) => kindOf(name) !== undefined })) found.add(path);
    for (const { uri } of documents.all()) {
      const path = folder.pathOf(uri);
      if (path !== undefined && kindOf(path)) found.add(path);
    }
    for (const { path } of folder.project.documents()) if (!found.has(path)) folder.project.remove(path);
    await folder.project.load([...found].sort().map((path) => ({ path, kind: kindOf(path)! })));
    assessFolder(folder);
    onAssessed();
  };

  const workspace: Workspace = {
    configure(nextSession, nextConfiguration) {
      session = nextSession;
      configuration = nextConfiguration;
      rules.clear();
    },
    async setFolders(uris) {
      const wanted = new Set(uris.map((uri) => (uri.endsWith('/') ? uri.slice(0, -1) : uri)));
      for (const [uri, folder] of folders) {
        if (!folder.whole || wanted.has(uri)) continue;
        folders.delete(uri);
        for (const one of [...assessed.values()]) if (one.folder === folder) forget(folder, one.path);
      }
      const fresh = [...wanted].filter((uri) => !folders.get(uri)?.whole).map((uri) => createFolder(uri, true, open));
      for (const folder of fresh) folders.set(folder.uri, folder);
      for (const folder of fresh) await walkFolder(folder);
    },
    changed(document) {
      const at = folderOf(document.uri);
      if (!at) return;
      const { folder, path } = at;
      reloadDependentsSoon(folder, path);
      const kind = kindOf(path);
      if (!kind) return;
      const known = folder.project.document(path);
      folder.project.update({ path, kind }, document.getText());
      assess(folder, path);
      onAssessed();
      // What lies beside it is read once, and what it includes when that has changed; neither is waited for.
      const settle = known ? folder.project.follow() : folder.project.load([{ path, kind }]).then(() => true);
      void settle.then((more) => {
        if (!more) return;
        assessFolder(folder);
        onAssessed();
      });
    },
    async closed(document) {
      const at = folderOf(document.uri);
      const kind = at && kindOf(at.path);
      if (!at || !kind) return;
      const { folder, path } = at;
      if (folder.whole) await folder.project.load([{ path, kind }]);
      else for (const gone of folder.project.remove(path)) forget(folder, gone);
      if (!folder.project.document(path)) forget(folder, path);
      assessFolder(folder);
      onAssessed();
    },
    async filesChanged(changes) {
      const walks = new Set<Folder>();
      const touched = new Set<Folder>();
      for (const { uri, deleted, created } of changes) {
        if (documents.get(uri)) continue;
        for (const folder of folders.values()) {
          const path = folder.pathOf(uri);
          if (path === undefined) continue;
          const kind = kindOf(path) ?? folder.project.document(path);
          touched.add(folder);
          reloadDependentsSoon(folder, path);
          if (created || path.endsWith('.gitignore')) walks.add(folder);
          else if (!kind) continue;
          else if (deleted || folder.project.document(path) || folder.project.unread().some((one) => one.path === path))
            await folder.project.load([{ path, kind }]);
          else walks.add(folder);
        }
      }
      for (const folder of touched) {
        if (walks.has(folder) && folder.whole) await walkFolder(folder);
        else assessFolder(folder);
      }
      onAssessed();
    },
    async rescan() {
      for (const folder of folders.values()) await walkFolder(folder);
    },
    reassess() {
      for (const folder of folders.values()) assessFolder(folder);
      onAssessed();
    },
    assessed(uri) {
      const at = folderOf(uri);
      return at && assessed.get(keyOf(at.folder, at.path));
    },
    openText: open.textAt,
    all: () => [...assessed.values()],
    unread: () => [...folders.values()].flatMap((folder) => folder.project.unread()),
    rulesOf,
    namingOf: (folder) => ({
      uriOf: folder.uriOf,
      versionOf: (path) => documents.get(folder.uriOf(path))?.version ?? null,
    }),
  };

  /**
   * A file that others read beside themselves (a catalog, a registry setting, the root's package.json) changed: those are read
   * anew, once the typing has paused.
   */
  const dependentsOf = (folder: Folder, path: string): ManifestDocument[] => {
    const above = path.slice(0, path.lastIndexOf('/') + 1);
    const name = path.slice(above.length);
    return folder.project
      .documents()
      .filter((other) => other.path !== path && other.path.startsWith(above) && other.reader.companions.includes(name));
  };
  const reload = async (folder: Folder, dependents: readonly ManifestDocument[]) => {
    if (!dependents.length) return;
    await folder.project.load(dependents.map(({ path, ecosystem, reader }) => ({ path, kind: { ecosystem, reader } })));
    assessFolder(folder);
    onAssessed();
  };
  const waiting = new Map<string, NodeJS.Timeout>();
  const reloadDependentsSoon = (folder: Folder, path: string) => {
    const key = keyOf(folder, path);
    clearTimeout(waiting.get(key));
    if (!dependentsOf(folder, path).length) return;
    waiting.set(
      key,
      setTimeout(() => {
        waiting.delete(key);
        void reload(folder, dependentsOf(folder, path));
      }, pauseMs),
    );
  };
  return workspace;
}
