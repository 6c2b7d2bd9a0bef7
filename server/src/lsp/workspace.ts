import type { Connection } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { ScannedLock, ScannedPolicy, UnreadFile } from '../core/report';
import { compiledFrom, lockfileNames, lockKindOf } from '../ecosystems';
import type { Naming } from '../render/codeActions';
import { diagnosticsOf } from '../render/diagnostics';
import type { DocumentKind } from '../scan/document';
import type { Question, Rules } from '../scan/engine';
import type { LockKind, LockReading } from '../scan/lockStore';
import type { Session } from '../session/session';
import type { Configuration } from './configuration';
import { createDependents } from './dependents';
import { rereadingOf, type FileChange } from './fileChanges';
import { kindAt, type Assessed, type Folder } from './folder';
import { createFolders } from './folders';
import { createJudging } from './judging';
import { placeKey, placeOf } from './places';
import { createPace } from './pace';
import { createFolderPolicies, type FolderPolicies, isPolicyFile, policyBeside, type PolicyMode } from './policies';
import { createPublisher } from './publisher';
import { settingsDiagnostics, settingsPaths } from './settingsFiles';
import { createWalks } from './walks';

export interface WorkspaceOptions {
  readonly connection: Connection;
  /** The documents open in the editor. */
  readonly documents: { get(uri: string): TextDocument | undefined; all(): TextDocument[] };
  /** Told when texts were read: there may be something to ask. */
  readonly onRead: () => void;
  /** Told when anything was assessed anew. */
  readonly onAssessed: () => void;
  /** Told of what went wrong where nobody waits. */
  readonly onError: (error: unknown) => void;
  /** Reads a lockfile away from the main thread. */
  readonly readLock?: (root: string, name: string, kind: LockKind) => Promise<LockReading>;
}

/**
 * Every manifest of every folder, its last assessment, and its diagnostics at the client. The first pass waits for nothing:
 * a changed text is judged by what is held, and published with its version.
 */
export interface Workspace {
  configure(session: Session, configuration: Configuration, mode: PolicyMode): void;
  /** Takes these as the workspace folders, and reads those that are new. */
  setFolders(uris: readonly string[]): Promise<void>;
  /** A document was opened or its text has changed. */
  changed(document: TextDocument): void;
  closed(document: TextDocument): Promise<void>;
  /** Files changed on disk: one pass for all of them. */
  filesChanged(changes: readonly FileChange[]): Promise<void>;
  /** Walks every folder anew. */
  rescan(): Promise<void>;
  /** Assesses everything from what is held, and publishes what has changed. */
  reassess(): Promise<void>;
  /** What is known of a document, as its text stands now. */
  assessed(uri: string): Assessed | undefined;
  /** The folder of a document that is no manifest, with its path there: a file of settings may have findings too. */
  located(uri: string): { readonly folder: Folder; readonly path: string } | undefined;
  /** The text of a document, if it is open. */
  openText(uri: string): string | undefined;
  all(): readonly Assessed[];
  locks(): readonly ScannedLock[];
  /** The policy files, with what is wrong with them. */
  policies(): readonly ScannedPolicy[];
  /** See {@link FolderPolicies.toWrite}. */
  policyToWrite: FolderPolicies['toWrite'];
  policyAt(uri: string): { readonly folder: Folder; readonly file: ScannedPolicy } | undefined;
  /** Everything that sources are to be asked about. */
  questions(): readonly Question[];
  /** Files that could not be read, and folders that could not be looked into. */
  unread(): readonly UnreadFile[];
  /** The rules in force for a file; without a path those of the folder itself. */
  rulesOf(folder: Folder, path?: string): Rules;
  /** The same for the workspace folder with this URI. */
  rulesAt(uri: string): Rules | undefined;
  namingOf(folder: Folder): Naming;
  dispose(): void;
}

export function createWorkspace({ connection, documents, onRead, onAssessed, onError, readLock }: WorkspaceOptions): Workspace {
  let session: Session;
  /** How the client writes the address of a file that it has opened. */
  const spellings = new Map<string, string>();
  const folders = createFolders({
    textAt: (uri) => documents.get(uri)?.getText(),
    spelledAt: (place) => spellings.get(placeKey(place)),
    ...(readLock && { readLock }),
  });
  const publisher = createPublisher(connection, (uri) => documents.get(uri)?.version);
  const policies = createFolderPolicies(publisher);
  const { rulesOf } = policies;
  /** Documents whose text has changed since it was judged. */
  const typed = new Set<string>();
  const pace = createPace(() => judgeTyped());

  const assess = (folder: Folder, path: string) => {
    const document = folder.project.document(path);
    if (!document || folder.unsettled.has(path)) return;
    try {
      const file = session.engine.assess(document, rulesOf(folder, path), folder.locks.documents());
      const beside = new Set([...settingsPaths(folder.assessed.get(path)?.file), ...settingsPaths(file)]);
      folder.assessed.set(path, { folder, path, document, file });
      publisher.publish(folder, path, diagnosticsOf(file, folder.uriOf));
      for (const settings of beside)
        if (folders.owns(folder, settings)) publisher.publish(folder, settings, settingsDiagnostics(folder, settings));
    } catch (error) {
      onError(error);
    }
  };

  const { judge, judgeDocument } = createJudging({
    folders,
    publisher,
    assess,
    prepareLock: (folder, lock) => session.engine.prepare(lock, rulesOf(folder)),
    assessLock: (folder, lock, spokenFor) => session.engine.assessLock(lock, rulesOf(folder, lock.path), spokenFor),
    assessPolicies: (folder) => policies.assess(folder),
    beforePass: () => judgeTyped(),
    onError,
  });

  const changedOnDisk = async (folder: Folder, what?: 'locks'): Promise<void> => {
    await judge(folder, what === 'locks');
    onRead();
    onAssessed();
  };

  const walks = createWalks({
    excludeOf: policies.excludeOf,
    onPolicies: policies.readAll,
    isExcluded: policies.isExcluded,
    isLive: (folder) => folders.has(folder),
    isOpen: (folder, path) => documents.get(folder.uriOf(path)) !== undefined && !policies.isExcluded(folder, path),
    onRead: changedOnDisk,
  });

  /** Nobody waits for it: what goes wrong is told. */
  const unwaited = (work: Promise<unknown>) => void work.catch(onError);

  const dependents = createDependents((folder, waiting) =>
    unwaited(
      folder.reading
        .run(() => folder.project.load(waiting.map(({ path, ecosystem, reader }) => ({ path, kind: { ecosystem, reader } }))))
        .then(() => changedOnDisk(folder)),
    ),
  );

  /** Judges what was typed since. Everything that looks at an assessment comes this way first, so none is older than its text. */
  const judgeTyped = () => {
    if (!typed.size) return;
    pace.pass(() => {
      const changed = [...typed];
      typed.clear();
      for (const uri of changed) {
        const document = documents.get(uri);
        try {
          if (document && !isView(uri)) take(document);
        } catch (error) {
          onError(error);
        }
      }
    });
    for (const folder of folders.all()) if (policies.hasSuppressions(folder)) policies.assess(folder);
    onRead();
    onAssessed();
  };

  /** A policy file says something else: everything that it decides on is judged anew. */
  const policyChanged = async (folder: Folder, change: 'same' | 'judge' | 'walk') => {
    if (change === 'same') return;
    if (change === 'walk' && folder.whole) await walks.walk(folder);
    await judge(folder, true);
    onRead();
    onAssessed();
  };

  const take = (document: TextDocument) => {
    const place = placeOf(document.uri);
    if (place !== undefined) spellings.set(placeKey(place), document.uri);
    const at = folders.open(document.uri);
    if (!at) return;
    const { folder, path } = at;
    dependents.soon(folder, path);
    if (isPolicyFile(path)) return unwaited(policyChanged(folder, policies.take(folder, path, document.getText())));
    const kind = kindAt(folder, path);
    if (!kind) return;
    if (policies.isExcluded(folder, path)) return void folder.project.remove(path);
    const isNew = !folder.project.document(path);
    folder.project.update({ path, kind }, document.getText());
    if (isNew && folder.place !== undefined && kind.reader.companions.length) folder.unsettled.add(path);
    assess(folder, path);
    unwaited(isNew ? settle(folder, path, kind) : follow(folder));
  };

  /** Reads what lies beside a document that was opened, and what it includes. */
  const settle = async (folder: Folder, path: string, kind: DocumentKind) => {
    try {
      await folder.reading.run(async () => {
        // It may have been closed, and forgotten, before its turn came.
        if (folder.project.document(path)) await folder.project.load([{ path, kind }]);
        if (!folder.whole) await folder.locks.load(locksBeside(path));
        if (!folder.whole && (await policies.read(folder, [policyBeside(path)])) !== 'same')
          for (const { path: name } of folder.project.documents()) folder.due.add(name);
      });
    } finally {
      folder.unsettled.delete(path);
    }
    await changedOnDisk(folder);
  };

  const following = new Set<Folder>();
  /** Reads what documents include by now. */
  const follow = async (folder: Folder) => {
    if (following.has(folder)) return;
    following.add(folder);
    const more = await folder.reading.run(() => {
      following.delete(folder);
      return folder.project.follow();
    });
    if (more) await changedOnDisk(folder);
  };

  const workspace: Workspace = {
    configure(nextSession, nextConfiguration, mode) {
      session = nextSession;
      policies.configure(nextSession, nextConfiguration, mode);
    },
    async setFolders(uris) {
      const { added, removed } = folders.set(uris);
      for (const folder of removed) {
        policies.forget(folder);
        for (const path of publisher.paths(folder)) publisher.publish(folder, path, []);
      }
      // Open documents first, by their own text; then the folders. An inner folder takes its files from an outer one, or gives them back.
      for (const document of documents.all()) workspace.changed(document);
      for (const folder of folders.all()) unwaited(judge(folder));
      for (const folder of added) await walks.walk(folder);
    },
    changed({ uri }) {
      typed.add(uri);
      pace.soon();
    },
    async closed({ uri }) {
      typed.delete(uri);
      const at = folders.find(uri);
      if (!at) return;
      const { folder, path } = at;
      if (isPolicyFile(path)) return policyChanged(folder, await policies.read(folder, [path]));
      // What was typed and not saved counts no longer, for those beside it either.
      dependents.soon(folder, path);
      await folder.reading.run(async () => {
        if (documents.get(uri)) return;
        const kind = kindAt(folder, path);
        const stays = folder.whole && kind !== undefined && !policies.isExcluded(folder, path) && (await walks.finds(folder, path));
        if (stays) return folder.project.load([{ path, kind }]);
        folder.project.remove(path);
        // Another file may include it: then it stays, as the disk has it.
        if (folder.project.document(path)) await folder.project.load([]);
      });
      if (!folder.whole && !documents.all().some((open) => folders.find(open.uri)?.folder === folder)) {
        for (const shown of publisher.paths(folder)) publisher.publish(folder, shown, []);
        folders.drop(folder);
        policies.forget(folder);
      }
      await changedOnDisk(folder);
    },
    async filesChanged(changes) {
      for (const folder of folders.all()) {
        const { paths, policies: changed, locks, documents: reread, walk } = rereadingOf(folder, changes);
        if (!paths.length) continue;
        for (const path of paths) dependents.soon(folder, path);
        if (changed.size) await policyChanged(folder, await policies.read(folder, changed));
        if (changed.size === changes.length) continue;
        if (walk && folder.whole) {
          await walks.walk(folder);
          continue;
        }
        // A file of any name may be what another includes and could not be read.
        await folder.reading.run(async () => {
          if (locks.length) await folder.locks.load(locks);
          if (reread.length) await folder.project.load(reread);
          else await folder.project.follow();
        });
        await changedOnDisk(folder, locks.length ? 'locks' : undefined);
      }
    },
    async rescan() {
      for (const folder of folders.all()) if (folder.whole) await walks.walk(folder);
    },
    async reassess() {
      await Promise.all(folders.all().map((folder) => judge(folder, true)));
      onAssessed();
    },
    assessed(uri) {
      judgeTyped();
      const at = folders.find(uri);
      if (at?.folder.due.has(at.path)) judgeDocument(at.folder, at.path);
      return at && at.folder.assessed.get(at.path);
    },
    located(uri) {
      judgeTyped();
      return folders.find(uri);
    },
    openText: (uri) => documents.get(uri)?.getText(),
    all() {
      judgeTyped();
      return folders.all().flatMap(({ assessed }) => [...assessed.values()]);
    },
    policies: () => policies.all(),
    policyToWrite: policies.toWrite,
    policyAt(uri) {
      const at = folders.find(uri);
      const file = at && policies.at(at.folder, at.path);
      return file && { folder: at.folder, file };
    },
    locks: () => folders.all().flatMap(({ assessedLocks }) => [...assessedLocks.values()]),
    questions: () =>
      folders.all().flatMap((folder): Question[] => {
        const own = { rules: rulesOf(folder), locks: folder.locks.documents() };
        return [own, ...[...folder.assessed.values()].map(({ path, document }) => ({ ...own, rules: rulesOf(folder, path), document }))];
      }),
    unread: () => folders.all().flatMap((folder) => [...folder.project.unread(), ...folder.unwalked]),
    rulesOf,
    rulesAt(uri) {
      const folder = folders.all().find((one) => one.uri === uri);
      return folder && rulesOf(folder);
    },
    namingOf: (folder) => ({
      uriOf: folder.uriOf,
      versionOf: (path) => documents.get(folder.uriOf(path))?.version ?? null,
    }),
    dispose() {
      pace.dispose();
      dependents.dispose();
    },
  };
  return workspace;
}

/** Whether a document is a view of something else, such as an old revision: git's and others' have a query or a fragment. */
function isView(uri: string): boolean {
  return !/^file:/i.test(uri) && /[?#]/.test(uri);
}

/** The lockfiles that may lie beside a file that was opened alone. */
function locksBeside(path: string): { path: string; kind: LockKind; only?: string }[] {
  const folder = path.slice(0, path.lastIndexOf('/') + 1);
  const compiled = compiledFrom(path);
  return [...lockfileNames.map((name) => ({ path: folder + name, kind: lockKindOf(name)! })), ...(compiled ? [compiled] : [])];
}
