import { fetchRecords, recordUrl, type Listed } from './records';
import { readModified } from './modified';
import { missingKept, type Mark, type SyncNote } from './note';
import type { Standing, SyncOptions } from './syncIndex';
import { accessed } from '../../platform/access';

/** More are dearer one by one than the dumps as a whole. */
export const mostChanges = 5000;
/** So often it is looked what is no longer listed; of a short list each time. */
const compareEveryMs = 7 * 24 * 60 * 60_000;
/** An index whose list was left out may want some more; each round wants what the one before has made it want. */
const rounds = 4;

export type ChangesOutcome =
  | { readonly state: 'nothing'; readonly asOf: Date; readonly note: SyncNote; readonly notes: readonly string[] }
  | { readonly state: 'taken'; readonly asOf: Date; readonly changed: number; readonly removed: number; readonly notes: readonly string[] }
  | { readonly state: 'failed'; readonly message: string }
  /** It takes whole dumps. */
  | { readonly state: 'unfit'; readonly reason: string };

/** Takes what has changed since the last sync. The marks move when all of it was taken, in one with the index. */
export async function syncChanges(options: SyncOptions, standing: Standing): Promise<ChangesOutcome> {
  const { http, dump, folder, now, work, onProgress, signal } = options;
  const { note, covered } = standing;
  onProgress?.({ text: 'asking what has changed' });
  const read = await readLists(options, standing);
  if (read.state !== 'read') return read;
  const { wanted, asOf, older, notes } = read;

  const fetching = { http, access: dump, dump: dump.shown, signal };
  const progress = (done: number, all: number) => onProgress?.({ text: 'fetching changed records', done, all, unit: 'records' });
  const fetched = await fetchRecords(wanted, { ...fetching, onProgress: progress });
  if (!fetched.ok) return fetched.unfit ? { state: 'unfit', reason: fetched.message } : { state: 'failed', message: fetched.message };
  const { records, missing } = fetched;
  if (missing.length && !(await servesRecords(options, records.length > 0, older)))
    return { state: 'unfit', reason: 'the dump does not serve single records' };
  // What is listed and not there has gone, or has not arrived at this mirror yet: it is asked for again.
  const again = missingAgain(missing, note);
  if (missing.length > missingKept) return { state: 'unfit', reason: `${missing.length} changed records are not there` };

  const next: SyncNote = {
    ...note,
    marks: read.marks,
    missing: again,
    ...(read.listed !== undefined && { comparedAt: now.toISOString() }),
  };
  if (records.length === 0 && missing.length === 0 && read.listed === undefined) return { state: 'nothing', asOf, note: next, notes };

  onProgress?.({ text: 'writing the offline index' });
  const all = [...records];
  for (let left = rounds; left > 0; left--) {
    const order = { folder, records: all, removed: missing.map(({ id }) => id), now: now.getTime(), asOf: asOf.getTime(), note: next };
    const outcome = await work.apply({ ...order, ...(read.listed !== undefined && { listed: read.listed }) }, signal);
    if (outcome.state === 'nothing') return { state: 'nothing', asOf, note: next, notes };
    if (outcome.state === 'published') return { state: 'taken', asOf, changed: outcome.changed, removed: outcome.removed, notes };
    if (outcome.state === 'failed') return { state: 'failed', message: outcome.message };
    if (outcome.state === 'unusable') return { state: 'unfit', reason: outcome.reason };
    const more = await fetchAnywhere(outcome.ids, covered, fetching);
    if (typeof more === 'string') return { state: 'unfit', reason: more };
    all.push(...more);
  }
  return { state: 'unfit', reason: 'the changes want ever more records' };
}

interface Read {
  readonly state: 'read';
  readonly wanted: readonly Listed[];
  readonly marks: Readonly<Record<string, Mark>>;
  readonly asOf: Date;
  /** A record that has not changed. */
  readonly older?: Listed;
  readonly listed?: string;
  readonly notes: readonly string[];
}

/** Reads the lists of changes of all ecosystems. */
async function readLists(
  { http, dump, ecosystems, now, signal }: SyncOptions,
  { note, covered }: Standing,
): Promise<Read | Exclude<ChangesOutcome, { state: 'nothing' | 'taken' }>> {
  const wanted = new Map<string, Listed>();
  const marks: Record<string, Mark> = {};
  const lists: string[] = [];
  let older: Listed | undefined;
  let asOf = now;
  const whole = now.getTime() - Date.parse(note.comparedAt) > compareEveryMs;
  for (const ecosystem of ecosystems) {
    const mark = note.marks[ecosystem];
    const url = `${dump.shown}/${encodeURIComponent(ecosystem)}/modified_id.csv`;
    const list = await readModified({ http, access: dump, url, mark, most: mostChanges, whole, now, signal });
    if (!covered.includes(ecosystem)) {
      if (list.ok) return { state: 'unfit', reason: `the dump has ${ecosystem} now` };
      continue;
    }
    if (!list.ok) {
      const lacksIt = list.status === 404 || list.status === 403;
      return lacksIt ? { state: 'unfit', reason: list.message } : { state: 'failed', message: `${ecosystem}: ${list.message}` };
    }
    if (list.tooMany) return { state: 'unfit', reason: `more than ${mostChanges} records have changed` };
    for (const id of [...list.ids, ...(note.missing[ecosystem] ?? [])]) if (!wanted.has(id)) wanted.set(id, { ecosystem, id });
    if (list.mark) marks[ecosystem] = list.mark;
    if (list.older !== undefined) older ??= { ecosystem, id: list.older };
    if (list.all !== undefined) lists.push(list.all);
    if (list.asOf < asOf) asOf = list.asOf;
  }
  if (wanted.size > mostChanges) return { state: 'unfit', reason: `more than ${mostChanges} records have changed` };
  const isWhole = lists.length === covered.length;
  return {
    state: 'read',
    wanted: [...wanted.values()],
    marks,
    asOf,
    ...(older && { older }),
    ...(isWhole && { listed: lists.join('\n') }),
    notes: [],
  };
}

/** Whether a record that is not there has gone: a server that serves no single records at all says the same of each. */
async function servesRecords({ http, dump, signal }: SyncOptions, hasServed: boolean, older: Listed | undefined): Promise<boolean> {
  if (hasServed || !older) return hasServed;
  const url = recordUrl(dump.shown, older);
  const answer = await http.request(accessed({ url, purpose: 'offline index', names: [older.id] }, dump), signal);
  return answer.ok && answer.status === 200;
}

function missingAgain(missing: readonly Listed[], note: SyncNote): Record<string, readonly string[]> {
  const again: Record<string, string[]> = {};
  for (const { ecosystem, id } of missing) {
    // What was not there the last time either has gone.
    if (note.missing[ecosystem]?.includes(id)) continue;
    (again[ecosystem] ??= []).push(id);
  }
  return again;
}

/** Records of which only the ids are known, or why they are not to be had. */
async function fetchAnywhere(
  ids: readonly string[],
  ecosystems: readonly string[],
  fetching: Parameters<typeof fetchRecords>[1],
): Promise<readonly { readonly id: string; readonly text: string }[] | string> {
  const records: { readonly id: string; readonly text: string }[] = [];
  let left = ids;
  for (const ecosystem of ecosystems) {
    const fetched = await fetchRecords(
      left.map((id) => ({ ecosystem, id })),
      fetching,
    );
    if (!fetched.ok) return fetched.message;
    records.push(...fetched.records);
    left = fetched.missing.map(({ id }) => id);
  }
  return left.length ? `${left[0]} is wanted and not there` : records;
}
