import { parentPort, Worker } from 'node:worker_threads';

// Work that would hold up the main thread is done by a worker thread, whose program lies beside those that start it.

/** What a worker can do, by name. Input, output and what is told meanwhile are plain data. */
export type Jobs = Readonly<Record<string, (input: never, tell: (progress: unknown) => void) => unknown>>;

interface Order {
  readonly id: number;
  readonly job: string;
  readonly input: unknown;
}

type Outcome = { readonly id: number } & ({ readonly output: unknown } | { readonly fault: string } | { readonly progress: unknown });

/** Does what the main thread orders, one job after another. */
export function serveJobs(jobs: Jobs): void {
  let last = Promise.resolve();
  parentPort?.on('message', ({ id, job, input }: Order) => {
    last = last.then(async () => {
      try {
        const work = Object.hasOwn(jobs, job) ? jobs[job] : undefined;
        if (!work) throw new Error(`no such job: ${job}`);
        const tell = (progress: unknown) => parentPort?.postMessage({ id, progress } satisfies Outcome);
        parentPort?.postMessage({ id, output: await work(input as never, tell) } satisfies Outcome);
      } catch (error) {
        parentPort?.postMessage({ id, fault: error instanceof Error ? error.message : String(error) } satisfies Outcome);
      }
    });
  });
}

export interface WorkerClient {
  /** Rejects where the job throws or the worker dies; the next job gets a new one. */
  run<T>(job: string, input: unknown, onProgress?: (progress: unknown) => void): Promise<T>;
  dispose(): void;
}

/** A worker that is started when it is first needed, and ended when it has had nothing to do for a while. `file` is its program. */
export function createWorkerClient(file: string, idleMs = 20_000): WorkerClient {
  let worker: Worker | undefined;
  let idle: NodeJS.Timeout | undefined;
  let next = 0;
  const waiting = new Map<
    number,
    { resolve: (output: unknown) => void; reject: (error: Error) => void; onProgress?: (progress: unknown) => void }
  >();

  const end = (reason: string) => {
    clearTimeout(idle);
    void worker?.terminate();
    worker = undefined;
    for (const { reject } of waiting.values()) reject(new Error(reason));
    waiting.clear();
  };

  const start = (): Worker => {
    const started = new Worker(file, { resourceLimits: { maxOldGenerationSizeMb: 512 } });
    started.unref();
    started.on('message', (outcome: Outcome) => {
      const order = waiting.get(outcome.id);
      if ('progress' in outcome) return order?.onProgress?.(outcome.progress);
      waiting.delete(outcome.id);
      if ('fault' in outcome) order?.reject(new Error(outcome.fault));
      else order?.resolve(outcome.output);
      if (waiting.size) return;
      started.unref();
      clearTimeout(idle);
      idle = setTimeout(() => end('the worker was idle'), idleMs);
      idle.unref();
    });
    const gone = (reason: string) => () => {
      if (worker === started) end(reason);
    };
    started.on('error', gone('the worker failed'));
    started.on('exit', gone('the worker ended'));
    return started;
  };

  return {
    run: (job, input, onProgress) =>
      new Promise((resolve, reject) => {
        clearTimeout(idle);
        worker ??= start();
        // While it has work the process stays.
        worker.ref();
        const id = next++;
        waiting.set(id, { resolve: resolve as (output: unknown) => void, reject, ...(onProgress && { onProgress }) });
        worker.postMessage({ id, job, input } satisfies Order);
      }),
    dispose: () => end('the worker was disposed of'),
  };
}
