import fs from 'node:fs/promises';
import path from 'node:path';
import type { Files, FileText } from '../core/io';
import { decode } from './decode';

/** No manifest is larger; what is would only cost memory. */
const maximumBytes = 5 * 1024 * 1024;

/** The files of a root folder. What leads out of it, by `..` or by a link, is not read. */
export function createFiles(root: string): Files {
  let realRoot: Promise<string> | undefined;
  return {
    async read(relative): Promise<FileText> {
      const absolute = path.resolve(root, relative);
      if (!isInside(root, absolute)) return outside;
      try {
        realRoot ??= fs.realpath(root);
        const real = await fs.realpath(absolute);
        if (!isInside(await realRoot, real)) return outside;
        const file = await fs.open(real, 'r');
        try {
          const stat = await file.stat();
          if (!stat.isFile()) return { state: 'unreadable', message: 'it is not a file' };
          if (stat.size > maximumBytes) return { state: 'unreadable', message: `it is larger than ${maximumBytes / 1024 / 1024} MB` };
          return decode(await file.readFile());
        } finally {
          await file.close();
        }
      } catch (error) {
        const { code, message } = error as NodeJS.ErrnoException;
        if (code === 'ENOENT' || code === 'ENOTDIR') return { state: 'absent' };
        return {
          state: 'unreadable',
          message: code === 'EACCES' ? 'permission was denied' : code === 'ELOOP' ? 'its links form a circle' : message,
        };
      }
    },
  };
}

const outside: FileText = { state: 'unreadable', message: 'it lies outside the workspace' };

function isInside(folder: string, absolute: string): boolean {
  const relative = path.relative(folder, absolute);
  return relative !== '..' && !relative.startsWith(`..${path.sep}`) && !path.isAbsolute(relative);
}
