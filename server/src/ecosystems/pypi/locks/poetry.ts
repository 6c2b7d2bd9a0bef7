import type { Lock, LockfileReading } from '../../../core/lockfile';
import type { Problem } from '../../../core/manifest';
import { lockEntries, type Entries, type EntryFacts } from './entries';
import { locateToml, tomlLocator } from './locateToml';
import { poetryEdges } from './poetryEdges';
import { filesOfRelease, groupFiles } from './releaseFiles';
import { hostOf, originOf, withoutCredentials } from './sources';
import { readTomlLock, valueSpan, type TomlLock } from './tomlLock';
import { listOf, tableOf, tablesOf, textOf, textsOf, type Values } from './values';

// poetry.lock, lock-version 1.0 to 2.x, as Poetry's Locker writes it. The [metadata] table stands at its end.
//
//   [[package]]     name, version, optional, and category (1.x) or groups (2.1); files (2.x)
//   .dependencies   name = range, or { version, optional, markers, extras }, or a list of these
//   .extras         extra = list of PEP 508 texts, only the name of which counts here
//   .source         { type, url, reference, resolved_reference }; none for PyPI
//   [metadata]      lock-version, content-hash; in 1.x also files: name = list of the files of all its releases

const newest = 2;

export interface PoetryEntry {
  readonly values: Values;
  readonly index: number;
}

export const poetry: LockfileReading = {
  read,
  locate: (text, entry) => locateToml(text, entry, ['package']),
  locator: (text) => tomlLocator(text, ['package']),
};

function read(text: string): Lock {
  const lock = readTomlLock(text, 'files');
  const { values } = lock;
  const metadata = tableOf(values.metadata);
  const olderFiles = groupFiles(metadata?.files);
  const entries = lockEntries();
  const read = tablesOf(values.package).flatMap((table) => addPackage(table, lock, olderFiles, entries) ?? []);
  poetryEdges(read, entries);
  const problem = problemOf(text, lock, entries);
  return { format: formatOf(values), packages: entries.packages, roots: [], importers: [''], problems: problem ? [problem] : [] };
}

function formatOf({ metadata }: Values): string {
  const version = textOf(tableOf(metadata)?.['lock-version']);
  return version === undefined ? 'poetry.lock' : `poetry.lock ${version}`;
}

function problemOf(text: string, { values, damaged }: TomlLock, entries: Entries): Problem | undefined {
  const format = formatOf(values);
  const metadata = tableOf(values.metadata);
  const unreadable = (message: string, path: readonly string[]): Problem => ({ kind: 'unreadable', span: valueSpan(text, path), message });
  const version = textOf(metadata?.['lock-version']);
  if (version !== undefined && !(parseInt(version, 10) <= newest)) {
    return unreadable(`${format} is of a newer version than Merlon knows (${newest}.x)`, ['metadata', 'lock-version']);
  }
  if (damaged) return damaged(format);
  // Poetry 1.0 wrote a content-hash and no lock-version.
  if (version === undefined && textOf(metadata?.['content-hash']) === undefined) {
    return unreadable('poetry.lock is cut off, or none: it ends without its lock-version', ['metadata']);
  }
  const lost = listOf(values.package).length - entries.packages.length;
  return lost > 0 ? unreadable(`${format} has entries without a name or a version`, []) : undefined;
}

function addPackage(
  values: Values,
  lock: TomlLock,
  olderFiles: ReadonlyMap<string, readonly Values[]>,
  entries: Entries,
): PoetryEntry[] | undefined {
  const name = textOf(values.name);
  const version = textOf(values.version);
  if (name === undefined || version === undefined || version === '') return undefined;
  const groups = textsOf(values.groups);
  const index = entries.add({
    name,
    version,
    own: false,
    ...sourceOf(tableOf(values.source)),
    ...filesOfRelease(values, lock, olderFiles),
    ...((values.category === 'dev' || (groups.length > 0 && !groups.includes('main'))) && { dev: true }),
    ...(values.optional === true && { optional: true }),
  });
  return [{ values, index }];
}

function sourceOf(source: Values | undefined): Pick<EntryFacts, 'source' | 'registry' | 'origin'> {
  const type = textOf(source?.type);
  const url = textOf(source?.url) ?? '';
  if (type === 'git' || type === 'url') {
    const host = hostOf(url);
    const commit = type === 'git' ? (textOf(source?.resolved_reference) ?? textOf(source?.reference)) : undefined;
    return { source: type, ...(host !== undefined && { registry: host }), ...(url !== '' && { origin: originOf(url, commit) }) };
  }
  if (type === 'directory' || type === 'file') return { source: 'path' };
  return { source: 'registry', ...(url !== '' && { registry: withoutCredentials(url) }) };
}
