import type { AgeLimit, AgeProblem } from './releaseAge';

// Ages as package managers and bots write them. A bare number has the unit of its setting; everything else brings its own.

export type AgeUnit = 'milliseconds' | 'seconds' | 'minutes' | 'hours' | 'days';

const sizes: Readonly<Record<AgeUnit, number>> = { milliseconds: 1, seconds: 1000, minutes: 60_000, hours: 3_600_000, days: 86_400_000 };
const day = sizes.days;

/** What a value says: `{}` where it switches the limit off. */
export interface AgeReading {
  readonly limit?: AgeLimit;
  readonly problem?: AgeProblem;
}

/** A bare number in the unit of its setting. */
export function ageInUnit(written: string, unit: AgeUnit): AgeReading {
  if (!/^\d{1,15}(?:\.\d{1,9})?$/.test(written.trim())) return notUnderstood(written);
  const value = Number(written);
  if (value === 0) return {};
  const limit = { ageMs: value * sizes[unit] };
  const problem = unitProblem(value, unit);
  return { limit, ...(problem && { problem }) };
}

/**
 * Whether a number makes sense in its unit. A limit on the age of releases is hours to weeks. What comes to less than an hour
 * or to more than a year was written in another unit; and so was what is whole days in a smaller unit (a bare 4320 is three
 * days of minutes) while it is no whole number of hours, or sixty days and more, in its own.
 */
function unitProblem(value: number, unit: AgeUnit): AgeProblem | undefined {
  const own = value * sizes[unit];
  const meant = (Object.keys(sizes) as AgeUnit[]).filter((other) => other !== unit && isWholeDays(value * sizes[other]));
  const isSmaller = meant.some((other) => other !== 'hours' && sizes[other] < sizes[unit]);
  const isOdd = own % sizes.hours !== 0 && meant.some((other) => sizes[other] > sizes[unit]);
  const isImplausible = own < sizes.hours || own > 365 * day || (own >= 60 * day && isSmaller) || isOdd;
  if (!isImplausible) return undefined;
  const reads = spanWords(own);
  const [only, ...more] = meant;
  return {
    kind: 'wrong-unit',
    reads: value === 1 || reads === `${value} ${unit}` ? reads : `${value} ${unit}, ${reads}`,
    ...(only !== undefined &&
      !more.length && { meantUnit: only, meantMs: value * sizes[only], rewritten: numberIn(value * sizes[only], unit) }),
  };
}

/** One to 59 whole days: what people choose. */
function isWholeDays(ms: number): boolean {
  return ms % day === 0 && ms >= day && ms < 60 * day;
}

/** An age as a bare number of a unit. */
export function numberIn(ms: number, unit: AgeUnit): string {
  return String(Math.max(1, Math.ceil(ms / sizes[unit])));
}

/** `3 days`, `12h`, `1 week`, `P3D`, `PT24H`: a number and a unit, or an ISO 8601 duration of weeks, days and hours; in milliseconds. */
export function spelledAge(written: string): number | undefined {
  const text = written.trim();
  const iso = /^P(?:(\d{1,5})W)?(?:(\d{1,6})D)?(?:T(?:(\d{1,7})H)?(?:(\d{1,8})M)?(?:(\d{1,9})S)?)?$/i.exec(text);
  if (iso && iso.slice(1).some((part) => part !== undefined)) {
    const [weeks, days, hours, minutes, seconds] = iso.slice(1).map((part) => Number(part ?? 0));
    return (weeks! * 7 + days!) * day + hours! * sizes.hours + minutes! * sizes.minutes + seconds! * sizes.seconds;
  }
  const worded = /^(\d{1,9}(?:\.\d{1,6})?) ?([a-z]{1,12})(?: ago)?$/i.exec(text);
  const size = worded && wordSizes.get(worded[2]!.toLowerCase());
  return size ? Number(worded[1]) * size : undefined;
}

const wordSizes: ReadonlyMap<string, number> = new Map(
  (
    [
      [sizes.seconds, ['s', 'sec', 'secs', 'second', 'seconds']],
      [sizes.minutes, ['m', 'min', 'mins', 'minute', 'minutes']],
      [sizes.hours, ['h', 'hr', 'hrs', 'hour', 'hours']],
      [day, ['d', 'day', 'days']],
      [7 * day, ['w', 'wk', 'wks', 'week', 'weeks']],
      [30 * day, ['month', 'months']],
      [365 * day, ['y', 'yr', 'year', 'years']],
    ] as const
  ).flatMap(([size, words]) => words.map((word): [string, number] => [word, size])),
);

/** A day or a moment (RFC 3339, ISO 8601). A day without a time ends when the next one begins, where the tool counts it in (`whole`). */
export function momentOf(written: string, whole = false): Date | undefined {
  const match = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})?)?$/i.exec(written.trim());
  if (!match) return undefined;
  const [, year, month, date, hours, minutes, seconds, zone] = match;
  const offset =
    zone && !/^z$/i.test(zone) ? (zone.startsWith('-') ? -1 : 1) * (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2))) : 0;
  const at = Date.UTC(Number(year), Number(month) - 1, Number(date), Number(hours ?? 0), Number(minutes ?? 0), Number(seconds ?? 0));
  const isDate = new Date(Date.UTC(Number(year), Number(month) - 1, Number(date))).getUTCDate() === Number(date);
  if (!isDate || Number(month) < 1 || Number(month) > 12) return undefined;
  return new Date(at - offset * 60_000 + (whole && hours === undefined ? day : 0));
}

/** A day, a moment, or an age that brings its unit. `whole`: as for {@link momentOf}. */
export function momentOrAge(written: string, whole = false): AgeReading {
  const until = momentOf(written, whole);
  if (until) return { limit: { until } };
  const ageMs = spelledAge(written);
  if (ageMs === undefined) return notUnderstood(written);
  return ageMs === 0 ? {} : { limit: { ageMs } };
}

/** A value that the tool rejects, or passes over. */
export function notUnderstood(written: string): AgeReading {
  return { problem: { kind: 'not-understood', reads: written } };
}

/** A stretch of time in the unit that people would take: `3 days`, `72 minutes`, `12 years`. */
export function spanWords(ms: number): string {
  const year = 365 * day;
  const [size, name] =
    ms >= 2 * year
      ? ([year, 'year'] as const)
      : ms >= 2 * day || ms === day
        ? ([day, 'day'] as const)
        : ms >= 2 * sizes.hours || ms === sizes.hours
          ? ([sizes.hours, 'hour'] as const)
          : ms >= sizes.minutes
            ? ([sizes.minutes, 'minute'] as const)
            : ms >= sizes.seconds
              ? ([sizes.seconds, 'second'] as const)
              : ([1, 'millisecond'] as const);
  const count = Math.round(ms / size);
  const rounded = count * size === ms ? '' : 'about ';
  return `${rounded}${count} ${name}${count === 1 ? '' : 's'}`;
}
