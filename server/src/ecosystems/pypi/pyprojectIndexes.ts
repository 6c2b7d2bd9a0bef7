import type { IndexOption } from '../../core/manifest';
import { parseToml, tomlEntries, type TomlString, type TomlTable } from '../../syntax/toml';
import { isTrue, stringAt, tablesOf } from './pyprojectReading';

/** Where uv, Poetry and PDM are told to get packages from. */
export function readIndexes(root: TomlTable): IndexOption[] {
  return [...uvIndexes(root), ...poetrySources(root), ...pdmSources(root)];
}

/** The same of a uv.toml, which has at its top what `[tool.uv]` holds. */
export function readUvToml(text: string): IndexOption[] {
  return uvIndexes(parseToml(text).root, []);
}

/** `[[tool.uv.index]]`, and the options that uv shares with pip, in `[tool.uv]` and `[tool.uv.pip]`. */
function uvIndexes(root: TomlTable, uv: readonly string[] = ['tool', 'uv']): IndexOption[] {
  const named = elements(root, [...uv, 'index']).flatMap((table) => {
    const url = stringAt(table, 'url');
    if (!url) return [];
    return [option(isTrue(table, 'default') ? 'index' : 'extra-index', url, stringAt(table, 'name')?.value, isTrue(table, 'explicit'))];
  });
  const tables = [...tablesAt(root, uv), ...tablesAt(root, [...uv, 'pip'])];
  const plain = tables.flatMap((table) => [
    ...strings(table, 'index-url').map((url) => option('index', url)),
    ...strings(table, 'extra-index-url').map((url) => option('extra-index', url)),
    ...strings(table, 'find-links').map((url) => option('find-links', url)),
    ...strings(table, 'allow-insecure-host').map((host) => option('trusted-host', host)),
    ...table.entries.flatMap(({ key, pair }): IndexOption[] =>
      key.name === 'no-index' && isTrue(table, 'no-index') && pair ? [{ kind: 'no-index', value: '', span: pair.span }] : [],
    ),
  ]);
  return isFirstMatch(tables) ? [...named, ...plain].map((index) => ({ ...index, firstMatch: true })) : [...named, ...plain];
}

/** uv's `index-strategy` is `first-index` where nothing else is said; the others take the best version of any index. */
function isFirstMatch(tables: readonly TomlTable[]): boolean {
  return tables.every((table) => {
    const strategy = stringAt(table, 'index-strategy')?.value;
    return strategy === undefined || strategy === 'first-index';
  });
}

/** `[[tool.poetry.source]]`: primary unless its priority, or one of the flags of Poetry 1, says otherwise. */
function poetrySources(root: TomlTable): IndexOption[] {
  return elements(root, ['tool', 'poetry', 'source']).flatMap((table) => {
    const url = stringAt(table, 'url');
    const name = stringAt(table, 'name');
    const priority = stringAt(table, 'priority')?.value.toLowerCase();
    // Poetry knows the address of PyPI, and asks it beside a primary source only where it is named.
    if (!url && name?.value.toLowerCase() === 'pypi')
      return [
        {
          kind: 'index',
          value: 'https://pypi.org/simple',
          span: name.content,
          name: name.value,
          ...(priority === 'explicit' && { explicit: true }),
        },
      ];
    if (!url) return [];
    const primary = priority === undefined ? !isTrue(table, 'secondary') : priority === 'primary' || priority === 'default';
    return [option(primary ? 'index' : 'extra-index', url, name?.value, priority === 'explicit')];
  });
}

/** `[[tool.pdm.source]]`: the one named "pypi" replaces PyPI, the others are asked beside it. */
function pdmSources(root: TomlTable): IndexOption[] {
  return elements(root, ['tool', 'pdm', 'source']).flatMap((table) => {
    const url = stringAt(table, 'url');
    if (!url) return [];
    const name = stringAt(table, 'name')?.value;
    const links = stringAt(table, 'type')?.value === 'find_links';
    const unverified = table.byName.get('verify_ssl');
    const open = unverified?.pair && unverified.value.kind === 'scalar' && unverified.value.text === 'false';
    const host = /^[a-z]+:\/\/(?:[^/@]*@)?([^/?#]*)/i.exec(url.value)?.[1];
    return [
      option(links ? 'find-links' : name === 'pypi' ? 'index' : 'extra-index', url, name),
      ...(open && host ? [{ kind: 'trusted-host' as const, value: host, span: unverified.pair.span }] : []),
    ];
  });
}

function option(kind: IndexOption['kind'], address: TomlString, name?: string, explicit = false): IndexOption {
  return { kind, value: address.value, span: address.content, ...(name !== undefined && { name }), ...(explicit && { explicit }) };
}

function tablesAt(root: TomlTable, path: readonly string[]): readonly TomlTable[] {
  return path.length === 0 ? [root] : tomlEntries(root, path).flatMap(({ value }) => (value.kind === 'table' ? [value] : []));
}

function elements(root: TomlTable, path: readonly string[]): readonly TomlTable[] {
  return tomlEntries(root, path).flatMap(({ value }) => tablesOf(value));
}

/** The strings of a key that holds one or an array of them. */
function strings(table: TomlTable, name: string): TomlString[] {
  const value = table.byName.get(name)?.value;
  if (value?.kind === 'string') return [value];
  if (value?.kind !== 'array') return [];
  return value.elements.flatMap((element) => (element.value.kind === 'string' ? [element.value] : []));
}
