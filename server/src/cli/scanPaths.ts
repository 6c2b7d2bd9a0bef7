import fs from 'node:fs';
import path from 'node:path';
import type { Files } from '../core/io';
import type { UnreadFile } from '../core/report';
import { acceptingReader, kindOf } from '../ecosystems';
import { createFiles } from '../platform/files';
import { walk } from '../platform/walk';
import type { ManifestDocument } from '../scan/document';
import { createProject, type Entry } from '../scan/project';

/** A PATH that cannot be scanned at all: exit code 2. */
export class UsageError extends Error {}

export interface PathsScan {
  documents(): readonly ManifestDocument[];
  unread(): readonly UnreadFile[];
  /** Reads everything again, with these texts in place of what stands on disk. */
  replace(texts: ReadonlyMap<string, string>): Promise<void>;
}

interface Root {
  /** Absolute. */
  readonly folder: string;
  readonly entries: Map<string, Entry>;
}

/**
 * Reads the manifests at these paths, files or folders. File names in the result are relative to `cwd`. What lies inside
 * `cwd` has `cwd` as its workspace; another path the checkout that it lies in, or else its own folder. Nothing outside
 * the workspace is followed.
 */
export async function scanPaths(
  paths: readonly string[],
  cwd: string,
  exclude: readonly string[],
  onProgress: (files: number) => void,
): Promise<PathsScan> {
  const roots = new Map<string, Root>();
  let found = 0;
  const add = (rootFolder: string, absolute: string, kind: Entry['kind']) => {
    const shownPath = slashed(path.relative(cwd, absolute));
    let root = roots.get(rootFolder);
    if (!root) roots.set(rootFolder, (root = { folder: rootFolder, entries: new Map() }));
    if (!root.entries.has(shownPath)) onProgress(++found);
    root.entries.set(shownPath, { path: shownPath, kind });
  };

  for (const written of paths) {
    const absolute = path.resolve(cwd, written);
    const stat = statOf(absolute);
    if (!stat) throw new UsageError(`${written}: no such file or folder`);
    const rootFolder = rootOf(absolute, stat.isDirectory(), cwd);
    if (stat.isDirectory()) {
      for await (const relative of walk(absolute, { exclude, matches: (name) => kindOf(name) !== undefined })) {
        add(rootFolder, path.join(absolute, relative), kindOf(relative)!);
      }
      continue;
    }
    const name = slashed(path.relative(rootFolder, absolute));
    const kind = kindOf(name) ?? acceptingReader(name);
    if (!kind) throw new UsageError(`${written}: Merlon does not read files of this kind`);
    add(rootFolder, absolute, kind);
  }

  let replaced: ReadonlyMap<string, string> = new Map();
  const projects = [...roots.values()].map(({ folder, entries }) => {
    const prefix = slashed(path.relative(cwd, folder));
    const disk = seenFrom(prefix, createFiles(folder));
    const files: Files = {
      async read(name) {
        const text = replaced.get(name);
        return text === undefined ? disk.read(name) : { state: 'text', text };
      },
    };
    return { project: createProject({ files, top: prefix }), entries: [...entries.values()].sort((a, b) => (a.path < b.path ? -1 : 1)) };
  });
  const load = async () => {
    for (const { project, entries } of projects) await project.load(entries);
  };
  await load();
  return {
    async replace(texts) {
      replaced = texts;
      await load();
    },
    documents: () => projects.flatMap(({ project }) => project.documents()),
    unread: () => projects.flatMap(({ project }) => project.unread()),
  };
}

/** Files of a root, named as they are seen from the working directory: `prefix` is the way to the root, `''` where it is the same. */
function seenFrom(prefix: string, files: Files): Files {
  if (prefix === '') return files;
  return {
    read: (name) => files.read(name.startsWith(`${prefix}/`) ? name.slice(prefix.length + 1) : path.posix.relative(prefix, name)),
  };
}

function rootOf(absolute: string, isFolder: boolean, cwd: string): string {
  if (isInside(absolute, cwd)) return cwd;
  const own = isFolder ? absolute : path.dirname(absolute);
  for (let folder = own; ; folder = path.dirname(folder)) {
    if (fs.existsSync(path.join(folder, '.git'))) return folder;
    if (folder === path.dirname(folder)) return own;
  }
}

function isInside(absolute: string, folder: string): boolean {
  const relative = path.relative(folder, absolute);
  return !path.isAbsolute(relative) && relative !== '..' && !relative.startsWith(`..${path.sep}`);
}

function statOf(absolute: string): fs.Stats | undefined {
  return fs.statSync(absolute, { throwIfNoEntry: false });
}

function slashed(relative: string): string {
  return relative.split(path.sep).join('/');
}
