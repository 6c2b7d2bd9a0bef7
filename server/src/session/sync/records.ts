import { accessed, type Access } from '../../platform/access';
import type { Http } from '../../core/io';

/** A record of a dump. */
export interface Listed {
  readonly ecosystem: string;
  readonly id: string;
}

export interface FetchOptions {
  readonly http: Http;
  readonly access: Access;
  readonly dump: string;
  readonly onProgress?: (done: number, all: number) => void;
  readonly signal?: AbortSignal | undefined;
}

export type Fetched =
  | { readonly ok: true; readonly records: readonly { readonly id: string; readonly text: string }[]; readonly missing: readonly Listed[] }
  /** `unfit`: the server does not serve single records, or they are too much. */
  | { readonly ok: false; readonly message: string; readonly unfit: boolean };

const inFlight = 6;
const longestRecord = 32 << 20;
/** They are held until all have come. */
const mostBytes = 128 << 20;

/** Fetches records one by one, several at a time. Those that are not there are `missing`; any other fault ends it, and nothing is half taken. */
export async function fetchRecords(wanted: readonly Listed[], { http, access, dump, onProgress, signal }: FetchOptions): Promise<Fetched> {
  const stop = new AbortController();
  const own = signal ? AbortSignal.any([signal, stop.signal]) : stop.signal;
  const records: { readonly id: string; readonly text: string }[] = [];
  const missing: Listed[] = [];
  let fault: { readonly message: string; readonly unfit: boolean } | undefined;
  let next = 0;
  let bytes = 0;
  const fail = (message: string, unfit: boolean) => {
    fault ??= { message, unfit };
    stop.abort();
  };
  const worker = async (): Promise<void> => {
    while (next < wanted.length && !fault) {
      const one = wanted[next++]!;
      const url = recordUrl(dump, one);
      const answer = await http.request(accessed({ url, purpose: 'offline index', names: [one.id], maxBytes: longestRecord }, access), own);
      if (!answer.ok) return fail(answer.message, false);
      if (answer.status === 404 || answer.status === 410) missing.push(one);
      else if (answer.status !== 200) return fail(`the server answered ${answer.status} to ${one.id}`, true);
      else records.push({ id: one.id, text: answer.body });
      bytes += answer.body.length;
      if (bytes > mostBytes) return fail('the changed records are too long', true);
      onProgress?.(records.length + missing.length, wanted.length);
    }
  };
  const results = await Promise.allSettled(Array.from({ length: Math.min(inFlight, wanted.length) }, worker));
  signal?.throwIfAborted();
  if (fault) return { ok: false, ...fault };
  const broken = results.find(({ status }) => status === 'rejected') as PromiseRejectedResult | undefined;
  if (broken) throw broken.reason;
  return { ok: true, records, missing };
}

export function recordUrl(dump: string, { ecosystem, id }: Listed): string {
  return `${dump}/${encodeURIComponent(ecosystem)}/${encodeURIComponent(id)}.json`;
}
