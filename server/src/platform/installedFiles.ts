import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import type { DigestAlgorithm, InstalledDigest, InstalledEntry, InstalledFiles, Unseen } from '../core/environment';
import { fileFault } from './fileFault';
import { isWithin } from './within';

/** Most files fit, and are read and hashed in one go; larger ones are streamed through the same bytes. */
const chunk = 1024 * 1024;
const isWindows = process.platform === 'win32';
const ignoresCase = isWindows || process.platform === 'darwin';
/** A link that is opened by mistake fails, a pipe that is opened by mistake does not wait for its writer. */
const openFlags = fs.constants.O_RDONLY | (fs.constants.O_NOFOLLOW ?? 0) | (fs.constants.O_NONBLOCK ?? 0);

/** The files below a folder, for a worker. One file at a time is open, and one mebibyte of one is in memory. */
export function createInstalledFiles(root: string): InstalledFiles {
  const top = realOf(path.resolve(root)) ?? path.resolve(root);
  const bytes = Buffer.allocUnsafe(chunk);
  /** Of each folder that was asked for, where it really is, or why it cannot be looked into. */
  const folders = new Map<string, string | Unseen>();

  const folderOf = (folder: string): string | Unseen => {
    let known = folders.get(folder);
    if (known === undefined) folders.set(folder, (known = findFolder(folder)));
    return known;
  };

  const findFolder = (folder: string): string | Unseen => {
    if (folder === '') return top;
    const slash = folder.lastIndexOf('/');
    const parent = folderOf(slash < 0 ? '' : folder.slice(0, slash));
    if (typeof parent !== 'string') return parent;
    const place = path.join(parent, folder.slice(slash + 1));
    try {
      if (!fs.lstatSync(place).isSymbolicLink()) return place;
      const real = fs.realpathSync(place);
      return isWithin(real, top) ? real : { state: 'outside' };
    } catch (error) {
      return faultOf(error);
    }
  };

  /** Files come folder by folder. */
  let last = '';
  let lastPlace: string | Unseen = top;

  /** Where a file is, for opening; its own last link is left to the caller. */
  const placeOf = (name: string): string | Unseen => {
    const slash = name.lastIndexOf('/');
    const folder = slash < 0 ? '' : name.slice(0, slash);
    if (folder !== last) {
      last = folder;
      lastPlace = folderOf(folder);
    }
    // `path.join` would look at every character again.
    return typeof lastPlace === 'string' ? lastPlace + path.sep + name.slice(slash + 1) : lastPlace;
  };

  const open = (name: string): number | Unseen => {
    const place = placeOf(name);
    if (typeof place !== 'string') return place;
    try {
      if (fs.constants.O_NOFOLLOW === undefined && fs.lstatSync(place).isSymbolicLink()) return openLink(place);
      return fs.openSync(place, openFlags);
    } catch (error) {
      return isLinkFault(error) ? openLink(place) : faultOf(error);
    }
  };

  const openLink = (place: string): number | Unseen => {
    try {
      const real = fs.realpathSync(place);
      return isWithin(real, top) ? fs.openSync(real, openFlags) : { state: 'outside' };
    } catch (error) {
      // A link to nowhere is nothing that can be imported.
      return faultOf(error);
    }
  };

  /** Fills the bytes as far as the file goes; a read may bring less than was asked for. */
  const fill = (file: number, filled = 0): number => {
    let size = filled;
    for (let count = 1; size < chunk && count > 0; size += count) count = fs.readSync(file, bytes, size, chunk - size, null);
    return size;
  };

  const digestOf = (file: number, algorithm: DigestAlgorithm, expected: string | undefined): InstalledDigest => {
    // A file is read whole by one call but on a few network disks; the call that says so is saved where the digest says it.
    let size = fs.readSync(file, bytes, 0, chunk, null);
    if (size > 0 && size < chunk && expected !== undefined) {
      const digest = hashOf(algorithm, bytes.subarray(0, size));
      if (digest === expected) return { state: 'known', digest, size };
    }
    size = fill(file, size);
    // A pipe has nothing to read, and a device may have no end.
    if ((size === 0 || size === chunk) && !fs.fstatSync(file).isFile()) return notAFile;
    if (size < chunk) return { state: 'known', digest: hashOf(algorithm, bytes.subarray(0, size)), size };
    const hash = crypto.createHash(algorithm);
    let total = 0;
    for (; size > 0; size = fill(file)) {
      hash.update(bytes.subarray(0, size));
      total += size;
    }
    return { state: 'known', digest: hash.digest('base64url'), size: total };
  };

  return {
    entries(folder) {
      const place = folderOf(folder);
      if (typeof place !== 'string') return place.state === 'unreadable' ? place.message : place.state === 'absent' ? undefined : outside;
      try {
        const entries = fs
          .readdirSync(place, { withFileTypes: true })
          .map((entry): InstalledEntry => ({ name: entry.name, kind: kindOf(entry) }));
        return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
      } catch (error) {
        const fault = faultOf(error);
        return fault.state === 'unreadable' ? fault.message : undefined;
      }
    },
    text(name, mostBytes) {
      const file = open(name);
      if (typeof file !== 'number') return file;
      try {
        const stat = fs.fstatSync(file);
        if (!stat.isFile()) return notAFile;
        const buffer = Buffer.allocUnsafe(Math.min(stat.size, mostBytes));
        let size = 0;
        for (let count = 1; size < buffer.length && count > 0; size += count)
          count = fs.readSync(file, buffer, size, buffer.length - size, null);
        return { state: 'text', text: new TextDecoder().decode(buffer.subarray(0, size)), whole: stat.size <= mostBytes };
      } catch (error) {
        return faultOf(error);
      } finally {
        fs.closeSync(file);
      }
    },
    digest(name, algorithm, expected) {
      const file = open(name);
      if (typeof file !== 'number') return file;
      try {
        return digestOf(file, algorithm, expected);
      } catch (error) {
        return faultOf(error);
      } finally {
        fs.closeSync(file);
      }
    },
    size(name) {
      const place = placeOf(name);
      return typeof place === 'string' ? (fs.lstatSync(place, { throwIfNoEntry: false })?.size ?? 0) : 0;
    },
    real(name) {
      const place = placeOf(name);
      const real = typeof place === 'string' ? realOf(place) : undefined;
      return real !== undefined && isWithin(real, top) ? path.relative(top, real).split(path.sep).join('/') : undefined;
    },
    fold: ignoresCase ? (name) => name.normalize('NFC').toLowerCase() : (name) => name,
  };
}

const outside = 'it is a link that leads out of the environment';
const notAFile = { state: 'unreadable', message: 'it is not a file' } as const;

/** One call for a whole file costs half of an object of its own; Node has it since 20.12. */
function hashOf(algorithm: DigestAlgorithm, data: Buffer): string {
  return typeof crypto.hash === 'function'
    ? crypto.hash(algorithm, data, 'base64url')
    : crypto.createHash(algorithm).update(data).digest('base64url');
}

function kindOf(entry: fs.Dirent): InstalledEntry['kind'] {
  if (entry.isFile()) return 'file';
  if (entry.isDirectory()) return 'folder';
  return entry.isSymbolicLink() ? 'link' : 'other';
}

function realOf(place: string): string | undefined {
  try {
    return fs.realpathSync(place);
  } catch {
    return undefined;
  }
}

/** Linux says ELOOP where O_NOFOLLOW meets a link, FreeBSD EMLINK, NetBSD EFTYPE. */
function isLinkFault(error: unknown): boolean {
  return ['ELOOP', 'EMLINK', 'EFTYPE'].includes((error as NodeJS.ErrnoException).code ?? '');
}

function faultOf(error: unknown): Unseen {
  if ((error as NodeJS.ErrnoException).code === 'EISDIR') return notAFile;
  const message = fileFault(error);
  return message === undefined ? { state: 'absent' } : { state: 'unreadable', message };
}
