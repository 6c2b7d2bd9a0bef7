import type { ScannedLock } from '../core/report';
import { lockDiagnosticsOf, unreadDiagnostic } from '../render/diagnostics';
import { spokenFor, type LockDocument } from '../scan/lockDocument';
import type { Folder } from './folder';
import type { Folders } from './folders';
import type { Publisher } from './publisher';
import type { ManifestDocument } from '../scan/document';
import { settingsPaths } from './settingsFiles';
import { createSlices } from './slices';

export interface JudgingOptions {
  readonly folders: Folders;
  readonly publisher: Publisher;
  /** Assesses a manifest and publishes what came of it; never throws. */
  readonly assess: (folder: Folder, path: string) => void;
  /** Works out what is known of a lockfile, in portions. */
  readonly prepareLock: (folder: Folder, lock: LockDocument) => Iterable<undefined>;
  /** With the manifests that it speaks for. */
  readonly assessLock: (folder: Folder, lock: LockDocument, spokenFor: readonly ManifestDocument[]) => ScannedLock;
  /** Judges the policy files of a folder by what was found in it; answers their paths. */
  readonly assessPolicies: (folder: Folder) => readonly string[];
  /** What was typed has its turn before everything else. */
  readonly beforePass: () => void;
  readonly onError: (error: unknown) => void;
}

/** Assesses whole folders, a slice at a time, so that keystrokes and questions are answered in between. */
export interface Judging {
  /**
   * Assesses what has changed in a folder, or everything, and withdraws what is no more: at once as far as the first slice
   * reaches. Who comes while a pass goes on waits for its end, and it takes the newcomer's part with it.
   */
  judge(folder: Folder, everything?: boolean): Promise<void>;
  /** Assesses one manifest now, if that is due. */
  judgeDocument(folder: Folder, path: string): void;
}

export function createJudging({
  folders,
  publisher,
  assess,
  prepareLock,
  assessLock,
  assessPolicies,
  beforePass,
  onError,
}: JudgingOptions): Judging {
  /** The last pass over a folder, which goes on as long as it is among the running. */
  const passes = new WeakMap<Folder, Promise<void>>();
  const running = new Set<Folder>();

  const judge = (folder: Folder, everything = false): Promise<void> => {
    if (!folders.has(folder)) return Promise.resolve();
    beforePass();
    if (everything) {
      for (const { path } of folder.project.documents()) folder.due.add(path);
      for (const { path } of folder.locks.documents()) folder.due.add(path);
    }
    folder.changed = true;
    if (!running.has(folder)) passes.set(folder, judgeInSlices(folder));
    return passes.get(folder)!;
  };

  const judgeInSlices = async (folder: Folder): Promise<void> => {
    running.add(folder);
    try {
      const slices = createSlices();
      while (folder.changed) {
        folder.changed = false;
        const spoken = spokenFor(folder.project.documents(), folder.locks.documents());
        const steps = [
          ...folder.project.documents().map(
            ({ path }) =>
              () =>
                folders.owns(folder, path) && judgeDocument(folder, path),
          ),
          ...locksOf(folder).map((lock) => () => judgeLock(folder, lock, spoken.get(lock.path) ?? [])),
        ];
        for (const lock of folder.locks.documents()) {
          const work = prepareLock(folder, lock)[Symbol.iterator]();
          while (!work.next().done) if (slices.over()) await slices.next();
          if (!folders.has(folder)) return;
        }
        for (const step of steps) {
          step();
          if (slices.over()) await slices.next();
          if (!folders.has(folder)) return;
        }
        withdraw(folder, assessPolicies(folder));
      }
    } finally {
      running.delete(folder);
    }
  };

  const judgeDocument = (folder: Folder, path: string) => {
    const isDue = folder.due.delete(path);
    if (isDue || folder.assessed.get(path)?.document !== folder.project.document(path)) assess(folder, path);
  };

  /** A compiled requirements file is judged as the manifest that it is. */
  const locksOf = (folder: Folder) => folder.locks.documents().filter(({ path, only }) => only === undefined && folders.owns(folder, path));

  /** By a lockfile, what was set up around the manifests that it speaks for when it was assessed. */
  const setUp = new WeakMap<LockDocument['lock'], readonly unknown[]>();

  const judgeLock = (folder: Folder, lock: LockDocument, spokenFor: readonly ManifestDocument[]) => {
    const isDue = folder.due.delete(lock.path);
    const before = setUp.get(lock.lock);
    const now = spokenFor.flatMap(settingsOf);
    const isSame = before?.length === now.length && now.every((one, i) => one === before[i]);
    if (!isDue && isSame && folder.assessedLocks.get(lock.path)?.lock === lock.lock) return;
    setUp.set(lock.lock, now);
    try {
      const scanned = assessLock(folder, lock, spokenFor);
      folder.assessedLocks.set(lock.path, scanned);
      publisher.publish(folder, lock.path, lockDiagnosticsOf(scanned));
    } catch (error) {
      onError(error);
    }
  };

  const forget = (folder: Folder, path: string) => {
    folder.assessed.delete(path);
    publisher.publish(folder, path, []);
  };

  const withdraw = (folder: Folder, policies: readonly string[]) => {
    const locks = new Set(locksOf(folder).map(({ path }) => path));
    for (const path of folder.assessedLocks.keys()) if (!locks.has(path)) folder.assessedLocks.delete(path);
    const live = new Set([...locks, ...policies]);
    for (const { path } of folder.project.documents()) if (folders.owns(folder, path)) live.add(path);
    for (const { path, message } of folder.project.unread()) {
      if (!folders.owns(folder, path)) continue;
      live.add(path);
      folder.assessed.delete(path);
      publisher.publish(folder, path, [unreadDiagnostic(message)]);
    }
    for (const path of folder.assessed.keys()) if (!live.has(path)) forget(folder, path);
    for (const { file } of folder.assessed.values()) for (const path of settingsPaths(file)) live.add(path);
    for (const path of publisher.paths(folder)) if (!live.has(path)) forget(folder, path);
  };

  return { judge, judgeDocument };
}

/** What of a manifest, and of the settings around it, says where packages come from. */
function settingsOf({ path, companions, manifest, indexOptions = manifest.indexes }: ManifestDocument): readonly unknown[] {
  return [
    path,
    companions,
    ...indexOptions.map(({ value }) => value),
    ...manifest.declarations.flatMap(({ boundIndex, source, package: { name } }) => boundIndex ?? (source.kind === 'registry' ? [] : name)),
  ];
}
