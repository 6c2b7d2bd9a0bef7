/** Runs jobs one after another, in their order. */
export interface Serial {
  /** Resolves or rejects with the job. */
  run<T>(job: () => Promise<T>): Promise<T>;
}

export function createSerial(): Serial {
  let last: Promise<unknown> = Promise.resolve();
  return {
    run(job) {
      const done = last.then(job);
      last = done.catch(() => undefined);
      return done;
    },
  };
}
