import type { SyncProgress } from './syncIndex';
import { underLock, type NotDone } from './underLock';
import type { FilesOutcome, IndexWork } from './work';

export interface BuildFilesOptions {
  /** OSV dumps, `.jsonl` and `.jsonl.gz` files, folders of records: see {@link recordTexts}. */
  readonly sources: readonly string[];
  /** Where the index goes: into a folder, in the place of the one that counts there, or into a file of its own. */
  readonly into: { readonly folder: string } | { readonly file: string };
  readonly now: Date;
  readonly work: IndexWork;
  readonly onProgress?: (progress: SyncProgress) => void;
  readonly signal?: AbortSignal | undefined;
}

export type BuildFilesOutcome = FilesOutcome | NotDone;

/**
 * Builds an index from files. It comes without a note of any dump, so that the next sync takes whole dumps: what was chosen by
 * hand may hold less than its youngest record lets one think. Until it is whole, and whatever happens, the old one is in use.
 * Rejects only with what the signal is aborted with.
 */
export async function buildFiles(options: BuildFilesOptions): Promise<BuildFilesOutcome> {
  const { sources, into, now, work, onProgress, signal } = options;
  const text = 'building the offline index';
  const order = { sources, into, now: now.getTime() };
  const build = () => work.buildFiles(order, (done) => onProgress?.({ text, done, unit: 'records' }), signal);
  onProgress?.({ text });
  return 'folder' in into ? underLock(into.folder, signal, build) : build();
}
