// The index is one file:
//
//   header     magic (8 bytes), then numbers of 32 bits, low byte first: version of the format; lengths of meta and of shared;
//              how many buckets; length of the payload; CRC-32 of meta, shared and directory; CRC-32 of the header so far
//   meta       JSON: what the index is and where it comes from
//   shared     strings that occur often
//   directory  for each bucket its offset in the payload and a filter of 64 bits; at last the payload's end
//   payload    buckets: CRC-32 of the rest, then its names, each with its records
//
// The lengths add up to the file's, so that a truncated file is known by its header. What a name hashes to says in which bucket
// it lies; a name that the filter does not know is not there, and nothing is read for it.

export const magic = 'MERLONDB';
/** Goes up when files of before are read wrongly: also when facts that are worked out on building (kind, severity) are judged otherwise. */
export const formatVersion = 1;
export const headerLength = 36;
export const directoryEntryLength = 12;
/** So many names are meant to share a bucket: less makes the directory larger, which is held in memory; more makes every read longer. */
export const namesPerBucket = 8;

export interface IndexMeta {
  /** When the file was written. */
  readonly builtAt: string;
  /** The moment as of which it says what OSV said. */
  readonly asOf: string;
  /** By OSV's name: what the index knows the whole of. Other ecosystems occur in it by the way. */
  readonly ecosystems: Readonly<Record<string, EcosystemMeta>>;
  /** Whose data it is, and under which licence. */
  readonly attribution: readonly string[];
  /** Those that could not be read, of the files that it was built from. */
  readonly unreadable: number;
  readonly names: number;
  readonly records: number;
}

export interface EcosystemMeta {
  readonly names: number;
  readonly records: number;
  /** The `modified` of its youngest record, as written there; `''` where none has one. */
  readonly highWater: string;
  /** Whether a source was about this ecosystem, so that a name without records has none. */
  readonly covered: boolean;
}

export interface Header {
  readonly metaLength: number;
  readonly sharedLength: number;
  readonly buckets: number;
  readonly payloadLength: number;
  readonly crc: number;
}

export type Crc32 = (bytes: Uint8Array) => number;

export function directoryLength(buckets: number): number {
  return buckets * directoryEntryLength + 4;
}

export function writeHeader({ metaLength, sharedLength, buckets, payloadLength, crc }: Header, crc32: Crc32): Uint8Array {
  const bytes = new Uint8Array(headerLength);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < magic.length; i++) bytes[i] = magic.charCodeAt(i);
  for (const [i, value] of [formatVersion, metaLength, sharedLength, buckets, payloadLength, crc].entries())
    view.setUint32(8 + 4 * i, value, true);
  view.setUint32(headerLength - 4, crc32(bytes.subarray(0, headerLength - 4)), true);
  return bytes;
}

/** Reads the header of a file that is `size` bytes long, or says why it is none, as a clause. */
export function readHeader(bytes: Uint8Array, size: number, crc32: Crc32): Header | { readonly fault: string } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let i = 0; i < magic.length; i++) if (bytes[i] !== magic.charCodeAt(i)) return { fault: 'it is not an index of Merlon' };
  const version = view.getUint32(8, true);
  const damaged = view.getUint32(headerLength - 4, true) !== crc32(bytes.subarray(0, headerLength - 4));
  if (damaged) return { fault: 'its header is damaged' };
  if (version !== formatVersion)
    return { fault: `it has format ${version}, and this version of Merlon reads format ${formatVersion}: build or sync it anew` };
  const [metaLength, sharedLength, buckets, payloadLength, crc] = [12, 16, 20, 24, 28].map((at) => view.getUint32(at, true)) as [
    number,
    number,
    number,
    number,
    number,
  ];
  const whole = headerLength + metaLength + sharedLength + directoryLength(buckets) + payloadLength;
  if (whole !== size) return { fault: `it is ${size} bytes long instead of ${whole}` };
  return { metaLength, sharedLength, buckets, payloadLength, crc };
}

/** A number of 32 bits for a name: FNV-1a over its UTF-16 code units, stirred at last as MurmurHash3 does. */
export function hashOf(ecosystem: string, name: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < ecosystem.length; i++) hash = Math.imul(hash ^ ecosystem.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ 10, 0x01000193);
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193);
  return stirred(hash);
}

export function bucketOf(hash: number, buckets: number): number {
  return Math.floor((hash * buckets) / 2 ** 32);
}

/** The bits of a name in its bucket's filter, as two halves: three of 64. */
export function filterBits(hash: number): { readonly low: number; readonly high: number } {
  let low = 0;
  let high = 0;
  for (let bits = stirred(hash ^ 0x5bd1e995), i = 0; i < 3; i++, bits >>>= 6) {
    if (bits & 32) high |= 1 << (bits & 31);
    else low |= 1 << (bits & 31);
  }
  return { low: low >>> 0, high: high >>> 0 };
}

function stirred(value: number): number {
  let hash = value;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
