import type { CacheEntry, Http, HttpRequest, HttpResponse } from '../../server/src/core/io';
import type { FeedContext } from '../../server/src/core/feed';
import { createHttp } from '../../server/src/platform/http';
import { createLedger } from '../../server/src/platform/ledger';

export const hour = 60 * 60 * 1000;
export const day = 24 * hour;

/** What a registry client is given: a clock that is set by hand, a disk in memory, and the network or a stand-in for it. */
export interface RegistryWorld {
  readonly context: FeedContext;
  readonly disk: Map<string, CacheEntry>;
  readonly asked: HttpRequest[];
  readonly clock: { time: number; now(): Date };
  /** Another process on the same disk, at the same time. */
  again(): RegistryWorld;
}

/** `http`: by default the real one, for loopback servers. */
export function registryWorld(
  http: Http | ((request: HttpRequest, signal?: AbortSignal) => HttpResponse | Promise<HttpResponse>) = realHttp(),
  disk = new Map<string, CacheEntry>(),
  time = Date.parse('2026-06-01T12:00:00Z'),
): RegistryWorld {
  const clock = { time, now: () => new Date(clock.time) };
  const asked: HttpRequest[] = [];
  const request = typeof http === 'function' ? http : http.request.bind(http);
  const context: FeedContext = {
    clock,
    http: {
      async request(question, signal) {
        asked.push(question);
        return request(question, signal);
      },
    },
    cache: {
      get: (key) => Promise.resolve(disk.get(key)),
      put(key, value) {
        disk.set(key, { storedAt: clock.now(), value: JSON.parse(JSON.stringify(value)) as unknown });
        return Promise.resolve();
      },
      clear: () => Promise.resolve(disk.clear()),
    },
  };
  return { context, disk, asked, clock, again: () => registryWorld(http, disk, clock.time) };
}

export function realHttp(timeoutMs = 400): Http {
  return createHttp({ ledger: createLedger(), settings: { noProxy: [], strictSsl: true, timeoutMs }, random: () => 0 });
}
