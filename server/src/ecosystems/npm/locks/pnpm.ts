import type { Lock, LockedRoot, LockfileReader } from '../../../core/lockfile';
import type { Span } from '../../../core/span';
import { locateYamlKey, readYaml } from '../../../syntax/yamlText';
import type { YamlMap, YamlValue } from '../../../syntax/yamlLayout';
import { firstLine, lockOf, newer, type Fault } from './damage';
import { edgeAdder, entry, hashesOf, hostOf, markDev, rangeIn, type Entry } from './entry';
import { linkedFolder, parseDependencyPath, pathOf, sourceOfPath, withoutPeers } from './pnpmKeys';

// pnpm-lock.yaml: `importers` holds what each project asks for (before version 9, a lone project's stands at the top), `packages` what each
// release is, by dependency path (pnpmKeys.ts). Version 9 keeps the edges apart in `snapshots`, one for each set of peers. Whatever
// anything asks for is there, those for other platforms too: what is missing was cut off.

export const pnpm: LockfileReader = {
  id: 'pnpm',
  patterns: ['**/pnpm-lock.yaml'],
  matches: (path) => path === 'pnpm-lock.yaml' || path.endsWith('/pnpm-lock.yaml'),
  manifests: ['package.json'],
  relock: 'pnpm install --lockfile-only',
  read: readPnpmLock,
  locate,
};

const emptyMap: YamlMap = new Map();

/** What is gathered while the documents are read. */
interface Reading {
  readonly entries: Entry[];
  /** Where each entry's edges stand. */
  readonly edges: YamlMap[];
  readonly indexes: Map<string, number>;
  readonly roots: LockedRoot[];
  readonly importers: Set<string>;
  readonly complain: (path: readonly string[], message: string) => void;
}

function readPnpmLock(text: string): Lock {
  const { documents, fault: broken } = readYaml(text);
  let fault: Fault | undefined = broken;
  const reading: Reading = {
    entries: [],
    edges: [],
    indexes: new Map(),
    roots: [],
    importers: new Set(['']),
    complain: (path, message) => (fault ??= { span: locateYamlKey(text, path) ?? firstLine(text), message }),
  };
  // pnpm 11 puts what it needs itself (configDependencies) into a document of its own, before the project's.
  const version = textAt(
    documents.findLast((document) => document.has('lockfileVersion')),
    'lockfileVersion',
  );
  const major = Number(/^(\d+)(?:\.\d+)?(?:-\w+)?$/.exec(version)?.[1] ?? Number.NaN);
  const format = version === '' ? 'pnpm-lock' : `pnpm-lock ${version}`;
  const layout = major >= 9 || Number.isNaN(major) ? 9 : major >= 6 ? 6 : 5;
  for (const document of documents) readDocument(document, layout, reading);
  const { entries, roots, importers } = reading;
  if (layout === 9) markDev(entries, roots);
  if (Number.isNaN(major)) fault ??= { span: firstLine(text), message: 'it has no lockfileVersion' };
  const known = Number.isNaN(major) || (major >= 5 && major <= 9);
  const problem = known ? fault : newer('pnpm-lock.yaml', version, '5 to 9', locateYamlKey(text, ['lockfileVersion']));
  return lockOf(text, format, { packages: entries, roots, importers: [...importers] }, problem);
}

function readDocument(document: YamlMap, major: number, reading: Reading): void {
  const { entries, edges, indexes, complain } = reading;
  const packages = mapAt(document, 'packages');
  const times = mapAt(document, 'time');
  const first = entries.length;
  const take = (key: string, meta: YamlMap, edgesOf: YamlMap) => {
    if (indexes.has(key)) return;
    indexes.set(key, entries.length);
    edges[entries.length] = edgesOf;
    const one = entryOf(key, meta, edgesOf, major);
    const time = times.get(withoutPeers(key));
    const uploadedAt = typeof time === 'string' ? new Date(time) : undefined;
    if (uploadedAt && !Number.isNaN(uploadedAt.getTime())) one.uploadedAt = uploadedAt;
    entries.push(one);
    if (one.package.name === '' || (one.version === '' && one.source === 'registry'))
      complain(['packages', key], 'this entry names no release');
  };
  if (major >= 9) {
    const shown = new Set<string>();
    for (const [key, value] of mapAt(document, 'snapshots')) {
      const bare = withoutPeers(key);
      shown.add(bare);
      const meta = packages.get(bare);
      if (!(meta instanceof Map)) complain(['snapshots', key], 'it says what this brings, but not what it is');
      take(key, asMap(meta), asMap(value));
    }
    for (const [key, value] of packages) {
      if (shown.has(key)) continue;
      complain(['packages', key], 'it says what this is, but not what it brings');
      take(key, asMap(value), emptyMap);
    }
  } else for (const [key, value] of packages) take(key, asMap(value), asMap(value));

  readImporters(document, major, reading);
  const addEdge = edgeAdder(entries);
  for (let index = first; index < entries.length; index++) {
    const { key, own } = entries[index]!;
    for (const section of ['dependencies', 'optionalDependencies']) {
      for (const [name, value] of mapAt(edges[index]!, section)) {
        if (typeof value !== 'string' || own) continue;
        const path = pathOf(name, value, major);
        const target = path === undefined ? undefined : indexes.get(path);
        if (target !== undefined) addEdge(index, target);
        else if (path !== undefined) complain([major >= 9 ? 'snapshots' : 'packages', key], `it holds no entry for ${path.slice(0, 200)}`);
      }
    }
  }
}

function entryOf(key: string, meta: YamlMap, edges: YamlMap, major: number): Entry {
  const path = parseDependencyPath(key, major);
  const resolution = mapAt(meta, 'resolution');
  const tarball = textAt(resolution, 'tarball');
  const version = path.version === '' ? textAt(meta, 'version') : path.version;
  const one = entry(key, textAt(meta, 'name') || path.name, version, sourceOfPath(path, textAt(resolution, 'type'), tarball));
  const host = path.registry ?? hostOf(tarball === '' ? path.address : tarball);
  if (host !== undefined) one.registry = host;
  one.hashes = hashesOf(textAt(resolution, 'integrity'));
  const deprecated = meta.get('deprecated');
  if (typeof deprecated === 'string') one.deprecated = deprecated;
  if (meta.get('dev') === 'true') one.dev = true;
  if (edges.get('optional') === 'true') one.optional = true;
  if (meta.get('requiresBuild') === 'true') one.installScript = true;
  return one;
}

const sections = ['dependencies', 'devDependencies', 'optionalDependencies'] as const;

function readImporters(document: YamlMap, major: number, reading: Reading): void {
  const { entries, edges, indexes, roots, importers, complain } = reading;
  const listed = document.get('importers');
  const all: YamlMap = listed instanceof Map ? (listed as YamlMap) : new Map([['.', document]]);
  /** Folders that others link to; they are packages of the project, which the lockfile gives no entry. */
  const links = new Map<string, number>();
  const linkTo = (folder: string, name: string): number => {
    const known = links.get(folder);
    if (known !== undefined) return known;
    const isMember = all.has(folder === '' ? '.' : folder);
    links.set(folder, entries.length);
    edges[entries.length] = emptyMap;
    return entries.push(entry(`link:${folder}`, name, '', isMember ? 'workspace' : 'path', true)) - 1;
  };
  const asked: (readonly [folder: string, packages: readonly number[]])[] = [];
  for (const [written, value] of all) {
    const importer = written === '.' ? '' : written;
    const project = asMap(value);
    importers.add(importer);
    const specifiers = mapAt(project, 'specifiers');
    for (const section of sections) {
      for (const [name, dependency] of mapAt(project, section)) {
        const inline = dependency instanceof Map ? (dependency as YamlMap) : undefined;
        const version = inline ? textAt(inline, 'version') : typeof dependency === 'string' ? dependency : '';
        const path = pathOf(name, version, major);
        const target = path === undefined ? linkTo(linkedFolder(importer, version.slice('link:'.length)), name) : indexes.get(path);
        const specifier = inline ? textAt(inline, 'specifier') : textAt(specifiers, name);
        const packages = target === undefined ? [] : [target];
        roots.push({ importer, name, section, ...(specifier !== '' && { specifier: rangeIn(specifier) }), packages });
        asked.push([importer, packages]);
        if (target === undefined)
          complain(listed ? ['importers', written] : [section, name], `it holds no entry for ${name.slice(0, 214)}`);
      }
    }
  }
  for (const [folder, packages] of asked) {
    const from = links.get(folder);
    if (from !== undefined) entries[from]!.dependencies.push(...packages);
  }
}

/** Of an entry the key in `packages`, where its release and digest stand; of a linked project its own. */
function locate(text: string, { key }: { readonly key: string }): Span | undefined {
  if (key.startsWith('link:')) return locateYamlKey(text, ['importers', key.slice('link:'.length) || '.']);
  return (
    locateYamlKey(text, ['packages', key]) ??
    locateYamlKey(text, ['packages', withoutPeers(key)]) ??
    locateYamlKey(text, ['snapshots', key])
  );
}

function asMap(value: YamlValue | undefined): YamlMap {
  return value instanceof Map ? (value as YamlMap) : emptyMap;
}

function mapAt(map: YamlMap, key: string): YamlMap {
  return asMap(map.get(key));
}

function textAt(map: YamlMap | undefined, key: string): string {
  const value = map?.get(key);
  return typeof value === 'string' ? value : '';
}
