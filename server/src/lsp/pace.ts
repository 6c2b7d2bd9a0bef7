/** Changes that come together are judged together. Nobody feels it. */
const gatherMs = 1;
/** While changes come faster than they are judged, passes take this part of the time, and never pause for longer. */
const share = 1 / 3;
const longestPauseMs = 200;

/**
 * When typed text is judged: at once, as a rule. Where the next change was already waiting when a pass was done (a script
 * types, or the machine is slow), passes pause, so that a thousand changes do not take a thousand passes.
 */
export interface Pace {
  soon(): void;
  /** Runs a pass now; one that was to come soon is done with it. */
  pass(work: () => void): void;
  dispose(): void;
}

export function createPace(onDue: () => void): Pace {
  let timer: NodeJS.Timeout | undefined;
  let tookMs = 0;
  /** Whether a pass has just ended, so that what comes now has waited for its end. */
  let justEnded = false;
  return {
    soon() {
      if (timer) return;
      const pause = justEnded ? Math.min(longestPauseMs, tookMs * (1 / share - 1)) : 0;
      timer = setTimeout(onDue, Math.max(gatherMs, pause));
    },
    pass(work) {
      clearTimeout(timer);
      timer = undefined;
      const started = performance.now();
      try {
        work();
      } finally {
        tookMs = performance.now() - started;
        justEnded = true;
        // What waits in the pipe is read in the next turn of the event loop, and handled at its end.
        setImmediate(() => setImmediate(() => (justEnded = false)));
      }
    },
    dispose() {
      clearTimeout(timer);
    },
  };
}
