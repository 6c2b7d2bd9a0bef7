import type { Registry } from '../core/ecosystem';
import type { FeedContext } from '../core/feed';
import type { CacheEntry } from '../core/io';
import type { Lookup } from '../core/lookup';
import type { PackageRecord } from '../core/release';
import { decodeRecord, encodeRecord } from './releaseRecord';

/** What sets one registry apart from another; the asking, keeping and sharing of answers is the same for all. */
export interface ReleaseSource {
  /** The source's name in reports: `npm-registry`, `pypi`. */
  readonly id: string;
  /** The registry's address; part of the cache key, so that a mirror's answers are not taken for another's. */
  readonly baseUrl: string;
  urlOf(name: string): string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Bodies over this many bytes are refused. */
  readonly maxBytes: number;
  /** What an answer says of the package; `undefined` where it is not one. May throw on garbage. */
  parse(body: string): PackageRecord | undefined;
}

type Answer = Lookup<PackageRecord>;
interface Known {
  readonly value: PackageRecord;
  readonly asOf: Date;
  /** To be asked again, however young it is. */
  readonly old?: boolean;
}

interface Flight {
  readonly answer: Promise<Answer>;
  giveUp(reason: unknown): void;
  waiting: number;
}

const formatVersion = 2;
const freshForMs = 60 * 60 * 1000;
/** For this long a failure is repeated instead of asked again, so that an outage costs one request a name and minute. */
const failureForMs = 60 * 1000;
const namesInMemory = 4000;

/**
 * A {@link Registry} that keeps answers in memory and in the cache for an hour, asks once for any number of simultaneous
 * callers, and shows the last known list with its date where the registry cannot be asked.
 */
export function createReleaseStore(source: ReleaseSource, context: FeedContext): Registry {
  const known = new Map<string, Known>();
  const failed = new Map<string, { readonly reason: string; readonly at: number }>();
  const flights = new Map<string, Flight>();
  const base = source.baseUrl.replace(/\/+$/, '');
  const keyOf = (name: string) => `releases/${formatVersion} ${source.id} ${base} ${name}`;
  // A date ahead of the clock is no sign of freshness: the clock may have been wrong, or set back by --now.
  const recent = (at: number, ms: number) => Math.abs(context.clock.now().getTime() - at) < ms;

  function held(name: string): Answer {
    const last = known.get(name);
    if (last && !last.old && recent(last.asOf.getTime(), freshForMs)) return { state: 'known', value: last.value, asOf: last.asOf };
    const failure = failed.get(name);
    if (failure && recent(failure.at, failureForMs)) return unanswered('unavailable', failure.reason, last);
    return unanswered('pending', `${source.id} is being asked`, last);
  }

  async function recordOf(name: string, signal?: AbortSignal): Promise<Answer> {
    signal?.throwIfAborted();
    const now = held(name);
    if (now.state !== 'pending') return now;
    let flight = flights.get(name);
    if (!flight) {
      flight = takeOff(name);
      flights.set(name, flight);
    }
    return shareFlight(flight, signal);
  }

  function takeOff(name: string): Flight {
    const controller = new AbortController();
    const answer = ask(name, controller.signal);
    const flight: Flight = { answer, waiting: 0, giveUp };
    answer.then(forget, forget);
    return flight;

    function forget(): void {
      if (flights.get(name) === flight) flights.delete(name);
    }
    function giveUp(reason: unknown): void {
      forget();
      controller.abort(reason);
    }
  }

  async function ask(name: string, signal: AbortSignal): Promise<Answer> {
    await fromDisk(name);
    const now = held(name);
    if (now.state === 'known') return now;
    const response = await context.http.request(
      { url: source.urlOf(name), headers: source.headers, purpose: 'releases', names: [name], maxBytes: source.maxBytes },
      signal,
    );
    signal.throwIfAborted();
    if (!response.ok) return fail(name, response.message);
    if (response.status === 404) {
      // That is an answer: nothing can be installed under this name. It is not kept beyond this process, since it may soon be another.
      const none = { value: { exists: false, releases: [] }, asOf: context.clock.now() };
      keep(name, none);
      return { state: 'known', ...none };
    }
    if (response.status !== 200) return fail(name, `${source.id} answered ${response.status}`);
    const value = parsed(response.body);
    if (!value) return fail(name, `${source.id} answered with something that is not a list of releases`);
    const answer = { value, asOf: context.clock.now() };
    keep(name, answer);
    await context.cache.put(keyOf(name), encodeRecord(value)).catch(() => undefined);
    return { state: 'known', ...answer };
  }

  /** Fills memory from the cache; an entry that is not what was put there counts as absent. */
  async function fromDisk(name: string): Promise<void> {
    if (known.has(name)) return;
    const entry: CacheEntry | undefined = await context.cache.get(keyOf(name)).catch(() => undefined);
    const value = entry && decodeRecord(entry.value);
    if (value) keep(name, { value, asOf: entry.storedAt });
  }

  function parsed(body: string): PackageRecord | undefined {
    try {
      return source.parse(body);
    } catch {
      return undefined;
    }
  }

  function keep(name: string, answer: Known): void {
    failed.delete(name);
    bounded(known, name, answer);
  }

  function fail(name: string, reason: string): Answer {
    bounded(failed, name, { reason, at: context.clock.now().getTime() });
    return unanswered('unavailable', reason, known.get(name));
  }

  return {
    id: source.id,
    held,
    recordOf,
    expire() {
      failed.clear();
      for (const [name, answer] of known) known.set(name, { ...answer, old: true });
    },
  };
}

function unanswered(state: 'pending' | 'unavailable', reason: string, last: Known | undefined): Answer {
  return last ? { state, reason, last: { value: last.value, asOf: last.asOf } } : { state, reason };
}

/** Waits for a shared request. It is given up when the last of those who wait for it has given up. */
function shareFlight(flight: Flight, signal: AbortSignal | undefined): Promise<Answer> {
  flight.waiting++;
  if (!signal) return flight.answer;
  return new Promise((resolve, reject) => {
    const leave = () => {
      flight.waiting--;
      if (flight.waiting === 0) flight.giveUp(signal.reason);
      reject(signal.reason as Error);
    };
    signal.addEventListener('abort', leave, { once: true });
    flight.answer.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave));
  });
}

/** Sets an entry as the youngest and drops the oldest beyond the bound. */
function bounded<V>(map: Map<string, V>, name: string, value: V): void {
  map.delete(name);
  map.set(name, value);
  if (map.size <= namesInMemory) return;
  const oldest = map.keys().next();
  if (!oldest.done) map.delete(oldest.value);
}
