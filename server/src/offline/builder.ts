import { ByteWriter } from './bytes';
import { digest, newTallies, type IndexedEcosystem } from './digest';
import type { Crc32 } from './format';
import { layOut, type BuiltIndex, type NamedRecords } from './layOut';
import { readAlone } from './name';
import { writeRecord, type StoredRecord } from './record';

export interface BuilderOptions {
  readonly ecosystems: readonly IndexedEcosystem[];
  readonly crc32: Crc32;
  /** One character a byte. */
  readonly latin1: (bytes: Uint8Array) => string;
  readonly now: Date;
}

/** An index built from nothing. */
export interface NewIndex extends BuiltIndex {
  /** By ecosystem, when the youngest record that is not of the future was changed; 0 where none says. */
  readonly newest: Readonly<Record<string, number>>;
}

/** Takes records one by one, and makes an index of them. What it holds meanwhile is a few times the index. */
export interface IndexBuilder {
  /**
   * One OSV record, as parsed JSON. Of several with one id the youngest counts. `unreadable`: it is no record at all, or does not tell what
   * it is about.
   */
  add(json: unknown): 'taken' | 'unreadable';
  /**
   * `unreadable`: how many records could not be read. The index is as of the youngest record of the ecosystem that lags behind: a
   * source may be older than what was built from it is, never younger. The builder is of no more use.
   */
  finish(options: { readonly unreadable: number }): NewIndex;
}

export function createIndexBuilder({ ecosystems, crc32, latin1, now }: BuilderOptions): IndexBuilder {
  // The records lie end to end in one stretch of bytes; an entry is one record about one name.
  const store = new ByteWriter(undefined, 1 << 20);
  const names = new Map<string, number>();
  const entries: { readonly name: number[]; readonly start: number[]; readonly record: number[] } = { name: [], start: [], record: [] };
  /** By id, the number of its record, and when that was changed. */
  const known = new Map<string, number>();
  const modified: number[] = [];
  const gone = new Set<number>();
  const tallies = newTallies(ecosystems, now);

  function put(number: number, ecosystem: IndexedEcosystem, name: string, record: StoredRecord): void {
    const key = `${ecosystems.indexOf(ecosystem)} ${name}`;
    let place = names.get(key);
    if (place === undefined) names.set(key, (place = names.size));
    entries.name.push(place);
    entries.start.push(store.length);
    entries.record.push(number);
    writeRecord(store, record, { name, versions: ecosystem.versions, places: undefined });
  }

  /** The names that have live records. Numbers in stretches of bytes, since there are hundreds of thousands of them. */
  function namedRecords(): NamedRecords {
    // The entries of a name are a chain: the last one, and before each entry the one before it.
    const last = new Int32Array(names.size).fill(-1);
    const before = new Int32Array(entries.record.length);
    for (const [entry, record] of entries.record.entries()) {
      if (gone.has(record)) continue;
      const name = entries.name[entry]!;
      before[entry] = last[name]!;
      last[name] = entry;
    }
    const keys = [...names.keys()];
    names.clear();
    known.clear();
    const live = Int32Array.from(keys.keys()).filter((name) => last[name]! >= 0);
    const bytes = store.bytes();
    const named: NamedRecords['named'] = (place) => {
      const key = keys[live[place]!]!;
      const space = key.indexOf(' ');
      return { ecosystem: ecosystems[Number(key.slice(0, space))]!, name: key.slice(space + 1) };
    };
    return {
      count: live.length,
      named,
      records(place) {
        const { ecosystem, name } = named(place);
        const records: StoredRecord[] = [];
        for (let entry = last[live[place]!]!; entry >= 0; entry = before[entry]!) {
          const text = latin1(bytes.subarray(entries.start[entry], entries.start[entry + 1]));
          records.push(readAlone(text, name, ecosystem.versions));
        }
        return records;
      },
    };
  }

  return {
    add(json) {
      const found = digest(json, ecosystems, tallies);
      if (!found) return 'unreadable';
      const before = known.get(found.id);
      if (before !== undefined) {
        if (modified[before]! > found.modified) return 'taken';
        gone.add(before);
      }
      const number = modified.length;
      modified.push(found.modified);
      known.set(found.id, number);
      for (const { ecosystem, name, record } of found.entries) put(number, ecosystem, name, record);
      return found.nameless ? 'unreadable' : 'taken';
    },
    finish({ unreadable }) {
      const covered = [...tallies.of.values()].filter((tally) => tally.covered);
      const asOf = new Date(Math.min(now.getTime(), ...covered.map(({ newest }) => newest)));
      const about = { builtAt: now.toISOString(), asOf: asOf.toISOString(), unreadable };
      const newest = Object.fromEntries([...tallies.of].map(([id, tally]) => [id, tally.newest]));
      return { ...layOut(namedRecords(), { crc32, ecosystems, tallies, about }), newest };
    },
  };
}
