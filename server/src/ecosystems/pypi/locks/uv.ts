import type { Lock, LockfileReading } from '../../../core/lockfile';
import type { Problem } from '../../../core/manifest';
import { normalizeName } from '../name';
import { lockEntries, type Entries, type EntryFacts } from './entries';
import { fileListOf, withOrigin, type FileList } from './fileLists';
import { locateToml, tomlLocator } from './locateToml';
import { earliest, folderOf, hostOf, withoutCredentials } from './sources';
import { readTomlLock, valueSpan, type TomlLock } from './tomlLock';
import { uvRoots } from './uvRoots';
import { entriesOf, listOf, tableOf, tablesOf, textOf, textsOf, type Values } from './values';

// uv.lock, version 1 with any revision: a revision adds keys, a version changes what they mean (uv's "Lockfile versioning").
//
//   [[package]]                 name, version (absent where it is dynamic), source, sdist and wheels with hash and upload-time
//     dependencies              { name, extra?, marker? }, and version and source where the name alone is ambiguous
//     optional-dependencies     the same by extra, as far as somebody asks for it; dev-dependencies by group
//     metadata                  of local projects: requires-dist and requires-dev with the specifiers
//   [manifest]                  members of the workspace; dependency-groups of a root that is no package

const newest = 1;

/** A package table and what was made of it. */
export interface UvEntry {
  readonly values: Values;
  readonly index: number;
  /** Of the project and its workspace's members: relative to the lockfile's folder. */
  readonly folder?: string;
}

/** The positions of what a dependency names. */
export type UvResolve = (dependency: Values) => readonly number[];

export const uv: LockfileReading = {
  read,
  locate: (text, entry) => locateToml(text, entry, ['package', 'distribution']),
  locator: (text) => tomlLocator(text, ['package', 'distribution']),
};

function read(text: string): Lock {
  const lock = readTomlLock(text, 'wheels');
  const { values } = lock;
  const entries = lockEntries();
  const manifest = tableOf(values.manifest);
  const members = new Set(textsOf(manifest?.members).map(normalizeName));
  const read = tablesOf(tables(values)).flatMap((table) => addPackage(table, members, lock.lists, entries) ?? []);
  let missing: string | undefined;
  const resolve: UvResolve = (dependency) => {
    const name = textOf(dependency.name);
    if (name === undefined) return [];
    const found = entries.find(name, textOf(dependency.version));
    if (!found.length) missing ??= name;
    const source = found.length > 1 ? addressOf(dependency.source) : undefined;
    return source === undefined ? found : found.filter((index) => addressOf(read[index]!.values.source) === source);
  };
  for (const { values: table, index } of read) {
    const wanted = [table.dependencies, ...entriesOf(table['optional-dependencies']).map(([, list]) => list)];
    entries.connect(
      index,
      wanted.flatMap((list) => tablesOf(list).map(resolve)),
    );
  }
  const { roots, importers } = uvRoots(manifest, read, entries, resolve);
  missing ??= [...members].find((member) => !entries.find(member).length);
  const problem = problemOf(text, lock, entries, missing);
  const excludeNewer = excludedSince(tableOf(values.options));
  return {
    format: formatOf(values),
    packages: entries.packages,
    roots,
    importers,
    ...(excludeNewer !== undefined && { excludeNewer }),
    problems: problem ? [problem] : [],
  };
}

/** The first lockfiles of uv call the list `distribution`. */
function tables(values: Values): unknown {
  return values.package ?? values.distribution;
}

function formatOf({ version, revision }: Values): string {
  if (typeof version !== 'number') return 'uv.lock';
  return `uv.lock ${version}${typeof revision === 'number' ? `.${revision}` : ''}`;
}

/** A relative span (`P8D`) makes the moment beside it meaningless, as uv says there itself. */
function excludedSince(options: Values | undefined): string | undefined {
  return textOf(options?.['exclude-newer-span']) ?? textOf(options?.['exclude-newer']);
}

/** Every dependency of a sound uv.lock has its entry, so one without tells of a lost end. */
function problemOf(text: string, { values, damaged }: TomlLock, entries: Entries, missing: string | undefined): Problem | undefined {
  const { version } = values;
  const format = formatOf(values);
  const unreadable = (message: string, path: readonly string[]): Problem => ({ kind: 'unreadable', span: valueSpan(text, path), message });
  if (typeof version === 'number' && version > newest) {
    return unreadable(`${format} is of a newer version than Merlon knows (${newest})`, ['version']);
  }
  if (damaged) return damaged(format);
  if (typeof version !== 'number') return unreadable('uv.lock does not say its version, so it is not known what it holds', ['version']);
  if (missing !== undefined) return unreadable(`${format} is cut off: it names ${missing} and has no entry for it`, []);
  if (!entries.packages.length) return unreadable(`${format} holds no package at all, not even the project`, []);
  const unsourced = tablesOf(tables(values)).some(({ source }) => source === undefined);
  const unnamed = listOf(tables(values)).length > entries.packages.length;
  return unsourced || unnamed ? unreadable(`${format} has entries without a name, a version or a source`, []) : undefined;
}

/** Undefined for what is no release of anything: an entry that lost its name, or its version where there has to be one. */
function addPackage(values: Values, members: ReadonlySet<string>, lists: readonly FileList[], entries: Entries): UvEntry[] | undefined {
  const name = textOf(values.name);
  if (name === undefined) return undefined;
  const source = tableOf(values.source) ?? {};
  const version = textOf(values.version) ?? '';
  const linked = textOf(source.editable) ?? textOf(source.virtual) ?? textOf(source.directory);
  if (version === '' && linked === undefined) return undefined;
  const folder = linked === undefined ? undefined : folderOf(linked);
  const member = members.has(normalizeName(name)) || (members.size === 0 && source.directory === undefined) || folder === '';
  const own = folder !== undefined && member;
  const index = entries.add({ name, version, own, ...sourceOf(source, own), ...filesOf(values, lists) });
  return [{ values, index, ...(own && { folder }) }];
}

function sourceOf(source: Values, own: boolean): Pick<EntryFacts, 'source' | 'registry' | 'origin'> {
  if (own) return { source: 'workspace' };
  const registry = textOf(source.registry);
  if (registry !== undefined) return { source: 'registry', registry: withoutCredentials(registry) };
  const kind = textOf(source.git) !== undefined ? 'git' : textOf(source.url) !== undefined ? 'url' : undefined;
  if (kind) {
    const origin = textOf(source[kind])!;
    const host = hostOf(origin);
    return { source: kind, origin, ...(host !== undefined && { registry: host }) };
  }
  return { source: Object.keys(source).length ? 'path' : 'registry' };
}

function filesOf({ sdist, wheels }: Values, lists: readonly FileList[]): Pick<EntryFacts, 'hashes' | 'archives' | 'uploadedAt'> {
  const archive = fileListOf([sdist], []);
  const built = fileListOf(wheels, lists);
  const uploadedAt = earliest([...archive.times, ...built.times]);
  const archives = archive.origins.reduce(withOrigin, built.origins);
  return {
    hashes: [...archive.hashes, ...built.hashes],
    ...(archives.length > 0 && { archives }),
    ...(uploadedAt && { uploadedAt }),
  };
}

/** What tells two sources apart: `registry https://…`. */
function addressOf(source: unknown): string | undefined {
  const [kind, address] = entriesOf(source)[0] ?? [];
  return typeof address === 'string' ? `${kind} ${address}` : undefined;
}
