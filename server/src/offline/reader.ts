import type { Versions } from '../core/versions';
import type { Bucket } from './bucket';
import { ByteReader } from './bytes';
import {
  bucketOf,
  directoryEntryLength,
  directoryLength,
  filterBits,
  hashOf,
  headerLength,
  readHeader,
  type Crc32,
  type IndexMeta,
} from './format';
import { readName } from './name';
import type { StoredRecord } from './record';

/** The bytes of an index, wherever they lie. */
export interface IndexSource {
  readonly size: number;
  /** `undefined` where they cannot be read. They are valid until something else is read. */
  read(offset: number, length: number): Uint8Array | undefined;
  readonly crc32: Crc32;
  /** One character a byte. */
  latin1(bytes: Uint8Array): string;
}

/** What the index says of a name, or why it could not be read, as a clause. */
export type Found = { readonly records: readonly StoredRecord[] } | { readonly fault: string };

/** An index that is open. Nothing is known of a bucket until a name asks for it. */
export interface OpenIndex {
  readonly meta: IndexMeta;
  readonly size: number;
  /** By the normalized name. Never throws. */
  find(ecosystem: string, name: string): Found;
  readonly buckets: number;
  /** One bucket, for who goes through all. Throws where it is damaged. */
  bucket(number: number): StoredBucket;
  /** The strings that occur often. */
  shared(): readonly string[];
  /** Reads everything, and answers what was wrong, as clauses. */
  verify(): string[];
}

export interface StoredBucket extends Bucket {
  readonly names: readonly StoredName[];
}

export interface StoredName {
  readonly ecosystem: string;
  readonly name: string;
  readonly records: readonly StoredRecord[];
}

const none: Found = { records: [] };
const couldNotBeRead = 'a part of it could not be read';
const damaged = 'a part of it is damaged';

/**
 * Opens an index: its header, what it says of itself and the directory are read and checked. `versionsOf` is the order of an
 * ecosystem's versions, by OSV's name of it; names of another are not found.
 */
export function openIndex(
  source: IndexSource,
  versionsOf: (ecosystem: string) => Versions | undefined,
): OpenIndex | { readonly fault: string } {
  if (source.size < headerLength) return { fault: 'it is too short to be an index of Merlon' };
  const first = source.read(0, headerLength);
  const header = first ? readHeader(first, source.size, source.crc32) : { fault: 'it could not be read' };
  if ('fault' in header) return header;
  const { metaLength, sharedLength, buckets, payloadLength } = header;
  const payloadAt = source.size - payloadLength;
  const read = source.read(headerLength, payloadAt - headerLength);
  if (!read) return { fault: 'it could not be read' };
  // A copy: what was read is overwritten by the next read, and a Buffer's own slice is none.
  const front = new Uint8Array(read);
  if (source.crc32(front) !== header.crc) return { fault: 'its directory is damaged' };
  const meta = readMeta(front.subarray(0, metaLength));
  if (!meta) return { fault: 'what it says of itself could not be read' };
  const directoryAt = metaLength + sharedLength;
  const directory = new DataView(front.buffer, front.byteOffset + directoryAt, directoryLength(buckets));
  const ecosystems = Object.keys(meta.ecosystems);

  let shared: readonly string[] | undefined;
  const sharedStrings = () => (shared ??= readShared(source.latin1(front.subarray(metaLength, directoryAt))));

  /** The bucket without its checksum. */
  function readBucket(number: number): { readonly text: string; readonly bytes: Uint8Array } | { readonly fault: string } {
    const start = directory.getUint32(number * directoryEntryLength, true);
    const end = directory.getUint32((number + 1) * directoryEntryLength, true);
    if (end === start) return { text: '', bytes: new Uint8Array(0) };
    if (end < start + 4 || end > payloadLength) return { fault: damaged };
    const bytes = source.read(payloadAt + start, end - start);
    if (!bytes) return { fault: couldNotBeRead };
    const crc = (bytes[0]! | (bytes[1]! << 8) | (bytes[2]! << 16) | (bytes[3]! << 24)) >>> 0;
    const rest = bytes.subarray(4);
    return source.crc32(rest) === crc ? { text: source.latin1(rest), bytes } : { fault: damaged };
  }

  function find(ecosystem: string, name: string): Found {
    const place = ecosystems.indexOf(ecosystem);
    const versions = versionsOf(ecosystem);
    if (place < 0 || !versions || buckets === 0) return none;
    const hash = hashOf(ecosystem, name);
    const number = bucketOf(hash, buckets);
    const { low, high } = filterBits(hash);
    const at = number * directoryEntryLength;
    if ((directory.getUint32(at + 4, true) & low) >>> 0 !== low || (directory.getUint32(at + 8, true) & high) >>> 0 !== high) return none;
    const held = readBucket(number);
    if ('fault' in held) return held;
    try {
      const reader = new ByteReader(held.text, sharedStrings());
      while (!reader.atEnd) {
        const own = reader.number();
        const isIt = reader.string() === name && own === place;
        const length = reader.number();
        const end = reader.at + length;
        if (isIt) return { records: readName(held.text, reader.at, end, { name, versions, shared: sharedStrings() }) };
        reader.skip(length);
      }
      return none;
    } catch {
      return { fault: damaged };
    }
  }

  function bucket(number: number): StoredBucket {
    const names: StoredName[] = [];
    const held = readBucket(number);
    if ('fault' in held) throw new Error(held.fault);
    const reader = new ByteReader(held.text, sharedStrings());
    while (!reader.atEnd) {
      const ecosystem = ecosystems[reader.number()] ?? '';
      const name = reader.string();
      const length = reader.number();
      const versions = versionsOf(ecosystem);
      if (!versions) throw new Error(`it holds ${ecosystem || 'an ecosystem'} that is not known here`);
      const records = readName(held.text, reader.at, reader.at + length, { name, versions, shared: sharedStrings() });
      reader.skip(length);
      names.push({ ecosystem, name, records });
    }
    const at = number * directoryEntryLength;
    return { names, bytes: held.bytes, low: directory.getUint32(at + 4, true), high: directory.getUint32(at + 8, true) };
  }

  function verify(): string[] {
    const faults: string[] = [];
    let names = 0;
    let records = 0;
    for (let number = 0; number < buckets; number++) {
      try {
        for (const { ecosystem, name, records: own } of bucket(number).names) {
          names++;
          records += own.length;
          for (const record of own) readWhole(record);
          if (bucketOf(hashOf(ecosystem, name), buckets) !== number) faults.push(`${name} lies in the wrong place`);
        }
      } catch (error) {
        faults.push(`part ${number + 1} of ${buckets}: ${(error as Error).message}`);
      }
    }
    if (faults.length === 0 && (names !== meta!.names || records !== meta!.records))
      faults.push(`it holds ${names} names and ${records} records instead of ${meta!.names} and ${meta!.records}`);
    return faults;
  }

  return {
    meta,
    size: source.size,
    find,
    buckets,
    bucket,
    shared: sharedStrings,
    verify,
  };
}

/** Throws where some part of it cannot be read. */
function readWhole({ id, aliases, summary, url, affected }: StoredRecord): unknown {
  return [id, aliases, summary, url, affected];
}

function readShared(text: string): string[] {
  const reader = new ByteReader(text);
  const list: string[] = [];
  while (!reader.atEnd) list.push(reader.string());
  return list;
}

function readMeta(bytes: Uint8Array): IndexMeta | undefined {
  try {
    const meta = JSON.parse(new TextDecoder().decode(bytes)) as Partial<IndexMeta> | null;
    const isWhole =
      typeof meta?.builtAt === 'string' &&
      !Number.isNaN(Date.parse(meta.builtAt)) &&
      typeof meta.asOf === 'string' &&
      !Number.isNaN(Date.parse(meta.asOf)) &&
      typeof meta.ecosystems === 'object' &&
      Array.isArray(meta.attribution);
    return isWhole ? (meta as IndexMeta) : undefined;
  } catch {
    return undefined;
  }
}
