import type { Finding } from '../core/finding';
import type { SourceState } from '../core/report';
import { withReason } from './sources';

const mostNamed = 5;

/** Findings that say what could not be told. */
export function undecidedIn(parts: readonly { readonly findings: readonly Finding[] }[]): readonly Finding[] {
  return parts.flatMap(({ findings }) => findings.filter(({ undecided }) => undecided));
}

/** Each source with the advisories of its own that leave something open, beside all else that is to be said of it. */
export function withOpenAdvisories(sources: readonly SourceState[], undecided: readonly Finding[]): readonly SourceState[] {
  if (undecided.length === 0) return sources;
  const open = undecided.flatMap(({ advisories }) => advisories);
  return sources.map((source) => {
    const ids = [...new Set(open.filter((advisory) => advisory.sources.includes(source.id)).map(({ id }) => id))].sort();
    // One that is being asked may say something else in a moment.
    if (ids.length === 0 || source.state === 'pending') return source;
    const more = ids.length > mostNamed ? ` and ${ids.length - mostNamed} more` : '';
    return withReason(source, `which releases ${ids.slice(0, mostNamed).join(', ')}${more} affects could not be read`);
  });
}
