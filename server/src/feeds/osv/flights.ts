/** Questions under way, by key, shared by all who wait for them. */
export interface Flights {
  has(key: string): boolean;
  /** Starts asking about keys that are not under way. `ask` must not reject. */
  start(keys: readonly string[], ask: (signal: AbortSignal) => Promise<void>): void;
  /**
   * Waits for whatever is under way about these keys. Rejects when the caller gives up; a question that nobody waits for any more is given
   * up too.
   */
  join(keys: readonly string[], signal: AbortSignal | undefined): Promise<void>;
}

interface Flight {
  readonly done: Promise<void>;
  readonly controller: AbortController;
  readonly keys: readonly string[];
  waiting: number;
}

export function createFlights(): Flights {
  const flights = new Map<string, Flight>();

  const forget = (flight: Flight) => {
    for (const key of flight.keys) if (flights.get(key) === flight) flights.delete(key);
  };

  return {
    has: (key) => flights.has(key),
    start(keys, ask) {
      const controller = new AbortController();
      const flight: Flight = { done: ask(controller.signal).finally(() => forget(flight)), controller, keys, waiting: 0 };
      for (const key of keys) flights.set(key, flight);
    },
    async join(keys, signal) {
      const joined = new Set(keys.map((key) => flights.get(key)).filter((flight) => flight !== undefined));
      for (const flight of joined) flight.waiting++;
      try {
        await settled(
          [...joined].map(({ done }) => done),
          signal,
        );
      } finally {
        for (const flight of joined) {
          if (--flight.waiting > 0) continue;
          // Forgotten at once, so that nobody joins what is being given up.
          forget(flight);
          flight.controller.abort();
        }
      }
    },
  };
}

function settled(promises: readonly Promise<void>[], signal: AbortSignal | undefined): Promise<unknown> {
  const all = Promise.all(promises);
  if (!signal) return all;
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason as Error);
    if (signal.aborted) return abort();
    signal.addEventListener('abort', abort, { once: true });
    all.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
    return undefined;
  });
}
