import fs from 'node:fs';
import path from 'node:path';
import zlib from 'node:zlib';
import { ArchiveFault, zipEntries } from './zip';

/** The text of what should be one record or a list of them, or why it is none, as a clause. `of` names its place to people: untrusted text. */
export type RecordText = { readonly of: string } & ({ readonly text: string } | { readonly fault: string });

/** A source that cannot be read to its end: nothing is built from it. `message` is a sentence for people. */
export class SourceFault extends Error {}

/** No record is that long; the longest are some megabytes. */
const longestRecord = 32 << 20;
const chunkLength = 1 << 20;
const deepest = 32;
const newLine = 10;

/**
 * The records at a path, one after the other: an OSV dump (`.zip`), a folder of records (`.json`, at any depth, links not
 * followed), `.jsonl` or `.jsonl.gz` files, or one record. Throws a {@link SourceFault}.
 */
export async function* recordTexts(place: string): AsyncGenerator<RecordText> {
  try {
    const stat = fs.statSync(place);
    if (stat.isDirectory()) yield* inFolder(place, 0);
    else if (!stat.isFile()) throw new ArchiveFault('it is neither a file nor a folder');
    else if (isZip(place)) yield* inArchive(place);
    else if (/\.json$/i.test(place)) yield oneFile(place);
    else yield* inLines(place);
  } catch (error) {
    if (error instanceof SourceFault) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    const why = error instanceof ArchiveFault ? message : code === 'ENOENT' ? 'there is no such file or folder' : (code ?? message);
    throw new SourceFault(`${place}: ${why}`, { cause: error });
  }
}

function isZip(place: string): boolean {
  const file = fs.openSync(place, 'r');
  try {
    const head = Buffer.alloc(4);
    fs.readSync(file, head, 0, 4, 0);
    return /\.zip$/i.test(place) || /^PK(?:\x03\x04|\x05\x06)/.test(head.toString('latin1'));
  } finally {
    fs.closeSync(file);
  }
}

function* inArchive(place: string): Generator<RecordText> {
  for (const entry of zipEntries(place, longestRecord)) {
    if (!/\.json$/i.test(entry.name)) continue;
    const of = `${place}, ${entry.name}`;
    yield 'tooLong' in entry ? { of, fault: 'it is too long' } : { of, text: entry.bytes.toString('utf8') };
  }
}

function* inFolder(folder: string, depth: number): Generator<RecordText> {
  if (depth > deepest) throw new SourceFault(`${folder}: it lies too deep`);
  for (const entry of fs.readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const inner = path.join(folder, entry.name);
    if (entry.isDirectory() && !entry.name.startsWith('.')) yield* inFolder(inner, depth + 1);
    else if (entry.isFile() && /\.json$/i.test(entry.name)) yield oneFile(inner);
  }
}

function oneFile(place: string): RecordText {
  const { size } = fs.statSync(place);
  return size > longestRecord ? { of: place, fault: 'it is too long' } : { of: place, text: fs.readFileSync(place, 'utf8') };
}

async function* inLines(place: string): AsyncGenerator<RecordText> {
  const raw = fs.createReadStream(place, { highWaterMark: chunkLength });
  const bytes = isGzip(place) ? raw.pipe(zlib.createGunzip({ chunkSize: chunkLength })) : raw;
  // A pipe does not hand on the faults of what feeds it.
  raw.on('error', (error) => bytes.destroy(error));
  let open: Buffer[] = [];
  let length = 0;
  let skipping = false;
  let line = 0;
  const finished = (last: Buffer): RecordText | undefined => {
    line++;
    const whole = open.length ? Buffer.concat([...open, last]) : last;
    const tooLong = skipping;
    open = [];
    length = 0;
    skipping = false;
    const of = `${place}, line ${line}`;
    if (tooLong) return { of, fault: 'it is too long' };
    const text = whole.toString('utf8');
    return text.trim() === '' ? undefined : { of, text };
  };
  try {
    for await (const chunk of bytes as AsyncIterable<Buffer>) {
      let start = 0;
      for (let end = chunk.indexOf(newLine); end >= 0; end = chunk.indexOf(newLine, start)) {
        const found = finished(chunk.subarray(start, end));
        start = end + 1;
        if (found) yield found;
      }
      length += chunk.length - start;
      if (length > longestRecord) skipping = true;
      if (skipping) open = [];
      else open.push(chunk.subarray(start));
    }
    const found = open.length || skipping ? finished(Buffer.alloc(0)) : undefined;
    if (found) yield found;
  } catch (error) {
    throw new ArchiveFault(`it is damaged or truncated (${(error as Error).message})`);
  } finally {
    raw.destroy();
  }
}

function isGzip(place: string): boolean {
  const file = fs.openSync(place, 'r');
  try {
    const head = Buffer.alloc(2);
    fs.readSync(file, head, 0, 2, 0);
    return head[0] === 0x1f && head[1] === 0x8b;
  } finally {
    fs.closeSync(file);
  }
}
