import { ageInUnit, notUnderstood, spelledAge, type AgeReading } from '../core/ageText';
import type { Companion } from '../core/manifest';
import type { ReleaseAgeSetting } from '../core/releaseAge';
import type { Span } from '../core/span';

/** Where Renovate looks for its configuration, in its order; `package.json` comes last. */
export const renovateNames = [
  'renovate.json',
  'renovate.json5',
  '.github/renovate.json',
  '.github/renovate.json5',
  '.gitlab/renovate.json',
  '.gitlab/renovate.json5',
  '.renovaterc',
  '.renovaterc.json',
  '.renovaterc.json5',
] as const;

/**
 * `minimumReleaseAge` of Renovate (`"3 days"`), for whatever it updates. It keeps Renovate from proposing young releases, and
 * nobody else from installing them.
 */
export function renovateReleaseAge({ path, text }: Companion): ReleaseAgeSetting[] {
  const value = topString(text, 'minimumReleaseAge');
  return value ? [renovateSetting(path, value.text, value.span)] : [];
}

export function renovateSetting(file: string, written: string, span: Span): ReleaseAgeSetting {
  return { tool: 'renovate', key: 'minimumReleaseAge', file, span, written, exceptions: [], ...readingOf(written) };
}

/** A bare number is milliseconds to Renovate. */
function readingOf(written: string): AgeReading {
  if (/^[\d.]+$/.test(written.trim())) {
    const { problem, limit } = ageInUnit(written, 'milliseconds');
    return { ...(limit && { limit }), ...(problem && { problem: { ...problem, ...rewrite(problem.meantMs) } }) };
  }
  const ageMs = spelledAge(written);
  if (ageMs === undefined) return notUnderstood(written);
  return ageMs === 0 ? {} : { limit: { ageMs } };
}

function rewrite(meantMs: number | undefined): { rewritten?: string } {
  const days = meantMs === undefined ? 0 : meantMs / 86_400_000;
  return days ? { rewritten: `${days} day${days === 1 ? '' : 's'}` } : {};
}

/**
 * The string under a key of the outermost object, in JSON or JSON5 (comments, keys and strings in any quotes or none). One
 * pass; what is broken elsewhere does not matter.
 */
function topString(text: string, wanted: string): { readonly text: string; readonly span: Span } | undefined {
  let depth = 0;
  /** The last word or string at depth one, and whether a colon has followed it. */
  let key = '';
  let isValue = false;
  for (let at = 0; at < text.length; at++) {
    const character = text[at]!;
    if (character === '/' && (text[at + 1] === '/' || text[at + 1] === '*')) at = commentEnd(text, at);
    else if (character === '"' || character === "'") {
      const end = stringEnd(text, at, character);
      const inner = { start: at + 1, end };
      if (depth === 1 && isValue && key === wanted) return { text: text.slice(inner.start, inner.end), span: inner };
      if (depth === 1 && !isValue) key = text.slice(inner.start, inner.end);
      at = end;
    } else if (character === '{' || character === '[') depth++;
    else if (character === '}' || character === ']') depth--;
    else if (depth !== 1) continue;
    else if (character === ':') isValue = true;
    else if (character === ',') {
      isValue = false;
      key = '';
    } else if (!isValue && /[A-Za-z_$]/.test(character)) {
      let end = at;
      while (end < text.length && /[\w$]/.test(text[end]!)) end++;
      key = text.slice(at, end);
      at = end - 1;
    }
  }
  return undefined;
}

function commentEnd(text: string, at: number): number {
  const end = text[at + 1] === '/' ? text.indexOf('\n', at) : text.indexOf('*/', at + 2);
  return end < 0 ? text.length : text[at + 1] === '/' ? end : end + 1;
}

/** Where the quote that closes it stands. */
function stringEnd(text: string, at: number, quote: string): number {
  for (let end = at + 1; end < text.length; end++) {
    if (text[end] === '\\') end++;
    else if (text[end] === quote) return end;
  }
  return text.length;
}
