import fs from 'node:fs';
import defer * as zlib from 'node:zlib';

/** The bytes of an index on disk. */
export interface IndexFile {
  readonly size: number;
  /** `undefined` where they cannot be read. They are valid until something else is read. */
  read(offset: number, length: number): Uint8Array | undefined;
  crc32(bytes: Uint8Array): number;
  /** One character a byte. */
  latin1(bytes: Uint8Array): string;
  /** After this nothing can be read. */
  close(): void;
}

export const crc32 = (bytes: Uint8Array): number => zlib.crc32(bytes);

export function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}

const bufferLength = 1 << 16;

/**
 * Opens a file for reading here and there, without waiting: a look-up takes a microsecond, and what is typed is judged at
 * once. Answers why it cannot be opened, as a clause; `undefined` where there is no such file.
 */
export function openIndexFile(place: string): IndexFile | { readonly fault: string } | undefined {
  let file: number;
  let size: number;
  try {
    file = fs.openSync(place, 'r');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' || code === 'ENOTDIR' ? undefined : { fault: `it cannot be opened (${code ?? 'unknown fault'})` };
  }
  try {
    const stat = fs.fstatSync(file);
    if (!stat.isFile()) throw new Error('it is not a file');
    size = stat.size;
  } catch (error) {
    fs.closeSync(file);
    return { fault: (error as Error).message };
  }
  const buffer = Buffer.allocUnsafeSlow(bufferLength);
  let open = true;
  return {
    size,
    crc32,
    latin1,
    read(offset, length) {
      if (!open || offset < 0 || offset + length > size) return undefined;
      const into = length <= bufferLength ? buffer : Buffer.allocUnsafeSlow(length);
      try {
        for (let at = 0; at < length;) {
          const got = fs.readSync(file, into, at, length - at, offset + at);
          if (got === 0) return undefined;
          at += got;
        }
      } catch {
        return undefined;
      }
      return into.subarray(0, length);
    },
    close() {
      if (open) fs.closeSync(file);
      open = false;
    },
  };
}
