import type { Lock, LockfileReading } from '../../../core/lockfile';
import type { Problem } from '../../../core/manifest';
import { lockEntries, type Entries, type EntryFacts } from './entries';
import { withOrigin } from './fileLists';
import { locateToml, tomlLocator } from './locateToml';
import { earliest, folderOf, hostOf, originOf, webOriginOf, withoutCredentials } from './sources';
import { readTomlLock, valueSpan, type TomlLock } from './tomlLock';
import { entriesOf, listOf, tableOf, tablesOf, textOf, type Values } from './values';

// pylock.toml and pylock.<name>.toml, lock-version 1.x (PEP 751; the specification "pylock.toml").
//
//   [[packages]]   name, version?, marker?, index?, dependencies? (keys that tell one entry of this list, for information)
//     vcs          { type, url or path, requested-revision?, commit-id }
//     directory    { path, editable? }
//     archive      { url or path, upload-time?, hashes }
//     sdist        { name?, url or path, upload-time?, hashes }; wheels, a list of the same
//
// hashes is a table, algorithm = digest. Where dependencies are not recorded there are no edges.

const newest = 1;

interface PylockEntry {
  readonly values: Values;
  readonly index: number;
}

export const pylock: LockfileReading = {
  read,
  locate: (text, entry) => locateToml(text, entry, ['packages']),
  locator: (text) => tomlLocator(text, ['packages']),
};

function read(text: string): Lock {
  const lock = readTomlLock(text);
  const entries = lockEntries();
  const read = tablesOf(lock.values.packages).flatMap((table) => addPackage(table, entries) ?? []);
  for (const { values, index } of read) {
    const targets = tablesOf(values.dependencies).map((dependency) => resolve(dependency, entries, read));
    entries.connect(index, targets);
  }
  const problem = problemOf(text, lock, entries);
  return { format: formatOf(lock.values), packages: entries.packages, roots: [], importers: [''], problems: problem ? [problem] : [] };
}

function formatOf(values: Values): string {
  const version = textOf(values['lock-version']);
  return version === undefined ? 'pylock.toml' : `pylock.toml ${version}`;
}

function problemOf(text: string, { values, damaged }: TomlLock, entries: Entries): Problem | undefined {
  const format = formatOf(values);
  const version = textOf(values['lock-version']);
  const unreadable = (message: string, path: readonly string[]): Problem => ({ kind: 'unreadable', span: valueSpan(text, path), message });
  if (version !== undefined && !(parseInt(version, 10) <= newest)) {
    return unreadable(`${format} is of a newer version than Merlon knows (${newest}.x)`, ['lock-version']);
  }
  if (damaged) return damaged(format);
  if (version === undefined) return unreadable('pylock.toml does not say its lock-version, so it is not known what it holds', []);
  if (values.packages === undefined) return unreadable(`${format} is cut off: it has no list of packages`, []);
  return listOf(values.packages).length > entries.packages.length
    ? unreadable(`${format} has entries without a name or a source`, [])
    : undefined;
}

/** Undefined for an entry that lost its name, or both its version and its source. */
function addPackage(values: Values, entries: Entries): PylockEntry[] | undefined {
  const name = textOf(values.name);
  const version = textOf(values.version) ?? '';
  const source = sourceOf(values);
  if (name === undefined || (version === '' && source.source === 'registry')) return undefined;
  const index = entries.add({ name, version, ...source, ...filesOf(values), ...flagOf(textOf(values.marker)) });
  return [{ values, index }];
}

function sourceOf(values: Values): Pick<EntryFacts, 'source' | 'registry' | 'origin' | 'own'> {
  const directory = tableOf(values.directory);
  if (directory) {
    const own = folderOf(textOf(directory.path) ?? '?') === '';
    return { source: own ? 'workspace' : 'path', own };
  }
  const direct = tableOf(values.vcs) ?? tableOf(values.archive);
  if (direct) {
    const url = textOf(direct.url) ?? '';
    const host = hostOf(url);
    if (host === undefined) return { source: values.vcs ? 'git' : 'path', own: false };
    const origin = originOf(url, values.vcs ? textOf(direct['commit-id']) : undefined);
    return { source: values.vcs ? 'git' : 'url', registry: host, origin, own: false };
  }
  const index = textOf(values.index);
  return { source: 'registry', ...(index !== undefined && { registry: withoutCredentials(index) }), own: false };
}

function filesOf(values: Values): Pick<EntryFacts, 'hashes' | 'archives' | 'uploadedAt'> {
  const files = [tableOf(values.archive), tableOf(values.sdist), ...tablesOf(values.wheels)].filter((file) => file !== undefined);
  const hashes = files.flatMap((file) => entriesOf(file.hashes).flatMap(([algorithm, digest]) => hashOf(algorithm, digest)));
  const uploadedAt = earliest(files.flatMap((file) => momentOf(file['upload-time']) ?? []));
  const archives = files.map((file) => webOriginOf(textOf(file.url))).reduce(withOrigin, []);
  return { hashes, ...(archives.length > 0 && { archives }), ...(uploadedAt && { uploadedAt }) };
}

function hashOf(algorithm: string, digest: unknown): string | [] {
  return typeof digest === 'string' ? `${algorithm}:${digest}` : [];
}

/** A moment of TOML, or one that was written as a text. */
function momentOf(value: unknown): string | undefined {
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? undefined : value.toISOString();
  return textOf(value);
}

/** Only a marker that is nothing but one group's, or one extra's, says so for sure. */
function flagOf(marker: string | undefined): { readonly dev?: true; readonly optional?: true } {
  const variable = /^\s*(['"])[^'"]*\1\s+in\s+(extras|dependency_groups)\s*$/.exec(marker ?? '')?.[2];
  if (variable === undefined) return {};
  return variable === 'extras' ? { optional: true } : { dev: true };
}

/** Of several of a name, those in which all that the dependency says of its source stands as well. */
function resolve(dependency: Values, entries: Entries, read: readonly PylockEntry[]): readonly number[] {
  const name = textOf(dependency.name);
  if (name === undefined) return [];
  const found = entries.find(name, textOf(dependency.version));
  if (found.length < 2) return found;
  const said = entriesOf(dependency).filter(([key]) => key !== 'name' && key !== 'version');
  return found.filter((index) => said.every(([key, value]) => sameFacts(read[index]!.values[key], value)));
}

function sameFacts(held: unknown, wanted: unknown): boolean {
  const table = tableOf(wanted);
  if (!table) return typeof wanted !== 'string' || held === wanted;
  const other = tableOf(held);
  return other !== undefined && Object.entries(table).every(([key, value]) => typeof value !== 'string' || other[key] === value);
}
