import type { Ecosystem, Registry } from '../core/ecosystem';
import type { FeedContext } from '../core/feed';
import type { Http, HttpRequest, HttpResponse } from '../core/io';
import type { Lookup } from '../core/lookup';
import { withAccess, type Access } from '../platform/access';

/** After so many names in a row of which an index could tell nothing, and none of which it could, the others are not asked. */
const fruitlessInARow = 3;
/** So long an index that is down is left in peace; the public registry has rules of its own. */
const downForMs = 60_000;

/**
 * A client for an index that is not the public one. What it cannot tell is not known, and no failure: it may want credentials that
 * nobody gave, or have no form that can be read. Such an answer is `disabled`, with the reason, and is not asked for again until
 * `expire`. An outage is `unavailable` as everywhere.
 */
export function createIndexRegistry(ecosystem: Ecosystem, access: Access, id: string, context: FeedContext): Registry {
  const { host } = new URL(access.url);
  /** By name, why nothing is known. */
  const silent = new Map<string, string>();
  /** Why nothing is known of any name. */
  let whole: string | undefined;
  let fruitless = 0;
  let heard = false;
  /** Until the index has said anything, one question at a time: three hundred need not be refused. */
  let first: Promise<unknown> | undefined;
  let spoken = false;
  let down: { readonly reason: string; readonly until: number } | undefined;
  /** Names of which no answer came for want of a connection. */
  const lost = new Set<string>();

  const note = (name: string, reason: string) => {
    silent.set(name, reason);
    if (!heard && ++fruitless >= fruitlessInARow) whole ??= reason;
  };

  const request = async (asked: HttpRequest, signal?: AbortSignal): Promise<HttpResponse> => {
    const name = asked.names[0] ?? '';
    // That an index has no attestations says nothing of its releases.
    if (asked.purpose === 'provenance') return withAccess(context.http, access).request(asked, signal);
    while (!spoken && first) await first;
    signal?.throwIfAborted();
    if (whole !== undefined) return { ok: false, message: whole };
    if (!spoken && down && Date.now() < down.until) {
      lost.add(name);
      return { ok: false, message: down.reason };
    }
    const answer = withAccess(context.http, access).request(asked, signal);
    if (!spoken) {
      first = answer.then(
        () => undefined,
        () => undefined,
      );
      void first.then(() => (first = undefined));
    }
    const response = await answer;
    if (!response.ok) {
      lost.add(name);
      if (!spoken) down = { reason: response.message, until: Date.now() + downForMs };
      return response;
    }
    spoken = true;
    down = undefined;
    lost.delete(name);
    return judged(response, name);
  };

  const judged = (response: HttpResponse & { readonly ok: true }, name: string): HttpResponse => {
    const { status } = response;
    if (status === 401 || status === 407) {
      whole = access.authorization
        ? `${host} refuses the credentials of the user's configuration (${status})`
        : `${host} asks for credentials, and the user's configuration has none for it (${status})`;
      return { ok: false, message: whole };
    }
    if (status !== 403) return response;
    // PyTorch's storage answers so for a name that it does not have; uv takes it for that as well.
    if (host === 'download.pytorch.org') return { ...response, status: 404 };
    const reason = `${host} refuses to tell (403)`;
    note(name, reason);
    return { ok: false, message: reason };
  };

  const store = ecosystem.registry(baseOf(ecosystem, access), { ...context, http: inForm(ecosystem, access, { request }) });

  /** An answer that is no answer, although the index was there. */
  const settled = <T>(name: string, lookup: Lookup<T>): Lookup<T> => {
    if (lookup.state === 'known') {
      heard = true;
      return lookup;
    }
    const reason = whole ?? silent.get(name);
    if (reason === undefined && (lookup.state !== 'unavailable' || lost.has(name))) return lookup;
    if (reason === undefined) note(name, lookup.reason);
    return { state: 'disabled', reason: reason ?? lookup.reason, ...(lookup.last && { last: lookup.last }) };
  };
  const isSilent = (name: string) => whole !== undefined || silent.has(name);

  return {
    id,
    held: (name) => settled(name, store.held(name)),
    recordOf: async (name, signal) => settled(name, isSilent(name) ? store.held(name) : await store.recordOf(name, signal)),
    existence: (name) => settled(name, store.existence(name)),
    knowExistence: async (name, signal) => settled(name, isSilent(name) ? store.existence(name) : await store.knowExistence(name, signal)),
    ...(store.filesOf && { filesOf: store.filesOf.bind(store) }),
    ...(store.attestationsOf && { attestationsOf: store.attestationsOf.bind(store) }),
    ...(store.signingKeys && { signingKeys: store.signingKeys.bind(store) }),
    expire(name) {
      if (name !== undefined) return store.expire?.(name);
      silent.clear();
      lost.clear();
      whole = undefined;
      fruitless = 0;
      spoken = false;
      down = undefined;
      store.expire?.();
    },
  };
}

/** An index that was asked for nothing: why, is the answer to everything. */
export function createSilentRegistry(id: string, reason: string): Registry {
  const answer = { state: 'disabled', reason } as const;
  return {
    id,
    held: () => answer,
    recordOf: () => Promise.resolve(answer),
    existence: () => answer,
    knowExistence: () => Promise.resolve(answer),
  };
}

/** PyPI's client takes `…/simple` for the address of an index, which many do not end in. */
function baseOf({ id }: Ecosystem, { shown }: Access): string {
  return id === 'PyPI' && !shown.endsWith('/simple') ? `${shown}/simple` : shown;
}

/** Turns addresses below such a base into the index's own. Where its site begins is not known: what lies beside the index is not asked for. */
function inForm(ecosystem: Ecosystem, { shown }: Access, http: Http): Http {
  const base = baseOf(ecosystem, { shown, url: shown });
  if (base === shown) return http;
  return {
    request(asked, signal) {
      if (asked.purpose === 'provenance') return http.request(asked, signal);
      if (asked.url.startsWith(`${base}/`)) return http.request({ ...asked, url: shown + asked.url.slice(base.length) }, signal);
      return Promise.resolve({ ok: true, status: 404, headers: { 'content-type': 'application/json' }, body: '{}' });
    },
  };
}
