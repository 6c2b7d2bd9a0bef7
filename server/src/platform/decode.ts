/** A file's bytes as text, without the byte order mark (an editor's offsets do not count it), or why they are none, as a clause. */
export function decodeText(bytes: Buffer): { readonly text: string } | { readonly fault: string } {
  const encoding = encodingOf(bytes);
  let text: string;
  try {
    // Python's latin-1 is one character a byte; the web's means windows-1252.
    text = encoding === 'latin1' ? bytes.toString('latin1') : new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return { fault: encoding === 'utf-8' ? 'it is not UTF-8' : `it is not ${encoding}` };
  }
  return text.includes('\0') ? { fault: 'it holds NUL bytes, so it is not text' } : { text };
}

/** PEP 263, which pip honours in requirements files: a comment in one of the first two lines. */
const cookie = /^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)/;

function encodingOf(bytes: Buffer): string {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return 'utf-8';
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  const head = bytes
    .subarray(0, 400)
    .toString('latin1')
    .split(/\r\n?|\n/, 2);
  const named = head.map((line) => cookie.exec(line)?.[1]?.toLowerCase().replaceAll('_', '-')).find((name) => name !== undefined);
  if (named === undefined) return 'utf-8';
  return /^(latin-?1|iso-?8859-1|l1|ascii|us-ascii)$/.test(named) ? 'latin1' : named;
}
