import type { Advisory } from '../../core/advisory';
import type { Ids } from './ids';

/** What is held of one package. */
export interface Held {
  readonly advisories: readonly Advisory[];
  readonly ids: Ids;
  readonly asOf: Date;
  /** To be asked again, however young it is. */
  readonly old?: boolean;
}

/** Answers by key, the youngest of them: bounded by packages and by advisories, of which some packages have hundreds. */
export interface Memory {
  get(key: string): Held | undefined;
  put(key: string, held: Held): void;
  ageAll(): void;
}

export function createMemory(mostPackages = 20_000, mostAdvisories = 60_000): Memory {
  const held = new Map<string, Held>();
  let advisories = 0;
  const drop = (key: string) => {
    advisories -= held.get(key)?.advisories.length ?? 0;
    held.delete(key);
  };
  return {
    get(key) {
      const found = held.get(key);
      if (found) {
        // A map keeps the order of insertion: what was asked for last goes last.
        held.delete(key);
        held.set(key, found);
      }
      return found;
    },
    ageAll() {
      for (const [key, value] of held) held.set(key, { ...value, old: true });
    },
    put(key, value) {
      drop(key);
      held.set(key, value);
      advisories += value.advisories.length;
      for (const oldest of held.keys()) {
        if (held.size <= mostPackages && advisories <= mostAdvisories) break;
        if (oldest !== key) drop(oldest);
      }
    },
  };
}
