import type { Clock } from '../core/io';

export const systemClock: Clock = { now: () => new Date() };

/** A clock that stands still, for `--now`. */
export function fixedClock(now: Date): Clock {
  const time = now.getTime();
  return { now: () => new Date(time) };
}

/** Milliseconds since the process began, by a clock that nobody sets. At hand, whereas `performance` has Node read its perf_hooks first. */
export function elapsedMs(): number {
  return process.uptime() * 1000;
}
