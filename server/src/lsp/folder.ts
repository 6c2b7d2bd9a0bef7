import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Files } from '../core/io';
import { createFiles } from '../platform/files';
import { createProject, type Project } from '../scan/project';

/** A workspace folder, or the folder of a file that was opened alone. Paths in it are relative, with forward slashes. */
export interface Folder {
  readonly uri: string;
  /** Absolute; absent for documents that are on no disk. */
  readonly place?: string;
  /** Whether all its manifests are read, not only the open ones. */
  readonly whole: boolean;
  readonly project: Project;
  /** The path of a document in this folder; `undefined` where it lies elsewhere. */
  pathOf(uri: string): string | undefined;
  uriOf(path: string): string;
}

/** The text of an open document, by URI as the client writes it, or by path. */
export interface OpenDocuments {
  textAt(uri: string): string | undefined;
  /** The URI under which the client knows a file, where it is open. */
  uriAt(place: string): string | undefined;
}

export function createFolder(uri: string, whole: boolean, open: OpenDocuments): Folder {
  const place = uri.startsWith('file:') ? fileURLToPath(uri) : undefined;
  const absolute = (relative: string) => path.join(place!, relative);
  const uriOf = (relative: string) => {
    if (place === undefined) return `${uri}${relative}`;
    return open.uriAt(absolute(relative)) ?? pathToFileURL(absolute(relative)).href;
  };
  const disk = place === undefined ? undefined : createFiles(place);
  const files: Files = {
    async read(relative) {
      const opened = () => open.textAt(uriOf(relative));
      const before = opened();
      if (before !== undefined || !disk) return before === undefined ? { state: 'absent' } : { state: 'text', text: before };
      const file = await disk.read(relative);
      // It may have been opened while the disk was read.
      const after = opened();
      return after === undefined ? file : { state: 'text', text: after };
    },
  };
  return {
    uri,
    ...(place !== undefined && { place }),
    whole,
    project: createProject({ files, top: '' }),
    pathOf(documentUri) {
      if (place === undefined) return documentUri.startsWith(uri) ? documentUri.slice(uri.length) : undefined;
      if (!documentUri.startsWith('file:')) return undefined;
      const relative = path.relative(place, fileURLToPath(documentUri));
      if (relative === '' || relative.startsWith('..') || path.isAbsolute(relative)) return undefined;
      return relative.split(path.sep).join('/');
    },
    uriOf,
  };
}

/** The folder that a document belongs to when no workspace folder holds it. */
export function looseFolderUri(documentUri: string): string {
  return documentUri.slice(0, documentUri.lastIndexOf('/') + 1) || `${documentUri.slice(0, documentUri.indexOf(':') + 1)}`;
}
