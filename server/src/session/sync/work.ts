import { isFull, noRoom } from '../../platform/downloadFile';
import { locateIndex, publishIndex, writeWhole } from '../../platform/indexFolder';
import { openIndexFile } from '../../platform/indexFile';
import { SourceFault } from '../../platform/recordFiles';
import type { IndexMeta } from '../../offline/format';
import { openIndex } from '../../offline/reader';
import { applyChanges, buildIndex } from '../indexBuild';
import { versionsOf } from '../versionsOf';
import { asOfServed } from './modified';
import { compareTimes, type Mark, type SyncNote } from './note';

// What takes long and needs no network. Input and output are plain data, so that a worker thread can do it.

export interface BuildOrder {
  readonly folder: string;
  /** The file of each ecosystem's dump. */
  readonly dumps: Readonly<Record<string, string>>;
  readonly dump: string;
  readonly now: number;
  readonly asOf: number;
  /** The ecosystems of whose dump the server did not say how old it is: the records do. */
  readonly undated: readonly string[];
  /** Of each ecosystem's list of changes the youngest row, as it was before the dumps were fetched. */
  readonly heads: Readonly<Record<string, Mark>>;
  /** The ecosystems that the index holds already; of others a dump may be empty. */
  readonly covered: readonly string[];
}

export interface FilesOrder {
  readonly sources: readonly string[];
  readonly into: { readonly folder: string } | { readonly file: string };
  readonly now: number;
}

export interface ApplyOrder {
  readonly folder: string;
  readonly records: readonly { readonly id: string; readonly text: string }[];
  readonly removed: readonly string[];
  /** All ids that the dump lists, one a line: what is not among them leaves the index. */
  readonly listed?: string;
  readonly now: number;
  readonly asOf: number;
  readonly note: SyncNote;
}

export type WorkOutcome =
  | {
      readonly state: 'published';
      readonly asOf: number;
      /** Of the records that were taken those that were not there as they are. */
      readonly changed: number;
      readonly removed: number;
      readonly unreadable: number;
      readonly notes: readonly string[];
    }
  /** The index is as it should be already. */
  | { readonly state: 'nothing' }
  | { readonly state: 'wanting'; readonly ids: readonly string[] }
  /** The index is to be built anew. */
  | { readonly state: 'unusable'; readonly reason: string }
  /** What was fetched is not what it should be. `corrupt`: the dumps. */
  | { readonly state: 'failed'; readonly message: string; readonly corrupt?: boolean };

export type FilesOutcome =
  | {
      readonly state: 'built';
      readonly file: string;
      readonly meta: IndexMeta;
      /** In bytes. */
      readonly size: number;
      /** Records that could not be read, and are not in it: how many, and the first of them with the reason. */
      readonly unreadable: number;
      readonly faults: readonly string[];
    }
  | { readonly state: 'failed'; readonly message: string };

export interface IndexWork {
  buildFiles(order: FilesOrder, onProgress: (records: number) => void, signal: AbortSignal | undefined): Promise<FilesOutcome>;
  build(order: BuildOrder, onProgress: (records: number) => void, signal: AbortSignal | undefined): Promise<WorkOutcome>;
  apply(order: ApplyOrder, signal: AbortSignal | undefined): Promise<WorkOutcome>;
}

/** A dump may be older than its list of changes, and a record's date a little older than its appearance: so much is read twice. */
const overlapMs = 60 * 60_000;
/** Where more than that of an index is not listed any more, the list is not believed. */
const mostGone = 0.05;
const fewGone = 20;

/** In this thread. */
export const directWork: IndexWork = {
  async buildFiles({ sources, into, now }, onProgress, signal) {
    try {
      const { index, unreadable, faults } = await buildIndex(sources, { now: new Date(now), onProgress, signal });
      const { meta, pieces } = index;
      // One that answers nothing must not take the place of one that does.
      if (Object.values(meta.ecosystems).every(({ covered }) => !covered))
        return { state: 'failed', message: `there is no record of ${Object.keys(meta.ecosystems).join(' or ')} in it${first(faults)}` };
      signal?.throwIfAborted();
      const file = 'file' in into ? into.file : (await publishIndex(into.folder, pieces, new Date(meta.asOf))).file;
      if ('file' in into) await writeWhole(file, pieces, 0o666);
      return { state: 'built', file, meta, size: pieces.reduce((sum, piece) => sum + piece.length, 0), unreadable, faults };
    } catch (error) {
      return faultOf(error, signal);
    }
  },

  async build({ folder, dumps, dump, now, asOf, undated, heads, covered }, onProgress, signal) {
    try {
      const { index, unreadable, faults } = await buildIndex(Object.values(dumps), { now: new Date(now), onProgress, signal });
      const { ecosystems } = index.meta;
      const empty = Object.keys(dumps).filter((id) => !ecosystems[id]?.covered);
      if (empty.length === Object.keys(dumps).length || empty.some((id) => covered.includes(id)))
        return { state: 'failed', message: `the dump of ${empty.join(', ')} holds no record of it`, corrupt: true };
      const full = Object.keys(dumps).filter((id) => !empty.includes(id));
      const marks = Object.fromEntries(full.map((id) => [id, markOf(heads[id], ecosystems[id]!.highWater, now)]));
      const note: SyncNote = { dump, marks, comparedAt: new Date(now).toISOString(), missing: {} };
      const told = undated.filter((id) => full.includes(id)).map((id) => asOfServed(undefined, index.newest[id]!, new Date(now)).getTime());
      const date = Math.min(asOf, ...told);
      await publishIndex(folder, index.pieces, new Date(date), note);
      const notes = empty.map((id) => `the dump of ${id} holds no record of it`);
      return { state: 'published', asOf: date, changed: 0, removed: 0, unreadable, notes: [...notes, ...faults] };
    } catch (error) {
      return faultOf(error, signal);
    }
  },

  async apply({ folder, records, removed, listed, now, asOf, note }, signal) {
    try {
      const parsed: unknown[] = [];
      for (const { id, text } of records) {
        const record = parseRecord(id, text);
        if (record === undefined) return { state: 'failed', message: `what was served as ${id} is not that record` };
        parsed.push(record);
      }
      const gone = listed === undefined ? [] : goneFrom(folder, new Set([...listed.split('\n'), ...records.map(({ id }) => id)]));
      if ('reason' in gone) return { state: 'unusable', reason: gone.reason };
      signal?.throwIfAborted();
      const leaving = [...new Set([...removed, ...gone])];
      if (parsed.length + leaving.length === 0) return { state: 'nothing' };
      const outcome = await applyChanges(
        folder,
        { records: parsed, removed: leaving },
        { now: new Date(now), asOf: new Date(asOf), sync: note },
      );
      if (outcome.state !== 'published') return outcome;
      const { changed, removed: left, unreadable } = outcome.index;
      return { state: 'published', asOf, changed, removed: left, unreadable, notes: [] };
    } catch (error) {
      return faultOf(error, signal);
    }
  },
};

/** Where the first reading of the list of changes goes on from. */
function markOf(head: Mark | undefined, highWater: string, now: number): Mark {
  const times = [head?.at ?? '', highWater].filter((time) => !Number.isNaN(Date.parse(time))).sort(compareTimes);
  const first = Math.min(times.length ? Date.parse(times[0]!) : now, now);
  return { at: new Date(first - overlapMs).toISOString(), ids: [] };
}

/** Ids of records in the index that are not listed. */
function goneFrom(folder: string, listed: ReadonlySet<string>): readonly string[] | { readonly reason: string } {
  const located = locateIndex(folder);
  if (!located || 'fault' in located) return { reason: located?.fault ?? 'there is none' };
  const file = openIndexFile(located.file);
  if (!file || 'fault' in file) return { reason: file?.fault ?? 'its file is gone' };
  try {
    const index = openIndex(file, versionsOf);
    if ('fault' in index) return { reason: index.fault };
    const gone = new Set<string>();
    for (let number = 0; number < index.buckets; number++)
      for (const { records } of index.bucket(number).names) for (const { id } of records) if (!listed.has(id)) gone.add(id);
    if (gone.size > Math.max(fewGone, index.meta.records * mostGone)) return { reason: `${gone.size} of its records are listed no more` };
    return [...gone];
  } finally {
    file.close();
  }
}

function parseRecord(id: string, text: string): unknown {
  try {
    const json = JSON.parse(text) as { readonly id?: unknown } | null;
    return json?.id === id ? json : undefined;
  } catch {
    return undefined;
  }
}

function first([fault]: readonly string[]): string {
  return fault === undefined ? '' : ` (${fault})`;
}

/** What happened outside, as a value; it must come through from a worker thread. */
function faultOf(error: unknown, signal: AbortSignal | undefined): { state: 'failed'; message: string; corrupt?: boolean } {
  signal?.throwIfAborted();
  const { code, message } = error as NodeJS.ErrnoException;
  if (error instanceof SourceFault) return { state: 'failed', message, corrupt: true };
  if (code !== undefined) return { state: 'failed', message: isFull(error) ? noRoom : message };
  throw error;
}
