import type { Versions } from '../core/versions';
import type { CurrentIndex, IndexAccess } from '../feeds/offlineIndex';
import { openIndex } from '../offline/reader';
import { elapsedMs } from '../platform/clock';
import { openIndexFile, type IndexFile } from '../platform/indexFile';
import { indexStamp, locateIndex } from '../platform/indexFolder';

export interface IndexAccessOptions {
  /** The index itself, or the folder that holds it. */
  readonly place: string;
  readonly versionsOf: (ecosystem: string) => Versions | undefined;
  /** Where somebody named the place, an index that is not there is a fault. */
  readonly named: boolean;
  /** So often it is looked whether another index has come in the place of the one that is open. */
  readonly lookAgainMs?: number;
}

/** Between reading which file counts and opening it another may have come. */
const tries = 3;

/** The index on this machine, opened when it is first asked for and again when another has come. */
export function createIndexAccess({
  place,
  versionsOf,
  named,
  lookAgainMs = 1000,
}: IndexAccessOptions): IndexAccess & { close(): void; stamp(): string } {
  let file: IndexFile | undefined;
  let current: CurrentIndex | undefined;
  let stamp = '';
  let lookedAt = 0;

  const unreadable = (fault: string): CurrentIndex => ({ state: 'unreadable', reason: `the offline index could not be read: ${fault}` });

  function open(): CurrentIndex {
    file?.close();
    file = undefined;
    for (let left = tries; left > 0; left--) {
      const located = locateIndex(place);
      if (!located) break;
      if ('fault' in located) return unreadable(located.fault);
      const opened = openIndexFile(located.file);
      if (!opened) continue;
      if ('fault' in opened) return unreadable(opened.fault);
      const index = openIndex(opened, versionsOf);
      if ('fault' in index) {
        opened.close();
        return unreadable(index.fault);
      }
      file = opened;
      const asOf = new Date(index.meta.asOf);
      return { state: 'open', index, asOf: located.asOf && located.asOf > asOf ? located.asOf : asOf };
    }
    return named ? unreadable('there is none') : { state: 'absent', reason: 'there is no offline index' };
  }

  return {
    /** Changes when another index has come. */
    stamp: () => indexStamp(place),
    current() {
      const now = elapsedMs();
      if (current && now - lookedAt < lookAgainMs) return current;
      lookedAt = now;
      const found = indexStamp(place);
      if (!current || found !== stamp) {
        stamp = found;
        current = open();
      }
      return current;
    },
    close() {
      file?.close();
      file = undefined;
      current = { state: 'absent', reason: 'it is not used any more' };
      lookedAt = Number.POSITIVE_INFINITY;
    },
  };
}
