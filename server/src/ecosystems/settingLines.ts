import type { Span } from '../core/span';

/** One `key = value` of an .npmrc or a pip.conf. */
export interface SettingLine {
  /** The last `[section]` above, lower case; `''` where there is none. */
  readonly section: string;
  /** As written, without quotes and without the `[]` that makes it a list. */
  readonly key: string;
  readonly value: string;
  /** Of the value, inside its quotes. */
  readonly span: Span;
}

/** Reads `key = value` and `key: value` lines. A line that is neither is passed over. Linear, never throws. */
export function settingLines(text: string, separators: '=' | '=:'): SettingLine[] {
  const lines: SettingLine[] = [];
  let section = '';
  for (let start = text.charCodeAt(0) === 0xfeff ? 1 : 0; start < text.length;) {
    let end = start;
    while (end < text.length && text.charCodeAt(end) !== 10 && text.charCodeAt(end) !== 13) end++;
    const line = text.slice(start, end);
    const trimmed = line.trim();
    if (trimmed.startsWith('['))
      section = trimmed
        .slice(1, trimmed.endsWith(']') ? -1 : undefined)
        .trim()
        .toLowerCase();
    else if (trimmed !== '' && !/^[;#]/.test(trimmed)) {
      const at = [...separators].map((separator) => line.indexOf(separator)).filter((index) => index >= 0);
      if (at.length) lines.push(lineOf(line, Math.min(...at), start, section));
    }
    start = end + 1;
  }
  return lines;
}

function lineOf(line: string, separator: number, offset: number, section: string): SettingLine {
  const written = line.slice(separator + 1);
  // A comment behind a value stands apart from it.
  const comment = /\s[;#]/.exec(written)?.index ?? written.length;
  const value = written.slice(0, comment).trim();
  const from = separator + 1 + (written.length - written.trimStart().length);
  const isQuoted = value.length > 1 && /^["']/.test(value) && value.endsWith(value[0]!);
  const inner = isQuoted ? value.slice(1, -1) : value;
  const start = offset + from + (isQuoted ? 1 : 0);
  const key = line
    .slice(0, separator)
    .trim()
    .replace(/^(["'])(.*)\1$/, '$2')
    .replace(/\[\]$/, '');
  return { section, key, value: inner, span: { start, end: start + inner.length } };
}
