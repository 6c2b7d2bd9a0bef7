import type { FileText } from '../core/io';

/**
 * The text of a manifest's bytes, as an editor shows it: without a byte order mark. UTF-8 and UTF-16 with a mark are read;
 * latin-1 where a PEP 263 line in the first two asks for it, since pip honours that. Anything else would be a guess.
 */
export function decode(bytes: Uint8Array): FileText {
  const [a, b, c] = bytes;
  if (a === 0xff && b === 0xfe) return decodeAs('utf-16le', bytes.subarray(2));
  if (a === 0xfe && b === 0xff) return decodeAs('utf-16be', bytes.subarray(2));
  if (a === 0xef && b === 0xbb && c === 0xbf) return decodeAs('utf-8', bytes.subarray(3));
  if (bytes.subarray(0, 8192).includes(0)) return { state: 'unreadable', message: 'it holds NUL bytes, so it is not text' };
  const text = decodeAs('utf-8', bytes);
  if (text.state === 'text')
    return text.text.includes('\u0000') ? { state: 'unreadable', message: 'it holds NUL bytes, so it is not text' } : text;
  return cookie(bytes) ? decodeAs('latin1', bytes) : text;
}

function decodeAs(encoding: string, bytes: Uint8Array): FileText {
  try {
    return { state: 'text', text: new TextDecoder(encoding, { fatal: true, ignoreBOM: true }).decode(bytes) };
  } catch {
    return { state: 'unreadable', message: `it is not ${encoding === 'utf-8' ? 'UTF-8' : encoding}` };
  }
}

/** PEP 263: `coding[:=]\s*NAME` in a comment of the first two lines. */
function cookie(bytes: Uint8Array): boolean {
  const head = new TextDecoder('latin1').decode(bytes.subarray(0, 400)).split(/\r\n?|\n/, 2);
  return head.some((line) => /^[ \t\f]*#.*?coding[:=][ \t]*(latin-?1|iso-?8859-1|cp1252|windows-1252)\b/i.test(line));
}
