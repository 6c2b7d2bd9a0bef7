/**
 * An answer that was asked for, honestly: "could not ask" is never "nothing found".
 * `pending`: being asked now. `unavailable`: asked, no usable answer. `withheld`: not asked, since the name is private.
 * `disabled`: not asked, since the user switched it off.
 */
export type Lookup<T> =
  | { readonly state: 'known'; readonly value: T; readonly asOf: Date }
  | {
      readonly state: 'pending' | 'unavailable' | 'withheld' | 'disabled';
      readonly reason: string;
      /** The last known answer, still shown, with its date. */
      readonly last?: { readonly value: T; readonly asOf: Date };
    };

/** The same answer, of another form. */
export function mapLookup<T, U>(lookup: Lookup<T>, form: (value: T) => U): Lookup<U> {
  if (lookup.state === 'known') return { ...lookup, value: form(lookup.value) };
  const { last, ...rest } = lookup;
  return last ? { ...rest, last: { value: form(last.value), asOf: last.asOf } } : rest;
}

/** The answer that can be shown, fresh or last known. */
export function shown<T>(lookup: Lookup<T>): T | undefined {
  return lookup.state === 'known' ? lookup.value : lookup.last?.value;
}
