import type { WorkerClient } from '../../platform/worker';
import type { ApplyOrder, IndexWork } from './work';

/** So many characters of records are handed over at a time: a message holds up the thread that sends it while it is copied. */
const longestMessage = 2 << 20;

/** The work of a sync in a thread of its own, which ends with it. `start` makes a client of such a thread. */
export function workerWork(start: () => WorkerClient): IndexWork {
  const inThread = async <T>(
    signal: AbortSignal | undefined,
    run: (worker: WorkerClient) => Promise<T>,
  ): Promise<T | { readonly state: 'failed'; readonly message: string }> => {
    signal?.throwIfAborted();
    const worker = start();
    const abort = () => worker.dispose();
    signal?.addEventListener('abort', abort, { once: true });
    try {
      return await run(worker);
    } catch (error) {
      signal?.throwIfAborted();
      // A thread that died, of too little memory for instance, has changed nothing.
      return { state: 'failed', message: (error as Error).message } as const;
    } finally {
      signal?.removeEventListener('abort', abort);
      worker.dispose();
    }
  };
  const counted = (onProgress: (records: number) => void) => (progress: unknown) => onProgress(Number(progress));
  return {
    buildFiles: (order, onProgress, signal) => inThread(signal, (worker) => worker.run('buildIndexOfFiles', order, counted(onProgress))),
    build: (order, onProgress, signal) => inThread(signal, (worker) => worker.run('buildIndex', order, counted(onProgress))),
    apply: ({ records, ...order }, signal) =>
      inThread(signal, async (worker) => {
        for (const some of portions(records)) await worker.run('holdRecords', some);
        return worker.run('changeIndex', order);
      }),
  };
}

function* portions(records: ApplyOrder['records']): Generator<ApplyOrder['records']> {
  let length = 0;
  let from = 0;
  for (const [at, { text }] of records.entries()) {
    length += text.length;
    if (length < longestMessage) continue;
    yield records.slice(from, at + 1);
    [from, length] = [at + 1, 0];
  }
  if (from < records.length) yield records.slice(from);
}
