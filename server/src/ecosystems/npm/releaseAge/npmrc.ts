import { ageInUnit, momentOf, notUnderstood } from '../../../core/ageText';
import type { Companion } from '../../../core/manifest';
import type { AgeException, ReleaseAgeSetting } from '../../../core/releaseAge';
import { settingLines } from '../../settingLines';

/**
 * npm's `min-release-age`, in days, and `before`, a moment; and pnpm's `minimum-release-age`, in minutes, which pnpm up to 10
 * took from the same file. Of a key that stands twice the last counts.
 */
export function npmrcReleaseAge({ path, text }: Companion): ReleaseAgeSetting[] {
  const lines = settingLines(text, '=');
  const last = (key: string) => lines.findLast((line) => line.key === key);
  const exceptions = (key: string): AgeException[] => lines.filter((line) => line.key === key).map(({ value }) => ({ name: value }));
  const settings: ReleaseAgeSetting[] = [];
  for (const [tool, key, unit] of [
    ['npm', 'min-release-age', 'days'],
    ['pnpm', 'minimum-release-age', 'minutes'],
  ] as const) {
    const line = last(key);
    if (!line || isVariable(line.value)) continue;
    const { value: written, span } = line;
    const reading = /^(?:null|false)?$/.test(written) ? {} : ageInUnit(written, unit);
    settings.push({ tool, key, file: path, span, written, exceptions: exceptions(`${key}-exclude`), ...reading });
  }
  const before = last('before');
  if (before && before.value !== '' && before.value !== 'null' && !isVariable(before.value)) {
    const until = momentOf(before.value);
    const reading = until ? { limit: { until } } : notUnderstood(before.value);
    const { span, value: written } = before;
    settings.push({ tool: 'npm', key: 'before', file: path, span, written, exceptions: exceptions('min-release-age-exclude'), ...reading });
  }
  return settings;
}

/** What the environment puts in is not known here. */
function isVariable(value: string): boolean {
  return value.includes('${');
}
