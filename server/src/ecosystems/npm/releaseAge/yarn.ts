import { ageInUnit, notUnderstood, spelledAge, type AgeReading } from '../../../core/ageText';
import type { Companion } from '../../../core/manifest';
import type { ReleaseAgeSetting } from '../../../core/releaseAge';
import { readYamlValues } from '../../../syntax/yamlBlocks';
import { exceptionOf } from './pnpm';

/** `npmMinimalAgeGate` of .yarnrc.yml (Yarn 4.10): minutes, or a number with its unit (`3d`). */
export function yarnReleaseAge({ path, text }: Companion): ReleaseAgeSetting[] {
  const values = readYamlValues(text, ['npmMinimalAgeGate', 'npmPreapprovedPackages']);
  const age = values.get('npmMinimalAgeGate');
  if (age?.kind !== 'text' || age.text.includes('${')) return [];
  const approved = values.get('npmPreapprovedPackages');
  const exceptions =
    approved?.kind === 'list' ? approved.items.flatMap((item) => (item.kind === 'text' ? exceptionOf(item.text) : [])) : [];
  const { text: written, inner: span } = age;
  return [{ tool: 'yarn', key: 'npmMinimalAgeGate', file: path, span, written, exceptions, ...readingOf(written) }];
}

function readingOf(written: string): AgeReading {
  if (/^[\d.]+$/.test(written)) return ageInUnit(written, 'minutes');
  const ageMs = spelledAge(written);
  if (ageMs === undefined || /^P/i.test(written)) return notUnderstood(written);
  return ageMs === 0 ? {} : { limit: { ageMs } };
}
