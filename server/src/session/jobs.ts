import { ecosystems } from '../ecosystems';
import { createFiles } from '../platform/files';
import type { Jobs } from '../platform/worker';
import { readLock, type LockReading } from '../scan/lockStore';

/** A lockfile that a worker is to read. */
export interface LockJob {
  /** Absolute folder above which nothing is read. */
  readonly root: string;
  /** Path below it. */
  readonly name: string;
  readonly ecosystem: string;
  readonly reader: string;
}

/** What a worker of either program can do. */
export const jobs: Jobs = {
  async readLock({ root, name, ecosystem, reader }: LockJob): Promise<LockReading> {
    const known = ecosystems.find(({ id }) => id === ecosystem)?.lockfiles.find(({ id }) => id === reader);
    if (!known) throw new Error(`no reader ${reader}`);
    return readLock(await createFiles(root).read(name), known);
  },
};
