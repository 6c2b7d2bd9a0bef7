import type { Http } from '../../core/io';
import type { Access } from '../../platform/access';
import type { ConfigurableHttp } from '../../platform/http';
import { locateIndex, touchIndex } from '../../platform/indexFolder';
import { openIndexFile } from '../../platform/indexFile';
import { openIndex } from '../../offline/reader';
import { versionsOf } from '../versionsOf';
import { readNote, type SyncNote } from './note';
import { fullSync } from './fullSync';
import { syncChanges } from './changes';
import { underLock, type NotDone } from './underLock';
import type { IndexWork } from './work';

export interface SyncOptions {
  readonly http: Http & Pick<ConfigurableHttp, 'download'>;
  /** Where the dump lies; below it `ECOSYSTEM/all.zip`, `ECOSYSTEM/modified_id.csv` and `ECOSYSTEM/ID.json`. */
  readonly dump: Access;
  /** Of the index; what is downloaded lies in it as well, and stays there when a download breaks off. */
  readonly folder: string;
  /** By OSV's names. */
  readonly ecosystems: readonly string[];
  readonly now: Date;
  readonly work: IndexWork;
  readonly onProgress?: (progress: SyncProgress) => void;
  readonly signal?: AbortSignal | undefined;
  /** For tests, which have no full disk. */
  readonly write?: (file: number, piece: Uint8Array) => void | Promise<void>;
}

export interface SyncProgress {
  /** What is done, for people: `downloading npm`. */
  readonly text: string;
  readonly done?: number;
  /** Absent where it is not known. */
  readonly all?: number;
  readonly unit?: 'bytes' | 'records';
}

export type SyncOutcome =
  | {
      readonly state: 'synced';
      /** `full`: built from whole dumps; `changes`: what changed since was taken; `nothing`: nothing had changed. */
      readonly how: 'full' | 'changes' | 'nothing';
      readonly asOf: Date;
      readonly changed: number;
      readonly removed: number;
      /** What people should know beside: clauses. */
      readonly notes: readonly string[];
      /** Why it took whole dumps, as a clause. */
      readonly why?: string;
    }
  | NotDone;

/** The index as it stands before a sync. */
export interface Standing {
  readonly covered: readonly string[];
  readonly note: SyncNote;
}

/**
 * Brings the index of a folder up to a dump: by what has changed since the last time, or from whole dumps where there is no index
 * yet, where too much has changed, or where it cannot be told what has. Until the new index is whole, and whatever happens, the old
 * one is in use. Rejects only with what the signal is aborted with.
 */
export async function syncIndex(options: SyncOptions): Promise<SyncOutcome> {
  return underLock(options.folder, options.signal, () => sync(options));
}

async function sync(options: SyncOptions): Promise<SyncOutcome> {
  const before = standingOf(options);
  if ('why' in before) return fullSync(options, before.covered, before.why);
  const found = await syncChanges(options, before);
  switch (found.state) {
    case 'nothing':
      await touchIndex(options.folder, found.asOf, found.note);
      return { state: 'synced', how: 'nothing', asOf: found.asOf, changed: 0, removed: 0, notes: found.notes };
    case 'taken':
      return { state: 'synced', how: 'changes', asOf: found.asOf, changed: found.changed, removed: found.removed, notes: found.notes };
    case 'failed':
      return found;
    case 'unfit':
      return fullSync(options, before.covered, found.reason);
  }
}

/** What the index is, as far as changes can be laid on it; or why it must be built anew. */
function standingOf({ folder, dump, ecosystems }: SyncOptions): Standing | { readonly why: string; readonly covered: readonly string[] } {
  const located = locateIndex(folder);
  if (!located) return { why: 'there is no index yet', covered: [] };
  if ('fault' in located) return { why: located.fault, covered: [] };
  const file = openIndexFile(located.file);
  if (!file || 'fault' in file) return { why: file?.fault ?? 'its file is gone', covered: [] };
  try {
    const index = openIndex(file, versionsOf);
    if ('fault' in index) return { why: index.fault, covered: [] };
    const { meta } = index;
    const covered = ecosystems.filter((id) => meta.ecosystems[id]?.covered);
    if (covered.length === 0) return { why: 'the index holds nothing yet', covered };
    // One that was built from files may lack older records than its youngest: nobody knows what was not among them.
    if (located.sync === undefined) return { why: 'the index was built from files', covered };
    const note = readNote(located.sync);
    if (note && note.dump !== dump.shown) return { why: 'the dump is another one', covered };
    if (note && covered.every((id) => note.marks[id])) return { covered, note };
    return { why: 'it is not known up to when the index was synced', covered };
  } finally {
    file.close();
  }
}
