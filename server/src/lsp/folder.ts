import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Files } from '../core/io';
import type { ScannedFile, ScannedLock, UnreadFile } from '../core/report';
import { kindOf } from '../ecosystems';
import { createFiles } from '../platform/files';
import type { DocumentKind, ManifestDocument } from '../scan/document';
import { createLockStore, readLock, type LockKind, type LockReading, type LockStore } from '../scan/lockStore';
import { createProject, type Project } from '../scan/project';
import { placeOf, relativePlace } from './places';
import { createSerial, type Serial } from './serial';

/** A workspace folder, or the folder of a file that was opened alone. Paths in it are relative, with forward slashes. */
export interface Folder {
  readonly uri: string;
  /** Absolute; absent for documents that are on no disk. */
  readonly place?: string;
  /** Whether all its manifests are read, not only the open ones. */
  readonly whole: boolean;
  /** What is open in the editor, before what lies on the disk. */
  readonly files: Files;
  readonly project: Project;
  readonly locks: LockStore;
  /** By path, what its lockfiles were last assessed to be. */
  readonly assessedLocks: Map<string, ScannedLock>;
  /** What reads files into the project, one after another: a slow reading must not bring back what a later one saw deleted. */
  readonly reading: Serial;
  /** By path, what its files were last assessed to be. */
  readonly assessed: Map<string, Assessed>;
  /** What is to be assessed anew although its text is the same, manifests and lockfiles. */
  readonly due: Set<string>;
  /** Something may have changed since the last pass over it began. */
  changed: boolean;
  /** Open documents of which it is not yet read what lies beside them: judged before that, a catalog's entry would be an error. */
  readonly unsettled: Set<string>;
  /** What the last walk found. */
  walked: ReadonlySet<string>;
  walkedLocks: ReadonlySet<string>;
  /** Whether everything was found and read, and no walk goes on. */
  isWalked: boolean;
  /** Of the last walk, what could not be looked into. */
  unwalked: readonly UnreadFile[];
  /** A walk that was asked for and has not begun. */
  nextWalk: Promise<void> | undefined;
  /** The path of a document in this folder; `undefined` where it lies elsewhere. */
  pathOf(uri: string): string | undefined;
  uriOf(path: string): string;
}

/** An open document or a file on disk, assessed. */
export interface Assessed {
  readonly folder: Folder;
  readonly path: string;
  readonly document: ManifestDocument;
  readonly file: ScannedFile;
}

/** The documents that are open in the editor, and who reads what lies on the disk. */
export interface OpenDocuments {
  /** Reads a lockfile below an absolute folder away from the main thread; a long one would hold up the keystrokes. */
  readLock?(root: string, name: string, kind: LockKind): Promise<LockReading>;
  textAt(uri: string): string | undefined;
  /** The URI under which the client knows the file at this absolute path, where it was ever open. */
  spelledAt(place: string): string | undefined;
}

/** `uri` without a trailing slash, but for the folders of documents that are on no disk. */
export function createFolder(uri: string, whole: boolean, open: OpenDocuments): Folder {
  const place = placeOf(uri);
  const prefix = /[/:]$/.test(uri) ? uri : `${uri}/`;
  const uriOf = (relative: string) => {
    if (place === undefined) return `${prefix}${relative}`;
    const absolute = path.join(place, relative);
    return open.spelledAt(absolute) ?? pathToFileURL(absolute).href;
  };
  const disk = place === undefined ? undefined : createFiles(place);
  const files: Files = {
    ...disk,
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
    files,
    project: createProject({ files, top: '' }),
    locks: createLockStore(async (name, kind) => {
      try {
        if (open.readLock && place !== undefined) return await open.readLock(place, name, kind);
        return readLock(await files.read(name), kind);
      } catch (error) {
        // One lockfile that its reader cannot bear costs itself alone.
        return { fault: error instanceof Error ? error.message : String(error) };
      }
    }),
    assessedLocks: new Map(),
    reading: createSerial(),
    assessed: new Map(),
    due: new Set(),
    changed: false,
    unsettled: new Set(),
    walked: new Set(),
    isWalked: false,
    walkedLocks: new Set(),
    unwalked: place === undefined && /^file:/i.test(uri) ? [{ path: uri, message: 'its address names no folder of this machine' }] : [],
    nextWalk: undefined,
    pathOf(documentUri) {
      if (place === undefined) return documentUri.startsWith(prefix) ? documentUri.slice(prefix.length) || undefined : undefined;
      const at = placeOf(documentUri);
      return (at !== undefined && relativePlace(place, at)) || undefined;
    },
    uriOf,
  };
}

/** The folder that a document belongs to when no workspace folder holds it. */
export function looseFolderUri(documentUri: string): string {
  const end = documentUri.lastIndexOf('/');
  if (/^file:/i.test(documentUri)) return documentUri.slice(0, end);
  return documentUri.slice(0, (end < 0 ? documentUri.indexOf(':') : end) + 1);
}

/** What kind of manifest lies at a path of a folder: its name tells, or another file includes it as one. */
export function kindAt(folder: Folder, path: string): DocumentKind | undefined {
  return kindOf(path) ?? folder.project.document(path);
}
