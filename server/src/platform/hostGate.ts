/** Thrown to a request that waited for its turn at a host that turned out to answer nobody. */
export class UselessHost extends Error {}

/** The right to ask a host; given back with what was learned about it. */
export interface Turn {
  /** The host gave an answer, whatever it said: all of it, and no mere *later* (429, 5xx). */
  answered(): void;
  /** Must be called once. `fault`: the host could not be reached, or no try got an answer from it. */
  end(fault?: string): void;
}

interface Host {
  underWay: number;
  /** Counts answers, so that a request can tell whether others had one since it began. */
  answers: number;
  readonly waiting: Set<{ readonly start: () => void; readonly fail: (error: unknown) => void }>;
}

/**
 * At most so many requests under way at each host. Where a request ends without an answer, and others had none meanwhile
 * either, those who wait for their turn fail with it: otherwise a dead host would cost its timeout, and one that is
 * overloaded all its retries, once for every few of them.
 */
export function createHostGate(limit: number): (host: string, signal?: AbortSignal) => Promise<Turn> {
  const hosts = new Map<string, Host>();

  return async (name, signal) => {
    signal?.throwIfAborted();
    let host = hosts.get(name);
    if (!host) hosts.set(name, (host = { underWay: 0, answers: 0, waiting: new Set() }));
    if (host.underWay < limit) host.underWay++;
    else await turnOf(host, signal);
    return turnAt(host);
  };

  function turnAt(host: Host): Turn {
    const before = host.answers;
    return {
      answered: () => void host.answers++,
      end(fault) {
        if (fault !== undefined && host.answers === before) {
          for (const waiter of host.waiting) waiter.fail(new UselessHost(fault));
          host.waiting.clear();
        }
        const [next] = host.waiting;
        if (next) {
          // The place is handed on, never free in between, so that nobody else can slip in.
          host.waiting.delete(next);
          next.start();
        } else {
          host.underWay--;
        }
      },
    };
  }
}

function turnOf(host: Host, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const leave = () => signal?.removeEventListener('abort', abort);
    const waiter = {
      start: () => {
        leave();
        resolve();
      },
      fail: (error: unknown) => {
        leave();
        reject(error instanceof Error ? error : new Error(String(error)));
      },
    };
    const abort = () => {
      host.waiting.delete(waiter);
      leave();
      reject(signal!.reason as Error);
    };
    signal?.addEventListener('abort', abort, { once: true });
    host.waiting.add(waiter);
  });
}
