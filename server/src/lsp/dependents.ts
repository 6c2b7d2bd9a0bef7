import type { ManifestDocument } from '../scan/document';
import type { Folder } from './folder';

/** How long typing pauses before what depends on the file is read anew. */
const pauseMs = 300;

/**
 * A file that others read beside themselves (a catalog, a registry setting, the root's package.json) has changed: those are
 * read anew, once the typing has paused.
 */
export interface Dependents {
  soon(folder: Folder, path: string): void;
  dispose(): void;
}

export function createDependents(reload: (folder: Folder, dependents: readonly ManifestDocument[]) => void): Dependents {
  const waiting = new Map<string, NodeJS.Timeout>();
  const of = (folder: Folder, path: string): ManifestDocument[] => {
    const above = path.slice(0, path.lastIndexOf('/') + 1);
    const name = path.slice(above.length);
    return folder.project
      .documents()
      .filter(
        ({ path: other, reader }) =>
          other !== path && ((other.startsWith(above) && reader.companions.includes(name)) || reader.rootCompanions?.includes(path)),
      );
  };
  return {
    soon(folder, path) {
      const key = `${folder.uri} ${path}`;
      clearTimeout(waiting.get(key));
      waiting.delete(key);
      if (!of(folder, path).length) return;
      const timer = setTimeout(() => {
        waiting.delete(key);
        const dependents = of(folder, path);
        if (dependents.length) reload(folder, dependents);
      }, pauseMs);
      waiting.set(key, timer);
    },
    dispose() {
      for (const timer of waiting.values()) clearTimeout(timer);
      waiting.clear();
    },
  };
}
