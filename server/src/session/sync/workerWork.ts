import type { WorkerClient } from '../../platform/worker';
import type { IndexWork } from './work';

/** The work of a sync in a thread of its own, which ends with it. `start` makes a client of such a thread. */
export function workerWork(start: () => WorkerClient): IndexWork {
  const run = async <T>(
    job: string,
    order: unknown,
    signal: AbortSignal | undefined,
    onProgress?: (records: number) => void,
  ): Promise<T | { readonly state: 'failed'; readonly message: string }> => {
    signal?.throwIfAborted();
    const worker = start();
    const abort = () => worker.dispose();
    signal?.addEventListener('abort', abort, { once: true });
    try {
      return await worker.run<T>(job, order, onProgress && ((progress) => onProgress(Number(progress))));
    } catch (error) {
      signal?.throwIfAborted();
      // A thread that died, of too little memory for instance, has changed nothing.
      return { state: 'failed', message: (error as Error).message } as const;
    } finally {
      signal?.removeEventListener('abort', abort);
      worker.dispose();
    }
  };
  return {
    buildFiles: (order, onProgress, signal) => run('buildIndexOfFiles', order, signal, onProgress),
    build: (order, onProgress, signal) => run('buildIndex', order, signal, onProgress),
    apply: (order, signal) => run('changeIndex', order, signal),
  };
}
