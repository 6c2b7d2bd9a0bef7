import { ecosystems } from '../ecosystems';
import { createIndexBuilder, type IndexBuilder, type NewIndex } from '../offline/builder';
import { recordFault } from '../offline/digest';
import { openIndex } from '../offline/reader';
import { updateIndex, type IndexChanges, type UpdatedIndex } from '../offline/update';
import { crc32, latin1, openIndexFile } from '../platform/indexFile';
import { locateIndex, publishIndex } from '../platform/indexFolder';
import { recordTexts } from '../platform/recordFiles';
import { versionsOf } from './versionsOf';

/** Faults of single records; so many of them are named. */
const namedFaults = 20;
/** So long the thread is held at a time, so that progress is seen and an abort is heard. */
const portionMs = 50;

export interface BuildOptions {
  readonly now: Date;
  readonly onProgress?: (records: number) => void;
  readonly signal?: AbortSignal | undefined;
}

export interface BuildResult {
  readonly index: NewIndex;
  /** Records that could not be read: how many, and the first of them with the reason. */
  readonly unreadable: number;
  readonly faults: readonly string[];
}

/**
 * Builds an index from OSV dumps, folders of records, `.jsonl` and `.jsonl.gz` files. A bad record costs itself alone; a source
 * that cannot be read to its end throws a SourceFault, so that nothing is built that lacks a part unknown.
 */
export async function buildIndex(sources: readonly string[], { now, onProgress, signal }: BuildOptions): Promise<BuildResult> {
  const builder = createIndexBuilder({ ecosystems, crc32, latin1, now });
  const faults: string[] = [];
  let unreadable = 0;
  let records = 0;
  const fail = (fault: string) => {
    unreadable++;
    if (faults.length < namedFaults) faults.push(fault);
  };
  let since = performance.now();
  for (const source of sources) {
    for await (const record of recordTexts(source)) {
      const wrong = 'fault' in record ? [`: ${record.fault}`] : addText(builder, record.text);
      for (const one of wrong) fail(`${record.of}${one}`);
      if (wrong.length === 0) records++;
      if (performance.now() - since < portionMs) continue;
      onProgress?.(records);
      await new Promise((resolve) => setImmediate(resolve));
      signal?.throwIfAborted();
      since = performance.now();
    }
  }
  return { index: builder.finish({ unreadable }), unreadable, faults };
}

/** A file may hold one record, or a list of them. → what is wrong with it, each behind the name of the file */
function addText(builder: IndexBuilder, text: string): readonly string[] {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return [': it is not JSON'];
  }
  const list: readonly unknown[] = Array.isArray(json) ? json : [json];
  return list.flatMap((one, at) => {
    if (builder.add(one) === 'taken') return [];
    return [`${Array.isArray(json) ? `, record ${at + 1}` : ''}: ${recordFault(one)}`];
  });
}

export type ChangeOutcome =
  | { readonly state: 'published'; readonly file: string; readonly index: UpdatedIndex }
  /** Nothing was written: it holds all of it already. */
  | { readonly state: 'nothing' }
  /** Nothing was written: these records are needed as well, since the index holds less of them than is needed now. */
  | { readonly state: 'wanting'; readonly ids: readonly string[] }
  /** There is no index to be changed, or it is damaged: it is to be built anew. */
  | { readonly state: 'unusable'; readonly reason: string };

/**
 * Makes a new generation of the index of a folder: the old one with these changes, as of `asOf`. Who reads the old one goes on
 * reading it. Throws faults of the disk, and then the old one still counts.
 */
export async function applyChanges(
  folder: string,
  changes: IndexChanges,
  { now, asOf, sync }: { readonly now: Date; readonly asOf: Date; readonly sync?: unknown },
): Promise<ChangeOutcome> {
  const located = locateIndex(folder);
  if (!located) return { state: 'unusable', reason: 'there is none' };
  if ('fault' in located) return { state: 'unusable', reason: located.fault };
  const file = openIndexFile(located.file);
  if (!file) return { state: 'unusable', reason: 'its file is gone' };
  if ('fault' in file) return { state: 'unusable', reason: file.fault };
  let index: UpdatedIndex;
  try {
    const before = openIndex(file, versionsOf);
    if ('fault' in before) return { state: 'unusable', reason: before.fault };
    index = updateIndex(before, changes, { ecosystems, crc32, now, asOf });
  } catch (error) {
    return { state: 'unusable', reason: (error as Error).message };
  } finally {
    file.close();
  }
  if (index.wanted.length) return { state: 'wanting', ids: index.wanted };
  if (index.isSame) return { state: 'nothing' };
  const published = await publishIndex(folder, index.pieces, asOf, sync);
  return { state: 'published', file: published.file, index };
}
