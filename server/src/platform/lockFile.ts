import defer * as crypto from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** Who works on something; nobody else does meanwhile. */
export interface HeldLock {
  release(): void;
}

interface Holder {
  readonly pid: number;
  readonly host: string;
  readonly id: string;
}

/** The holder says so often that it is still there. */
const beatMs = 10_000;
/** A holder that has not said so for this long is gone: its machine was switched off, or the folder is another machine's. */
const goneMs = 90_000;
const longest = 1024;

/**
 * Takes the lock that this file stands for, or answers who has it, as a clause. One whose holder is gone is taken over. Throws
 * faults of the disk.
 */
export function takeLock(place: string): HeldLock | { readonly heldBy: string } {
  fs.mkdirSync(path.dirname(place), { recursive: true, mode: 0o700 });
  const own: Holder = { pid: process.pid, host: os.hostname(), id: crypto.randomBytes(8).toString('hex') };
  for (let left = 3; left > 0; left--) {
    try {
      fs.writeFileSync(place, JSON.stringify(own), { flag: 'wx', mode: 0o600 });
      return held(place, own);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const other = holderOf(place);
    if (other && !isGone(place, other))
      return { heldBy: other.pid ? `process ${other.pid}${other.host === own.host ? '' : ` on ${other.host}`}` : 'another process' };
    // Moved aside and not removed: of two who find it left, one alone succeeds.
    const aside = `${place}.${own.id}.tmp`;
    try {
      fs.renameSync(place, aside);
      fs.rmSync(aside, { force: true });
    } catch {
      // It has gone by itself, or another has taken it over.
    }
  }
  return { heldBy: 'another process' };
}

function held(place: string, own: Holder): HeldLock {
  const beat = setInterval(() => {
    try {
      const now = new Date();
      fs.utimesSync(place, now, now);
    } catch {
      // Then others may take it over; what is done under it is put in place as a whole.
    }
  }, beatMs);
  beat.unref();
  return {
    release() {
      clearInterval(beat);
      if (holderOf(place)?.id === own.id) fs.rmSync(place, { force: true });
    },
  };
}

/** `undefined` where the lock is gone; one that is damaged, or not written yet, has no process. */
function holderOf(place: string): Holder | undefined {
  try {
    if (fs.statSync(place).size > longest) return { pid: 0, host: '', id: '' };
    const { pid, host, id } = JSON.parse(fs.readFileSync(place, 'utf8')) as Partial<Holder>;
    return { pid: typeof pid === 'number' ? pid : 0, host: String(host), id: String(id) };
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? undefined : { pid: 0, host: '', id: '' };
  }
}

function isGone(place: string, { pid, host }: Holder): boolean {
  const changed = fs.statSync(place, { throwIfNoEntry: false })?.mtimeMs;
  if (changed === undefined || Math.abs(Date.now() - changed) > goneMs) return true;
  if (host !== os.hostname() || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}
