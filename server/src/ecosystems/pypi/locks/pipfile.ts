import type { Lock, LockedPackage, LockfileReading } from '../../../core/lockfile';
import type { Problem } from '../../../core/manifest';
import type { Span } from '../../../core/span';
import { parseJson, propertyOf, type JsonNode } from '../../../syntax/json';
import { normalizeName } from '../name';
import { conflicts, damage } from './damage';
import { entryTime, lockEntries, type EntryFacts } from './entries';
import { folderOf, hostOf, originOf, withoutCredentials } from './sources';
import { sureJson } from './sureJson';
import { entriesOf, tableOf, tablesOf, textOf, textsOf, type Values } from './values';

// Pipfile.lock, pipfile-spec 6, as pipenv writes it: JSON.
//
//   _meta      { hash, pipfile-spec, requires, sources: [{ name, url, verify_ssl }] }
//   default, develop and any category: name = { version: "==1.0", hashes, index, markers, extras }
//                                      | { git (hg, svn, bzr), ref } | { path, editable } | { file }
//
// There are no edges. A release may stand in several categories; each is an entry, with the category in its key.

const newest = 6;

export const pipfile: LockfileReading = {
  read,
  locate: (text, entry) => locator(text)(entry),
  locator,
};

function read(text: string): Lock {
  const { values, damaged } = readJson(text);
  const meta = tableOf(values?._meta);
  const spec = meta?.['pipfile-spec'];
  const format = typeof spec === 'number' ? `Pipfile.lock ${spec}` : 'Pipfile.lock';
  const indexes = new Map(tablesOf(meta?.sources).map(({ name, url }) => [name, textOf(url)]));
  const entries = lockEntries();
  let lost = 0;
  for (const [category, list] of entriesOf(values)) {
    if (category === '_meta') continue;
    for (const [name, value] of entriesOf(list)) {
      const entry = entryOf(tableOf(value), indexes);
      if (entry) entries.add({ name, ...entry, ...(category === 'develop' && { dev: true }) }, `${category}/`);
      else lost++;
    }
  }
  const problem = problemOf(text, format, spec, damaged?.(format), lost);
  return { format, packages: entries.packages, roots: [], importers: [''], problems: problem ? [problem] : [] };
}

function readJson(text: string): { readonly values: Values | undefined; readonly damaged?: (format: string) => Problem } {
  const bare = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  try {
    return { values: tableOf(JSON.parse(bare)) };
  } catch {
    const json = parseJson(text);
    const inConflict = conflicts(text);
    const whole = { span: { start: 0, end: Math.min(1, text.length) }, message: 'it is no JSON' };
    const fault = json.problems.find(({ kind }) => kind === 'unreadable') ?? json.problems[0] ?? whole;
    return { values: tableOf(sureJson(text, json, inConflict)), damaged: (format) => damage(text, format, fault, inConflict[0]) };
  }
}

function problemOf(text: string, format: string, spec: unknown, damaged: Problem | undefined, lost: number): Problem | undefined {
  const unreadable = (message: string): Problem => ({ kind: 'unreadable', span: specSpan(text), message });
  if (typeof spec === 'number' && spec > newest) return unreadable(`${format} is of a newer version than Merlon knows (${newest})`);
  if (damaged) return damaged;
  if (typeof spec !== 'number') return unreadable('Pipfile.lock does not say its pipfile-spec, so it is not known what it holds');
  return lost > 0 ? unreadable(`${format} has entries that are of no known form`) : undefined;
}

/** Undefined for what says neither a version nor another source. */
function entryOf(values: Values | undefined, indexes: ReadonlyMap<unknown, string | undefined>): Omit<EntryFacts, 'name'> | undefined {
  if (!values) return undefined;
  const version = releaseOf(textOf(values.version));
  const rest = { version, hashes: textsOf(values.hashes), own: false };
  const repository = textOf(values.git) ?? textOf(values.hg) ?? textOf(values.svn) ?? textOf(values.bzr);
  if (repository !== undefined) return { ...rest, source: 'git', ...hosted(repository), origin: originOf(repository, textOf(values.ref)) };
  const path = textOf(values.path);
  if (path !== undefined) return { ...rest, source: 'path', ...(folderOf(path) === '' && { source: 'workspace', own: true }) };
  const file = textOf(values.file);
  if (file !== undefined)
    return hostOf(file) === undefined ? { ...rest, source: 'path' } : { ...rest, source: 'url', ...hosted(file), origin: file };
  if (version === '' || version === '*') return undefined;
  const registry = indexes.get(values.index);
  return { ...rest, source: 'registry', ...(registry !== undefined && { registry: withoutCredentials(registry) }) };
}

function releaseOf(written: string | undefined): string {
  return (written ?? '').replace(/^===?/, '').trim();
}

function hosted(address: string): { readonly registry?: string } {
  const host = hostOf(address);
  return host === undefined ? {} : { registry: host };
}

function specSpan(text: string): Span {
  const { root } = parseJson(text);
  return child(child(root, '_meta'), 'pipfile-spec')?.span ?? { start: 0, end: Math.min(1, text.length) };
}

/** The key of the entry, in its category. */
function locator(text: string): (entry: LockedPackage) => Span | undefined {
  const { root } = parseJson(text);
  return ({ key, package: pkg, version }) => {
    const category = key.slice(0, key.lastIndexOf(`/${pkg.name}`));
    const packages = child(root, category);
    if (packages?.type !== 'object') return undefined;
    const same = packages.properties.filter((property) => {
      const written = child(property.value, 'version');
      return (
        normalizeName(property.key.value) === pkg.name && releaseOf(written?.type === 'string' ? written.value : undefined) === version
      );
    });
    return same[entryTime(key) - 1]?.key.inner;
  };
}

function child(node: JsonNode | undefined, name: string): JsonNode | undefined {
  return node?.type === 'object' ? propertyOf(node, name)?.value : undefined;
}
