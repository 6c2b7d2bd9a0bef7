import { ageInUnit } from '../../../core/ageText';
import type { Companion } from '../../../core/manifest';
import type { ReleaseAgeSetting } from '../../../core/releaseAge';
import { parseToml, tomlEntries } from '../../../syntax/toml';
import { normalizeName } from '../name';

/** `solver.min-release-age` of a poetry.toml, in days (Poetry 2.4). */
export function poetryReleaseAge({ path, text }: Companion): ReleaseAgeSetting[] {
  const { root } = parseToml(text);
  const [entry] = tomlEntries(root, ['solver', 'min-release-age']);
  if (entry?.value.kind !== 'scalar' && entry?.value.kind !== 'string') return [];
  const { value } = entry;
  const written = value.kind === 'string' ? value.value : value.text;
  const span = value.kind === 'string' ? value.content : value.span;
  const exceptions = tomlEntries(root, ['solver', 'min-release-age-exclude']).flatMap(({ value: list }) => namesIn(list));
  return [{ tool: 'poetry', key: 'solver.min-release-age', file: path, span, written, exceptions, ...ageInUnit(written, 'days') }];
}

/** A list, or names between commas. */
function namesIn(list: ReturnType<typeof tomlEntries>[number]['value']): { name: string }[] {
  const names =
    list.kind === 'string'
      ? list.value.split(',')
      : list.kind === 'array'
        ? list.elements.flatMap(({ value }) => (value.kind === 'string' ? [value.value] : []))
        : [];
  return names.map((name) => ({ name: normalizeName(name.trim()) })).filter(({ name }) => name !== '');
}
