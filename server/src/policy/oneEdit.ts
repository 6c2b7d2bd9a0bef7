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
export interface Neighbourhood<T> {
  near(key: string): T[];
}

/**
 * One edit leaves the first or the second half of a name as it is, at the beginning or at the end of the other. So names are
 * held by their length and either half, and few of them are compared: two entries a name, and no list of its variants. Only
 * an exchange across the middle touches both halves; it is undone and looked up.
 */
export function createNeighbourhood<T>(entries: Iterable<readonly [key: string, value: T]>): Neighbourhood<T> {
  const whole = new Map<string, T>();
  const halves = new Map<string, [string, T][]>();
  const put = (half: string, entry: [string, T]) => {
    const same = halves.get(half);
    if (same) same.push(entry);
    else halves.set(half, [entry]);
  };
  for (const [key, value] of entries) {
    const middle = key.length >> 1;
    whole.set(key, value);
    put(`${key.length}<${key.slice(0, middle)}`, [key, value]);
    put(`${key.length}>${key.slice(middle)}`, [key, value]);
  }
  return {
    near(key) {
      const found = new Set<T>();
      for (let length = Math.max(0, key.length - 1); length <= key.length + 1; length++) {
        const middle = length >> 1;
        const buckets = [`${length}<${key.slice(0, middle)}`, `${length}>${key.slice(Math.max(0, key.length - (length - middle)))}`];
        for (const [other, value] of buckets.flatMap((bucket) => halves.get(bucket) ?? [])) if (isOneEdit(key, other)) found.add(value);
      }
      const middle = key.length >> 1;
      const exchanged = key.slice(0, middle - 1) + (key[middle] ?? '') + (key[middle - 1] ?? '') + key.slice(middle + 1);
      const across = whole.get(exchanged);
      if (across !== undefined && middle > 0 && exchanged !== key) found.add(across);
      return [...found];
    },
  };
}
