import type { Versions } from '../core/versions';
import { once } from './once';
import type { OsvEvent } from './osvRecord';

/** What one or more records say about one package. */
export interface AffectedReleases {
  readonly versions: readonly string[];
  readonly ranges: readonly AffectedRange[];
}

/** A range in the ecosystem's own order; what OSV calls its type follows from the ecosystem. */
export interface AffectedRange {
  readonly events: readonly OsvEvent[];
}

export interface Evaluation {
  affects(version: string): boolean;
  /** Some range holds what is no version, so that it cannot be walked. */
  readonly unreadable: boolean;
  /** Not affected by anything that could be read, and yet perhaps by what could not. */
  undecided(version: string): boolean;
  /** Any release, past and future. */
  readonly wholePackage: boolean;
  readonly overBroad: boolean;
  readonly listedVersions: readonly string[];
  /** Ends of affected ranges that are themselves free of it, ascending. */
  readonly fixedIn: readonly string[];
}

/** A stretch of affected releases: `from` is included; no `from` is before everything, no `to` is without end. */
export interface Interval {
  readonly from?: string;
  to?: { readonly version: string; inclusive: boolean };
  /** The stretch counts below any one of these. Empty: no limit. */
  readonly limits: readonly string[];
}

const rememberedVerdicts = 2000;
const askedInDisorder = 4;

/**
 * OSV schema, "Evaluation": a release is affected if it is listed, or if a range says so; the events of a range are sorted
 * and walked. What does not depend on the asked version is done here, once.
 *
 * A version that the ecosystem cannot order is judged by the list alone, and by ranges that hold everything.
 * Malware with listed releases and ranges without an end: those ranges are taken for a mistake of the record (they flag the
 * clean releases around a compromised one), and `overBroad` says so.
 * A range with an event that is no version decides nothing: releases that it may hold are undecided.
 */
export function evaluate(affected: AffectedReleases, malware: boolean, versions: Versions): Evaluation {
  const broken = affected.ranges.filter((range) => !isReadable(range, versions));
  const readable = broken.length > 0 ? affected.ranges.filter((range) => !broken.includes(range)) : affected.ranges;
  const all = readable.flatMap((range) => intervalsOf(range, versions));
  const overBroad = malware && affected.versions.length > 0 && all.some(isOpen);
  const intervals = overBroad ? all.filter((interval) => !isOpen(interval)) : all;
  const everything = intervals.some((interval) => interval.from === undefined && isOpen(interval));
  const listed = once(() => distinct(affected.versions, versions));
  const isListed = membership(affected.versions, listed, versions);
  const verdicts = new Map<string, boolean>();

  const judge = (version: string) =>
    everything || (versions.isValid(version) && intervals.some((interval) => holds(interval, version, versions))) || isListed(version);
  const affects = (version: string) => {
    let verdict = verdicts.get(version);
    if (verdict === undefined) {
      if (verdicts.size >= rememberedVerdicts) verdicts.clear();
      verdicts.set(version, (verdict = judge(version)));
    }
    return verdict;
  };

  const perhaps = broken.flatMap((range) => intervalsOf(widest(range, versions), versions));
  const undecided = (version: string) =>
    broken.length > 0 &&
    !affects(version) &&
    (!versions.isValid(version) || perhaps.some((interval) => holds(interval, version, versions)));

  const fixedIn = once(() =>
    distinct(endsOf([...intervals, ...perhaps], versions), versions).filter((version) => !affects(version) && !undecided(version)),
  );
  const members = once(() => knownMembers(intervals, versions));
  return {
    affects,
    unreadable: broken.length > 0,
    undecided,
    wholePackage: malware && everything,
    overBroad,
    get listedVersions() {
      return malware && affected.versions.length === 0 ? members() : listed();
    },
    get fixedIn() {
      return fixedIn();
    },
  };
}

/** Whether every event names a version, the start of all, or no limit. */
export function isReadable({ events }: AffectedRange, versions: Versions): boolean {
  return events.every((event) => isReadableEvent(event, versions));
}

function isReadableEvent(event: OsvEvent, versions: Versions): boolean {
  if ('introduced' in event && event.introduced === '0') return true;
  if ('limit' in event && event.limit === '*') return true;
  return versions.isValid(versionIn(event));
}

/**
 * All that a range can hold, whatever stands for the events that cannot be read: without an end that may be anywhere; and where a
 * beginning may be anywhere, everything up to the last end, if each beginning has one.
 */
function widest({ events }: AffectedRange, versions: Versions): AffectedRange {
  const readable = events.filter((event) => isReadableEvent(event, versions));
  const lost = events.filter((event) => !readable.includes(event));
  const isEnd = (event: OsvEvent) => 'fixed' in event || 'last_affected' in event;
  const limits = lost.some((event) => 'limit' in event) ? [] : readable.filter((event) => 'limit' in event);
  if (!lost.some((event) => 'introduced' in event)) return { events: [...readable.filter((event) => !('limit' in event)), ...limits] };
  const ends = readable.filter(isEnd).sort((a, b) => versions.compare(versionIn(b), versionIn(a)));
  const isClosed = !lost.some(isEnd) && ends.length >= events.filter((event) => 'introduced' in event).length;
  return { events: [{ introduced: '0' }, ...(isClosed ? ends.slice(0, 1) : []), ...limits] };
}

function versionIn(event: OsvEvent): string {
  return Object.values(event)[0] as string;
}

/** The first versions behind affected stretches, as far as they are versions. */
function endsOf(intervals: readonly Interval[], versions: Versions): string[] {
  return intervals.flatMap(({ to }) => (to && !to.inclusive && versions.isValid(to.version) ? [to.version] : []));
}

function isOpen(interval: Interval): boolean {
  return interval.to === undefined && interval.limits.length === 0;
}

function holds({ from, to, limits }: Interval, version: string, versions: Versions): boolean {
  if (from !== undefined && versions.compare(version, from) < 0) return false;
  if (to) {
    const order = versions.compare(version, to.version);
    if (order > 0 || (order === 0 && !to.inclusive)) return false;
  }
  return limits.length === 0 || limits.some((limit) => versions.compare(version, limit) < 0);
}

interface Step {
  readonly step: 'introduced' | 'fixed' | 'last';
  /** Absent: before every version, which OSV writes as `introduced: "0"`. */
  readonly version?: string;
}

function stepsOf(event: OsvEvent): Step[] {
  if ('introduced' in event) return [event.introduced === '0' ? { step: 'introduced' } : { step: 'introduced', version: event.introduced }];
  if ('fixed' in event) return [{ step: 'fixed', version: event.fixed }];
  return 'last_affected' in event ? [{ step: 'last', version: event.last_affected }] : [];
}

/** The walk of OSV's algorithm, kept as the stretches on which its answer is "affected". A range without `introduced` has none. */
export function intervalsOf(range: AffectedRange, versions: Versions): Interval[] {
  const limits = range.events.flatMap((event) => ('limit' in event ? [event.limit] : []));
  const bounds = limits.includes('*') ? [] : limits;
  const steps = range.events
    .flatMap(stepsOf)
    // A stable sort: of events at one version the record's own order decides.
    .sort((a, b) => {
      if (a.version === undefined || b.version === undefined) return Number(a.version !== undefined) - Number(b.version !== undefined);
      return versions.compare(a.version, b.version);
    });

  const intervals: Interval[] = [];
  let current: Interval | undefined;
  for (const { step, version } of steps) {
    if (step === 'introduced') {
      if (!current) intervals.push((current = { ...(version !== undefined && { from: version }), limits: bounds }));
    } else if (version === undefined) {
      continue;
    } else if (current) {
      current.to = { version, inclusive: step === 'last' };
      current = undefined;
    } else if (step === 'fixed') {
      // Fixed at the very version that was the last affected one: the later event decides.
      const end = intervals.at(-1)?.to;
      if (end?.inclusive && versions.compare(end.version, version) === 0) end.inclusive = false;
    }
  }
  return intervals;
}

/** Malware that is given by ranges alone: their first releases, and the last ones where named, are known to be bad. */
function knownMembers(intervals: readonly Interval[], versions: Versions): string[] {
  const members = intervals.flatMap(({ from, to }) => [...(from === undefined ? [] : [from]), ...(to?.inclusive ? [to.version] : [])]);
  return distinct(
    members.filter((version) => versions.isValid(version) && intervals.some((interval) => holds(interval, version, versions))),
    versions,
  );
}

/** Ascending, each release once. */
function distinct(list: readonly string[], versions: Versions): string[] {
  const sorted = [...new Set(list)].sort((a, b) => versions.compare(a, b));
  return sorted.filter((version, i) => i === 0 || !sameRelease(sorted[i - 1]!, version, versions));
}

function sameRelease(a: string, b: string, versions: Versions): boolean {
  return a === b || (versions.isValid(a) && versions.isValid(b) && versions.equal(a, b));
}

/**
 * Listed to the letter, or as another spelling of a listed version (`1.0` and `1.0.0`). Most advisories are asked about one
 * or two versions, for which going through the list is cheaper than putting it in order first.
 */
function membership(written: readonly string[], ascending: () => readonly string[], versions: Versions): (version: string) => boolean {
  const letters = new Set(written);
  let asked = 0;
  return (version) => {
    if (letters.has(version)) return true;
    if (letters.size === 0 || !versions.isValid(version)) return false;
    if (++asked <= askedInDisorder) return written.some((listed) => versions.equal(version, listed));
    const list = ascending();
    let low = 0;
    let high = list.length - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const order = versions.compare(version, list[middle]!);
      if (order === 0) return true;
      if (order < 0) high = middle - 1;
      else low = middle + 1;
    }
    return false;
  };
}
