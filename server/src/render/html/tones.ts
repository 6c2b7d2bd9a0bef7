import type { Advisory } from '../../core/advisory';
import type { Severity } from '../../core/finding';

/** How a thing is coloured: a severity, or that nothing is known against it, or that nothing can be said. */
export type Tone = Severity | 'clear' | 'open';

export const severities: readonly Severity[] = ['error', 'warning', 'information', 'hint'];

const order: readonly Tone[] = [...severities, 'open', 'clear'];

/** Lower is worse; what is not known is worse than what is known to be well. */
export function toneRank(tone: Tone): number {
  return order.indexOf(tone);
}

export function worstTone(tones: Iterable<Tone>): Tone {
  let worst: Tone = 'clear';
  for (const tone of tones) if (toneRank(tone) < toneRank(worst)) worst = tone;
  return worst;
}

/** The words of the page, which colours only repeat. */
export const severityWords: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', information: 'note', hint: 'hint' };

const levels = ['critical', 'high', 'medium', 'low'] as const;

/** `malware`, `3 advisories, the worst critical`. */
export function advisoryWords(advisories: readonly Advisory[]): string {
  if (advisories.some(({ kind }) => kind === 'malware')) return 'malware';
  if (advisories.length > 0 && advisories.every(({ kind }) => kind === 'unmaintained')) return 'no longer maintained';
  const worst = levels.find((level) => advisories.some(({ severity }) => severity === level));
  const rated = worst === undefined ? 'not rated' : advisories.length === 1 ? worst : `the worst ${worst}`;
  return `${advisories.length === 1 ? '1 advisory' : `${advisories.length} advisories`}, ${rated}`;
}

/** The worst of it in a word: `malware`, `critical`. */
export function advisoryMark(advisories: readonly Advisory[]): string {
  if (advisories.some(({ kind }) => kind === 'malware')) return 'malware';
  if (advisories.length > 0 && advisories.every(({ kind }) => kind === 'unmaintained')) return 'unmaintained';
  return levels.find((level) => advisories.some(({ severity }) => severity === level)) ?? 'not rated';
}

export function advisoryTone(advisories: readonly Advisory[]): Tone {
  if (advisories.some(({ kind }) => kind === 'malware')) return 'error';
  const rated = advisories.map(({ severity }) => severity);
  if (rated.includes('critical') || rated.includes('high')) return 'error';
  return rated.includes('medium') ? 'warning' : advisories.length ? 'information' : 'clear';
}
