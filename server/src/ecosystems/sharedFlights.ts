/** A question under way. */
interface Flight {
  readonly done: Promise<void>;
  giveUp(reason: unknown): void;
  waiting: number;
}

/** Work that any number of callers wait for and that is begun once. */
export interface SharedFlights {
  /** Waits for the work under this key, beginning it where it is not under way. Given up when the last of those who wait has given up. */
  join(key: string, begin: (signal: AbortSignal) => Promise<void>, signal?: AbortSignal): Promise<void>;
}

export function createSharedFlights(): SharedFlights {
  const flights = new Map<string, Flight>();

  function takeOff(key: string, begin: (signal: AbortSignal) => Promise<void>): Flight {
    const controller = new AbortController();
    const done = begin(controller.signal);
    const forget = () => {
      if (flights.get(key) === flight) flights.delete(key);
    };
    const flight: Flight = {
      done,
      waiting: 0,
      giveUp(reason) {
        forget();
        controller.abort(reason);
      },
    };
    done.then(forget, forget);
    return flight;
  }

  return {
    join(key, begin, signal) {
      let flight = flights.get(key);
      if (!flight) flights.set(key, (flight = takeOff(key, begin)));
      return share(flight, signal);
    },
  };
}

function share(flight: Flight, signal: AbortSignal | undefined): Promise<void> {
  flight.waiting++;
  if (!signal) return flight.done;
  return new Promise((resolve, reject) => {
    const leave = () => {
      flight.waiting--;
      if (flight.waiting === 0) flight.giveUp(signal.reason);
      reject(signal.reason as Error);
    };
    signal.addEventListener('abort', leave, { once: true });
    flight.done.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave));
  });
}
