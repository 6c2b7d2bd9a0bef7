import { isListed } from '../../../core/environment';
import type { InstalledEntry, InstalledFiles, NotLooked } from '../../../core/environment';

// node_modules as its installers lay it out. npm and yarn: NAME/ and @SCOPE/NAME/, each with a node_modules of its own where
// versions differ. pnpm, bun and deno: the folders themselves in a store beside (.pnpm/NAME@VERSION/node_modules/NAME), and
// links to them; yarn's `pnpm` linker: .store/KEY/package.

export interface InstalledFolder {
  /** Where the package really lies, relative to the root of the files. */
  readonly path: string;
  /** The name of its folder, with the scope. */
  readonly name: string;
}

export interface InstalledFolders {
  readonly folders: readonly InstalledFolder[];
  readonly notLooked: readonly NotLooked[];
}

const stores: ReadonlySet<string> = new Set(['.pnpm', '.bun', '.deno', '.store']);
const deepest = 200;

/** Every package folder below a node_modules folder, each once, however many links lead to it. */
export function installedFolders(files: InstalledFiles, top: string): InstalledFolders {
  const folders: InstalledFolder[] = [];
  const notLooked: NotLooked[] = [];
  const visited = new Set<string>();

  const list = (folder: string): readonly InstalledEntry[] => {
    const entries = files.entries(folder);
    if (typeof entries === 'string') notLooked.push({ path: folder, reason: entries, fault: true });
    return isListed(entries) ? entries : [];
  };

  const modules = (folder: string, depth: number): void => {
    if (depth > deepest) return void notLooked.push({ path: folder, reason: 'it lies too deep', fault: true });
    for (const { name, kind } of list(folder)) {
      const path = `${folder}/${name}`;
      if (stores.has(name)) store(path, depth);
      else if (name.startsWith('.')) continue;
      else if (name.startsWith('@') && kind !== 'file') scope(path, name, kind, depth);
      else one(path, name, kind, depth);
    }
  };

  const scope = (path: string, name: string, kind: InstalledEntry['kind'], depth: number): void => {
    if (kind === 'link' && files.real(path) === undefined) return linksOut(path);
    for (const inner of list(path)) one(`${path}/${inner.name}`, `${name}/${inner.name}`, inner.kind, depth);
  };

  const store = (path: string, depth: number): void => {
    for (const { name, kind } of list(path)) {
      if (kind !== 'folder') continue;
      const held = `${path}/${name}`;
      if (name === 'node_modules') modules(held, depth + 1);
      else {
        for (const inner of list(held)) {
          if (inner.kind !== 'folder') continue;
          if (inner.name === 'node_modules') modules(`${held}/node_modules`, depth + 1);
          else if (inner.name === 'package') one(`${held}/package`, '', 'folder', depth);
        }
      }
    }
  };

  const one = (path: string, name: string, kind: InstalledEntry['kind'], depth: number): void => {
    if (kind === 'file' || kind === 'other') return;
    const real = kind === 'link' ? files.real(path) : path;
    if (real === undefined) return linksOut(path);
    if (visited.has(real)) return;
    visited.add(real);
    // A link to a member of the workspace or to the project itself: its own manifest says what it is.
    if (kind === 'link' && !/(?:^|\/)node_modules\//.test(real)) {
      notLooked.push({ path, reason: `a link to ${real || 'the project'}, which is no installed package` });
      return;
    }
    folders.push({ path: real, name });
    if (files.entries(`${real}/node_modules`) !== undefined) modules(`${real}/node_modules`, depth + 1);
  };

  const linksOut = (path: string): void => void notLooked.push({ path, reason: 'a link that leads out of the environment, or nowhere' });

  modules(top, 0);
  return { folders, notLooked };
}
