import type { LockedRoot } from '../../../core/lockfile';
import { rangeIn } from './entry';

/** What the entries of a yarn.lock answer to: descriptors, `name@range`, each once. */
export interface Descriptors {
  /** All of them before the first is searched. */
  set(name: string, range: string, index: number): void;
  /**
   * What `name@range` became. Yarn's resolutions change a range on the way, and which range they made of it stands in no lockfile: then
   * every entry that answers to the name, since a way too many is found out sooner than one too few. None where none does.
   */
  find(name: string, range: string): readonly number[];
  /** One a descriptor: any importer may ask by it. */
  roots(): LockedRoot[];
}

const mostGuesses = 8;

export function createDescriptors(): Descriptors {
  const byName = new Map<string, Map<string, number>>();
  const guesses = new Map<string, readonly number[]>();
  const guess = (name: string): readonly number[] => {
    let found = guesses.get(name);
    if (!found) guesses.set(name, (found = [...new Set(byName.get(name)?.values())].slice(0, mostGuesses)));
    return found;
  };
  return {
    set(name, range, index) {
      const ranges = byName.get(name);
      if (ranges) ranges.set(range, index);
      else byName.set(name, new Map([[range, index]]));
    },
    find(name, range) {
      const exact = byName.get(name)?.get(range);
      return exact === undefined ? guess(name) : [exact];
    },
    roots() {
      const roots: LockedRoot[] = [];
      for (const [name, ranges] of byName) {
        for (const [range, index] of ranges) roots.push({ importer: '', name, specifier: rangeIn(range), packages: [index] });
      }
      return roots;
    },
  };
}

/** The name and the range of `name@range`, where the name may be scoped; `undefined` where it is neither. */
export function splitDescriptor(descriptor: string): readonly [name: string, range: string] | undefined {
  const at = descriptor.indexOf('@', 1);
  return at < 0 ? undefined : [descriptor.slice(0, at), descriptor.slice(at + 1)];
}
