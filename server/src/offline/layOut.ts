import type { IndexedEcosystem } from './builder';
import { ByteWriter, type Shared } from './bytes';
import { coveredLists } from './coverage';
import {
  bucketOf,
  directoryEntryLength,
  directoryLength,
  filterBits,
  hashOf,
  namesPerBucket,
  writeHeader,
  type Crc32,
  type EcosystemMeta,
  type IndexMeta,
} from './format';
import { writeName } from './name';
import { withoutList, writeRecord, type StoredRecord } from './record';

/** The records of one name. They are made twice: once to see which strings are common, once to be written. */
export interface NamedRecords {
  readonly ecosystem: IndexedEcosystem;
  readonly name: string;
  readonly decode: () => readonly StoredRecord[];
}

export interface BuiltIndex {
  readonly meta: IndexMeta;
  /** The file, in pieces. */
  readonly pieces: readonly Uint8Array[];
  /** Ids of records whose list of releases is needed and was left out of the index that was taken over: they are to be added anew. */
  readonly wanted: readonly string[];
}

interface LayOutOptions {
  readonly crc32: Crc32;
  readonly ecosystems: readonly IndexedEcosystem[];
  readonly about: Pick<IndexMeta, 'builtAt' | 'asOf' | 'attribution' | 'unreadable'>;
  readonly tallies: ReadonlyMap<string, Pick<EcosystemMeta, 'covered' | 'highWater'>>;
}

/** A string is kept once if it occurs that often. */
const oftenEnough = 6;
const mostShared = 1 << 14;
const longestShared = 400;

/** Puts an index together: see format.ts. */
export function layOut(list: readonly NamedRecords[], { crc32, ecosystems, about, tallies }: LayOutOptions): BuiltIndex {
  const { shared, covered, wanted } = survey(list);
  const count = Math.ceil(list.length / namesPerBucket);
  const buckets: { readonly named: NamedRecords; readonly hash: number }[][] = Array.from({ length: count }, () => []);
  for (const named of list) {
    const hash = hashOf(named.ecosystem.id, named.name);
    buckets[bucketOf(hash, count)]!.push({ named, hash });
  }

  const payload = new ByteWriter(undefined, 1 << 20);
  const directory = new DataView(new ArrayBuffer(directoryLength(count)));
  const bucket = new ByteWriter();
  const records = new ByteWriter();
  const record = new ByteWriter(shared);
  const counts = new Map(ecosystems.map(({ id }) => [id, { names: 0, records: 0 }]));
  let total = 0;
  for (const [number, own] of buckets.entries()) {
    let low = 0;
    let high = 0;
    bucket.clear();
    own.sort((a, b) => a.hash - b.hash || (a.named.name < b.named.name ? -1 : 1));
    for (const { named, hash } of own) {
      const { ecosystem, name } = named;
      const kept = named.decode().map((one) => (covered.get(named)?.has(one.id) ? withoutList(one) : one));
      kept.sort((a, b) => (a.id < b.id ? -1 : 1));
      records.clear();
      writeName(records, record, name, kept, ecosystem.versions);
      bucket.number(ecosystems.indexOf(ecosystem));
      bucket.string(name);
      bucket.number(records.length);
      bucket.raw(records.bytes());
      const bits = filterBits(hash);
      low |= bits.low;
      high |= bits.high;
      const tally = counts.get(ecosystem.id)!;
      tally.names++;
      tally.records += kept.length;
      total += kept.length;
    }
    const at = number * directoryEntryLength;
    directory.setUint32(at, payload.length, true);
    directory.setUint32(at + 4, low >>> 0, true);
    directory.setUint32(at + 8, high >>> 0, true);
    if (own.length === 0) continue;
    const crc = crc32(bucket.bytes());
    for (let shift = 0; shift < 32; shift += 8) payload.byte((crc >>> shift) & 255);
    payload.raw(bucket.bytes());
  }
  if (payload.length >= 2 ** 32) throw new RangeError('these are more records than an index can hold');
  directory.setUint32(count * directoryEntryLength, payload.length, true);

  const meta: IndexMeta = {
    ...about,
    ecosystems: Object.fromEntries(ecosystems.map(({ id }) => [id, { ...counts.get(id)!, ...tallies.get(id)! }])),
    names: list.length,
    records: total,
  };
  const metaBytes = new TextEncoder().encode(JSON.stringify(meta));
  const sharedBytes = new ByteWriter();
  for (const text of shared.list) sharedBytes.string(text);
  const front = joined([metaBytes, sharedBytes.bytes(), new Uint8Array(directory.buffer)]);
  const header = writeHeader(
    {
      metaLength: metaBytes.length,
      sharedLength: sharedBytes.length,
      buckets: count,
      payloadLength: payload.length,
      crc: crc32(front),
    },
    crc32,
  );
  return { meta, pieces: [header, front, payload.bytes()], wanted };
}

interface Survey {
  readonly shared: Shared;
  /** Of names, the records whose lists of releases are left out. */
  readonly covered: ReadonlyMap<NamedRecords, ReadonlySet<string>>;
  readonly wanted: readonly string[];
}

/** Goes through everything once, to see what can be left out and which strings are common. */
function survey(list: readonly NamedRecords[]): Survey {
  const covered = new Map<NamedRecords, ReadonlySet<string>>();
  const wanted = new Set<string>();
  const counts = new Map<string, number>();
  // Everything that is written as a string is looked for among the shared ones.
  const count = (text: string): undefined => {
    if (text.length > 1 && text.length <= longestShared) counts.set(text, (counts.get(text) ?? 0) + 1);
  };
  const writer = new ByteWriter({ list: [], places: { get: count } });
  for (const named of list) {
    const { name, ecosystem } = named;
    const records = named.decode();
    const lists = coveredLists(records, ecosystem.versions);
    for (const id of lists.wanted) wanted.add(id);
    if (lists.covered.size) covered.set(named, lists.covered);
    writer.clear();
    for (const record of records) {
      const kept = lists.covered.has(record.id) ? withoutList(record) : record;
      writeRecord(writer, kept, { name, versions: ecosystem.versions, places: undefined });
    }
  }
  // The commonest come first, since a small place takes one byte.
  const common = [...counts].filter(([, times]) => times >= oftenEnough);
  common.sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  const chosen = common.slice(0, mostShared).map(([text]) => text);
  return { shared: { list: chosen, places: new Map(chosen.map((text, place) => [text, place])) }, covered, wanted: [...wanted] };
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
