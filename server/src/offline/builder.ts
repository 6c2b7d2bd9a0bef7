import { factsOf } from '../advisories/advisory';
import { readOsvRecord, type OsvRecord } from '../advisories/osvRecord';
import type { Versions } from '../core/versions';
import { attributionOf } from './attribution';
import { ByteWriter } from './bytes';
import type { Crc32 } from './format';
import { layOut, type BuiltIndex, type NamedRecords } from './layOut';
import type { OpenIndex } from './reader';
import { readAlone } from './name';
import { dayOf, writeRecord, type StoredRecord } from './record';

/** An ecosystem whose records an index holds. */
export interface IndexedEcosystem {
  /** OSV's name. */
  readonly id: string;
  readonly versions: Versions;
  normalizeName(written: string): string;
}

export interface BuilderOptions {
  readonly ecosystems: readonly IndexedEcosystem[];
  readonly crc32: Crc32;
  /** One character a byte. */
  readonly latin1: (bytes: Uint8Array) => string;
}

/** Takes records one by one, and makes an index of them. What it holds meanwhile is about twice the index. */
export interface IndexBuilder {
  /** One OSV record, as parsed JSON. Of several with one id the youngest counts. `unreadable`: it is no record at all. */
  add(json: unknown): 'taken' | 'unreadable';
  remove(id: string): void;
  /** Everything of another index, which what is added later replaces. Throws where that index is damaged. */
  takeOver(index: OpenIndex): void;
  /** `asOf`: absent, the day and time of the youngest record. */
  finish(options: { readonly now: Date; readonly asOf?: Date; readonly unreadable: number }): BuiltIndex;
}

/** What is known of one ecosystem while records come in. */
interface Tally {
  covered: boolean;
  highWater: string;
}

interface Known {
  /** Its entries are the ones with this number. */
  readonly number: number;
  readonly modified: number;
}

export function createIndexBuilder({ ecosystems, crc32, latin1 }: BuilderOptions): IndexBuilder {
  // The records lie end to end in one stretch of bytes; an entry is one record about one name.
  const store = new ByteWriter(undefined, 1 << 20);
  const names = new Map<string, number>();
  const entries: { readonly name: number[]; readonly start: number[]; readonly record: number[] } = { name: [], start: [], record: [] };
  const known = new Map<string, Known>();
  const gone = new Set<number>();
  let records = 0;
  const tallies = new Map(ecosystems.map(({ id }): [string, Tally] => [id, { covered: false, highWater: '' }]));
  const attribution = new Set<string>();
  let unreadableBefore = 0;

  function put(number: number, ecosystem: number, name: string, record: StoredRecord): void {
    const key = `${ecosystem} ${name}`;
    let place = names.get(key);
    if (place === undefined) names.set(key, (place = names.size));
    entries.name.push(place);
    entries.start.push(store.length);
    entries.record.push(number);
    writeRecord(store, record, { name, versions: ecosystems[ecosystem]!.versions, places: undefined });
  }

  function begin(id: string, modified: number): number | undefined {
    const before = known.get(id);
    if (before && before.modified > modified) return undefined;
    if (before) gone.add(before.number);
    known.set(id, { number: records, modified });
    return records++;
  }

  function add(json: unknown): 'taken' | 'unreadable' {
    const record = readOsvRecord(json);
    if (!record) return 'unreadable';
    const number = begin(record.id, Date.parse(record.modified) || 0);
    if (number === undefined) return 'taken';
    tally(record);
    const published = dayOf(publishedOf(json));
    const modified = dayOf(record.modified);
    for (const [place, ecosystem] of ecosystems.entries()) {
      const own = record.affected.filter((entry) => baseOf(entry.package.ecosystem) === ecosystem.id);
      for (const name of new Set(own.map((entry) => ecosystem.normalizeName(entry.package.name)))) {
        const facts = factsOf(record, { ecosystem: ecosystem.id, name });
        if (facts) put(number, place, name, { ...facts, modified, published, listLeftOut: false });
      }
    }
    return 'taken';
  }

  function tally({ id, affected, modified }: OsvRecord): void {
    const own = new Set(affected.map((entry) => baseOf(entry.package.ecosystem)));
    for (const name of own) {
      const ecosystem = tallies.get(name);
      if (!ecosystem) continue;
      if (own.size === 1) ecosystem.covered = true;
      if (isYounger(modified, ecosystem.highWater)) ecosystem.highWater = modified;
    }
    const owner = attributionOf(id);
    if (owner !== undefined) attribution.add(owner);
  }

  function takeOver(index: OpenIndex): void {
    for (const { ecosystem, name, records: own } of index.names()) {
      const place = ecosystems.findIndex(({ id }) => id === ecosystem);
      if (place < 0) continue;
      for (const record of own) put(known.get(record.id)?.number ?? begin(record.id, Number.NEGATIVE_INFINITY)!, place, name, record);
    }
    for (const [id, { covered, highWater }] of Object.entries(index.meta.ecosystems)) {
      const ecosystem = tallies.get(id);
      if (!ecosystem) continue;
      ecosystem.covered ||= covered;
      if (isYounger(highWater, ecosystem.highWater)) ecosystem.highWater = highWater;
    }
    for (const owner of index.meta.attribution) attribution.add(owner);
    unreadableBefore += index.meta.unreadable;
  }

  /** The live records of each name. */
  function namedRecords(): NamedRecords[] {
    const ownOf: number[][] = Array.from(names, () => []);
    for (const [entry, record] of entries.record.entries()) if (!gone.has(record)) ownOf[entries.name[entry]!]!.push(entry);
    const bytes = store.bytes();
    return [...names].flatMap(([key, place]): NamedRecords[] => {
      const own = ownOf[place]!;
      if (own.length === 0) return [];
      const space = key.indexOf(' ');
      const name = key.slice(space + 1);
      const ecosystem = ecosystems[Number(key.slice(0, space))]!;
      const textOf = (entry: number) => latin1(bytes.subarray(entries.start[entry], entries.start[entry + 1]));
      return [{ ecosystem, name, decode: () => own.map((entry) => readAlone(textOf(entry), name, ecosystem.versions)) }];
    });
  }

  return {
    add,
    remove(id) {
      const before = known.get(id);
      if (!before) return;
      gone.add(before.number);
      known.delete(id);
    },
    takeOver,
    finish({ now, asOf, unreadable }) {
      const youngest = [...tallies.values()].map(({ highWater }) => Date.parse(highWater)).filter((time) => time <= now.getTime());
      const moment = asOf ?? (youngest.length ? new Date(Math.max(...youngest)) : now);
      return layOut(namedRecords(), {
        crc32,
        ecosystems,
        about: {
          builtAt: now.toISOString(),
          asOf: moment.toISOString(),
          attribution: [...attribution].sort(),
          unreadable: unreadable + unreadableBefore,
        },
        tallies,
      });
    },
  };
}

/** OSV schema, "affected[].package": an ecosystem may carry a suffix behind a colon. */
function baseOf(ecosystem: string): string {
  return ecosystem.split(':', 1)[0]!;
}

function publishedOf(json: unknown): string {
  const { published } = json as { readonly published?: unknown };
  return typeof published === 'string' ? published : '';
}

/** Of dates as RFC 3339 has them. Those to the billionth of a second are told apart by their text. */
function isYounger(date: string, other: string): boolean {
  const time = Date.parse(date);
  if (Number.isNaN(time)) return false;
  const before = Date.parse(other);
  return Number.isNaN(before) || time > before || (time === before && date > other);
}
