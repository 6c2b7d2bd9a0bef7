/**
 * Whether Python's `str.isspace` and `\s` hold for a UTF-16 unit. JavaScript's `\s` differs: it takes U+FEFF and lacks
 * U+001C to U+001F and U+0085.
 */
export function isPythonSpace(code: number): boolean {
  if (code === 0x20 || (code >= 0x09 && code <= 0x0d) || (code >= 0x1c && code <= 0x1f)) return true;
  if (code < 0x85) return false;
  if (code === 0x85 || code === 0xa0 || code === 0x1680 || (code >= 0x2000 && code <= 0x200a)) return true;
  return code === 0x2028 || code === 0x2029 || code === 0x202f || code === 0x205f || code === 0x3000;
}

/** Where the text lies within `start` and `end` once Python's `str.strip` has been over it. */
export function stripped(text: string, start = 0, end = text.length): { readonly start: number; readonly end: number } {
  while (start < end && isPythonSpace(text.charCodeAt(start))) start++;
  while (end > start && isPythonSpace(text.charCodeAt(end - 1))) end--;
  return { start, end };
}

/** Python's `str.strip`. */
export function strip(text: string): string {
  const { start, end } = stripped(text);
  return text.slice(start, end);
}
