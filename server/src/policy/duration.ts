const unitMs: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/** Milliseconds of an age such as `3d`, `12h`, `90m`, `2w`, or `0`; `undefined` for anything else. */
export function parseDuration(text: string): number | undefined {
  if (text.trim() === '0') return 0;
  const match = /^\s*(\d{1,6})\s*([mhdw])\s*$/.exec(text);
  return match ? Number(match[1]) * unitMs[match[2]!]! : undefined;
}

/** `14 days`, `12 hours`: the largest unit that leaves no rest; no weeks, so that ages are easily compared. */
export function durationText(ms: number): string {
  const units = [
    ['day', 86_400_000],
    ['hour', 3_600_000],
    ['minute', 60_000],
  ] as const;
  for (const [name, size] of units) {
    if (ms >= size && ms % size === 0) return `${ms / size} ${name}${ms === size ? '' : 's'}`;
  }
  const minutes = Math.round(ms / 60_000);
  return `${minutes} minute${minutes === 1 ? '' : 's'}`;
}
