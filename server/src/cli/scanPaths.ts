import fs from 'node:fs';
import path from 'node:path';
import type { Files } from '../core/io';
import type { UnreadFile } from '../core/report';
import { acceptingReader, compiledFrom, ecosystems, kindOf, lockfileNames, lockKindOf } from '../ecosystems';
import { createFiles } from '../platform/files';
import { walk } from '../platform/walk';
import { isWithin } from '../platform/within';
import type { ManifestDocument } from '../scan/document';
import { belongingTo, spokenFor, type LockDocument } from '../scan/lockDocument';
import { createLockStore, readLock, type LockEntry } from '../scan/lockStore';
import { isPolicyFile, policyFileName, type Policies } from '../scan/policies';
import { createProject, type Entry } from '../scan/project';
import { policyFilesAbove } from './policies';
import { UsageError } from './usage';

export { UsageError };

export interface PathsScan {
  /** Every manifest, with the lockfiles and the policy files of its workspace. */
  documents(): readonly { readonly document: ManifestDocument; readonly locks: readonly LockDocument[]; readonly policies: Policies }[];
  /** With the manifests that it speaks for; none where it stands alone. */
  locks(): readonly LockInPlace[];
  /** Of each workspace. */
  policies(): readonly Policies[];
  /** How many manifests and lockfiles policy files leave out. */
  leftOut(): number;
  /** Whether all that lies below the folder of this file was looked at. */
  isWhole(path: string): boolean;
  unread(): readonly UnreadFile[];
  /** Reads everything again, with these texts in place of what stands on disk. */
  replace(texts: ReadonlyMap<string, string>): Promise<void>;
}

interface LockInPlace {
  readonly lock: LockDocument;
  readonly spokenFor: readonly ManifestDocument[];
  /** Those, and of a lockfile that was named also the manifests that were not: they tell what is set up, and are not judged. */
  readonly around: readonly ManifestDocument[];
  readonly policies: Policies;
}

interface Named {
  readonly written: string;
  readonly absolute: string;
  readonly isFolder: boolean;
  /** The folder above which nothing is read. */
  readonly workspace: string;
}

interface Root {
  /** Absolute. */
  readonly folder: string;
  readonly entries: Map<string, Entry>;
  readonly locks: Map<string, LockEntry>;
  /** Those that were not named, but lie above what was, or below a lockfile that was. */
  readonly above: Set<string>;
  /** Lockfiles that were named, and what may be a manifest of theirs. */
  readonly namedLocks: Set<string>;
  readonly around: Map<string, Entry>;
  /** Absolute. */
  readonly policyFiles: Set<string>;
}

/**
 * Reads the manifests at these paths, files or folders. File names in the result are relative to `cwd`. What lies inside
 * `cwd` has `cwd` as its workspace; another path the checkout that it lies in, or else its own folder; and where one
 * workspace holds another, both are one, so that no file is read twice. Nothing outside the workspace is followed.
 */
export async function scanPaths(
  paths: readonly string[],
  cwd: string,
  exclude: readonly string[],
  onProgress: (files: number) => void,
  newPolicies: () => Policies,
): Promise<PathsScan> {
  const unlisted: UnreadFile[] = [];
  const shown = (absolute: string) => slashed(path.relative(cwd, absolute)) || '.';
  const named = paths.flatMap((written): Named[] => {
    const absolute = path.resolve(cwd, written);
    const stat = statOf(absolute);
    if (stat === undefined) throw new UsageError(`${written}: no such file or folder`);
    if (typeof stat !== 'string')
      return [{ written, absolute, isFolder: stat.isDirectory(), workspace: workspaceOf(absolute, stat.isDirectory(), cwd) }];
    unlisted.push({ path: shown(absolute), message: stat });
    return [];
  });

  const roots = new Map<string, Root>();
  let found = 0;
  /** Files that were named themselves: no policy leaves them out. */
  const asked = new Set<string>();
  const rootOf = ({ workspace }: Named): Root => {
    const folder = named.reduce((widest, other) => (isWithin(widest, other.workspace) ? other.workspace : widest), workspace);
    let root = roots.get(folder);
    if (!root) roots.set(folder, (root = newRoot(folder)));
    return root;
  };
  const addLock = (root: Root, absolute: string) => {
    const kind = lockKindOf(slashed(absolute));
    if (kind) root.locks.set(shown(absolute), { path: shown(absolute), kind });
    return kind !== undefined;
  };
  /** Lockfiles and policy files beside and above what was named may speak for it as well. */
  const addAbove = (one: Named) => {
    const root = rootOf(one);
    const own = one.isFolder ? one.absolute : path.dirname(one.absolute);
    for (const file of policyFilesAbove(own, root.folder)) root.policyFiles.add(file);
    for (let folder = own; isWithin(folder, root.folder); folder = path.dirname(folder)) {
      for (const name of lockfileNames) {
        const file = path.join(folder, name);
        if (root.locks.has(shown(file)) || !fs.existsSync(file)) continue;
        root.above.add(shown(file));
        addLock(root, file);
      }
      if (folder === path.dirname(folder)) return;
    }
  };
  const add = (one: Named, absolute: string, kind: Entry['kind']) => {
    const root = rootOf(one);
    const name = shown(absolute);
    if (!root.entries.has(name)) onProgress(++found);
    root.entries.set(name, { path: name, kind });
  };

  /** A file that manifests are read with, such as one of catalogs, has no meaning alone: all of these below it are judged, in their workspace. */
  const addReadWith = async (one: Named): Promise<boolean> => {
    const { absolute } = one;
    const [folder, name] = [path.dirname(absolute), path.basename(absolute)];
    if (!ecosystems.some(({ manifests }) => manifests.some(({ companions }) => companions.includes(name)))) return false;
    const matches = (relative: string) => kindOf(relative)?.reader.companions.includes(name) ?? false;
    const onProblem = (below: string, message: string) => void unlisted.push({ path: shown(path.join(folder, below)), message });
    for await (const relative of walk(folder, { exclude, matches, onProblem })) {
      const manifest = path.join(folder, relative);
      add(one, manifest, kindOf(relative)!);
      addAbove({ ...one, absolute: manifest });
    }
    return true;
  };

  /** A lockfile says where releases come from, and its manifests whether that is set up: who names the lockfile alone has it judged as well. */
  const addNamedLock = async (one: Named): Promise<boolean> => {
    const { absolute } = one;
    const [root, name] = [rootOf(one), shown(absolute)];
    if (!addLock(root, absolute)) return false;
    const { ecosystem, reader } = root.locks.get(name)!.kind;
    asked.add(name);
    root.namedLocks.add(name);
    root.above.delete(name);
    addAbove(one);
    const matches = (below: string) =>
      reader.manifests.includes(path.basename(below)) || (lockKindOf(below)?.ecosystem === ecosystem && path.basename(below) !== below);
    for await (const relative of walk(path.dirname(absolute), { exclude, matches })) {
      const file = path.join(path.dirname(absolute), relative);
      const kind = kindOf(relative);
      if (kind) root.around.set(shown(file), { path: shown(file), kind });
      // What lies beneath with a lockfile of its own is that one's.
      else if (!root.locks.has(shown(file)) && addLock(root, file)) root.above.add(shown(file));
    }
    return true;
  };

  for (const one of named) {
    const { written, absolute } = one;
    // The name of a folder that was named counts: `requirements/` says what its files are.
    const above = absolute === cwd ? '' : `${path.basename(absolute)}/`;
    if (one.isFolder) {
      const kindBelow = (relative: string) => kindOf(above + relative);
      const onProblem = (folder: string, message: string) => void unlisted.push({ path: shown(path.join(absolute, folder)), message });
      const matches = (name: string) => kindBelow(name) !== undefined || lockKindOf(name) !== undefined || isPolicyFile(name);
      for await (const relative of walk(absolute, { exclude, matches, onProblem })) {
        const kind = kindBelow(relative);
        if (isPolicyFile(relative)) rootOf(one).policyFiles.add(path.join(absolute, relative));
        else if (kind) add(one, path.join(absolute, relative), kind);
        else addLock(rootOf(one), path.join(absolute, relative));
      }
      addAbove(one);
      continue;
    }
    if (await addNamedLock(one)) continue;
    addAbove(one);
    // Its faults are told with whatever it decides on.
    if (path.basename(absolute) === policyFileName) continue;
    const name = slashed(absolute);
    const kind = kindOf(name) ?? acceptingReader(name);
    if (!kind && (await addReadWith(one))) continue;
    asked.add(shown(absolute));
    if (!kind) throw new UsageError(`${written}: Merlon does not read files of this kind`);
    add(one, absolute, kind);
  }

  let replaced: ReadonlyMap<string, string> = new Map();
  let leftOut = 0;
  const readRoot = async ({ folder, entries, locks, above, namedLocks, around, policyFiles }: Root) => {
    const prefix = slashed(path.relative(cwd, folder));
    const disk = seenFrom(cwd, folder, createFiles(folder));
    const files: Files = {
      ...disk,
      async read(name) {
        const text = replaced.get(name);
        return text === undefined ? disk.read(name) : { state: 'text', text };
      },
    };
    const policies = newPolicies();
    for (const file of policyFiles) policies.set(shown(file), await files.read(shown(file)));
    const isKept = ({ path: name }: { readonly path: string }) => {
      const kept = asked.has(name) || !policies.isExcluded(name);
      if (!kept) leftOut++;
      return kept;
    };
    const canonical = (name: string) => slashed(path.relative(cwd, path.resolve(cwd, name)));
    const newProject = () => createProject({ files, top: prefix, canonical });
    return {
      project: newProject(),
      surroundings: newProject(),
      // What is left out tells nothing, unless the lockfile is left out as well and somebody wants to know of it.
      around: [...around.values()].filter(({ path: name }) => !policies.isExcluded(name) || [...namedLocks].some(policies.isExcluded)),
      namedLocks,
      policies,
      entries: [...entries.values()].filter(isKept).sort((a, b) => (a.path < b.path ? -1 : 1)),
      locks: createLockStore(
        async (name, kind) => readLock(await disk.read(name), kind),
        isWithin(cwd, folder) ? slashed(path.relative(folder, cwd)) : '',
      ),
      lockEntries: [...locks.values()].filter(isKept),
      above,
    };
  };
  const projects: Awaited<ReturnType<typeof readRoot>>[] = [];
  for (const root of roots.values()) projects.push(await readRoot(root));
  const load = async () => {
    for (const { project, entries, surroundings, around } of projects) {
      await project.load(entries);
      await surroundings.load(around);
    }
  };
  await load();
  const allLocks = new Map<unknown, readonly LockDocument[]>();
  for (const { project, locks, lockEntries, above } of projects) {
    const compiled = project
      .documents()
      .map(({ path: name }) => compiledFrom(name))
      .filter((entry) => entry !== undefined);
    await locks.load([...lockEntries, ...compiled]);
    allLocks.set(project, locks.documents());
    const spoken = spokenFor(project.documents(), locks.documents());
    for (const name of above) if (!spoken.has(name)) locks.remove(name);
  }
  return {
    async replace(texts) {
      replaced = texts;
      for (const { policies } of projects)
        for (const { path: name } of policies.files()) {
          const text = texts.get(name);
          if (text !== undefined) policies.set(name, { state: 'text', text });
        }
      await load();
    },
    documents: () =>
      projects.flatMap(({ project, locks, policies }) =>
        project.documents().map((document) => ({ document, locks: locks.documents(), policies })),
      ),
    locks: () =>
      projects.flatMap(({ project, surroundings, namedLocks, locks, policies }) => {
        const manifests = [...project.documents(), ...surroundings.documents().filter(({ path: name }) => !project.document(name))];
        const spoken = spokenFor(project.documents(), locks.documents());
        // A compiled requirements file is judged as the manifest that it is.
        const judged = locks.documents().filter(({ path: name }) => project.document(name) === undefined);
        return judged.map((lock) => {
          const own = spoken.get(lock.path) ?? [];
          const around = namedLocks.has(lock.path) ? belongingTo(lock, manifests, allLocks.get(project)!) : own;
          return { lock, spokenFor: own, around, policies };
        });
      }),
    leftOut: () => leftOut,
    policies: () => projects.map(({ policies }) => policies),
    isWhole: (file) => named.some(({ absolute, isFolder }) => isFolder && isWithin(path.dirname(path.resolve(cwd, file)), absolute)),
    unread: () => [...unlisted, ...projects.flatMap(({ project }) => project.unread())],
  };
}

function newRoot(folder: string): Root {
  return {
    folder,
    entries: new Map(),
    locks: new Map(),
    above: new Set(),
    namedLocks: new Set(),
    around: new Map(),
    policyFiles: new Set(),
  };
}

/** Files of a workspace, named as they are seen from the working directory. */
function seenFrom(cwd: string, folder: string, files: Files): Files {
  const below = (name: string) => slashed(path.relative(folder, path.resolve(cwd, name)));
  return { read: (name) => files.read(below(name)), list: (name) => files.list!(below(name)) };
}

/** The checkout that a path lies in; without one the working directory for what lies inside it, and else the path's own folder. */
function workspaceOf(absolute: string, isFolder: boolean, cwd: string): string {
  const own = isFolder ? absolute : path.dirname(absolute);
  for (let folder = own; ; folder = path.dirname(folder)) {
    if (fs.existsSync(path.join(folder, '.git'))) return isWithin(folder, cwd) && isWithin(absolute, cwd) ? cwd : folder;
    if (folder === path.dirname(folder)) return isWithin(absolute, cwd) ? cwd : own;
  }
}

/** `undefined`: there is no such path. A text: why it cannot be looked at, as a clause. */
export function statOf(absolute: string): fs.Stats | string | undefined {
  try {
    return fs.statSync(absolute, { throwIfNoEntry: false });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOTDIR') return undefined;
    return code === 'ELOOP' ? 'its links lead in a circle' : `it cannot be read (${code ?? 'unknown fault'})`;
  }
}

function slashed(relative: string): string {
  return relative.split(path.sep).join('/');
}
