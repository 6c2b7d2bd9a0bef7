import { ByteWriter, type Shared } from './bytes';
import type { IndexedEcosystem } from './digest';
import { filterBits, hashOf, type Crc32 } from './format';
import { writeName } from './name';
import type { StoredRecord } from './record';

export interface BucketName {
  readonly ecosystem: IndexedEcosystem;
  readonly name: string;
  readonly records: readonly StoredRecord[];
}

/** The names of one bucket, in bytes, and their filter. */
export interface Bucket {
  /** With the checksum before them; none where there are no names. Valid until the next bucket is written. */
  readonly bytes: Uint8Array;
  readonly low: number;
  readonly high: number;
}

/** Writes buckets, one after the other. `ids` are the ecosystems in the order in which the index names them. */
export function bucketWriter(ids: readonly string[], shared: Shared, crc32: Crc32): (names: readonly BucketName[]) => Bucket {
  const whole = new ByteWriter();
  const bucket = new ByteWriter();
  const records = new ByteWriter();
  const record = new ByteWriter(shared);
  return (names) => {
    let low = 0;
    let high = 0;
    whole.clear();
    bucket.clear();
    for (const { ecosystem, name, records: own } of names) {
      const ordered = [...own].sort((a, b) => (a.id < b.id ? -1 : 1));
      records.clear();
      writeName(records, record, name, ordered, ecosystem.versions);
      bucket.number(ids.indexOf(ecosystem.id));
      bucket.string(name);
      bucket.number(records.length);
      bucket.raw(records.bytes());
      const bits = filterBits(hashOf(ecosystem.id, name));
      low |= bits.low;
      high |= bits.high;
    }
    if (names.length > 0) {
      const crc = crc32(bucket.bytes());
      for (let shift = 0; shift < 32; shift += 8) whole.byte((crc >>> shift) & 255);
      whole.raw(bucket.bytes());
    }
    return { bytes: whole.bytes(), low: low >>> 0, high: high >>> 0 };
  };
}
