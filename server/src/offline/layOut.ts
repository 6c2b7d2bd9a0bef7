import { bucketWriter, type Bucket, type BucketName } from './bucket';
import { ByteWriter, type Shared } from './bytes';
import { coveredLists } from './coverage';
import type { IndexedEcosystem, Tallies } from './digest';
import { bucketOf, directoryEntryLength, directoryLength, hashOf, namesPerBucket, writeHeader, type Crc32, type IndexMeta } from './format';
import { withoutList, writeRecord, type StoredRecord } from './record';

/** Names with their records, by numbers up to `count`. Records are made anew each time, since they do not fit into memory at once. */
export interface NamedRecords {
  readonly count: number;
  named(place: number): { readonly ecosystem: IndexedEcosystem; readonly name: string };
  records(place: number): StoredRecord[];
}

export interface BuiltIndex {
  readonly meta: IndexMeta;
  /** The file, in pieces. */
  readonly pieces: readonly Uint8Array[];
}

interface LayOutOptions {
  readonly crc32: Crc32;
  readonly ecosystems: readonly IndexedEcosystem[];
  readonly tallies: Tallies;
  readonly about: Pick<IndexMeta, 'builtAt' | 'asOf' | 'unreadable'>;
}

/** A string is kept once if it occurs that often. */
const oftenEnough = 6;
const mostShared = 1 << 14;
const longestShared = 100;

/** Puts an index together from nothing: see format.ts. */
export function layOut(list: NamedRecords, { crc32, ecosystems, tallies, about }: LayOutOptions): BuiltIndex {
  const { shared, covered } = survey(list);
  const buckets = Math.ceil(list.count / namesPerBucket);
  const hashes = Float64Array.from({ length: list.count }, (_, place) => {
    const { ecosystem, name } = list.named(place);
    return hashOf(ecosystem.id, name);
  });
  // By their hashes names lie in the order of their buckets.
  const order = Uint32Array.from({ length: list.count }, (_, place) => place);
  order.sort((a, b) => hashes[a]! - hashes[b]! || (list.named(a).name < list.named(b).name ? -1 : 1));

  const write = bucketWriter(
    ecosystems.map(({ id }) => id),
    shared,
    crc32,
  );
  const file = fileWriter(buckets);
  const counts = new Map(ecosystems.map(({ id }) => [id, { names: 0, records: 0 }]));
  for (let number = 0, next = 0; number < buckets; number++) {
    const names: BucketName[] = [];
    for (; next < list.count && bucketOf(hashes[order[next]!]!, buckets) === number; next++) {
      const place = order[next]!;
      const left = covered.get(place);
      const { ecosystem, name } = list.named(place);
      const records = list.records(place).map((one) => (left?.has(one.id) ? withoutList(one) : one));
      names.push({ ecosystem, name, records });
      const tally = counts.get(ecosystem.id)!;
      tally.names++;
      tally.records += records.length;
    }
    file.add(write(names));
  }
  const meta: IndexMeta = { ...about, ...totals(counts, tallies) };
  return { meta, pieces: file.finish(meta, shared.list, crc32) };
}

/** What an index says of what it holds. */
export function totals(
  counts: ReadonlyMap<string, { readonly names: number; readonly records: number }>,
  { of, attribution }: Tallies,
): Pick<IndexMeta, 'ecosystems' | 'attribution' | 'names' | 'records'> {
  const sum = (what: 'names' | 'records') => [...counts.values()].reduce((total, own) => total + own[what], 0);
  const about = (id: string) => {
    const { covered, highWater } = of.get(id)!;
    return { covered, highWater };
  };
  return {
    ecosystems: Object.fromEntries([...counts].map(([id, own]) => [id, { ...own, ...about(id) }])),
    attribution: [...attribution].sort(),
    names: sum('names'),
    records: sum('records'),
  };
}

/** Takes all buckets of an index in their order, and makes the file. */
export function fileWriter(buckets: number) {
  const payload = new ByteWriter(undefined, 1 << 20);
  const directory = new DataView(new ArrayBuffer(directoryLength(buckets)));
  let at = 0;
  return {
    add({ bytes, low, high }: Bucket): void {
      directory.setUint32(at, payload.length, true);
      directory.setUint32(at + 4, low, true);
      directory.setUint32(at + 8, high, true);
      at += directoryEntryLength;
      payload.raw(bytes);
      if (payload.length >= 2 ** 32) throw new RangeError('these are more records than an index can hold');
    },
    finish(meta: IndexMeta, shared: readonly string[], crc32: Crc32): Uint8Array[] {
      directory.setUint32(at, payload.length, true);
      const metaBytes = new TextEncoder().encode(JSON.stringify(meta));
      const sharedBytes = new ByteWriter();
      for (const text of shared) sharedBytes.string(text);
      const front = joined([metaBytes, sharedBytes.bytes(), new Uint8Array(directory.buffer)]);
      const lengths = { metaLength: metaBytes.length, sharedLength: sharedBytes.length, payloadLength: payload.length };
      return [writeHeader({ ...lengths, buckets, crc: crc32(front) }, crc32), front, payload.bytes()];
    },
  };
}

interface Survey {
  readonly shared: Shared;
  /** Of names, the records whose lists of releases are left out. */
  readonly covered: ReadonlyMap<number, ReadonlySet<string>>;
}

/** Goes through everything once, to see what can be left out and which strings are common. */
function survey(list: NamedRecords): Survey {
  const covered = new Map<number, ReadonlySet<string>>();
  const counts = new Map<string, number>();
  // Everything that is written as a string is looked for among the shared ones.
  const count = (text: string): undefined => {
    if (text.length > 1 && text.length <= longestShared) counts.set(text, (counts.get(text) ?? 0) + 1);
  };
  const writer = new ByteWriter({ list: [], places: { get: count } });
  for (let place = 0; place < list.count; place++) {
    const { name, ecosystem } = list.named(place);
    const records = list.records(place);
    const lists = coveredLists(records, ecosystem.versions);
    if (lists.covered.size) covered.set(place, lists.covered);
    writer.clear();
    for (const record of records) {
      const kept = lists.covered.has(record.id) ? withoutList(record) : record;
      writeRecord(writer, kept, { name, versions: ecosystem.versions, places: undefined });
    }
  }
  // The commonest come first, since a small place takes one byte.
  const common = [...counts].filter(([, times]) => times >= oftenEnough);
  common.sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  return { shared: sharedOf(common.slice(0, mostShared).map(([text]) => text)), covered };
}

export function sharedOf(list: readonly string[]): Shared {
  return { list, places: new Map(list.map((text, place) => [text, place])) };
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
