import type { Lock, LockedPackage, LockedRoot } from '../../../core/lockfile';
import type { Span } from '../../../core/span';
import { locateYamlKey, readYaml } from '../../../syntax/yamlText';
import type { YamlMap, YamlValue } from '../../../syntax/yamlLayout';
import { firstLine, lockOf, newer, type Fault } from './damage';
import { setArchive } from './archive';
import { isRelease } from './asked';
import { createDescriptors, splitDescriptor } from './descriptors';
import { edgeAdder, entry, rangeIn, setAddress, type Entry } from './entry';

// yarn.lock as Yarn 2 and later write it: YAML, each entry under the descriptors that it answers to (`"a@npm:^1, a@npm:~1.2"`), with
// `resolution: "name@reference"`. The reference says where it comes from: npm:1.2.3  workspace:packages/x  patch:a@npm%3A1.2.3#…
// git@…#commit=…  https://…  file:…  link:…  portal:…  exec:…  Members of the workspace are entries, and their dependencies, of all
// kinds in one list, are the roots. `checksum` is of Yarn's own archive, no registry knows it.

const newest = 9;

/** Reads a yarn.lock of Yarn 2 or later. Never throws. */
export function readYarnBerry(text: string): Lock {
  const { documents, fault: broken } = readYaml(text);
  const root: YamlMap = documents[0] ?? new Map<string, YamlValue>();
  const meta = root.get('__metadata');
  const version = textOf(meta, 'version');
  const format = version === '' ? 'yarn.lock' : `yarn.lock ${version}`;
  const entries: Entry[] = [];
  const maps: YamlMap[] = [];
  const importerOf = new Map<number, string>();
  const descriptors = createDescriptors();
  /** Yarn patches some packages itself, and then both the patched one and what it was made from are entries: by `name@range` of the latter. */
  const patches = new Map<string, number>();
  let fault: Fault | undefined = broken;
  const complain = (key: string, message: string) => {
    fault ??= { span: locateYamlKey(text, [key]) ?? firstLine(text), message };
  };

  for (const [key, value] of root) {
    if (key === '__metadata') continue;
    const resolution = splitDescriptor(textOf(value, 'resolution'));
    const locked = textOf(value, 'version');
    if (!(value instanceof Map) || !resolution || locked === '') {
      complain(key, 'this entry is not finished');
      continue;
    }
    const index = entries.length;
    const one = entryOf(key, resolution[0], resolution[1], locked);
    const archive = archiveIn(resolution[1]);
    const wrong = archive === undefined ? undefined : setArchive(one, archive);
    if (wrong !== undefined) complain(key, wrong);
    if (textOf(value, 'checksum') !== '') one.hashed = true;
    if (one.source === 'workspace') importerOf.set(index, folderOf(resolution[1]));
    entries.push(one);
    maps.push(value);
    const pairs = key.split(',').map((descriptor) => splitDescriptor(descriptor.trim()));
    if ((one.source === 'git' || one.source === 'url') && pairs.every((pair) => pair && isRelease(pair[1]))) one.unasked = true;
    for (const pair of pairs) {
      const patched = pair && patchedRange(pair[1]);
      if (patched !== undefined) patches.set(`${pair![0]}@${patched}`, index);
      if (pair) descriptors.set(pair[0], plainRange(pair[1]), index);
      else complain(key, 'this is no name@range');
    }
  }

  const addEdge = edgeAdder(entries);
  const roots: LockedRoot[] = [];
  for (let index = 0; index < entries.length; index++) {
    const importer = importerOf.get(index);
    const wanted = maps[index]!.get('dependencies');
    if (!(wanted instanceof Map)) continue;
    const optional = maps[index]!.get('dependenciesMeta');
    for (const [name, written] of wanted as YamlMap) {
      if (typeof written !== 'string') continue;
      const range = plainRange(written);
      const patch = patches.get(`${name}@${range}`);
      const packages = [...descriptors.find(name, range), ...(patch === undefined ? [] : [patch])];
      for (const target of packages) addEdge(index, target);
      if (importer !== undefined) roots.push({ importer, name, specifier: rangeIn(range), packages });
      if (!packages.length && textOf(mapAt(optional, name), 'optional') !== 'true')
        complain(entries[index]!.key, `it holds no entry for ${name.slice(0, 214)}, which this one asks for`);
    }
  }
  const number = Number(version);
  if (!(meta instanceof Map) || !(number > 0)) fault ??= { span: firstLine(text), message: 'it has no "__metadata" with a version' };
  const problem = number > newest ? newer('yarn.lock', version, `4 to ${newest}`, locateYamlKey(text, ['__metadata', 'version'])) : fault;
  const importers = [...new Set(['', ...importerOf.values()])];
  if (importerOf.size > 0) return lockOf(text, format, { packages: entries, roots, importers }, problem);
  fault ??= { span: firstLine(text), message: 'no entry is the project itself' };
  return lockOf(text, format, { packages: entries, roots: descriptors.roots(), importers, anyImporter: true }, problem ?? fault);
}

/** The span of the entry's key, inside its quotes. */
export function locateYarnBerry(text: string, key: string): Span | undefined {
  return locateYamlKey(text, [key]);
}

function entryOf(key: string, name: string, reference: string, version: string): Entry {
  const source = sourceOf(reference);
  const own = source === 'workspace' || /^(?:link|portal):/.test(reference);
  // Yarn gives what it did not download the version 0.0.0-use.local.
  const one = entry(key, name, version === '0.0.0-use.local' ? '' : version, source, own);
  const archive = archiveIn(reference);
  if (archive !== undefined) setAddress(one, archive);
  else if (source === 'url') setAddress(one, reference);
  if (source === 'git' || source === 'url') one.origin = reference;
  return one;
}

/** Where the archive lies, of one that does not lie where the registry that is set up would have it. */
function archiveIn(reference: string): string | undefined {
  const archive = /__archiveUrl=([^&]*)/.exec(reference)?.[1];
  return archive === undefined ? undefined : decoded(archive);
}

function sourceOf(reference: string): LockedPackage['source'] {
  if (reference.startsWith('npm:')) return 'registry';
  if (reference.startsWith('workspace:')) return 'workspace';
  // A patch changes an archive that comes from where it says: `patch:name@npm%3A1.2.3#./x.patch::version=…`.
  if (reference.startsWith('patch:')) return /^patch:@?[^@#]*@npm(?::|%3A)/i.test(reference) ? 'registry' : 'path';
  if (/^(?:file|link|portal|exec):/.test(reference)) return 'path';
  if (/^(?:git|ssh)[+:@]/.test(reference) || reference.includes('commit=', reference.lastIndexOf('#') + 1)) return 'git';
  return /^https?:/.test(reference) ? 'url' : 'registry';
}

function folderOf(reference: string): string {
  const path = reference.slice('workspace:'.length).split('::', 1)[0]!;
  return path === '.' ? '' : path;
}

/** Yarn 4 writes the protocol of a range, Yarn 2 and 3 leave it out in an entry's dependencies. */
function plainRange(range: string): string {
  return range.startsWith('npm:') && !range.includes('@', 4) ? range.slice(4) : range;
}

/** Of `patch:name@npm%3A^1#~builtin<…>` the range `^1`. */
function patchedRange(range: string): string | undefined {
  if (!range.startsWith('patch:')) return undefined;
  const hash = range.indexOf('#');
  const source = splitDescriptor(range.slice(6, hash < 0 ? undefined : hash));
  return source && plainRange(decoded(source[1]));
}

function mapAt(map: YamlValue | undefined, key: string): YamlValue | undefined {
  return map instanceof Map ? (map as YamlMap).get(key) : undefined;
}

function textOf(map: YamlValue | undefined, key: string): string {
  const value = mapAt(map, key);
  return typeof value === 'string' ? value : '';
}

function decoded(component: string): string {
  try {
    return decodeURIComponent(component);
  } catch {
    return component;
  }
}
