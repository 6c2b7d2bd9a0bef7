import type { Lock } from '../core/lockfile';

/** Who brings whom, read backwards. Made once for a lockfile. */
export interface LockGraph {
  /**
   * The shortest way from a package to another that it brings: positions in `lock.packages`, both ends included;
   * `undefined` where it does not bring it.
   */
  path(from: number, to: number): readonly number[] | undefined;
}

const graphs = new WeakMap<Lock, LockGraph>();

export function lockGraph(lock: Lock): LockGraph {
  let graph = graphs.get(lock);
  if (!graph) graphs.set(lock, (graph = createGraph(lock)));
  return graph;
}

/** One breadth-first search backwards from each wanted end answers for every start, so it is kept. */
function createGraph(lock: Lock): LockGraph {
  let dependents: number[][] | undefined;
  const towards = new Map<number, Int32Array>();

  const searchTo = (to: number): Int32Array => {
    if (!dependents) {
      dependents = lock.packages.map(() => []);
      lock.packages.forEach(({ dependencies }, from) => {
        for (const target of dependencies) dependents![target]?.push(from);
      });
    }
    // next[i]: the package after i on the shortest way to `to`; -1 where there is none.
    const next = new Int32Array(lock.packages.length).fill(-1);
    next[to] = to;
    const queue = [to];
    for (let head = 0; head < queue.length; head++) {
      for (const from of dependents[queue[head]!]!) {
        if (next[from] !== -1) continue;
        next[from] = queue[head]!;
        queue.push(from);
      }
    }
    return next;
  };

  return {
    path(from, to) {
      let next = towards.get(to);
      if (!next) towards.set(to, (next = searchTo(to)));
      if (next[from] === -1) return undefined;
      const path = [from];
      while (path.at(-1) !== to) path.push(next[path.at(-1)!]!);
      return path;
    },
  };
}
