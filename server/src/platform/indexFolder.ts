import defer * as crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';

// An index that is replaced while others read it. Windows does not let a file be replaced that somebody holds open, so each index
// is a file of its own, named by a generation that goes up, and `index.json` says which one counts. That file is small, is
// read at one go, and is replaced by renaming. Files of older generations go when a newer one is there; who holds one open
// keeps reading it.

/** Which file counts. `asOf` may be younger than the file: it was asked since, and nothing had changed. */
interface Pointer {
  readonly format: typeof format;
  readonly generation: number;
  readonly file: string;
  readonly asOf: string;
  /** What whoever keeps it in step with a dump wants to find again. */
  readonly sync?: unknown;
}

const format = 'merlon.index/1';
const pointerName = 'index.json';
const longestPointer = 1 << 14;
const ownFile = /^osv-(\d{1,12})-[0-9a-f]{8}\.merlondb$/;
const ownTemporary = /^(?:osv|index)-[\w-]+\.tmp$/;
const forgottenMs = 24 * 60 * 60_000;
/** Where a virus scanner or another reader holds the pointer, Windows refuses to replace it for a moment. */
const renameTries = 6;
const renamePauseMs = 25;

/** Where the bytes of an index lie. */
export interface IndexPlace {
  readonly file: string;
  /** As of when it counts, where that is younger than the file says. */
  readonly asOf?: Date;
  /** What was noted of how it was kept in step. */
  readonly sync?: unknown;
}

/**
 * The index at a path: a file, or a folder that holds one. `undefined` where there is none; `fault`: why it cannot be found,
 * as a clause.
 */
export function locateIndex(place: string): IndexPlace | { readonly fault: string } | undefined {
  try {
    const stat = fs.statSync(place, { throwIfNoEntry: false });
    if (!stat) return undefined;
    if (!stat.isDirectory()) return { file: place };
    const pointer = readPointer(place);
    if (!pointer || 'fault' in pointer) return pointer;
    return { file: path.join(place, pointer.file), asOf: new Date(pointer.asOf), sync: pointer.sync };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return code === 'ENOTDIR' || code === 'ENOENT' ? undefined : { fault: code ?? message };
  }
}

/** Whether a path is that of an index by itself, and not of a folder that holds one: of what cannot be looked at its name tells. */
export function isIndexFile(place: string): boolean {
  try {
    return !fs.statSync(place).isDirectory();
  } catch {
    return /\.merlondb$/i.test(place);
  }
}

/** Changes when the index at a path is replaced; cheap enough to be asked for each second. */
export function indexStamp(place: string): string {
  try {
    const stat = fs.statSync(place);
    const { ino, mtimeMs, size } = stat.isDirectory() ? fs.statSync(path.join(place, pointerName)) : stat;
    return `${ino} ${mtimeMs} ${size}`;
  } catch {
    return '';
  }
}

/** Puts a new index into a folder and has it count. The old one stays until then, whatever happens. Throws faults of the disk. */
export async function publishIndex(folder: string, pieces: readonly Uint8Array[], asOf: Date, sync?: unknown): Promise<IndexPlace> {
  fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
  const before = readPointer(folder);
  const generation = Math.max(before && !('fault' in before) ? before.generation : 0, ...generationsIn(folder)) + 1;
  const name = `osv-${generation}-${crypto.randomBytes(4).toString('hex')}.merlondb`;
  await writeWhole(path.join(folder, name), pieces);
  await writePointer(folder, { format, generation, file: name, asOf: asOf.toISOString(), sync });
  removeForgotten(folder, generation);
  return { file: path.join(folder, name), asOf };
}

/** Says that the index of a folder was looked after, and counts as of now. Throws faults of the disk. */
export async function touchIndex(folder: string, asOf: Date, sync?: unknown): Promise<void> {
  const pointer = readPointer(folder);
  if (pointer && !('fault' in pointer)) await writePointer(folder, { ...pointer, asOf: asOf.toISOString(), sync });
}

/** Writes a file so that it is there whole or not at all. Throws faults of the disk, and leaves nothing behind. */
export async function writeWhole(place: string, pieces: readonly Uint8Array[], mode = 0o600): Promise<void> {
  const temporary = path.join(path.dirname(place), `osv-${process.pid}-${crypto.randomBytes(8).toString('hex')}.tmp`);
  try {
    const file = fs.openSync(temporary, 'wx', mode);
    try {
      for (const piece of pieces) for (let at = 0; at < piece.length;) at += fs.writeSync(file, piece, at, piece.length - at);
      fs.fsyncSync(file);
    } finally {
      fs.closeSync(file);
    }
    await moveInPlace(temporary, place);
  } catch (error) {
    fs.rmSync(temporary, { force: true });
    throw error;
  }
}

function readPointer(folder: string): Pointer | { readonly fault: string } | undefined {
  const place = path.join(folder, pointerName);
  const fault = { fault: `${pointerName} in it is damaged` };
  try {
    if (fs.statSync(place).size > longestPointer) return fault;
    const pointer = JSON.parse(fs.readFileSync(place, 'utf8')) as Partial<Pointer> | null;
    const isWhole =
      pointer?.format === format &&
      Number.isSafeInteger(pointer.generation) &&
      typeof pointer.file === 'string' &&
      ownFile.test(pointer.file) &&
      !Number.isNaN(Date.parse(pointer.asOf ?? ''));
    return isWhole ? (pointer as Pointer) : fault;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' ? undefined : code === undefined ? fault : { fault: `${pointerName} in it cannot be read (${code})` };
  }
}

async function writePointer(folder: string, pointer: Pointer): Promise<void> {
  const temporary = path.join(folder, `index-${process.pid}-${crypto.randomBytes(8).toString('hex')}.tmp`);
  try {
    fs.writeFileSync(temporary, `${JSON.stringify(pointer)}\n`, { flag: 'wx', mode: 0o600 });
    await moveInPlace(temporary, path.join(folder, pointerName));
  } catch (error) {
    fs.rmSync(temporary, { force: true });
    throw error;
  }
}

async function moveInPlace(from: string, to: string): Promise<void> {
  for (let count = 1; ; count++) {
    try {
      return fs.renameSync(from, to);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (count >= renameTries || !['EPERM', 'EACCES', 'EBUSY'].includes(code ?? '')) throw error;
      await new Promise((resolve) => setTimeout(resolve, renamePauseMs * count));
    }
  }
}

function generationsIn(folder: string): number[] {
  return fs.readdirSync(folder).map((name) => Number(ownFile.exec(name)?.[1] ?? 0));
}

/** The generation before stays for who has just read which one counts. What cannot be removed is tried again the next time. */
function removeForgotten(folder: string, generation: number): void {
  const oldest = Date.now() - forgottenMs;
  for (const name of fs.readdirSync(folder)) {
    const place = path.join(folder, name);
    try {
      const own = ownFile.exec(name);
      if (own ? Number(own[1]) < generation - 1 : ownTemporary.test(name) && fs.statSync(place).mtimeMs < oldest) fs.rmSync(place);
    } catch {
      // Windows does not remove what somebody holds open.
    }
  }
}
