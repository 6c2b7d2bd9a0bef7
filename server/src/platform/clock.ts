import type { Clock } from '../core/io';

export const systemClock: Clock = { now: () => new Date() };

/** A clock that stands, for `--now`. */
export function fixedClock(at: Date): Clock {
  return { now: () => new Date(at) };
}
