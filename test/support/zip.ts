import zlib from 'node:zlib';

export interface ZipWays {
  readonly stored?: boolean;
  /** Sizes and places in the records of Zip64. */
  readonly zip64?: boolean;
  readonly comment?: string;
  /** Sizes behind the files, as archives have them that were written without knowing them. */
  readonly descriptors?: boolean;
  /** The unpacked size that the directory claims. */
  readonly saying?: number;
  /** All entries are the first file. */
  readonly overlapping?: boolean;
  readonly method?: number;
}

/** A zip archive of these files. */
export function zipOf(files: Readonly<Record<string, string>>, ways: ZipWays = {}): Buffer {
  const pieces: Uint8Array[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  const add = (...parts: Uint8Array[]) => {
    pieces.push(...parts);
    at += parts.reduce((sum, part) => sum + part.length, 0);
  };
  let first: { readonly start: number; readonly packed: Uint8Array<ArrayBuffer>; readonly crc: number } | undefined;
  for (const [name, text] of Object.entries(files)) {
    const content = Buffer.from(text);
    let packed: Uint8Array<ArrayBuffer> = ways.stored ? content : zlib.deflateRawSync(content);
    let crc = zlib.crc32(content);
    let start = at;
    const written = Buffer.from(name);
    if (ways.overlapping && first) ({ start, packed, crc } = first);
    else {
      const local = Buffer.alloc(30);
      local.write('PK\x03\x04', 'latin1');
      local.writeUInt16LE(ways.method ?? (ways.stored ? 0 : 8), 8);
      if (!ways.descriptors) {
        local.writeUInt32LE(crc, 14);
        local.writeUInt32LE(packed.length, 18);
        local.writeUInt32LE(content.length, 22);
      }
      local.writeUInt16LE(written.length, 26);
      add(local, written, packed);
      if (ways.descriptors) add(Buffer.from('PK\x07\x08............', 'latin1'));
      first ??= { start, packed, crc };
    }
    const extra = Buffer.alloc(ways.zip64 ? 28 : 0);
    if (ways.zip64) {
      extra.writeUInt16LE(1, 0);
      extra.writeUInt16LE(24, 2);
      extra.writeBigUInt64LE(BigInt(content.length), 4);
      extra.writeBigUInt64LE(BigInt(packed.length), 12);
      extra.writeBigUInt64LE(BigInt(start), 20);
    }
    const entry = Buffer.alloc(46);
    entry.write('PK\x01\x02', 'latin1');
    entry.writeUInt16LE(ways.method ?? (ways.stored ? 0 : 8), 10);
    entry.writeUInt32LE(crc, 16);
    entry.writeUInt32LE(ways.zip64 ? 0xffffffff : packed.length, 20);
    entry.writeUInt32LE(ways.zip64 ? 0xffffffff : (ways.saying ?? content.length), 24);
    entry.writeUInt16LE(written.length, 28);
    entry.writeUInt16LE(extra.length, 30);
    entry.writeUInt32LE(ways.zip64 ? 0xffffffff : start, 42);
    directory.push(entry, written, extra);
  }
  const directoryAt = at;
  const central = Buffer.concat(directory);
  const count = Object.keys(files).length;
  add(central);
  if (ways.zip64) {
    const wide = Buffer.alloc(76);
    wide.write('PK\x06\x06', 'latin1');
    wide.writeBigUInt64LE(44n, 4);
    wide.writeBigUInt64LE(BigInt(count), 24);
    wide.writeBigUInt64LE(BigInt(count), 32);
    wide.writeBigUInt64LE(BigInt(central.length), 40);
    wide.writeBigUInt64LE(BigInt(directoryAt), 48);
    wide.write('PK\x06\x07', 56, 'latin1');
    wide.writeBigUInt64LE(BigInt(at), 64);
    wide.writeUInt32LE(1, 72);
    add(wide);
  }
  const comment = Buffer.from(ways.comment ?? '', 'latin1');
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(ways.zip64 ? 0xffff : count, 8);
  end.writeUInt16LE(ways.zip64 ? 0xffff : count, 10);
  end.writeUInt32LE(ways.zip64 ? 0xffffffff : central.length, 12);
  end.writeUInt32LE(ways.zip64 ? 0xffffffff : directoryAt, 16);
  end.writeUInt16LE(comment.length, 20);
  add(end, comment);
  return Buffer.concat(pieces);
}
