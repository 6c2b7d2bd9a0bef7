import { accessed, type Access } from '../../platform/access';
import type { ConfigurableHttp, Sink } from '../../platform/http';
import { compareMoments, compareTimes, idsKept, type Mark, type Moment } from './note';

// `modified_id.csv` of a dump: a row `time,id` for each record, newest first (OSV, "Data dumps"). It is megabytes long, and what is
// new stands at its top, so that it is read until something known is met.

export interface ListOptions {
  readonly http: Pick<ConfigurableHttp, 'download'>;
  readonly access: Access;
  readonly url: string;
  /** Where the last reading ended; without one the first row alone is read. */
  readonly mark: Mark | undefined;
  /** With more changes than that nobody wants to know which. */
  readonly most: number;
  /** Reads all of it, for the sake of what is no longer listed. A short list is always read whole. */
  readonly whole: boolean;
  readonly now: Date;
  readonly signal?: AbortSignal | undefined;
}

export type ListOutcome =
  | {
      readonly ok: true;
      /** What has changed since the mark, newest first. */
      readonly ids: readonly string[];
      readonly tooMany: boolean;
      /** To go on from the next time. Rows of the future do not count. */
      readonly mark: Mark | undefined;
      /** An id that was not asked for: of a record that has not changed. */
      readonly older: string | undefined;
      /** All ids that are listed, one a line; absent where it was not read whole. */
      readonly all?: string;
      /** As of when it shows what there is: see {@link asOfServed}. */
      readonly asOf: Date;
    }
  | { readonly ok: false; readonly message: string; readonly status?: number };

const row = /^"?([^",\s]{4,40})"?,"?([A-Za-z0-9][\w.:+-]{0,127})"?$/;
const longestRow = 400;
const shortList = 1 << 20;
const longestList = 1 << 30;

class Unreadable extends Error {}

/** Reads a list of changes. What is no such list, a login page for instance, is never taken for *nothing new*. */
export async function readModified({ http, access, url, mark, most, whole, now, signal }: ListOptions): Promise<ListOutcome> {
  const marked = mark && { at: Date.parse(mark.at), time: mark.at, ids: mark.ids };
  let state = newState();
  let status = 0;
  let lastModified: string | undefined;
  let open = '';
  let received = 0;
  let isWhole = false;
  let readsAll = whole;
  const decoder = new TextDecoder('latin1');

  /** Whether more is wanted. */
  const line = (text: string): boolean => {
    const clean = text.endsWith('\r') ? text.slice(0, -1) : text;
    if (clean === '') return true;
    const match = row.exec(clean);
    const [, time = '', id = ''] = match ?? [];
    const at = Date.parse(time);
    if (Number.isNaN(at)) {
      // A table may have a head.
      if (state.rows === 0 && !state.head && match && !/\d/.test(time)) return (state.head = true);
      throw new Unreadable('its list of changes could not be read');
    }
    state.rows++;
    const moment: Moment = { at, time };
    if (state.last && compareMoments(moment, state.last) > 0) state.sorted = false;
    state.last = moment;
    state.all.push(id);
    if (at <= now.getTime()) {
      const order = state.newest ? compareMoments(moment, state.newest) : 1;
      if (order > 0) state.newest = { ...moment, ids: [id] };
      else if (order === 0 && state.newest!.ids.length < idsKept) state.newest = { ...moment, ids: [...state.newest!.ids, id] };
    }
    if (!marked) return false;
    const order = compareMoments(moment, marked);
    if (order > 0 || (order === 0 && !marked.ids.includes(id))) state.ids.add(id);
    else state.older ??= id;
    if (state.ids.size > most) return false;
    // One row beyond, for an id that has not changed.
    return readsAll || !state.sorted || order >= 0;
  };

  const sink: Sink = {
    headers: () => ({ accept: 'text/csv, */*', 'accept-encoding': 'identity' }),
    begin(answered, headers) {
      status = answered;
      if (answered !== 200) return false;
      if ((headers['content-encoding'] ?? 'identity') !== 'identity') throw new Unreadable('its list of changes is sent packed');
      state = newState();
      open = '';
      received = 0;
      lastModified = headers['last-modified'];
      const length = headers['content-length'];
      readsAll = whole || (length !== undefined && Number(length) <= shortList);
      return true;
    },
    take(piece) {
      received += piece.length;
      if (received > longestList) throw new Unreadable('its list of changes has no end');
      const lines = (open + decoder.decode(piece)).split('\n');
      open = lines.pop()!;
      if (open.length > longestRow) throw new Unreadable('its list of changes could not be read');
      return lines.every(line);
    },
  };

  try {
    const answer = await http.download(accessed({ url, purpose: 'offline index', names: [] }, access), sink, signal);
    if (!answer.ok) return answer;
    if (status !== 200) return { ok: false, message: `the server answered ${status} to its list of changes`, status };
    const tooMany = state.ids.size > most;
    isWhole = mark !== undefined && !tooMany && readsAll;
    // The last row may have no end of line.
    if (open !== '' && (isWhole || state.rows === 0)) line(open);
  } catch (error) {
    if (error instanceof Unreadable) return { ok: false, message: error.message };
    throw error;
  }
  if (state.rows === 0) return { ok: false, message: 'its list of changes is empty' };
  const date = Date.parse(lastModified ?? '');
  // Without a row that has happened, what it shows is as old as what was taken before.
  const newest = state.newest ?? marked;
  return {
    ok: true,
    ids: [...state.ids],
    tooMany: state.ids.size > most,
    mark: latest(mark, state.newest && { at: state.newest.time, ids: state.newest.ids }),
    older: state.older,
    ...(isWhole && { all: state.all.join('\n') }),
    asOf: asOfServed(Number.isNaN(date) ? undefined : new Date(date), newest?.at ?? 0, now),
  };
}

/**
 * As of when what a server serves counts: since when its file has not changed. Where it does not say, or names a time that has not
 * come, no younger than the newest record in it: of a mirror that nobody brings up any more the age may be told too old, and
 * never too young.
 */
export function asOfServed(lastModified: Date | undefined, newest: number, now: Date): Date {
  return lastModified && lastModified <= now ? lastModified : new Date(Math.min(newest, now.getTime()));
}

function newState() {
  return {
    ids: new Set<string>(),
    all: [] as string[],
    /** Of the rows that are not of the future. */
    newest: undefined as (Moment & Pick<Mark, 'ids'>) | undefined,
    older: undefined as string | undefined,
    last: undefined as Moment | undefined,
    rows: 0,
    head: false,
    sorted: true,
  };
}

/** A mirror that lags behind must not move the mark back. Rows of the same time add up. */
function latest(before: Mark | undefined, read: Mark | undefined): Mark | undefined {
  if (!before || !read) return read ?? before;
  const order = compareTimes(read.at, before.at);
  if (order !== 0) return order > 0 ? read : before;
  return { at: read.at, ids: [...new Set([...read.ids, ...before.ids])].slice(0, idsKept) };
}
