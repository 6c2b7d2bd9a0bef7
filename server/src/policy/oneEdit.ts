/** Whether one letter more, less or other, or two neighbours exchanged, make `a` into `b`. Not where they are the same. */
export function isOneEdit(a: string, b: string): boolean {
  const [short, long] = a.length <= b.length ? [a, b] : [b, a];
  if (long.length - short.length > 1 || a === b) return false;
  let at = 0;
  while (at < short.length && short[at] === long[at]) at++;
  if (short.length < long.length) return short.slice(at) === long.slice(at + 1);
  if (short.slice(at + 1) === long.slice(at + 1)) return true;
  return short[at] === long[at + 1] && short[at + 1] === long[at] && short.slice(at + 2) === long.slice(at + 2);
}

/** The names of a set that are one edit away from another one, by {@link isOneEdit}. */
export interface Neighbourhood {
  near(key: string): string[];
}

/**
 * One edit leaves the first or the second half of a name as it is, at the beginning or at the end of the other. So names are
 * held by their length and either half, and few of them are compared: two places a name, and no list of its variants. Only
 * an exchange across the middle touches both halves; it is undone and looked up. The halves are chained by a hash of theirs
 * in two arrays of numbers: 20,000 strings and lists would be felt at every start of the command line.
 */
export function createNeighbourhood(names: { has(key: string): boolean; keys(): Iterable<string> }): Neighbourhood {
  const keys = [...names.keys()];
  let size = 16;
  while (size < keys.length * 4) size *= 2;
  /** By hash, one more than the place of the first half; by place of a half, one more than that of the next. */
  const first = new Int32Array(size);
  const next = new Int32Array(keys.length * 2);
  // Backwards, so that a chain is in the order of the keys.
  for (let i = keys.length - 1; i >= 0; i--) {
    const key = keys[i]!;
    const middle = key.length >> 1;
    put(2 * i, hash(key, 0, middle, key.length));
    put(2 * i + 1, hash(key, middle, key.length, ~key.length));
  }

  function put(half: number, code: number): void {
    const at = code & (size - 1);
    next[half] = first[at]!;
    first[at] = half + 1;
  }

  /** Names of a length that have this half, the first or the second, and are one edit away. */
  function collect(key: string, length: number, second: 0 | 1, start: number, end: number, found: Set<string>): void {
    const code = hash(key, start, end, second ? ~length : length);
    for (let half = first[code & (size - 1)]!; half > 0; half = next[half - 1]!) {
      if (((half - 1) & 1) !== second) continue;
      const other = keys[(half - 1) >> 1]!;
      if (other.length !== length || !isOneEdit(key, other)) continue;
      const own = key.slice(start, end);
      if (second ? other.endsWith(own) : other.startsWith(own)) found.add(other);
    }
  }

  return {
    near(key) {
      const found = new Set<string>();
      for (let length = Math.max(0, key.length - 1); length <= key.length + 1; length++) {
        const middle = length >> 1;
        if (middle <= key.length) collect(key, length, 0, 0, middle, found);
        const rest = length - middle;
        if (rest <= key.length) collect(key, length, 1, key.length - rest, key.length, found);
      }
      const middle = key.length >> 1;
      const exchanged = key.slice(0, middle - 1) + (key[middle] ?? '') + (key[middle - 1] ?? '') + key.slice(middle + 1);
      if (middle > 0 && exchanged !== key && names.has(exchanged)) found.add(exchanged);
      return [...found];
    },
  };
}

/** Of the length of a part, its ends and what stands at its middle: enough to tell names apart, without a look at each letter. */
function hash(text: string, start: number, end: number, seed: number): number {
  const middle = (start + end) >> 1;
  const last = end > start ? text.charCodeAt(end - 1) : 0;
  const ends = end > start ? text.charCodeAt(start) * 31 + last : 0;
  const inside = end > start + 1 ? text.charCodeAt(middle) * 31 + text.charCodeAt(middle - 1) : 0;
  const code = ((seed * 31 + end - start) * 961 + ends) * 961 + inside;
  return code ^ (code >>> 15);
}
