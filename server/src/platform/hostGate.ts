/** Thrown to a request that waited for its turn at a host that turned out not to answer. */
export class SilentHost extends Error {}

/** The right to ask a host; given back with what was learned about it. */
export interface Turn {
  /** The host spoke, whatever it said. */
  answered(): void;
  /** Must be called once. `silent`: the host could not be reached, or did not answer in time. */
  end(silent?: string): void;
}

interface Host {
  underWay: number;
  /** Counts answers, so that a request can tell whether the host spoke since it began. */
  answers: number;
  readonly waiting: Set<{ readonly start: () => void; readonly fail: (error: unknown) => void }>;
}

/**
 * At most so many requests under way at each host. Where a host falls silent, and said nothing to others meanwhile, those
 * who wait for their turn fail with it: otherwise a dead host would cost its timeout once for every few of them.
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
      end(silent) {
        if (silent !== undefined && host.answers === before) {
          for (const waiter of host.waiting) waiter.fail(new SilentHost(silent));
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
        reject(error as Error);
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
