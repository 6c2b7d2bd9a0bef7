import { parseDistributionFile } from '../distributionFile';
import { normalizeName } from '../name';
import { formatVersion, parseVersion } from '../version';
import type { EntryFacts } from './entries';
import { fileListOf, type FileList } from './fileLists';
import type { TomlLock } from './tomlLock';
import { entriesOf, tablesOf, textOf, type Values } from './values';

/** `[metadata.files]` of older formats, by normalized name: `name = […]` (Poetry) or `"name 1.0" = […]` (PDM). */
export function groupFiles(files: unknown): ReadonlyMap<string, readonly Values[]> {
  const groups = new Map<string, readonly Values[]>();
  for (const [key, list] of entriesOf(files)) {
    const [name, ...version] = key.split(' ');
    groups.set([normalizeName(name!), ...version].join(' '), tablesOf(list));
  }
  return groups;
}

/** What is said of a release's files: in its own list, else in the older tables, of what belongs to it. */
export function filesOfRelease(
  { name: written, version, files }: Values,
  { lists }: TomlLock,
  older: ReadonlyMap<string, readonly Values[]>,
): Pick<EntryFacts, 'hashes' | 'archives'> {
  if (files !== undefined || !older.size) return factsOf(fileListOf(files, lists));
  const name = normalizeName(textOf(written) ?? '');
  const release = textOf(version) ?? '';
  const found = older.get(`${name} ${release}`) ?? (older.get(name) ?? []).filter((file) => isOf(file, name, release));
  return factsOf(fileListOf(found, lists));
}

function factsOf({ hashes, origins }: FileList): Pick<EntryFacts, 'hashes' | 'archives'> {
  return { hashes, ...(origins.length > 0 && { archives: origins }) };
}

/** A table by name alone holds the files of all its releases. What does not say its version is taken for any. */
function isOf({ file }: Values, name: string, version: string): boolean {
  const parsed = parseVersion(version);
  const named = parseDistributionFile(textOf(file) ?? '', name);
  return !parsed || !named || named.version === formatVersion(parsed);
}
