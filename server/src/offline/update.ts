import { alteredIn, isSame } from './altered';
import { bucketWriter, type BucketName } from './bucket';
import { coveredLists } from './coverage';
import { addTallies, digest, newTallies, type Digest, type IndexedEcosystem } from './digest';
import { bucketOf, hashOf, type Crc32 } from './format';
import { fileWriter, sharedOf, totals, type BuiltIndex } from './layOut';
import type { OpenIndex } from './reader';
import { withoutList } from './record';

export interface UpdateOptions {
  readonly ecosystems: readonly IndexedEcosystem[];
  readonly crc32: Crc32;
  readonly now: Date;
  readonly asOf: Date;
}

/** What has changed since an index was made. */
export interface IndexChanges {
  /** OSV records, as parsed JSON, each in the place of the one that has its id. */
  readonly records: Iterable<unknown>;
  /** Ids of records that are gone. */
  readonly removed?: Iterable<string>;
}

export interface UpdatedIndex extends BuiltIndex {
  /** Ids of records whose list of releases is needed now and was left out before: they are to be among the changes as well. */
  readonly wanted: readonly string[];
  readonly unreadable: number;
  /** How many of the records the index holds otherwise than before, or could not take. */
  readonly changed: number;
  /** How many have left it without being among the records. */
  readonly removed: number;
  /** It holds what it held. */
  readonly isSame: boolean;
}

/**
 * The index with these changes. Buckets that hold none of them are copied as they are, so that a few changes cost little; all
 * of it is read, and its checksums are verified. Throws where it is damaged.
 */
export function updateIndex(before: OpenIndex, changes: IndexChanges, { ecosystems, crc32, now, asOf }: UpdateOptions): UpdatedIndex {
  const tallies = newTallies(ecosystems, now);
  addTallies(tallies, before.meta.ecosystems, before.meta.attribution);
  const { digests, unreadable } = digestAll(changes.records, (json) => digest(json, ecosystems, tallies));
  const outdated = new Set([...digests.keys(), ...(changes.removed ?? [])]);

  // What is new, by the bucket that it comes into.
  const ids = [...new Set([...Object.keys(before.meta.ecosystems), ...ecosystems.map(({ id }) => id)])];
  const buckets = Math.max(before.buckets, 1);
  const arriving = new Map<number, Digest['entries'][number][]>();
  for (const { entries } of digests.values()) {
    for (const entry of entries) {
      const number = bucketOf(hashOf(entry.ecosystem.id, entry.name), buckets);
      const there = arriving.get(number);
      if (there) there.push(entry);
      else arriving.set(number, [entry]);
    }
  }

  const write = bucketWriter(ids, sharedOf(before.shared()), crc32);
  const file = fileWriter(buckets);
  const counts = new Map(ids.map((id) => [id, { names: 0, records: 0 }]));
  const wanted = new Set<string>();
  const altered = new Set<string>();
  let isUnchanged = unreadable === 0;
  for (let number = 0; number < buckets; number++) {
    const old = before.buckets === 0 ? undefined : before.bucket(number);
    const names = old?.names ?? [];
    const incoming = arriving.get(number) ?? [];
    const isTouched = incoming.length > 0 || names.some(({ records }) => records.some(({ id }) => outdated.has(id)));
    if (old && !isTouched) {
      for (const { ecosystem, records } of names) count(ecosystem, records.length);
      file.add(old);
      continue;
    }
    const held = names.map((one): BucketName => ({ ...one, ecosystem: ecosystems.find(({ id }) => id === one.ecosystem)! }));
    const merged = new Map<string, BucketName>();
    for (const { ecosystem, name, records } of held)
      merged.set(`${ecosystem.id} ${name}`, { ecosystem, name, records: records.filter(({ id }) => !outdated.has(id)) });
    for (const { ecosystem, name, record } of incoming) {
      const key = `${ecosystem.id} ${name}`;
      merged.set(key, { ecosystem, name, records: [...(merged.get(key)?.records ?? []), record] });
    }
    const kept = [...merged.values()].filter(({ records }) => records.length > 0).map(settled);
    for (const { ecosystem, records } of kept) count(ecosystem.id, records.length);
    for (const id of alteredIn(held, kept, outdated)) altered.add(id);
    const bucket = write(kept);
    isUnchanged &&= isSame(old?.bytes ?? new Uint8Array(0), bucket.bytes);
    file.add(bucket);
  }

  function count(ecosystem: string, records: number): void {
    const own = counts.get(ecosystem)!;
    own.names++;
    own.records += records;
  }

  function settled({ ecosystem, name, records }: BucketName): BucketName {
    const lists = coveredLists(records, ecosystem.versions);
    for (const id of lists.wanted) wanted.add(id);
    return { ecosystem, name, records: records.map((one) => (lists.covered.has(one.id) ? withoutList(one) : one)) };
  }

  const about = { builtAt: now.toISOString(), asOf: asOf.toISOString(), unreadable: before.meta.unreadable + unreadable };
  const meta = { ...about, ...totals(counts, tallies) };
  const changed = [...altered].filter((id) => digests.has(id));
  return {
    ...{ meta, pieces: file.finish(meta, before.shared(), crc32), wanted: [...wanted], unreadable },
    ...{ changed: changed.length + unreadable, removed: altered.size - changed.length, isSame: isUnchanged },
  };
}

/** The youngest of each id. */
function digestAll(records: Iterable<unknown>, read: (json: unknown) => Digest | undefined) {
  const digests = new Map<string, Digest>();
  let unreadable = 0;
  for (const json of records) {
    const found = read(json);
    if (!found || found.nameless) unreadable++;
    if (found && (digests.get(found.id)?.modified ?? Number.NEGATIVE_INFINITY) <= found.modified) digests.set(found.id, found);
  }
  return { digests, unreadable };
}
