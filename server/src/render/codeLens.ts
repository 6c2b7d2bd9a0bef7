import type { CodeLens, Command } from 'vscode-languageserver-types';
import type { Companion } from '../core/manifest';
import type { Span } from '../core/span';
import { lineIndexOf } from './positions';

/** What a section of a manifest holds. */
export interface SectionCounts {
  readonly section: string;
  /** Where its head stands. */
  readonly head: Span;
  readonly packages: number;
  readonly ai: number;
  readonly malware: number;
  readonly vulnerable: number;
  readonly unpinned: number;
  /** Not every source could be asked about every package. `pending`: it is being asked. */
  readonly open?: 'pending' | 'unavailable';
}

/**
 * Two lenses on the head of a section: its counts, and what pins all of it. `pinCommand` is absent for a client that does not
 * know it; the counts have no command either way.
 */
export function codeLenses(file: Companion, sections: readonly SectionCounts[], pinCommand?: (section: string) => Command): CodeLens[] {
  const lines = lineIndexOf(file);
  return sections.flatMap((one): CodeLens[] => {
    const range = lines.range(one.head);
    const counts: CodeLens = { range, command: { title: countsText(one), command: '' } };
    return one.unpinned > 0 && pinCommand ? [counts, { range, command: pinCommand(one.section) }] : [counts];
  });
}

/** `12 packages · 5 AI · 1 malware · 3 vulnerable · 4 unpinned`. */
export function countsText({ packages, ai, malware, vulnerable, unpinned, open }: SectionCounts): string {
  const parts = [
    `${packages} ${packages === 1 ? 'package' : 'packages'}`,
    ...(ai ? [`${ai} AI`] : []),
    ...(malware ? [`${malware} malware`] : []),
    ...(vulnerable ? [`${vulnerable} vulnerable`] : []),
    ...(unpinned ? [`${unpinned} unpinned`] : []),
    ...(open === 'pending' ? ['being checked'] : open === 'unavailable' ? ['not fully checked'] : []),
  ];
  return parts.join(' · ');
}
