import { compiledFrom, kindOf, lockKindOf } from '../ecosystems';
import { walk } from '../platform/walk';
import { isPolicyFile } from '../scan/policies';
import type { Folder } from './folder';

/** How many files are read before what was read is shown, and before something else may be read in between. */
const portion = 200;

export interface WalksOptions {
  readonly excludeOf: (folder: Folder) => readonly string[];
  /** Reads the policy files that were found: they may leave out some of what was. */
  readonly onPolicies: (folder: Folder, paths: ReadonlySet<string>) => Promise<void>;
  readonly isExcluded: (folder: Folder, path: string) => boolean;
  /** Whether the folder still is one of the workspace. */
  readonly isLive: (folder: Folder) => boolean;
  /** Whether a file is open in the editor; then it is held, wherever it lies. */
  readonly isOpen: (folder: Folder, path: string) => boolean;
  /** `locks`: lockfiles were read, so that everything in the folder may have changed. */
  readonly onRead: (folder: Folder, what?: 'locks') => Promise<void>;
}

/** Finds and reads the manifests of whole folders. */
export interface Walks {
  walk(folder: Folder): Promise<void>;
  /** Whether a walk finds this file; it may have been written since the last one. */
  finds(folder: Folder, path: string): Promise<boolean>;
}

export function createWalks({ excludeOf, onPolicies, isExcluded, isLive, isOpen, onRead }: WalksOptions): Walks {
  const list = async (folder: Folder): Promise<void> => {
    const found = new Set<string>();
    const unwalked: { path: string; message: string }[] = [];
    const locks = new Set<string>();
    const policies = new Set<string>();
    const matches = (path: string) => kindOf(path) !== undefined || lockKindOf(path) !== undefined || isPolicyFile(path);
    const onProblem = (path: string, message: string) => void unwalked.push({ path, message });
    for await (const path of walk(folder.place!, { exclude: excludeOf(folder), matches, onProblem }))
      (isPolicyFile(path) ? policies : kindOf(path) ? found : locks).add(path);
    await onPolicies(folder, policies);
    for (const set of [found, locks]) for (const path of set) if (isExcluded(folder, path)) set.delete(path);
    folder.walked = found;
    folder.walkedLocks = locks;
    folder.unwalked = unwalked;
  };

  const read = async (folder: Folder): Promise<void> => {
    folder.isWalked = false;
    await list(folder);
    if (!isLive(folder)) return;
    const { project, reading, walked } = folder;
    await reading.run(async () => {
      for (const { path } of [...project.documents(), ...project.unread()])
        if (!walked.has(path) && !isOpen(folder, path)) project.remove(path);
      return Promise.resolve();
    });
    const paths = new Set(walked);
    for (const { path } of project.documents()) if (kindOf(path) && isOpen(folder, path)) paths.add(path);
    const entries = [...paths].sort().map((path) => ({ path, kind: kindOf(path)! }));
    for (let start = 0; start === 0 || start < entries.length; start += portion) {
      await reading.run(() => project.load(entries.slice(start, start + portion)));
      if (!isLive(folder)) return;
      await onRead(folder);
    }
    await reading.run(() => readLocks(folder));
    folder.isWalked = folder.nextWalk === undefined;
    if (isLive(folder)) await onRead(folder, 'locks');
  };

  let last = Promise.resolve();
  return {
    walk(folder) {
      if (folder.place === undefined) return Promise.resolve();
      // One walk for whatever happens before it begins.
      folder.nextWalk ??= last.then(() => {
        folder.nextWalk = undefined;
        return isLive(folder) ? read(folder) : undefined;
      });
      last = folder.nextWalk.catch(() => undefined);
      return folder.nextWalk;
    },
    async finds(folder, path) {
      if (!folder.walked.has(path) && folder.place !== undefined && kindOf(path)) await list(folder);
      return folder.walked.has(path);
    },
  };
}

/** Reads every lockfile that the last walk found, and forgets the others. */
async function readLocks({ locks, walkedLocks, project }: Folder): Promise<void> {
  for (const { path } of locks.documents()) if (!walkedLocks.has(path)) locks.remove(path);
  const found = [...walkedLocks].sort().map((path) => ({ path, kind: lockKindOf(path)! }));
  const compiled = project
    .documents()
    .map(({ path }) => compiledFrom(path))
    .filter((entry) => entry !== undefined);
  await locks.load([...found, ...compiled]);
}
