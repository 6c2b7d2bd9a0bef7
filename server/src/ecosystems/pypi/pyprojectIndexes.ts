import type { IndexOption } from '../../core/manifest';
import { tomlEntries, type TomlEntry, type TomlString, type TomlTable } from '../../syntax/toml';
import { isTrue, stringAt, tablesOf } from './pyprojectReading';

/** Where uv, Poetry and PDM are told to get packages from. */
export function readIndexes(root: TomlTable): IndexOption[] {
  return [...uvIndexes(root), ...poetrySources(root), ...pdmSources(root)];
}

/** `[[tool.uv.index]]`, and the options that uv shares with pip, in `[tool.uv]` and `[tool.uv.pip]`. */
function uvIndexes(root: TomlTable): IndexOption[] {
  const named = elements(root, ['tool', 'uv', 'index']).flatMap((table) => {
    const url = stringAt(table, 'url');
    if (!url) return [];
    return [option(isTrue(table, 'default') ? 'index' : 'extra-index', url, stringAt(table, 'name')?.value, isTrue(table, 'explicit'))];
  });
  const tables = [
    ['tool', 'uv'],
    ['tool', 'uv', 'pip'],
  ].flatMap((path) => tomlEntries(root, path));
  const plain = tables.flatMap(({ value }) => {
    if (value.kind !== 'table') return [];
    return [
      ...strings(value, 'index-url').map((url) => option('index', url)),
      ...strings(value, 'extra-index-url').map((url) => option('extra-index', url)),
      ...strings(value, 'find-links').map((url) => option('find-links', url)),
      ...strings(value, 'allow-insecure-host').map((host) => option('trusted-host', host)),
      ...value.entries.flatMap(({ key, pair }): IndexOption[] =>
        key.name === 'no-index' && isTrue(value, 'no-index') && pair ? [{ kind: 'no-index', value: '', span: pair.span }] : [],
      ),
    ];
  });
  return isFirstMatch(tables) ? [...named, ...plain].map((index) => ({ ...index, firstMatch: true })) : [...named, ...plain];
}

/** uv's `index-strategy` is `first-index` where nothing else is said; the others take the best version of any index. */
function isFirstMatch(tables: readonly TomlEntry[]): boolean {
  return tables.every(({ value }) => {
    const strategy = value.kind === 'table' ? stringAt(value, 'index-strategy')?.value : undefined;
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
