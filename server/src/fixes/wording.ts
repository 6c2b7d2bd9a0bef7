// Words for people: numbers, lists and ages as messages and titles write them.

const small = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten', 'eleven', 'twelve'];

/** `one release`, `two releases`, `40 releases`. */
export function counted(count: number, one: string, many: string): string {
  return `${small[count] ?? count} ${count === 1 ? one : many}`;
}

/** `a`, `a and b`, `a, b and c`, `a, b, c and 4 more`. */
export function listed(items: readonly string[], most = 3): string {
  const left = items.length - most;
  const shown = left > 0 ? [...items.slice(0, most), `${left} more`] : items;
  return shown.length < 2 ? shown.join('') : `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}`;
}

const units: readonly [number, string][] = [
  [86_400_000, 'day'],
  [3_600_000, 'hour'],
  [60_000, 'minute'],
];

/** An age in its largest whole unit: `2 days`, `1 hour`, `20 minutes`. Less than a minute is `1 minute`. */
export function ageWords(milliseconds: number): string {
  const [size, name] = units.find(([unit]) => milliseconds >= unit) ?? units.at(-1)!;
  const count = Math.max(1, Math.floor(milliseconds / size));
  return `${count} ${name}${count === 1 ? '' : 's'}`;
}

/** `2026-05-30`, in UTC. */
export function dayText(date: Date): string {
  return Number.isNaN(date.getTime()) ? 'an unknown day' : date.toISOString().slice(0, 10);
}

/** Text of others in quotes: on one line, short, without what is not seen or turns the direction of writing. */
export function quoted(text: string, most = 160): string {
  const plain = text
    .slice(0, 4 * most)
    .replace(/\s+/g, ' ')
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]/gu, '')
    .trim();
  const letters = [...plain];
  return `“${letters.length > most || text.length > 4 * most ? `${letters.slice(0, most).join('').trimEnd()}…` : plain}”`;
}

/** `2026-03-24 10:52 UTC`. */
export function momentText(date: Date): string {
  return Number.isNaN(date.getTime()) ? 'at an unknown time' : `${date.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
