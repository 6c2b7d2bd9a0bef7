import { momentOrAge, notUnderstood } from '../../../core/ageText';
import type { AgeException, ReleaseAgeSetting } from '../../../core/releaseAge';
import { tomlEntries, type TomlTable } from '../../../syntax/toml';
import { normalizeName } from '../name';

/** `exclude-newer` of uv, in `[tool.uv]` (`table`) or at the top of a uv.toml: a moment, a day, or an age (`3 days`, `P3D`). */
export function uvReleaseAge(file: string, root: TomlTable, table: readonly string[]): ReleaseAgeSetting[] {
  const [entry] = tomlEntries(root, [...table, 'exclude-newer']);
  if (!entry || (entry.value.kind !== 'string' && entry.value.kind !== 'scalar')) return [];
  const { value } = entry;
  const written = value.kind === 'string' ? value.value : value.text;
  const span = value.kind === 'string' ? value.content : value.span;
  const isText = value.kind === 'string' || /date/.test(value.type);
  const reading = isText ? momentOrAge(written, true) : notUnderstood(written);
  return [{ tool: 'uv', key: 'exclude-newer', file, span, written, exceptions: exceptionsOf(root, table), ...reading }];
}

/** `exclude-newer-package = { tqdm = "1 day", setuptools = false }`. */
function exceptionsOf(root: TomlTable, table: readonly string[]): AgeException[] {
  return tomlEntries(root, [...table, 'exclude-newer-package']).flatMap(({ value }) =>
    value.kind !== 'table'
      ? []
      : value.entries.map((entry): AgeException => {
          const { limit } = entry.value.kind === 'string' ? momentOrAge(entry.value.value, true) : {};
          return { name: normalizeName(entry.key.name), ...(limit && { limit }) };
        }),
  );
}
