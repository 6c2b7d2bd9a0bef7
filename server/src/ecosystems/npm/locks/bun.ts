import type { Lock, LockedPackage, LockedRoot, LockfileReading } from '../../../core/lockfile';
import type { Problem } from '../../../core/manifest';
import { isPlainObject, locateJsonKey, locateJsonKeys, objectAt, readPlainJson, type PlainObject } from '../../../syntax/jsonPlain';
import { damaged, firstLine, lockOf, newer, nothingOf, type Fault } from './damage';
import { setArchive } from './archive';
import { createAsked, overridden, type Asked } from './asked';
import { edgeAdder, entry, hashesOf, markDev, rangeIn, setAddress, type Entry } from './entry';
import { find, installTree } from './installTree';

// bun.lock: JSON with trailing commas. `workspaces` holds what each project asks for, by its folder; `packages` one array for each place
// of the tree (`a`, `a/b` where a needs another b), which starts with "name@reference":
//   registry        ["a@1.2.3", REGISTRY or "", INFO, INTEGRITY]
//   git, GitHub     ["a@git+ssh://…#COMMIT" or "a@github:user/repo#COMMIT", INFO, TAG, …]
//   archive         ["a@https://…" or "a@./x.tgz", INFO, INTEGRITY?]
//   folder, link    ["a@file:…", INFO]  ["a@link:…", INFO]
//   member          ["a@workspace:packages/a"]     the project itself: ["a@root:", INFO]

export const bun: LockfileReading = {
  read: readBunLock,
  locate: (text, { key }) => locateJsonKey(text, ['packages', key]),
  locator: (text) => {
    const places = locateJsonKeys(text, ['packages']);
    return ({ key }) => places.get(key);
  },
};

/** Bun's former format, of which nothing can be read, by Bun itself not even where bun.lock lies beside it. */
export const bunBinary: LockfileReading = {
  read: () =>
    nothingOf('bun.lockb', {
      kind: 'unreadable',
      span: { start: 0, end: 0 },
      message: 'bun.lockb is binary and cannot be read here: `bun install --save-text-lockfile` writes bun.lock instead',
    }),
  locate: () => undefined,
};

const sections = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'] as const;

function readBunLock(text: string): Lock {
  const { value, fault: broken } = readPlainJson(text, { trailingCommas: true });
  if (!isPlainObject(value)) {
    return nothingOf('bun.lock', damaged(text, 'bun.lock', broken ?? { span: firstLine(text), message: 'it is no JSON object' }));
  }
  const version = value['lockfileVersion'];
  const format = typeof version === 'number' ? `bun.lock ${version}` : 'bun.lock';
  const packages = objectAt(value, 'packages') ?? {};
  const workspaces = objectAt(value, 'workspaces');
  const entries: Entry[] = [];
  const infos: PlainObject[] = [];
  let fault: Fault | Problem | undefined = broken;
  const complain = (key: string, message: string) => {
    fault ??= { span: locateJsonKey(text, ['packages', key]) ?? firstLine(text), message };
  };

  const tree = installTree(placeAbove);
  for (const key in packages) {
    const row: unknown = packages[key];
    const one = Array.isArray(row) ? entryOf(key, row, workspaces) : undefined;
    if (!one) {
      complain(key, 'this entry is not finished');
      continue;
    }
    const address: unknown = (row as readonly unknown[])[1];
    const wrong = typeof address === 'string' ? setArchive(one, address) : undefined;
    if (wrong !== undefined) complain(key, wrong);
    const [above, name] = splitPlace(key);
    if (name === '' || !tree.add(above, name, entries.length)) complain(key, 'this entry is nested too deep to be followed');
    entries.push(one);
    infos.push((row as readonly unknown[]).find(isPlainObject) ?? {});
  }

  const addEdge = edgeAdder(entries);
  const asked = createAsked(entries);
  entries.forEach((one, index) => {
    if (one.own) return;
    const info = infos[index]!;
    const optionalPeers: unknown = info['optionalPeers'];
    const place = tree.placeFor(one.key);
    for (const section of ['dependencies', 'optionalDependencies', 'peerDependencies']) {
      const wanted = objectAt(info, section);
      for (const name in wanted) {
        const target = find(place, name);
        if (target !== undefined) asked.by(target, wanted[name]);
        const optional = section === 'peerDependencies' && Array.isArray(optionalPeers) && optionalPeers.includes(name);
        if (target !== undefined && !optional) addEdge(index, target);
      }
    }
  });
  const { roots, importers } = rootsOf(workspaces, tree, entries, asked);
  asked.mark(overridden(Object.keys(objectAt(value, 'overrides') ?? {})));
  markDev(entries, roots);
  if (!workspaces) fault ??= { span: firstLine(text), message: 'it holds no "workspaces"' };
  if (typeof version !== 'number') fault ??= { span: firstLine(text), message: 'it has no lockfileVersion' };
  else if (version > 2) fault = newer('bun.lock', String(version), '0 to 2', locateJsonKey(text, ['lockfileVersion']));
  return lockOf(text, format, { packages: entries, roots, importers }, fault);
}

function entryOf(key: string, row: readonly unknown[], workspaces: PlainObject | undefined): Entry | undefined {
  const [first] = row;
  const at = typeof first === 'string' ? first.indexOf('@', 1) : -1;
  if (typeof first !== 'string' || at < 0) return undefined;
  const name = first.slice(0, at);
  const reference = first.slice(at + 1);
  const info = row.find(isPlainObject);
  const source = sourceOf(reference);
  if (source === 'workspace') {
    const folder = reference.slice('workspace:'.length);
    const version = reference.startsWith('root:') ? undefined : workspaces && objectAt(workspaces, folder)?.['version'];
    return entry(key, name, typeof version === 'string' ? version : '', source, true);
  }
  if (source === 'registry' && (reference === '' || row.length < 3)) return undefined;
  const one = entry(key, name, source === 'registry' ? reference : '', source, reference.startsWith('link:'));
  if (source !== 'registry') setAddress(one, reference);
  else if (typeof row[1] === 'string') setAddress(one, row[1]);
  if (source === 'git' || source === 'url') one.origin = reference;
  const last = row.at(-1);
  if (row.length > 1) one.hashes = hashesOf(last);
  if (info?.['bundled'] === true) one.bundled = true;
  return one;
}

function sourceOf(reference: string): LockedPackage['source'] {
  if (reference.startsWith('workspace:') || reference.startsWith('root:')) return 'workspace';
  if (/^(?:git[+:@]|github:|gitlab:|bitbucket:|ssh:)/.test(reference)) return 'git';
  if (/^https?:/.test(reference)) return 'url';
  return /^(?:file:|link:|\.{0,2}\/)|\.(?:tgz|tar\.gz)$/.test(reference) ? 'path' : 'registry';
}

function rootsOf(workspaces: PlainObject | undefined, tree: ReturnType<typeof installTree>, entries: readonly Entry[], asked: Asked) {
  const roots: LockedRoot[] = [];
  const importers = [''];
  for (const importer in workspaces) {
    const project = objectAt(workspaces, importer);
    if (!project) continue;
    if (importer !== '') importers.push(importer);
    const name = project['name'];
    // A member's own versions lie in its place, under the name it has in the tree.
    const place = tree.placeFor(importer !== '' && typeof name === 'string' ? name : '');
    const own = importer !== '' && typeof name === 'string' ? find(tree.placeFor(''), name) : undefined;
    const brought = new Set<number>();
    for (const section of sections) {
      const wanted = objectAt(project, section);
      for (const dependency in wanted) {
        const target = find(place, dependency);
        const spec: unknown = wanted[dependency];
        if (target !== undefined) asked.by(target, spec);
        const packages = target === undefined ? [] : [target];
        roots.push({ importer, name: dependency, section, ...(typeof spec === 'string' && { specifier: rangeIn(spec) }), packages });
        if (target !== undefined) brought.add(target);
      }
    }
    if (own !== undefined && entries[own]!.own) entries[own]!.dependencies = [...brought];
  }
  return { roots, importers };
}

/** `a/@s/b` is the place `a` and the name `@s/b`. */
function splitPlace(key: string): readonly [above: string, name: string] {
  const last = key.lastIndexOf('/');
  const before = last < 0 ? -1 : key.lastIndexOf('/', last - 1);
  const cut = last >= 0 && key.charCodeAt(before + 1) === 64 ? before : last;
  return [cut < 0 ? '' : key.slice(0, cut), key.slice(cut + 1)];
}

function placeAbove(key: string): string | undefined {
  return key === '' ? undefined : splitPlace(key)[0];
}
