import type { Lock, LockedPackage, LockedRoot, LockfileReading } from '../../../core/lockfile';
import type { Problem } from '../../../core/manifest';
import type { Span } from '../../../core/span';
import { parseJson, propertyOf, type JsonNode } from '../../../syntax/json';
import { isPlainObject, locateJsonKey, locateJsonKeys, objectAt, readPlainJson, type PlainObject } from '../../../syntax/jsonPlain';
import { setArchive } from './archive';
import { createAsked } from './asked';
import { firstLine, lockOf, newer, nothingOf, damaged, type Fault } from './damage';
import { edgeAdder, entry, hashesOf, rangeIn, setAddress, type Entry } from './entry';
import { find, installTree } from './installTree';
import { markUrl, setFlags, sourceOf, type ReadEntries } from './packageLockEntry';
import { readNested } from './packageLockNested';

// package-lock.json and npm-shrinkwrap.json. Version 1 nests `dependencies` (packageLockNested.ts); 2 and 3 list `packages` by the folder
// each lies in: `""` the project, `packages/x` a member or a linked folder, `node_modules/a/node_modules/b` an installed package,
// `link: true` a link to one of the former. Version 2 holds both lists, and npm reads `packages`.

export const packageLock: LockfileReading = {
  read: readPackageLock,
  locate,
  locator,
};

/** What npm wrote down about an installed tree. It has no project of its own, so no roots; for what is installed, not for what is locked. */
export const installedPackageLock: LockfileReading = {
  read: readPackageLock,
  locate,
};

function readPackageLock(text: string): Lock {
  const { value, fault } = readPlainJson(text);
  if (!isPlainObject(value)) {
    return nothingOf('package-lock', damaged(text, 'package-lock', fault ?? { span: firstLine(text), message: 'it is no JSON object' }));
  }
  const version = value['lockfileVersion'];
  const packages = objectAt(value, 'packages');
  const format = typeof version === 'number' ? `package-lock ${version}` : 'package-lock';
  const problem = fault ?? versionProblem(text, format, value, packages);
  const { read, fault: inside } = packages ? readFlat(packages, fault !== undefined) : readNested(value, fault !== undefined);
  return lockOf(text, format, read, problem ?? (inside && { span: locate(text, inside) ?? firstLine(text), message: inside.message }));
}

function versionProblem(text: string, format: string, root: PlainObject, packages: PlainObject | undefined): Problem | Fault | undefined {
  const version = root['lockfileVersion'];
  const span = () => locateJsonKey(text, ['lockfileVersion']) ?? firstLine(text);
  if (typeof version === 'number' && version > 3) return newer(format, String(version), '1 to 3', span());
  // npm 4 wrote npm-shrinkwrap.json without a version. A project that depends on nothing has no "dependencies" in version 1.
  if (packages || version === 1 || (version === undefined && objectAt(root, 'dependencies'))) return undefined;
  return { span: span(), message: 'it holds no "packages"' };
}

const sections = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'] as const;

/** `doubtful`: the text is damaged, so an installed package that lacks its version was cut off. */
function readFlat(packages: PlainObject, doubtful: boolean): ReadEntries {
  const tree = installTree(folderAbove);
  const entries: Entry[] = [];
  const raws: PlainObject[] = [];
  const indexes = new Map<string, number>();
  const links: string[] = [];
  let fault: ReadEntries['fault'];
  const project = objectAt(packages, '');
  const workspaces = project?.['workspaces'] !== undefined;

  const take = (key: string, one: Entry, raw: PlainObject) => {
    indexes.set(key, entries.length);
    entries.push(one);
    raws.push(raw);
  };
  for (const key in packages) {
    const raw = packages[key];
    if (!isPlainObject(raw)) fault ??= { key, message: 'this entry is no object' };
    else if (raw['link'] === true) links.push(key);
    else if (!doubtful || typeof raw['version'] === 'string' || installedAt(key) < 0) take(key, entryOf(key, raw, workspaces), raw);
  }
  for (const key of links) {
    const target = (packages[key] as PlainObject)['resolved'];
    const index = typeof target === 'string' ? indexes.get(target) : undefined;
    // A link to a folder that the lockfile says nothing about.
    if (index === undefined) take(key, entry(key, nameIn(key), '', 'path', true), {});
    else indexes.set(key, index);
  }
  for (const [key, index] of indexes) {
    const at = installedAt(key);
    if (at < 0) continue;
    const name = key.slice(at + 13);
    if (name === '' || !tree.add(key.slice(0, Math.max(0, at - 1)), name, index)) {
      fault ??= { key, message: name === '' ? 'this entry has no name' : 'this entry is nested too deep to be followed' };
    }
  }

  const addEdge = edgeAdder(entries);
  const asked = createAsked(entries);
  const roots: LockedRoot[] = [];
  const importers = [''];
  for (let index = 0; index < entries.length; index++) {
    const { key, own } = entries[index]!;
    const raw = raws[index]!;
    const importer = own && installedAt(key) < 0 && !isOutside(key);
    if (importer && key !== '') importers.push(key);
    const place = tree.placeFor(key);
    for (const section of sections) {
      const wanted = raw[section];
      if (wanted === undefined || (section === 'devDependencies' && !own) || !isPlainObject(wanted)) continue;
      for (const name in wanted) {
        const target = find(place, name);
        const spec = wanted[name];
        if (target !== undefined) {
          markUrl(entries[target]!, spec);
          asked.by(target, spec);
        }
        if (importer) roots.push(rootOf(key, name, section, spec, target));
        if (target !== undefined && !(section === 'peerDependencies' && isOptionalPeer(raw, name))) addEdge(index, target);
      }
    }
  }
  asked.mark();
  // By now it is known what somebody asked for by its address.
  entries.forEach((one, index) => {
    const { resolved } = raws[index]!;
    const message = typeof resolved === 'string' ? setArchive(one, resolved) : undefined;
    if (message !== undefined) fault ??= { key: one.key, message };
  });
  return { read: { packages: entries, roots, importers }, ...(fault && { fault }) };
}

function rootOf(importer: string, name: string, section: string, spec: unknown, target: number | undefined): LockedRoot {
  const packages = target === undefined ? [] : [target];
  return typeof spec === 'string' ? { importer, name, section, specifier: rangeIn(spec), packages } : { importer, name, section, packages };
}

function entryOf(key: string, raw: PlainObject, workspaces: boolean): Entry {
  const installed = installedAt(key) >= 0;
  const name = typeof raw['name'] === 'string' ? raw['name'] : nameIn(key);
  const version = typeof raw['version'] === 'string' ? raw['version'] : '';
  if (!installed) return entry(key, name, version, key === '' || (workspaces && !isOutside(key)) ? 'workspace' : 'path', true);
  const resolved = raw['resolved'];
  const one = entry(key, name, version, typeof resolved === 'string' ? sourceOf(resolved) : 'registry');
  if (typeof resolved === 'string') setAddress(one, resolved);
  if (one.source === 'git') one.origin = resolved as string;
  one.hashes = hashesOf(raw['integrity']);
  if (typeof raw['license'] === 'string') one.license = raw['license'];
  setFlags(one, raw);
  return one;
}

function isOptionalPeer(raw: PlainObject, name: string): boolean {
  const meta = objectAt(raw, 'peerDependenciesMeta');
  return meta !== undefined && objectAt(meta, name)?.['optional'] === true;
}

/** Where the last `node_modules/` of a key stands, or -1: then the key is a folder of the project. */
function installedAt(key: string): number {
  const at = key.lastIndexOf('node_modules/');
  return at <= 0 || key.charCodeAt(at - 1) === 47 ? at : -1;
}

function isOutside(key: string): boolean {
  return key === '..' || key.startsWith('../');
}

function nameIn(key: string): string {
  const at = installedAt(key);
  return at < 0 ? key.slice(key.lastIndexOf('/') + 1) : key.slice(at + 13);
}

/** The folder in whose `node_modules` a key stands, or the folder above. */
function folderAbove(key: string): string | undefined {
  const at = installedAt(key);
  if (at >= 0) return key.slice(0, Math.max(0, at - 1));
  if (key === '' || key === '..' || key.endsWith('/..')) return undefined;
  return key.slice(0, Math.max(0, key.lastIndexOf('/')));
}

function locate(text: string, { key }: { readonly key: string }): Span | undefined {
  return locateJsonKey(text, ['packages', key]) ?? nested(key, (path) => locateJsonKey(text, path));
}

function locator(text: string): (entry: LockedPackage) => Span | undefined {
  const flat = locateJsonKeys(text, ['packages']);
  let root: JsonNode | undefined;
  return ({ key }) =>
    flat.get(key) ??
    nested(key, (path) => {
      let node = (root ??= parseJson(text).root);
      let place: Span | undefined;
      for (const name of path) {
        const property = node?.type === 'object' ? propertyOf(node, name) : undefined;
        node = property?.value;
        place = property?.key.inner;
      }
      return place;
    });
}

/** Version 1: every `node_modules/` is a level of nesting. */
function nested(key: string, place: (path: readonly string[]) => Span | undefined): Span | undefined {
  const path = key.split(/(?:^|\/)node_modules\//).slice(1);
  return path.length ? place(path.flatMap((name) => ['dependencies', name])) : undefined;
}
