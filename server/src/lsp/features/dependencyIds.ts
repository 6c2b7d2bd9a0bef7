import type { DeclarationSubject } from '../../core/check';
import type { LockedPackage } from '../../core/lockfile';
import type { LockDocument } from '../../scan/lockDocument';
import type { Assessed } from '../folder';
import type { Workspace } from '../workspace';

/** A node of the tree of dependencies: a manifest, one of its declarations, or a release below that. */
export interface Place {
  readonly at: Assessed;
  readonly subject?: DeclarationSubject;
  /** The lockfile that speaks for the declaration. */
  readonly lock?: LockDocument;
  /** From a release that the lockfile holds for the declaration, to the one that is meant. */
  readonly way: readonly LockedPackage[];
}

/** An id names everything on the way to its node, so the server keeps nothing, and a declaration that moves by a line keeps its id. */
export function idOf({ at, subject, way }: Place): string {
  const manifest = [at.folder.uri, at.path];
  if (!subject) return JSON.stringify(manifest);
  const { section, writtenName } = subject.declaration;
  const ordinal = alike(at, section, writtenName).indexOf(subject);
  return JSON.stringify([...manifest, section, writtenName, ordinal, ...way.map(({ key }) => key)]);
}

/** What an id means now; `undefined` where it is none, or where its node is no more. */
export function placeAt(id: string, workspace: Workspace): Place | undefined {
  const parts = partsOf(id);
  const [folder, path, section, name, ordinal, ...keys] = parts;
  const at = workspace.all().find((one) => one.folder.uri === folder && one.path === path);
  if (!at) return undefined;
  if (parts.length === 2) return { at, way: [] };
  const subject = typeof ordinal === 'number' ? alike(at, section, name)[ordinal] : undefined;
  if (!subject) return undefined;
  const lock = lockOf(at, subject);
  const way: LockedPackage[] = [];
  for (const key of keys) {
    const entry = lock && typeof key === 'string' ? entryAt(lock, key) : undefined;
    if (!entry) return undefined;
    way.push(entry);
  }
  return { at, subject, ...(lock && { lock }), way };
}

export function lockOf({ folder }: Assessed, { lock }: DeclarationSubject): LockDocument | undefined {
  return lock && folder.locks.documents().find(({ path }) => path === lock.file);
}

/** Declarations of one name in one section: markers choose between them. */
function alike({ file }: Assessed, section: unknown, name: unknown): DeclarationSubject[] {
  return file.subjects.filter(({ declaration }) => declaration.section === section && declaration.writtenName === name);
}

function partsOf(id: string): unknown[] {
  try {
    const parts: unknown = JSON.parse(id);
    return Array.isArray(parts) ? parts : [];
  } catch {
    return [];
  }
}

const indexes = new WeakMap<LockDocument, ReadonlyMap<string, LockedPackage>>();

function entryAt(document: LockDocument, key: string): LockedPackage | undefined {
  let index = indexes.get(document);
  if (!index) indexes.set(document, (index = new Map(document.lock.packages.map((entry) => [entry.key, entry]))));
  return index.get(key);
}
