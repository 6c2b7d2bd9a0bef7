import type { Versions } from '../core/versions';
import { placeable } from './affected';
import { ByteReader, type ByteWriter } from './bytes';
import { readRecord, writeRecord, type StoredRecord } from './record';

// What the index holds of one name. Grammar:
//   versions: count, strings, ascending   records, each with its length before it

/** What the records of one name share. */
export class NameContext {
  readonly name: string;
  readonly versions: Versions;
  /** Where a version stands among those that the records speak of; absent where they are written out. */
  readonly places: ReadonlyMap<string, number> | undefined;
  /** One character a byte. */
  readonly text: string;
  /** Of the version last asked for: how many of the versions lie before it, and how many lie before it or are the same release. */
  before = 0;
  upTo = 0;
  private readonly shared: readonly string[];
  private readonly placedAt: number;
  private readPlaced: readonly string[] | undefined;
  private found: string | undefined;
  private isValid = false;

  constructor(text: string, placedAt: number, name: string, versions: Versions, shared: readonly string[]) {
    this.text = text;
    this.placedAt = placedAt;
    this.name = name;
    this.versions = versions;
    this.places = undefined;
    this.shared = shared;
  }

  reader(at: number): ByteReader {
    return new ByteReader(this.text, this.shared, at);
  }

  /** The versions that the records speak of, ascending. */
  placed(): readonly string[] {
    if (this.readPlaced) return this.readPlaced;
    const reader = this.reader(this.placedAt);
    const list: string[] = [];
    for (let left = reader.number(); left > 0; left--) list.push(reader.string());
    return (this.readPlaced = list);
  }

  /** Looks for a version among those placed, and sets `before` and `upTo`. False where it is no version. */
  find(version: string): boolean {
    if (this.found === version) return this.isValid;
    this.found = version;
    this.isValid = this.versions.isValid(version);
    if (!this.isValid) return false;
    const list = this.placed();
    this.before = firstWhere(list, 0, (placed) => this.versions.compare(placed, version) >= 0);
    this.upTo = firstWhere(list, this.before, (placed) => this.versions.compare(placed, version) > 0);
    return true;
  }
}

/** The first place from which on all are so; the list's length where none is. */
function firstWhere(list: readonly string[], from: number, isSo: (version: string) => boolean): number {
  let low = from;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isSo(list[middle]!)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Writes what is held of a name. `record` is for the strings of one record, and cleared. */
export function writeName(
  writer: ByteWriter,
  record: ByteWriter,
  name: string,
  records: readonly StoredRecord[],
  versions: Versions,
): void {
  const spoken = records.flatMap(({ affected }) => placeable(affected, versions));
  const placed = [...new Set(spoken)].sort((a, b) => versions.compare(a, b) || (a < b ? -1 : 1));
  const context = { name, versions, places: new Map(placed.map((version, place) => [version, place])) };
  record.clear();
  record.number(placed.length);
  for (const version of placed) record.string(version);
  writer.raw(record.bytes());
  for (const one of records) {
    record.clear();
    writeRecord(record, one, context);
    writer.number(record.length);
    writer.raw(record.bytes());
  }
}

/** The records of the name whose bytes lie between these places of a text. */
export function readName(
  text: string,
  start: number,
  end: number,
  { name, versions, shared }: { readonly name: string; readonly versions: Versions; readonly shared: readonly string[] },
): StoredRecord[] {
  const context = new NameContext(text, start, name, versions, shared);
  const reader = context.reader(start);
  for (let left = reader.number(); left > 0; left--) reader.skipString();
  const records: StoredRecord[] = [];
  while (reader.at < end) {
    const length = reader.number();
    records.push(readRecord(context, reader.at));
    reader.skip(length);
  }
  if (reader.at !== end) throw new RangeError('a record is longer than its name');
  return records;
}

/** One record by itself, as {@link writeRecord} writes it without places. */
export function readAlone(text: string, name: string, versions: Versions): StoredRecord {
  return readRecord(new NameContext(text, 0, name, versions, []), 0);
}
