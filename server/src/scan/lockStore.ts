import type { Ecosystem } from '../core/ecosystem';
import type { FileText } from '../core/io';
import type { Lock, LockfileReader } from '../core/lockfile';
import type { LockDocument } from './lockDocument';

export interface LockKind {
  readonly ecosystem: Ecosystem;
  readonly reader: LockfileReader;
}

/** A lockfile to be read. `only`: it speaks for this manifest alone (requirements.txt for the requirements.in it was compiled from). */
export interface LockEntry {
  readonly path: string;
  readonly kind: LockKind;
  readonly only?: string;
}

/** What came of reading a lockfile's text; where and by whom it is read (a worker, say) is no matter here. */
export type LockReading = { readonly text: string; readonly lock: Lock } | { readonly fault: string } | undefined;

/** Reads a lockfile's text, where there is one. */
export function readLock(file: FileText, { ecosystem, reader }: LockKind): LockReading {
  if (file.state === 'absent') return undefined;
  if (file.state !== 'text') return { fault: file.message };
  const { text } = file;
  const lock = reader.read(text);
  const doubtful = lock.packages.filter(
    ({ own, source, version }) => !own && source === 'registry' && !ecosystem.versions.isValid(version),
  );
  const [first] = doubtful;
  if (!first) return { text, lock };
  const rest = doubtful.length === 1 ? '' : ` and ${doubtful.length - 1} more`;
  const message = `The version of ${first.package.name}${rest} cannot be judged: ${first.version === '' ? 'there is none' : JSON.stringify(first.version)}`;
  const span = reader.locate(text, first) ?? { start: 0, end: 0 };
  return { text, lock: { ...lock, problems: [...lock.problems, { kind: 'unreadable', span, message, partial: true }] } };
}

/** The lockfiles of one root. */
export interface LockStore {
  /** Reads these, anew where they are held, and forgets those that are no more. */
  load(entries: readonly LockEntry[]): Promise<void>;
  remove(path: string): void;
  has(path: string): boolean;
  documents(): readonly LockDocument[];
}

/** `below`: where the names of files begin, seen from the top of the workspace, where that lies above. */
export function createLockStore(read: (path: string, kind: LockKind) => Promise<LockReading>, below = ''): LockStore {
  const held = new Map<string, LockDocument>();
  let all: readonly LockDocument[] = [];
  const changed = () => {
    all = [...held.values()].filter((one) => !isSucceeded(one)).sort((a, b) => (a.path < b.path ? -1 : 1));
  };
  const isSucceeded = ({ path, reader: { succeededBy } }: LockDocument) =>
    succeededBy !== undefined && held.has(path.replace(/[^/]*$/, succeededBy));
  return {
    async load(entries) {
      for (const { path, kind, only } of entries) {
        const reading = await read(path, kind);
        if (!reading) held.delete(path);
        else
          held.set(path, {
            path,
            ...kind,
            ...('fault' in reading ? unreadable(kind.reader, reading.fault) : reading),
            ...(only !== undefined && { only }),
            ...(below !== '' && { below }),
          });
      }
      changed();
    },
    remove(path) {
      if (held.delete(path)) changed();
    },
    has: (path) => held.has(path),
    documents: () => all,
  };
}

/** A lockfile that could not be read is not an empty one: its one problem says so. */
function unreadable(reader: LockfileReader, fault: string): { text: string; lock: Lock } {
  if (reader.binary) return { text: '', lock: reader.read('') };
  const problem = { kind: 'unreadable', span: { start: 0, end: 0 }, message: `The lockfile is not read: ${fault}` } as const;
  return { text: '', lock: { format: reader.id, packages: [], roots: [], importers: [''], problems: [problem] } };
}
