import defer * as crypto from 'node:crypto';
import { constants } from 'node:fs';
import fs from 'node:fs/promises';
import path from 'node:path';
import type { Cache, CacheEntry, Clock } from '../core/io';

export interface DiskCacheOptions {
  /** May not exist yet. */
  readonly folder: string;
  readonly clock: Clock;
  /** Over this the oldest entries go. */
  readonly maxBytes?: number;
}

/** What an entry's file holds. The key stands in it whole, since the file's name is only its hash. */
interface Stored {
  readonly format: typeof format;
  readonly key: string;
  readonly storedAt: string;
  readonly value: unknown;
}

const format = 1;
const defaultMaxBytes = 256 * 1024 * 1024;
const largestEntry = 64 * 1024 * 1024;
const forgottenTemporaryMs = 60 * 60_000;
/** Where a virus scanner or another reader holds the file, Windows refuses to replace it for a moment. */
const renameTries = 4;
const renamePauseMs = 20;

/** Remembers nothing: `--no-cache`. */
export const noCache: Cache = {
  get: () => Promise.resolve(undefined),
  put: () => Promise.resolve(),
  clear: () => Promise.resolve(),
};

/**
 * A folder with one file an entry, shared by any number of processes: a file is written beside its place and moved there,
 * so that a reader sees the old entry or the new one, never half of one. Nothing here rejects: a disk that is full or not
 * writable costs the cache, not the answer.
 */
export function createDiskCache({ folder, clock, maxBytes = defaultMaxBytes }: DiskCacheOptions): Cache {
  const home = path.join(folder, `entries-${format}`);
  let written = Number.POSITIVE_INFINITY;
  let sweeping: Promise<void> | undefined;

  const placeOf = (key: string) => {
    const hash = crypto.createHash('sha256').update(key).digest('hex');
    return path.join(home, hash.slice(0, 2), `${hash}.json`);
  };

  async function get(key: string): Promise<CacheEntry | undefined> {
    try {
      const stored = JSON.parse(await readPlainFile(placeOf(key))) as Partial<Stored> | null;
      if (stored?.format !== format || stored.key !== key || typeof stored.storedAt !== 'string') return undefined;
      const storedAt = new Date(stored.storedAt);
      return Number.isNaN(storedAt.getTime()) ? undefined : { storedAt, value: stored.value };
    } catch {
      return undefined;
    }
  }

  async function put(key: string, value: unknown): Promise<void> {
    const place = placeOf(key);
    const temporary = path.join(path.dirname(place), `${process.pid}-${crypto.randomBytes(8).toString('hex')}.tmp`);
    try {
      const text = JSON.stringify({ format, key, storedAt: clock.now().toISOString(), value } satisfies Stored);
      if (text.length > largestEntry) return;
      await fs.mkdir(path.dirname(place), { recursive: true, mode: 0o700 });
      await fs.writeFile(temporary, text, { flag: 'wx', mode: 0o600 });
      await moveInPlace(temporary, place);
      written += text.length;
      // The first write of a process looks at what others have left; later ones when enough has come in.
      if (written > maxBytes / 8) await (sweeping ??= sweep().finally(() => (sweeping = undefined)));
    } catch {
      await fs.rm(temporary, { force: true }).catch(() => undefined);
    }
  }

  /** Removes the oldest entries until a fifth of the room is free, and what a killed process left half written. */
  async function sweep(): Promise<void> {
    written = 0;
    const files = await filesIn(home);
    const now = Date.now();
    let size = 0;
    const entries: typeof files = [];
    for (const file of files) {
      if (!file.path.endsWith('.tmp')) {
        size += file.size;
        entries.push(file);
      } else if (now - file.changed > forgottenTemporaryMs) await remove(file.path);
    }
    if (size <= maxBytes) return;
    entries.sort((a, b) => a.changed - b.changed);
    for (const entry of entries) {
      if (size <= maxBytes * 0.8) break;
      await remove(entry.path);
      size -= entry.size;
    }
  }

  return {
    get,
    put,
    async clear() {
      await fs.rm(home, { recursive: true, force: true, maxRetries: 3 }).catch(() => undefined);
    },
  };
}

async function readPlainFile(place: string): Promise<string> {
  // A link in the cache folder was not made by Merlon, and is not followed; Windows does not know the flag.
  const handle = await fs.open(place, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
  try {
    const stat = await handle.stat();
    if (!stat.isFile() || stat.size > 2 * largestEntry) throw new Error('not an entry');
    return await handle.readFile('utf8');
  } finally {
    await handle.close();
  }
}

async function moveInPlace(from: string, to: string): Promise<void> {
  for (let count = 1; ; count++) {
    try {
      return await fs.rename(from, to);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (count >= renameTries || !['EPERM', 'EACCES', 'EBUSY'].includes(code ?? '')) throw error;
      await new Promise((resolve) => setTimeout(resolve, renamePauseMs * count));
    }
  }
}

async function filesIn(home: string): Promise<{ path: string; size: number; changed: number }[]> {
  const files: { path: string; size: number; changed: number }[] = [];
  for (const name of await fs.readdir(home).catch(() => [])) {
    const inner = path.join(home, name);
    for (const file of await fs.readdir(inner).catch(() => [])) {
      const stat = await fs.lstat(path.join(inner, file)).catch(() => undefined);
      if (stat) files.push({ path: path.join(inner, file), size: stat.size, changed: stat.mtimeMs });
    }
  }
  return files;
}

async function remove(place: string): Promise<void> {
  await fs.rm(place, { force: true }).catch(() => undefined);
}
