import type { Lock, LockfileReading } from '../../../core/lockfile';
import type { Problem } from '../../../core/manifest';
import { normalizeName } from '../name';
import { isRequirementError, parseRequirement } from '../requirement';
import { admitted, leadingName } from './choose';
import { lockEntries, type Entries, type EntryFacts } from './entries';
import { locateToml, tomlLocator } from './locateToml';
import { filesOfRelease, groupFiles } from './releaseFiles';
import { folderOf, hostOf, originOf } from './sources';
import { readTomlLock, valueSpan, type TomlLock } from './tomlLock';
import { listOf, tableOf, tablesOf, textOf, textsOf, type Values } from './values';

// pdm.lock, lock_version 4.x; 3.x differs in where files stand. The [metadata] table stands at its beginning.
//
//   [[package]]  name, version, extras?, groups, dependencies (PEP 508 texts), files { file or url, hash }, marker
//                git, ref, revision; url; path, editable    of what is from no index
//   A release of which an extra is asked for has one table more, with `extras` and, in `dependencies`, the release itself
//   beside what the extra needs. Here the two are one entry.

const newest = 4;

export const pdm: LockfileReading = {
  read,
  locate: (text, entry) => locateToml(text, entry, ['package']),
  locator: (text) => tomlLocator(text, ['package']),
};

function read(text: string): Lock {
  const lock = readTomlLock(text, 'files');
  const { values } = lock;
  const olderFiles = groupFiles(tableOf(values.metadata)?.files);
  const entries = lockEntries();
  const tables = tablesOf(values.package).filter((table) => textOf(table.name) !== undefined && isLocked(table));
  const parts = new Map<number, Values[]>();
  for (const table of [...tables.filter((table) => !isExtra(table)), ...tables.filter(isExtra)]) {
    const base = isExtra(table) ? entries.find(textOf(table.name)!, textOf(table.version) ?? '')[0] : undefined;
    const index = base ?? addPackage(table, lock, olderFiles, entries);
    const known = parts.get(index);
    if (known) known.push(table);
    else parts.set(index, [table]);
  }
  for (const [index, same] of parts) {
    const targets = same.flatMap((part) => textsOf(part.dependencies).map((dependency) => resolve(dependency, entries)));
    entries.connect(
      index,
      targets.map((list) => list.filter((target) => target !== index)),
    );
  }
  const problem = problemOf(text, lock, tables, entries);
  const groups = textsOf(tableOf(values.metadata)?.groups);
  return {
    format: formatOf(values),
    packages: entries.packages,
    roots: [],
    importers: [''],
    ...(groups.length > 0 && { groups }),
    problems: problem ? [problem] : [],
  };
}

function versionOf({ metadata }: Values): string | undefined {
  return textOf(tableOf(metadata)?.lock_version);
}

function formatOf(values: Values): string {
  const version = versionOf(values);
  return version === undefined ? 'pdm.lock' : `pdm.lock ${version}`;
}

function problemOf(text: string, { values, damaged }: TomlLock, tables: readonly Values[], entries: Entries): Problem | undefined {
  const format = formatOf(values);
  const version = versionOf(values);
  const unreadable = (message: string, path: readonly string[]): Problem => ({ kind: 'unreadable', span: valueSpan(text, path), message });
  if (version !== undefined && !(parseInt(version, 10) <= newest)) {
    return unreadable(`${format} is of a newer version than Merlon knows (${newest}.x)`, ['metadata', 'lock_version']);
  }
  if (damaged) return damaged(format);
  if (version === undefined) return unreadable('pdm.lock does not say its lock_version, so it is not known what it holds', ['metadata']);
  const missing = lostBehindTheEnd(tables, entries);
  if (missing !== undefined) return unreadable(`${format} is cut off: it names ${missing} and has no entry for it`, []);
  return listOf(values.package).length > tables.length ? unreadable(`${format} has entries without a name or a version`, []) : undefined;
}

/**
 * Entries are in the order of their names. A dependency without a marker whose entry should stand behind the last one
 * tells of a lost end; one that should stand before it is a choice of the project (`excludes`).
 */
function lostBehindTheEnd(tables: readonly Values[], entries: Entries): string | undefined {
  const last = normalizeName(textOf(tables.at(-1)?.name) ?? '');
  for (const dependency of tables.flatMap((table) => textsOf(table.dependencies))) {
    const name = leadingName(dependency);
    if (name !== undefined && !dependency.includes(';') && normalizeName(name) > last && !entries.find(name).length) return name;
  }
  return undefined;
}

function isExtra({ extras }: Values): boolean {
  return listOf(extras).length > 0;
}

/** A folder need not have a version. */
function isLocked({ version, path }: Values): boolean {
  return (textOf(version) ?? '') !== '' || textOf(path) !== undefined;
}

function addPackage(values: Values, lock: TomlLock, olderFiles: ReadonlyMap<string, readonly Values[]>, entries: Entries): number {
  const name = textOf(values.name)!;
  const version = textOf(values.version) ?? '';
  return entries.add({ name, version, ...sourceOf(values), ...filesOfRelease(values, lock, olderFiles) });
}

function sourceOf({ git, revision, url, path }: Values): Pick<EntryFacts, 'source' | 'registry' | 'origin' | 'own'> {
  const folder = textOf(path);
  if (folder !== undefined) {
    const own = folderOf(folder) === '';
    return { source: own ? 'workspace' : 'path', own };
  }
  const address = textOf(git) ?? textOf(url);
  if (address === undefined) return { source: 'registry', own: false };
  const host = hostOf(address);
  const origin = { origin: originOf(address, textOf(git) === undefined ? undefined : textOf(revision)) };
  return { source: textOf(git) === undefined ? 'url' : 'git', ...(host !== undefined && { registry: host }), ...origin, own: false };
}

function resolve(dependency: string, entries: Entries): readonly number[] {
  const name = leadingName(dependency);
  return name === undefined ? [] : admitted(entries, name, () => rangeOf(dependency));
}

function rangeOf(dependency: string): string | undefined {
  const parsed = parseRequirement(dependency);
  return isRequirementError(parsed) ? undefined : parsed.specifier;
}
