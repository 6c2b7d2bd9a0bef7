import type { YamlMap, YamlValue, YamlVisitor } from '../../../syntax/yamlLayout';
import { setArchive } from './archive';
import { entry, hashesOf, setAddress, type Entry } from './entry';
import { parseDependencyPath, pathOf, sourceOfPath, withoutPeers } from './pnpmKeys';

/** What the package at this position asks for. */
export interface Asked {
  readonly from: number;
  /** Names, each followed by its value. */
  readonly pairs: readonly string[];
}

export interface PnpmGathering extends YamlVisitor {
  readonly entries: Entry[];
  /** Where the entry stands that a dependency's name and value mean; `undefined` for a link, and for what is missing. */
  find(name: string, value: string): number | undefined;
  readonly asked: readonly Asked[];
  /** By the importer as written; `.` also of a lone project's sections at the top. */
  readonly projects: ReadonlyMap<string, YamlMap>;
  /** As written, what the project's overrides are about. */
  readonly overrides: ReadonlySet<string>;
  /** To be called once everything came by. */
  finish(complain: (path: readonly string[], message: string) => void): void;
}

/** What `packages` says of a release, and whether some place in the tree holds it. */
interface Release {
  readonly one: Entry;
  placed: boolean;
}

const emptyMap: YamlMap = new Map();

const mapSections: ReadonlySet<string> = new Set(['importers', 'packages', 'snapshots']);

const wanted: ReadonlySet<string> = new Set(
  'resolution version name deprecated dev optional requiresBuild dependencies optionalDependencies'.split(' '),
);

/** Gathers what pnpm-lock.yaml says, as its entries come by, in whatever order its sections stand. */
export function pnpmGathering(major: number): PnpmGathering {
  const releases = new Map<string, Release>();
  const entries: Entry[] = [];
  const indexes = new Map<string, number>();
  const asked: Asked[] = [];
  /** In version 9: by the name in the key the entry that was told last, and for each entry the one before it of the same name. */
  const latest = new Map<string, number>();
  const earlier: (number | undefined)[] = [];
  const times = new Map<string, string>();
  const projects = new Map<string, YamlMap>();
  const overrides = new Set<string>();
  /** Of a project without importers: its sections. */
  const lone = new Map<string, Map<string, YamlValue>>();
  let unfinished: readonly [section: string, key: string] | undefined;
  let contradiction: readonly [key: string, message: string] | undefined;
  /** Places that were told before what they hold. */
  const early: { readonly index: number; readonly bare: string }[] = [];

  /** `edges`: the map that holds `dependencies`. */
  const place = (key: string, bare: string, release: Release | undefined, edges: YamlMap): void => {
    const index = entries.length;
    if (!release) early.push({ index, bare });
    entries.push(release && key === bare ? release.one : copyOf(release?.one, key));
    if (release) release.placed = true;
    indexes.set(key, index);
    if (major >= 9) {
      const name = key.slice(0, key.indexOf('@', 1));
      earlier.push(latest.get(name));
      latest.set(name, index);
    }
    if (edges.get('optional') === 'true') entries[index]!.optional = true;
    const pairs = pairsOf(edges);
    if (pairs) asked.push({ from: index, pairs });
  };
  const copyOf = (one: Entry | undefined, key: string): Entry => (one ? { ...one, key, dependencies: [] } : entryOf(key, emptyMap, major));

  return {
    entries,
    asked,
    find(name, value) {
      if (major >= 9 && value.charCodeAt(0) !== 64) {
        // Nearly always the path is the name and the value; then it need not be put together to be looked up.
        const length = name.length + 1 + value.length;
        let index = latest.get(name);
        for (let steps = 0; index !== undefined && steps < 16; steps++, index = earlier[index]) {
          const { key } = entries[index]!;
          if (key.length === length && key.endsWith(value)) return index;
        }
      }
      const path = pathOf(name, value, major);
      return path === undefined ? undefined : indexes.get(path);
    },
    projects,
    overrides,
    wanted: (section) => (section === 'packages' || section === 'snapshots' ? wanted : undefined),
    entry(section, key, value) {
      const map = asMap(value);
      // What holds nothing is written as `{}`.
      if (!(value instanceof Map) && mapSections.has(section)) unfinished ??= [section, key];
      switch (section) {
        case 'packages': {
          const release = { one: entryOf(key, map, major), placed: false };
          const tarball = textAt(asMap(map.get('resolution')), 'tarball');
          // Older lockfiles have the address below the registry's.
          const wrong = /^https?:/i.test(tarball) ? setArchive(release.one, tarball) : undefined;
          if (wrong !== undefined) contradiction ??= [key, wrong];
          const { size } = releases;
          if (releases.set(key, release).size === size) return false;
          if (major < 9) place(key, key, release, map);
          return true;
        }
        case 'snapshots': {
          if (indexes.has(key)) return false;
          const bare = withoutPeers(key);
          place(key, bare, releases.get(bare), map);
          return true;
        }
        case 'importers':
          // The documents of one file may each hold the same project.
          projects.set(key, new Map([...asMap(projects.get(key)), ...map]));
          return true;
        case 'dependencies':
        case 'devDependencies':
        case 'optionalDependencies':
        case 'specifiers': {
          const held = lone.get(section) ?? new Map<string, YamlValue>();
          if (held.has(key)) return false;
          lone.set(section, held.set(key, value));
          return true;
        }
        case 'overrides':
          overrides.add(key);
          return true;
        case 'time':
          if (typeof value === 'string') times.set(key, value);
          return true;
        default:
          return true;
      }
    },
    finish(complain) {
      if (unfinished) complain(unfinished, 'this entry is not finished');
      if (contradiction) complain(['packages', contradiction[0]], contradiction[1]);
      if (projects.size === 0 && lone.size > 0) projects.set('.', lone);
      for (const { index, bare } of early) {
        const release = releases.get(bare);
        const { key, optional } = entries[index]!;
        if (release) entries[index] = { ...copyOf(release.one, key), ...(optional && { optional }) };
        else complain(['snapshots', key], 'it says what this brings, but not what it is');
        if (release) release.placed = true;
      }
      for (const [key, release] of releases) {
        if (release.placed) continue;
        complain(['packages', key], 'it says what this is, but not what it brings');
        place(key, key, release, emptyMap);
      }
      for (const one of entries) {
        const time = times.size > 0 ? times.get(withoutPeers(one.key)) : undefined;
        if (time !== undefined && !Number.isNaN(Date.parse(time))) one.uploadedAt = new Date(time);
        const nameless = one.package.name === '' || (one.version === '' && one.source === 'registry');
        if (nameless) complain(['packages', withoutPeers(one.key)], 'this entry names no release');
      }
    },
  };
}

function entryOf(key: string, meta: YamlMap, major: number): Entry {
  const path = parseDependencyPath(key, major);
  const resolution = asMap(meta.get('resolution'));
  const tarball = textAt(resolution, 'tarball');
  const version = path.version === '' ? textAt(meta, 'version') : path.version;
  const one = entry(key, textAt(meta, 'name') || path.name, version, sourceOfPath(path, textAt(resolution, 'type'), tarball));
  setAddress(one, tarball === '' ? path.address : tarball);
  if (path.registry !== undefined) one.registry ??= path.registry;
  // What comes from git has its address in the place of the version.
  if (one.source === 'git' && path.version !== '') one.unasked = true;
  if (one.source === 'git' || one.source === 'url') one.origin = originOf(resolution, tarball === '' ? path.address : tarball);
  one.hashes = hashesOf(resolution.get('integrity'));
  const deprecated = meta.get('deprecated');
  if (typeof deprecated === 'string') one.deprecated = deprecated;
  if (meta.get('dev') === 'true') one.dev = true;
  if (meta.get('requiresBuild') === 'true') one.installScript = true;
  return one;
}

/** The repository with its commit, or the archive. */
function originOf(resolution: YamlMap, address: string): string {
  const repository = textAt(resolution, 'repo');
  return repository === '' ? address : `${repository}#${textAt(resolution, 'commit')}`;
}

function pairsOf(map: YamlMap): readonly string[] | undefined {
  let pairs: string[] | undefined;
  for (const section of edgeSections) {
    const wanted = map.get(section);
    if (!(wanted instanceof Map)) continue;
    pairs ??= [];
    for (const [name, value] of wanted as YamlMap) if (typeof value === 'string') pairs.push(name, value);
  }
  return pairs;
}

const edgeSections = ['dependencies', 'optionalDependencies'] as const;

export function asMap(value: YamlValue | undefined): YamlMap {
  return value instanceof Map ? (value as YamlMap) : emptyMap;
}

export function textAt(map: YamlMap, key: string): string {
  const value = map.get(key);
  return typeof value === 'string' ? value : '';
}
