import path from 'node:path';
import { isFull, noRoom } from '../../platform/downloadFile';
import { takeLock } from '../../platform/lockFile';

export type NotDone =
  /** The index is as it was. `message` is a sentence without its end. */
  { readonly state: 'failed'; readonly message: string } | { readonly state: 'busy'; readonly message: string };

/**
 * Does what writes the index of a folder, while nobody else does. What the disk refuses is a value. Rejects only with what the
 * signal is aborted with.
 */
export async function underLock<T>(folder: string, signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T | NotDone> {
  let lock: ReturnType<typeof takeLock>;
  try {
    lock = takeLock(path.join(folder, 'sync.lock'));
  } catch (error) {
    return { state: 'failed', message: diskMessage(error) };
  }
  if ('heldBy' in lock) return { state: 'busy', message: `the index is being synced or built already, by ${lock.heldBy}` };
  try {
    return await work();
  } catch (error) {
    signal?.throwIfAborted();
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    return { state: 'failed', message: diskMessage(error) };
  } finally {
    lock.release();
  }
}

function diskMessage(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (isFull(error)) return noRoom;
  return code === undefined ? message : `the index could not be written (${code})`;
}
