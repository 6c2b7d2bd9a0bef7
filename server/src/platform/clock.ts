import type { Clock } from '../core/io';

export const systemClock: Clock = { now: () => new Date() };

/** A clock that stands still, for `--now`. */
export function fixedClock(now: Date): Clock {
  const time = now.getTime();
  return { now: () => new Date(time) };
}
