import { ageInUnit } from '../../../core/ageText';
import type { Companion } from '../../../core/manifest';
import type { ReleaseAgeSetting } from '../../../core/releaseAge';
import { parseToml, tomlEntries } from '../../../syntax/toml';

/** `install.minimumReleaseAge` of bunfig.toml, in seconds. */
export function bunReleaseAge({ path, text }: Companion): ReleaseAgeSetting[] {
  const { root } = parseToml(text);
  const [entry] = tomlEntries(root, ['install', 'minimumReleaseAge']);
  if (entry?.value.kind !== 'scalar' && entry?.value.kind !== 'string') return [];
  const { value } = entry;
  const written = value.kind === 'string' ? value.value : value.text.replaceAll('_', '');
  const span = value.kind === 'string' ? value.content : value.span;
  const exceptions = tomlEntries(root, ['install', 'minimumReleaseAgeExcludes']).flatMap(({ value: list }) =>
    list.kind === 'array'
      ? list.elements.flatMap((element) => (element.value.kind === 'string' ? [{ name: element.value.value }] : []))
      : [],
  );
  return [{ tool: 'bun', key: 'minimumReleaseAge', file: path, span, written, exceptions, ...ageInUnit(written, 'seconds') }];
}
