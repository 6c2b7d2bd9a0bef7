import type { PackageRecord } from '../core/release';
import type { Validators } from './indexClient';

/** A record as it was told. */
export interface Known {
  readonly value: PackageRecord;
  readonly asOf: Date;
  readonly validators?: Validators;
  /** To be asked again, however young it is. */
  readonly old?: boolean;
}

export interface RecordMemory {
  get(name: string): Known | undefined;
  put(name: string, known: Known): void;
  /** Takes what is known of this name for old; without a name, of all. */
  age(name?: string): void;
}

const mostNames = 4000;
const mostBytes = 128 * 1024 * 1024;

/** Records by name, the oldest dropped beyond a number of names and a rough measure of their size. They are still on disk then. */
export function createRecordMemory(limits = { names: mostNames, bytes: mostBytes }): RecordMemory {
  const entries = new Map<string, { readonly known: Known; readonly bytes: number }>();
  let size = 0;
  const drop = (name: string) => {
    size -= entries.get(name)?.bytes ?? 0;
    entries.delete(name);
  };
  return {
    get: (name) => entries.get(name)?.known,
    put(name, known) {
      const bytes = weigh(known.value);
      drop(name);
      entries.set(name, { known, bytes });
      size += bytes;
      for (const other of entries.keys()) {
        if ((entries.size <= limits.names && size <= limits.bytes) || other === name) break;
        drop(other);
      }
    },
    age(only) {
      for (const [name, { known, bytes }] of only === undefined ? entries : [...entries].filter(([name]) => name === only))
        entries.set(name, { known: { ...known, old: true }, bytes });
    },
  };
}

/** Roughly what a record takes in memory. Lists of dependencies are shared between releases, and count once. */
function weigh({ releases }: PackageRecord): number {
  const lists = new Set<object>();
  let bytes = 500;
  for (const { hashes, dependencies, deprecated, yanked } of releases) {
    bytes += 200 + 120 * (hashes?.length ?? 0) + (deprecated?.length ?? 0) + (typeof yanked === 'string' ? yanked.length : 0);
    if (!dependencies || lists.has(dependencies)) continue;
    lists.add(dependencies);
    bytes += 80 * Object.keys(dependencies).length;
  }
  return bytes;
}
