import path from 'node:path';
import { downloadFile, forgetDownload } from '../../platform/downloadFile';
import { readModified } from './modified';
import type { Mark } from './note';
import type { SyncOptions, SyncOutcome } from './syncIndex';

/** The npm dump has some hundred megabytes. */
const longestDump = 4 * 2 ** 30;

/**
 * Builds the index from whole dumps. `covered`: the ecosystems that the index must not lose; of the others one that the dump does not have
 * is left out.
 */
export async function fullSync(options: SyncOptions, covered: readonly string[], why: string): Promise<SyncOutcome> {
  const { http, dump, folder, ecosystems, now, work, onProgress, signal, write } = options;
  const dumps: Record<string, string> = {};
  const heads: Record<string, Mark> = {};
  const undated: string[] = [];
  const notes: string[] = [];
  let asOf = now;
  for (const id of ecosystems) {
    const base = `${dump.shown}/${encodeURIComponent(id)}`;
    // Before the dump: what changes while it is being fetched must be read the next time.
    const list = await readModified({
      http,
      access: dump,
      url: `${base}/modified_id.csv`,
      mark: undefined,
      most: 1,
      whole: false,
      now,
      signal,
    });
    if (list.ok && list.mark) heads[id] = list.mark;
    onProgress?.({ text: `downloading ${id}` });
    const answer = await downloadFile({
      http,
      access: dump,
      request: { url: `${base}/all.zip`, purpose: 'offline index', names: [] },
      place: placeOf(folder, id),
      maxBytes: longestDump,
      onProgress: (done, all) => onProgress?.({ text: `downloading ${id}`, done, ...(all !== undefined && { all }), unit: 'bytes' }),
      ...(signal && { signal }),
      ...(write && { write }),
    });
    if (answer.ok) {
      dumps[id] = answer.file;
      if (!answer.lastModified || answer.lastModified > now) undated.push(id);
      else if (answer.lastModified < asOf) asOf = answer.lastModified;
    } else if (answer.status === 404 && !covered.includes(id)) notes.push(`the dump has no ${id}`);
    else return { state: 'failed', message: `${id} could not be downloaded: ${answer.message}` };
  }
  if (Object.keys(dumps).length === 0) return { state: 'failed', message: `${dump.shown} has no dump of ${ecosystems.join(' or ')}` };

  onProgress?.({ text: 'building the offline index' });
  const order = { folder, dumps, dump: dump.shown, now: now.getTime(), asOf: asOf.getTime(), undated, heads, covered };
  const outcome = await work.build(order, (done) => onProgress?.({ text: 'building the offline index', done, unit: 'records' }), signal);
  if (outcome.state === 'published') {
    for (const id of ecosystems) forgetDownload(placeOf(folder, id));
    if (outcome.unreadable) notes.push(`${outcome.unreadable} of the records could not be read`);
    return { state: 'synced', how: 'full', asOf: new Date(outcome.asOf), changed: 0, removed: 0, notes: [...notes, ...outcome.notes], why };
  }
  if (outcome.state !== 'failed') throw new Error(`building an index: ${outcome.state}`);
  // What is damaged would be damaged the next time as well.
  if (outcome.corrupt) for (const id of ecosystems) forgetDownload(placeOf(folder, id));
  return { state: 'failed', message: outcome.message };
}

function placeOf(folder: string, ecosystem: string): string {
  return path.join(folder, 'sync', `${ecosystem}.zip`);
}
