import { intervalsOf, isReadable, type AffectedRange, type AffectedReleases, type Interval } from '../advisories/evaluate';
import type { OsvEvent } from '../advisories/osvRecord';
import type { Versions } from '../core/versions';
import type { ByteReader, ByteWriter } from './bytes';
import type { NameContext } from './name';

// Which releases a record affects. All versions that the records of one name speak of stand before them, in ascending order, and
// a record has their places: then one search tells where a release lies among them, and each record is judged by comparing
// small numbers. Grammar:
//   form
//   by places, and by places of an over-broad record:
//     listed: count, places   stretches: count, each: 0 or 1 + the place where it begins, 0 or 1 + twice the place where it
//     ends (+ 1 where that one is still affected)
//   written out (a limit, or what is no version):
//     listed: count, strings  ranges: count, each: count of events, each: kind, [version]

const byPlaces = 0;
const overBroad = 1;
const writtenOut = 2;

const eventKinds = ['introduced', 'fixed', 'last_affected', 'limit'] as const;
/** `introduced: "0"`, the commonest event, takes no string. */
const fromTheStart = eventKinds.length;

/** The versions that can be placed: those of records that speak of versions alone. */
export function placeable(affected: AffectedReleases, versions: Versions): readonly string[] {
  const intervals = plainIntervals(affected, versions);
  return intervals
    ? [...affected.versions, ...intervals.flatMap(({ from, to }) => [from, to?.version].filter((one) => one !== undefined))]
    : [];
}

/** The stretches of a record that speaks of versions alone and has no limits. As ranges of their own they say the same. */
function plainIntervals(affected: AffectedReleases, versions: Versions): readonly Interval[] | undefined {
  if (!affected.versions.every((version) => versions.isValid(version))) return undefined;
  // A stretch is what the events come to; of one that cannot be read it would keep nothing.
  if (!affected.ranges.every((range) => isReadable(range, versions))) return undefined;
  const intervals = affected.ranges.flatMap((range) => intervalsOf(range, versions));
  const isPlain = ({ from, to, limits }: Interval) =>
    limits.length === 0 && (from === undefined || versions.isValid(from)) && (to === undefined || versions.isValid(to.version));
  return intervals.every(isPlain) ? intervals : undefined;
}

export function writeAffected(
  writer: ByteWriter,
  affected: AffectedReleases,
  malware: boolean,
  { places, versions }: Pick<NameContext, 'places' | 'versions'>,
): void {
  const intervals = places && plainIntervals(affected, versions);
  if (!intervals) return writeOut(writer, affected);
  const isOpen = intervals.some(({ to }) => to === undefined);
  writer.byte(malware && affected.versions.length > 0 && isOpen ? overBroad : byPlaces);
  writer.number(affected.versions.length);
  for (const version of affected.versions) writer.number(places.get(version)!);
  writer.number(intervals.length);
  for (const { from, to } of intervals) {
    writer.number(from === undefined ? 0 : 1 + places.get(from)!);
    writer.number(to === undefined ? 0 : 1 + 2 * places.get(to.version)! + Number(to.inclusive));
  }
}

export function readAffected(reader: ByteReader, context: NameContext): AffectedReleases {
  if (reader.byte() === writtenOut) return readWrittenOut(reader);
  const placed = context.placed();
  const at = (place: number): string => {
    const version = placed[place];
    if (version === undefined) throw new RangeError('there is no such version');
    return version;
  };
  const versions = times(reader, () => at(reader.number()));
  const ranges = times(reader, (): AffectedRange => {
    const from = reader.number();
    const to = reader.number();
    const events: OsvEvent[] = [{ introduced: from === 0 ? '0' : at(from - 1) }];
    if (to > 0) events.push(to % 2 ? { fixed: at((to - 1) / 2) } : { last_affected: at((to - 2) / 2) });
    return { events };
  });
  return { versions, ranges };
}

/** Whether what is affected is written by places, so that all of it is versions. */
export function isPlaced(reader: ByteReader): boolean {
  return reader.byte() !== writtenOut;
}

/** Whether a release is affected; `undefined` where places do not tell. */
export function judge(reader: ByteReader, context: NameContext, version: string): boolean | undefined {
  if (reader.byte() !== byPlaces || !context.find(version)) return undefined;
  // So many of the placed versions lie before this one; so many lie before it or are the same release.
  const { before, upTo } = context;
  for (let left = reader.number(); left > 0; left--) {
    const place = reader.number();
    if (place >= before && place < upTo) return true;
  }
  for (let left = reader.number(); left > 0; left--) {
    const from = reader.number();
    const to = reader.number();
    if (from > upTo) continue;
    if (to === 0) return true;
    if (to % 2 ? (to - 1) / 2 >= upTo : (to - 2) / 2 >= before) return true;
  }
  return false;
}

export function skipAffected(reader: ByteReader): void {
  if (reader.byte() === writtenOut) return void readWrittenOut(reader);
  for (let left = reader.number(); left > 0; left--) reader.number();
  for (let left = 2 * reader.number(); left > 0; left--) reader.number();
}

function writeOut(writer: ByteWriter, { versions, ranges }: AffectedReleases): void {
  writer.byte(writtenOut);
  writer.number(versions.length);
  for (const version of versions) writer.string(version);
  writer.number(ranges.length);
  for (const { events } of ranges) {
    writer.number(events.length);
    for (const event of events) writeEvent(writer, event);
  }
}

function readWrittenOut(reader: ByteReader): AffectedReleases {
  const versions = times(reader, () => reader.string());
  return { versions, ranges: times(reader, (): AffectedRange => ({ events: times(reader, () => readEvent(reader)) })) };
}

function writeEvent(writer: ByteWriter, event: OsvEvent): void {
  const [kind, version] = Object.entries(event)[0] as [(typeof eventKinds)[number], string];
  if (kind === 'introduced' && version === '0') return writer.byte(fromTheStart);
  writer.byte(eventKinds.indexOf(kind));
  writer.string(version);
}

function readEvent(reader: ByteReader): OsvEvent {
  switch (reader.byte()) {
    case 0:
      return { introduced: reader.string() };
    case 1:
      return { fixed: reader.string() };
    case 2:
      return { last_affected: reader.string() };
    case 3:
      return { limit: reader.string() };
    case fromTheStart:
      return { introduced: '0' };
    default:
      throw new RangeError('there is no such event');
  }
}

/** A list that its length precedes. */
function times<T>(reader: ByteReader, read: () => T): T[] {
  const list: T[] = [];
  for (let left = reader.number(); left > 0; left--) list.push(read());
  return list;
}
