import type { Stats } from 'node:fs';
import fs from 'node:fs/promises';
import path from 'node:path';
import type { Files, FileText } from '../core/io';
import { decodeText } from './decode';
import { fileFault } from './fileFault';
import { isWithin } from './within';

export { walk, type WalkOptions } from './walk';

const mebibyte = 1024 * 1024;
const longestManifest = 5 * mebibyte;
/** Lockfiles of large workspaces are that long. */
const longestLockfile = 64 * mebibyte;
const lockfile =
  /(?:^|\/)(?:package-lock\.json|npm-shrinkwrap\.json|pnpm-lock\.yaml|yarn\.lock|bun\.lock|uv\.lock|poetry\.lock|pdm\.lock|Pipfile\.lock|pylock(?:\.[^/]+)?\.toml)$/;

/** The files of one folder. Nothing outside it is read, whatever the path says and wherever links lead. */
export function createFiles(root: string): Files {
  const top = path.resolve(root);
  return {
    async read(name) {
      if (name.includes('\0') || path.isAbsolute(name) || path.win32.isAbsolute(name)) return unreadable(outside);
      const place = path.resolve(top, name);
      if (!isWithin(place, top)) return unreadable(outside);
      try {
        const [realTop, realPlace] = await Promise.all([fs.realpath(top), fs.realpath(place)]);
        if (!isWithin(realPlace, realTop)) return unreadable('it is a link that leads out of the workspace');
        return await readText(realPlace, lockfile.test(name) ? longestLockfile : longestManifest);
      } catch (error) {
        return faultOf(error);
      }
    },
    async list(name) {
      const place = path.resolve(top, name);
      if (name.includes('\0') || path.isAbsolute(name) || !isWithin(place, top)) return [];
      try {
        const [realTop, realPlace] = await Promise.all([fs.realpath(top), fs.realpath(place)]);
        return isWithin(realPlace, realTop) ? await fs.readdir(realPlace) : [];
      } catch (error) {
        const fault = faultOf(error);
        return fault.state === 'unreadable' ? fault.message : [];
      }
    },
  };
}

const outside = 'it lies outside the workspace';

async function readText(place: string, maxBytes: number): Promise<FileText> {
  // Before it is opened: opening a pipe would wait for its writer.
  const before = await fs.stat(place);
  if (!before.isFile()) return unreadable('it is not a file');
  const handle = await fs.open(place, 'r');
  try {
    const stat: Stats = await handle.stat();
    if (stat.size > maxBytes) return unreadable(`it is larger than ${Math.round(maxBytes / mebibyte)} MB`);
    const decoded = decodeText(await handle.readFile());
    return 'text' in decoded ? { state: 'text', text: decoded.text } : unreadable(decoded.fault);
  } finally {
    await handle.close();
  }
}

function unreadable(message: string): FileText {
  return { state: 'unreadable', message };
}

function faultOf(error: unknown): FileText {
  const why = fileFault(error);
  return why === undefined ? { state: 'absent' } : unreadable(why);
}
