import type { LockedRoot } from '../../../core/lockfile';
import { isPlainObject, objectAt, type PlainObject } from '../../../syntax/jsonPlain';
import { setArchive } from './archive';
import { edgeAdder, entry, hashesOf, setAddress, type Entry } from './entry';
import { setFlags, sourceOf, type ReadEntries } from './packageLockEntry';

// package-lock version 1 (npm 5 and 6): `dependencies` nests as node_modules does, `requires` are the edges, and `version` holds the spec
// of what did not come from a registry. It does not say what the project itself asks for: whatever lies outermost may be asked for.

interface Nested {
  readonly key: string;
  readonly raw: PlainObject;
  /** The packages that lie where this one lies, and what lies around them. */
  readonly around: Level;
}

interface Level {
  readonly held: Map<string, number>;
  readonly outer: Level | undefined;
  readonly depth: number;
}

const deepest = 64;

export function readNested(root: PlainObject, doubtful: boolean): ReadEntries {
  const entries: Entry[] = [];
  const nested: Nested[] = [];
  const inner: (Level | undefined)[] = [];
  let fault: ReadEntries['fault'];

  const readLevel = (dependencies: PlainObject, path: string, outer: Level | undefined): Level => {
    const level: Level = { held: new Map(), outer, depth: (outer?.depth ?? 0) + 1 };
    for (const name in dependencies) {
      const raw = dependencies[name];
      const key = `${path}node_modules/${name}`;
      if (!isPlainObject(raw) || name === '') fault ??= { key, message: 'this entry is no object with a name' };
      else if (!doubtful || typeof raw['version'] === 'string') {
        level.held.set(name, entries.length);
        const one = entryOf(key, name, raw);
        const message = typeof raw['resolved'] === 'string' ? setArchive(one, raw['resolved']) : undefined;
        if (message !== undefined) fault ??= { key, message };
        entries.push(one);
        nested.push({ key, raw, around: level });
      }
    }
    return level;
  };

  const top = readLevel(objectAt(root, 'dependencies') ?? {}, '', undefined);
  // The list grows while it is walked: what lies inside a package is read behind everything that lies beside it.
  for (let index = 0; index < nested.length; index++) {
    const { key, raw, around } = nested[index]!;
    const inside = objectAt(raw, 'dependencies');
    if (inside === undefined) continue;
    if (around.depth < deepest) inner[index] = readLevel(inside, `${key}/`, around);
    else fault ??= { key, message: 'this entry is nested too deep to be followed' };
  }

  const addEdge = edgeAdder(entries);
  nested.forEach(({ raw, around }, index) => {
    const requires = objectAt(raw, 'requires');
    for (const name in requires) {
      let level: Level | undefined = inner[index] ?? around;
      let target: number | undefined;
      for (; level && target === undefined; level = level.outer) target = level.held.get(name);
      if (target !== undefined) addEdge(index, target);
    }
  });
  const roots = [...top.held].map(([name, index]): LockedRoot => ({ importer: '', name, packages: [index] }));
  return { read: { packages: entries, roots, importers: [''] }, ...(fault && { fault }) };
}

function entryOf(key: string, name: string, raw: PlainObject): Entry {
  const version = typeof raw['version'] === 'string' ? raw['version'] : '';
  const resolved = typeof raw['resolved'] === 'string' ? raw['resolved'] : undefined;
  const one = /^https?:/.test(version) ? entry(key, name, '', 'url') : plainOrAlias(key, name, version);
  setAddress(one, one.source === 'url' ? version : (resolved ?? ''));
  one.hashes = hashesOf(raw['integrity']);
  setFlags(one, raw);
  return one;
}

/** `1.2.3`, `npm:target@1.2.3`, or the spec of a folder, an archive or a repository. */
function plainOrAlias(key: string, name: string, version: string): Entry {
  if (version.startsWith('npm:')) {
    const at = version.lastIndexOf('@');
    return at > 4 ? entry(key, version.slice(4, at), version.slice(at + 1), 'registry') : entry(key, version.slice(4), '', 'registry');
  }
  const source = sourceOf(version);
  const one = entry(key, name, source === 'registry' ? version : '', source);
  if (source === 'git') one.origin = version;
  return one;
}
