import type { ProjectFacts } from '../../core/manifest';
import { tomlEntries, type TomlTable, type TomlValue } from '../../syntax/toml';
import { normalizeName } from './name';

/** Tools that lock, by their table; the name is the id of their lockfile's reader. */
const tools = ['poetry', 'pdm', 'uv'] as const;

/** What a pyproject.toml says of the project: who locks it, and whether others install it. */
export function projectFacts(root: TomlTable): ProjectFacts {
  const named = tools.filter((tool) => tomlEntries(root, ['tool', tool]).length > 0);
  const library = isLibrary(root) ? 'it has [project] and [build-system]' : undefined;
  const name = [['project'], ['tool', 'poetry']]
    .flatMap((table) => tomlEntries(root, [...table, 'name']))
    .map(({ value }) => (value.kind === 'string' ? value.value : undefined))
    .find((text) => text !== undefined);
  return {
    ...(name !== undefined && { name: normalizeName(name) }),
    ...(named.length === 1 && { lockedBy: named[0]! }),
    ...(library !== undefined && { library }),
  };
}

/** A project that is built is published, unless it says otherwise: PyPI refuses a `Private ::` classifier. */
function isLibrary(root: TomlTable): boolean {
  if (!tomlEntries(root, ['project']).length || !tomlEntries(root, ['build-system']).length) return false;
  const isFalse = (path: readonly string[]) =>
    tomlEntries(root, path).some(({ value }) => value.kind === 'scalar' && value.text === 'false');
  if (isFalse(['tool', 'uv', 'package']) || isFalse(['tool', 'poetry', 'package-mode'])) return false;
  const classifiers = tomlEntries(root, ['project', 'classifiers']).flatMap(({ value }) => (value.kind === 'array' ? value.elements : []));
  return !classifiers.some((element) => textOf(element.value)?.startsWith('Private ::'));
}

function textOf(value: TomlValue | undefined): string | undefined {
  return value?.kind === 'string' ? value.value : undefined;
}
