import fs from 'node:fs';
import zlib from 'node:zlib';

// Zip archives as OSV serves them (PKWARE APPNOTE 6.3, Zip64 included): files stored or deflated, one after the other in the
// order of the central directory. Their names are told to people and are never used as paths.

export interface ZipEntry {
  readonly name: string;
  readonly bytes: Buffer;
}

/** What is wrong with an archive, as a clause: it is truncated or damaged, and what was read of it may lack something. */
export class ArchiveFault extends Error {}

const endLength = 22;
const longestComment = 0xffff;
const locatorLength = 20;
const centralLength = 46;
const localLength = 30;
const windowLength = 1 << 22;
const inZip64 = 0xffffffff;

/**
 * The files of an archive, folders left out. `mostBytes`: a file that is longer when it is unpacked is told as `tooLong`, so
 * that no archive can unpack to more than one file's memory. Throws an {@link ArchiveFault}, and faults of the disk.
 */
export function* zipEntries(place: string, mostBytes: number): Generator<ZipEntry | { readonly name: string; readonly tooLong: true }> {
  const file = fs.openSync(place, 'r');
  try {
    const { size } = fs.fstatSync(file);
    const { offset, length, count } = directoryOf(file, size);
    // Two windows, which go on side by side: one over the directory, one over the files.
    const directory = windowOver(file, size);
    const content = windowOver(file, size);
    let at = offset;
    let packedSum = 0;
    for (let left = count; left > 0; left--) {
      if (at + centralLength > offset + length) throw new ArchiveFault('its directory ends too early');
      const fixed = directory(at, centralLength);
      if (fixed.readUInt32LE(0) !== 0x02014b50) throw new ArchiveFault('its directory is damaged');
      const nameLength = fixed.readUInt16LE(28);
      const extraLength = fixed.readUInt16LE(30);
      const whole = directory(at, centralLength + nameLength + extraLength);
      const name = whole.toString('utf8', centralLength, centralLength + nameLength);
      at += whole.length + fixed.readUInt16LE(32);
      const { packed, unpacked, start } = sizesOf(whole, nameLength);
      // Files that share their bytes would unpack to more than anybody packed.
      packedSum += packed;
      if (packedSum > size) throw new ArchiveFault('its files lie over each other');
      if (name.endsWith('/')) continue;
      if (unpacked > mostBytes) {
        yield { name, tooLong: true };
        continue;
      }
      const method = whole.readUInt16LE(10);
      const encrypted = (whole.readUInt16LE(8) & 1) !== 0;
      if (encrypted || (method !== 0 && method !== 8)) throw new ArchiveFault(`${name} in it is packed in a way that is not read`);
      const crc = whole.readUInt32LE(16);
      const local = content(start, localLength + nameLength);
      const isIt = local.readUInt32LE(0) === 0x04034b50 && local.readUInt16LE(26) === nameLength;
      // A name has no checksum; it stands there twice.
      if (!isIt || local.compare(whole, centralLength, centralLength + nameLength, localLength) !== 0)
        throw new ArchiveFault(`${name} in it is not where its directory says`);
      const behind = localLength + nameLength + local.readUInt16LE(28);
      const raw = content(start + behind, packed);
      const bytes = method === 0 ? Buffer.from(raw) : inflated(raw, unpacked, name);
      if (bytes.length !== unpacked || zlib.crc32(bytes) !== crc) throw new ArchiveFault(`${name} in it is damaged`);
      yield { name, bytes };
    }
    if (at !== offset + length) throw new ArchiveFault('its directory is damaged');
  } finally {
    fs.closeSync(file);
  }
}

function inflated(raw: Buffer, unpacked: number, name: string): Buffer {
  try {
    return zlib.inflateRawSync(raw, { maxOutputLength: Math.max(1, unpacked), chunkSize: Math.max(64, unpacked) });
  } catch {
    throw new ArchiveFault(`${name} in it is damaged`);
  }
}

/** APPNOTE 4.3.16, 4.3.15, 4.3.14: the end record is found from behind, and leads to the others. */
function directoryOf(file: number, size: number): { readonly offset: number; readonly length: number; readonly count: number } {
  const tailLength = Math.min(size, endLength + longestComment);
  const tail = readAt(file, size - tailLength, tailLength);
  const end = tail.lastIndexOf('PK\x05\x06', Math.max(0, tail.length - endLength), 'latin1');
  if (tail.length < endLength || end < 0) throw new ArchiveFault('it is no zip archive, or it is truncated');
  let count = tail.readUInt16LE(end + 10);
  let length = tail.readUInt32LE(end + 12);
  let offset = tail.readUInt32LE(end + 16);
  const endAt = size - tailLength + end;
  const locator = endAt >= locatorLength ? readAt(file, endAt - locatorLength, locatorLength) : undefined;
  if (locator?.readUInt32LE(0) === 0x07064b50) {
    const wideAt = Number(locator.readBigUInt64LE(8));
    if (wideAt + 56 > endAt) throw new ArchiveFault('its directory is damaged');
    const wide = readAt(file, wideAt, 56);
    if (wide.readUInt32LE(0) !== 0x06064b50) throw new ArchiveFault('its directory is damaged');
    count = Number(wide.readBigUInt64LE(32));
    length = Number(wide.readBigUInt64LE(40));
    offset = Number(wide.readBigUInt64LE(48));
  }
  if (offset + length > endAt) throw new ArchiveFault('its directory is damaged');
  return { offset, length, count };
}

/** APPNOTE 4.5.3: what does not fit into 32 bits stands in an extra field, in this order. */
function sizesOf(entry: Buffer, nameLength: number): { readonly packed: number; readonly unpacked: number; readonly start: number } {
  let packed = entry.readUInt32LE(20);
  let unpacked = entry.readUInt32LE(24);
  let start = entry.readUInt32LE(42);
  for (let at = centralLength + nameLength; at + 4 <= entry.length; at += 4 + entry.readUInt16LE(at + 2)) {
    if (entry.readUInt16LE(at) !== 1) continue;
    const end = Math.min(entry.length, at + 4 + entry.readUInt16LE(at + 2));
    let next = at + 4;
    const wide = (narrow: number): number => {
      if (narrow !== inZip64) return narrow;
      if (next + 8 > end) throw new ArchiveFault('its directory is damaged');
      next += 8;
      return Number(entry.readBigUInt64LE(next - 8));
    };
    unpacked = wide(unpacked);
    packed = wide(packed);
    start = wide(start);
    break;
  }
  return { packed, unpacked, start };
}

/** Reads here and there, mostly a little further on: one read of the disk serves thousands of files. */
function windowOver(file: number, size: number): (offset: number, length: number) => Buffer {
  let from = 0;
  let held: Buffer = Buffer.alloc(0);
  return (offset, length) => {
    if (offset + length > size) throw new ArchiveFault('it is truncated');
    if (offset < from || offset + length > from + held.length) {
      held = readAt(file, offset, Math.min(size - offset, Math.max(length, windowLength)));
      from = offset;
    }
    return held.subarray(offset - from, offset - from + length);
  };
}

function readAt(file: number, offset: number, length: number): Buffer {
  const bytes = Buffer.allocUnsafe(length);
  for (let at = 0; at < length;) {
    const got = fs.readSync(file, bytes, at, length - at, offset + at);
    if (got === 0) throw new ArchiveFault('it is truncated');
    at += got;
  }
  return bytes;
}
