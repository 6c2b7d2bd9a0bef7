// RECORD of an installed distribution (packaging.python.org, "Recording installed projects"): CSV as Python's csv module
// writes it by default: path, hash, size; commas between fields, `"` around a field that holds a comma, a quote or a line
// break, a quote inside doubled. The hash is `algorithm=digest` in urlsafe base64 without padding, empty for RECORD itself
// and for byte code. Paths are relative to the folder that holds the .dist-info, or absolute.

export interface RecordEntry {
  readonly path: string;
  /** As written: `sha256`. */
  readonly algorithm?: string;
  /** Urlsafe base64 without padding. */
  readonly digest?: string;
  readonly size?: number;
}

/** A row that cannot be understood, as a clause. */
export interface RecordFault {
  readonly fault: string;
}

/** Reads RECORD row by row, since there may be a hundred thousand. Never throws, on any string; linear. */
export function* readRecord(text: string): Generator<RecordEntry | RecordFault, void, undefined> {
  let at = text.startsWith('\ufeff') ? 1 : 0;
  // Looked for anew only once it is passed: most files hold none, and a search to the end a row would not be linear.
  let quote = text.indexOf('"');
  for (let line = 1; at < text.length; line++) {
    const newline = text.indexOf('\n', at);
    const end = newline < 0 ? text.length : newline;
    if (quote >= 0 && quote < at) quote = text.indexOf('"', at);
    if (quote >= 0 && quote < end) {
      const row = quotedRow(text, at);
      yield entryOf(row.fields, line);
      at = row.next;
      line += row.breaks;
      continue;
    }
    const content = text.slice(at, text[end - 1] === '\r' ? end - 1 : end);
    if (content.includes('\r')) {
      for (const part of content.split('\r')) if (part !== '') yield entryOf(part.split(','), line);
    } else if (content !== '') yield entryOf(content.split(','), line);
    at = end + 1;
  }
}

function entryOf(fields: readonly string[], line: number): RecordEntry | RecordFault {
  const [path, hash = '', size = ''] = fields as [string, string?, string?];
  const equals = hash.indexOf('=');
  // Fewer than three fields is how files were listed before hashes were asked for.
  if (path === '' || fields.length > 3 || (size !== '' && !/^\d{1,15}$/.test(size)) || (hash !== '' && equals < 0))
    return { fault: `line ${line} is no row of path, hash and size` };
  return {
    path,
    ...(equals > 0 && { algorithm: hash.slice(0, equals).toLowerCase(), digest: digestOf(hash.slice(equals + 1)) }),
    ...(size !== '' && { size: Number(size) }),
  };
}

/** Some build tools padded the digest, or wrote hex in place of base64. */
function digestOf(written: string): string {
  if (/^(?:[0-9a-f]{64}|[0-9a-f]{96}|[0-9a-f]{128})$/i.test(written)) return base64Of(written);
  return /[+/=]/.test(written)
    ? written
        .replaceAll('+', '-')
        .replaceAll('/', '_')
        .replace(/={1,2}$/, '')
    : written;
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

function base64Of(hex: string): string {
  let result = '';
  let held = 0;
  let bits = 0;
  for (const digit of hex) {
    held = (held << 4) | Number.parseInt(digit, 16);
    bits += 4;
    if (bits < 6) continue;
    bits -= 6;
    result += alphabet[(held >> bits) & 63];
    held &= (1 << bits) - 1;
  }
  return bits ? result + alphabet[(held << (6 - bits)) & 63] : result;
}

/** A row in which some field is quoted, and may hold line breaks. */
function quotedRow(text: string, start: number): { readonly fields: string[]; readonly next: number; readonly breaks: number } {
  const fields: string[] = [];
  let at = start;
  let breaks = 0;
  for (;;) {
    let field = '';
    if (text[at] === '"') {
      at++;
      for (;;) {
        const quote = text.indexOf('"', at);
        const end = quote < 0 ? text.length : quote;
        field += text.slice(at, end);
        at = Math.min(end + 1, text.length);
        if (quote < 0 || text[at] !== '"') break;
        field += '"';
        at++;
      }
      for (const character of field) if (character === '\n') breaks++;
    }
    const rest = at;
    while (at < text.length && text[at] !== ',' && text[at] !== '\n' && text[at] !== '\r') at++;
    fields.push(field + text.slice(rest, at));
    if (text[at] !== ',') break;
    at++;
  }
  if (text[at] === '\r' && text[at + 1] === '\n') at++;
  return { fields, next: at + 1, breaks };
}
