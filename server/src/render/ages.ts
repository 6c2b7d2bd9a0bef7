import { dateText } from './dates';

// Ages as people read them beside a line. All times are UTC.

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** `20 min`, `5 h`, `12 d`, `4 mo`, `2 y`: the age of a release where there is no room. */
export function shortAge(publishedAt: Date, now: Date): string {
  const [count, unit] = measured(publishedAt, now);
  return `${count} ${{ minute: 'min', hour: 'h', day: 'd', month: 'mo', year: 'y' }[unit]}`;
}

/** `20 minutes ago`, `1 day ago`. */
export function agoText(publishedAt: Date, now: Date): string {
  const [count, unit] = measured(publishedAt, now);
  return `${count} ${unit}${count === 1 ? '' : 's'} ago`;
}

/** `20 minutes ago · 2026-03-24 10:39 UTC`; of what is older than two days the day alone: `12 days ago · 2026-03-12`. */
export function publishedText(publishedAt: Date, now: Date): string {
  const isOld = now.getTime() - publishedAt.getTime() >= 2 * day;
  return `${agoText(publishedAt, now)} · ${isOld ? publishedAt.toISOString().slice(0, 10) : dateText(publishedAt)}`;
}

/** Whether a date can be told: what a registry sends may be none. */
export function isTime(date: Date | undefined): date is Date {
  return date !== undefined && !Number.isNaN(date.getTime());
}

/** Less than a minute, and what a wrong clock puts into the future, is one minute. */
function measured(publishedAt: Date, now: Date): [number, 'minute' | 'hour' | 'day' | 'month' | 'year'] {
  const age = now.getTime() - publishedAt.getTime();
  if (age < hour) return [Math.max(1, Math.floor(age / minute)), 'minute'];
  if (age < 2 * day) return [Math.floor(age / hour), 'hour'];
  if (age < 90 * day) return [Math.floor(age / day), 'day'];
  if (age < 730 * day) return [Math.floor(age / (30.44 * day)), 'month'];
  return [Math.floor(age / (365.25 * day)), 'year'];
}
