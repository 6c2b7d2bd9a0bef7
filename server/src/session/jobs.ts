import type { EnvironmentQuestion, EnvironmentReading, WorkspaceReading } from '../core/environment';
import type { Incident } from '../core/incident';
import { ecosystems } from '../ecosystems';
import { findEnvironments, type FoundPlace } from '../platform/environments';
import { createFiles } from '../platform/files';
import { createInstalledFiles } from '../platform/installedFiles';
import type { Jobs } from '../platform/worker';
import { readLock, type LockReading } from '../scan/lockStore';
import { readTraces } from '../traces';
import { directWork, type ApplyOrder, type BuildOrder, type FilesOrder, type FilesOutcome, type WorkOutcome } from './sync/work';

/** A lockfile that a worker is to read. */
export interface LockJob {
  /** Absolute folder above which nothing is read. */
  readonly root: string;
  /** Path below it. */
  readonly name: string;
  readonly ecosystem: string;
  readonly reader: string;
}

/** An environment, or a share of one, that a worker is to read. */
export interface EnvironmentJob {
  /** Absolute folder; nothing outside of it is read. */
  readonly root: string;
  readonly ecosystem: string;
  readonly question: EnvironmentQuestion;
}

/** A project that a worker is to look through for what malware leaves behind. */
export interface TracesJob {
  readonly root: string;
  readonly incidents: readonly Incident[];
}

/** What the reading of an environment tells meanwhile. */
export interface VerifyProgress {
  readonly files: number;
  readonly of: string;
}

/** A message for every file would cost more than the file. */
const filesPerMessage = 200;

const held: ApplyOrder['records'][number][] = [];

/** What a worker of either program can do. */
export const jobs: Jobs = {
  async readLock({ root, name, ecosystem, reader }: LockJob): Promise<LockReading> {
    const kind = ecosystems.find(({ id }) => id === ecosystem);
    const known = kind?.lockfiles.find(({ id }) => id === reader);
    if (!kind || !known) throw new Error(`no reader ${reader}`);
    return readLock(await createFiles(root).read(name), { ecosystem: kind, reader: known });
  },
  readEnvironment({ root, ecosystem, question }: EnvironmentJob, tell): EnvironmentReading {
    const known = ecosystems.find(({ id }) => id === ecosystem);
    if (!known) throw new Error(`no ecosystem ${ecosystem}`);
    return known.readEnvironment(createInstalledFiles(root), question, (files, of) => {
      if (files % filesPerMessage === 0) tell({ files, of } satisfies VerifyProgress);
    });
  },
  /** Of an absolute folder: a large one takes long to search. */
  findEnvironments: (place: string): FoundPlace | undefined => findEnvironments(place),
  buildIndexOfFiles: (order: FilesOrder, tell): Promise<FilesOutcome> => directWork.buildFiles(order, tell, undefined),
  buildIndex: (order: BuildOrder, tell): Promise<WorkOutcome> => directWork.build(order, tell, undefined),
  /** Records for the next {@link changeIndex}. */
  holdRecords: (records: ApplyOrder['records']): void => void held.push(...records),
  changeIndex: (order: Omit<ApplyOrder, 'records'>): Promise<WorkOutcome> =>
    directWork.apply({ ...order, records: held.splice(0) }, undefined),
  readTraces: ({ root, incidents }: TracesJob): WorkspaceReading => readTraces(createInstalledFiles(root), incidents),
};
