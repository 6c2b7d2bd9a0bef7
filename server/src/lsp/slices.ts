/** Longer than that at a time the thread is not held by work that nobody waits for; what came meanwhile has its turn then. */
const sliceMs = 12;

/** Measures out long work: after each step one asks whether the slice is over, and if so waits for the next. */
export interface Slices {
  over(): boolean;
  next(): Promise<void>;
}

export function createSlices(): Slices {
  let began = performance.now();
  return {
    over: () => performance.now() - began > sliceMs,
    async next() {
      // A timer, too, has its turn before: a keystroke's pass is one.
      await new Promise((resolve) => setImmediate(resolve));
      began = performance.now();
    },
  };
}
