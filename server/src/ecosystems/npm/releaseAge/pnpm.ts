import { ageInUnit } from '../../../core/ageText';
import type { Companion } from '../../../core/manifest';
import type { AgeException, ReleaseAgeSetting } from '../../../core/releaseAge';
import type { Span } from '../../../core/span';
import { readYamlValues } from '../../../syntax/yamlBlocks';

const keys = ['minimumReleaseAge', 'minimumReleaseAgeExclude'] as const;

/** `minimumReleaseAge` of pnpm-workspace.yaml, in minutes (pnpm 10.16). */
export function pnpmReleaseAge({ path, text }: Companion): ReleaseAgeSetting[] {
  const values = readYamlValues(text, keys);
  const age = values.get('minimumReleaseAge');
  if (age?.kind !== 'text') return [];
  const excluded = values.get('minimumReleaseAgeExclude');
  const exceptions =
    excluded?.kind === 'list' ? excluded.items.flatMap((item) => (item.kind === 'text' ? exceptionOf(item.text) : [])) : [];
  const { text: written, inner: span } = age;
  return [{ tool: 'pnpm', key: 'minimumReleaseAge', file: path, span, written, exceptions, ...ageInUnit(written, 'minutes') }];
}

/** Since pnpm 11 a day is the default; which pnpm it is `packageManager` tells (`pnpm@11.2.0`). */
export function pnpmDefault(
  packageManager: { readonly value: string; readonly span: Span } | undefined,
  file: string,
): ReleaseAgeSetting[] {
  const major = Number(/^pnpm@(\d{1,4})\./.exec(packageManager?.value ?? '')?.[1]);
  if (!packageManager || !(major >= 11)) return [];
  const { span, value } = packageManager;
  const limit = { ageMs: 1440 * 60_000 };
  return [{ tool: 'pnpm', key: 'minimumReleaseAge', file, span, written: value, limit, exceptions: [], byDefault: true }];
}

/** `name`, `@scope/*`, or `name@1.2.3 || 1.2.4`. */
export function exceptionOf(written: string): AgeException[] {
  if (written.startsWith('!')) return [];
  const at = written.indexOf('@', 1);
  if (at < 0) return [{ name: written }];
  return [{ name: written.slice(0, at), range: written.slice(at + 1).replace(/^npm:/, '') }];
}
