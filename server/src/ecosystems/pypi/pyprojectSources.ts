import type { Declaration, Source } from '../../core/declaration';
import type { IndexOption } from '../../core/manifest';
import { tomlEntries, type TomlTable } from '../../syntax/toml';
import { normalizeName } from './name';
import { isTrue, stringAt, tablesOf, type PyprojectDetail } from './pyprojectReading';
import { sourceOfUrl } from './sourceUrl';

// uv's `[tool.uv.sources]` ("Managing dependencies" in its documentation):
//
//   name = row | [ row, … ]
//   row  = { index | git [ + rev|tag|branch ] | url | path | workspace = true, [ marker ], [ extra ], [ group ] }

/** More rows than platforms, extras and groups call for; a limit, since each of them may meet each entry of the name. */
const mostRows = 20;

/** What a row makes of a declaration. */
interface Row {
  readonly index?: string;
  readonly source?: Exclude<Source, { kind: 'registry' }>;
  readonly hashes: readonly string[];
  readonly marker?: string;
  readonly extra?: string;
  readonly group?: string;
}

/**
 * A function that makes a declaration what its rows in `[tool.uv.sources]` say. Rows under markers that agree on the kind of
 * source count as one; where they do not, the package still comes from an index somewhere and stays a registry's.
 */
export function uvSources(root: TomlTable, addresses: ReadonlyMap<string, string>): (declaration: Declaration) => Declaration {
  const rows = new Map<string, readonly Row[]>();
  for (const { value } of tomlEntries(root, ['tool', 'uv', 'sources'])) {
    for (const entry of value.kind === 'table' ? value.entries : []) {
      const tables = entry.value.kind === 'table' ? [entry.value] : tablesOf(entry.value);
      rows.set(normalizeName(entry.key.name), tables.slice(0, mostRows).map(rowOf));
    }
  }
  return (declaration) => {
    if (declaration.source.kind !== 'registry') return declaration;
    const applying = rows.get(declaration.package.name)?.filter((row) => applies(row, declaration.section)) ?? [];
    return applying.length ? withRows(declaration, applying, addresses) : declaration;
  };
}

/** The address of each index that has a name. */
export function addressesOf(indexes: readonly IndexOption[]): ReadonlyMap<string, string> {
  return new Map(indexes.flatMap(({ name, value }) => (name === undefined ? [] : [[name, value] as const])));
}

/** The name of an index, unless it is PyPI, which may be asked like any other feed. */
export function boundIndex(name: string, addresses: ReadonlyMap<string, string>): string | undefined {
  const address = addresses.get(name);
  // What stands before an `@` is no host, however much it looks like one.
  const isPyPi =
    address === undefined
      ? name.toLowerCase() === 'pypi'
      : /^https?:/i.test(address) && URL.canParse(address) && new URL(address).hostname === 'pypi.org';
  return isPyPi ? undefined : name;
}

function rowOf(table: TomlTable): Row {
  const text = (name: string): string | undefined => stringAt(table, name)?.value;
  const [index, marker, extra, group] = [text('index'), text('marker'), text('extra'), text('group')];
  const conditions = {
    ...(marker !== undefined && { marker }),
    ...(extra !== undefined && { extra }),
    ...(group !== undefined && { group }),
  };
  const [git, url, path] = [text('git'), text('url'), text('path')];
  if (git !== undefined) {
    const revision = text('rev') ?? text('tag') ?? text('branch');
    return { source: { kind: 'git', url: git, ...(revision !== undefined && { revision }) }, hashes: [], ...conditions };
  }
  if (url !== undefined) return { ...sourceOfUrl(url), ...conditions };
  if (path !== undefined) return { source: { kind: 'path', path }, hashes: [], ...conditions };
  if (isTrue(table, 'workspace')) return { source: { kind: 'workspace', path: '' }, hashes: [], ...conditions };
  return { ...(index !== undefined && { index }), hashes: [], ...conditions };
}

function applies({ extra, group }: Row, section: string): boolean {
  const inList = (parent: string, name: string): boolean =>
    section.startsWith(parent) && normalizeName(section.slice(parent.length)) === normalizeName(name);
  if (extra !== undefined && !inList('project.optional-dependencies.', extra)) return false;
  if (group === undefined) return true;
  return inList('dependency-groups.', group) || (normalizeName(group) === 'dev' && section === 'tool.uv.dev-dependencies');
}

function withRows(declaration: Declaration, rows: readonly Row[], addresses: ReadonlyMap<string, string>): Declaration {
  const notes = [...declaration.notes, ...rows.map(noteOf)];
  const bound = rows.map((row) => row.index && boundIndex(row.index, addresses)).find((name) => name !== undefined && name !== '');
  const [first] = rows as [Row];
  const kinds = new Set(rows.map((row) => row.source?.kind));
  const { source } = first;
  if (!source || kinds.size > 1) return { ...declaration, ...(bound !== undefined && { boundIndex: bound }), notes };
  if (source.kind === 'workspace') return { ...declaration, source, notes };
  const { range: _, ...spans } = declaration.spans;
  const { pep508: _pep508, ...detail } = declaration.detail as PyprojectDetail;
  return { ...declaration, source, specifier: '', spans, hashes: [...declaration.hashes, ...first.hashes], notes, detail };
}

// Without addresses, which may hold a token.
const origins = { git: 'git', url: 'a URL', path: 'a path', workspace: 'the workspace' };

function noteOf({ index, source, marker, extra, group }: Row): string {
  const from = source ? origins[source.kind] : `the index "${index ?? ''}"`;
  const conditions = [marker && `where ${marker}`, extra && `for the extra ${extra}`, group && `for the group ${group}`].filter(Boolean);
  return `Comes from ${from}${conditions.length ? ` ${conditions.join(', ')}` : ''}, as tool.uv.sources says`;
}
