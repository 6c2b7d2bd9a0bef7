import type { InlayHint } from 'vscode-languageserver-types';
import type { Declaration } from '../core/declaration';
import type { Companion } from '../core/manifest';
import type { ReleaseHint } from '../core/outlook';
import { isTime, publishedText, shortAge } from './ages';
import { lineIndexOf } from './positions';
import { printable } from './printable';

export interface HintedDeclaration {
  readonly declaration: Declaration;
  readonly release: ReleaseHint;
  /** The lockfile that holds it. */
  readonly lockfile?: string | undefined;
}

/** `→ 1.84.0 · 12 d` behind a range, the age alone behind an exact version; nothing where there is nothing to say. */
export function inlayHints(file: Companion, hinted: readonly HintedDeclaration[], now: Date): InlayHint[] {
  const lines = lineIndexOf(file);
  return hinted.flatMap(({ declaration, release, lockfile }): InlayHint[] => {
    const { version, publishedAt, by } = release;
    const parts = [
      ...(by === 'exact-range' ? [] : [`→ ${printable(version).slice(0, 40)}`]),
      ...(isTime(publishedAt) ? [shortAge(publishedAt, now)] : []),
    ];
    if (parts.length === 0) return [];
    const when = isTime(publishedAt) ? `, published ${publishedText(publishedAt, now)}` : '';
    const tooltip = `${declaration.package.name} ${printable(version).slice(0, 80)}${sourceWords(by, lockfile)}${when}`;
    return [{ position: lines.position(hintPlace(file.text, declaration)), label: parts.join(' · '), paddingLeft: true, tooltip }];
  });
}

function sourceWords(by: ReleaseHint['by'], lockfile: string | undefined): string {
  switch (by) {
    case 'lockfile':
      return `, which ${lockfile ?? 'the lockfile'} holds`;
    case 'installed':
      return ', which is installed';
    case 'newest':
      return ', the newest that the range admits today: nothing holds a release';
    case 'exact-range':
      return '';
  }
}

/** Behind the range and the quote that ends it; of an entry without a range behind its name and extras. */
export function hintPlace(text: string, { spans }: Declaration): number {
  let at = (spans.range ?? spans.name ?? spans.entry).end;
  if (!spans.range) {
    const extras = /[ \t]*\[[^\]\r\n]{0,200}\]/y;
    extras.lastIndex = at;
    at += extras.exec(text)?.[0].length ?? 0;
    // A value of JSON or TOML that holds no range: behind it, not behind its key.
    const value = /["']?[ \t]*[:=][ \t]*(?:""|'')/y;
    value.lastIndex = at;
    const empty = value.exec(text);
    if (empty) return at + empty[0].length;
  }
  return text[at] === '"' || text[at] === "'" ? at + 1 : at;
}
