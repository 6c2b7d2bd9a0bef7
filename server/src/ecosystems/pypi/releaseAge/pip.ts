import { momentOf, notUnderstood, type AgeReading } from '../../../core/ageText';
import type { Companion } from '../../../core/manifest';
import type { ReleaseAgeSetting } from '../../../core/releaseAge';
import { settingLines } from '../../settingLines';

// pip takes `uploaded-prior-to` on its command line, from PIP_UPLOADED_PRIOR_TO and from a pip.conf. A requirements file must
// not hold it: up to 26.2 pip stops there with "no such option".

/** `uploaded-prior-to` of a pip.conf: a day, a moment, or days (`P3D`, since 26.1). The section of the command wins over `[global]`. */
export function pipReleaseAge({ path, text }: Companion): ReleaseAgeSetting[] {
  const lines = settingLines(text, '=:').filter(({ key }) => key.replaceAll('_', '-') === 'uploaded-prior-to');
  const line = lines.findLast(({ section }) => section === 'install') ?? lines.findLast(({ section }) => section === 'global');
  if (!line) return [];
  const { value: written, span } = line;
  return [{ tool: 'pip', key: 'uploaded-prior-to', file: path, span, written, exceptions: [], ...readingOf(written) }];
}

function readingOf(written: string): AgeReading {
  const days = /^P(\d{1,6})D$/.exec(written)?.[1];
  if (days !== undefined) return Number(days) === 0 ? {} : { limit: { ageMs: Number(days) * 86_400_000 } };
  const until = momentOf(written);
  if (until) return { limit: { until } };
  const bare = /^\d{1,3}(?: ?d(?:ays?)?)?$/i.test(written) ? Number.parseInt(written, 10) : 0;
  const { problem } = notUnderstood(written);
  return { problem: { ...problem!, ...(bare && { meantMs: bare * 86_400_000, rewritten: `P${bare}D` }) } };
}
