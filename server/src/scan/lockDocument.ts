import type { Declaration } from '../core/declaration';
import type { Ecosystem } from '../core/ecosystem';
import type { Lock, LockedPackage, LockedRoot, LockfileReader } from '../core/lockfile';
import type { ManifestDocument } from './document';
import { dirname } from './document';

/** A lockfile as it stands, with what was read in it. */
export interface LockDocument {
  /** Forward slashes; relative to the root of the scan. */
  readonly path: string;
  readonly ecosystem: Ecosystem;
  readonly reader: LockfileReader;
  readonly text: string;
  readonly lock: Lock;
  /** The one manifest that it speaks for, where it was compiled from that. */
  readonly only?: string;
  /** Where names of files begin, seen from the top of the workspace (`packages/a`), where that lies above: of such a name `..` hides a folder. */
  readonly below?: string;
}

/** The lockfiles that speak for a manifest: the one that its package manager would use, and those that lie beside it. */
export interface LockChoice {
  readonly chosen: LockDocument;
  readonly others: readonly LockDocument[];
}

/**
 * Of all lockfiles those that speak for a manifest. The nearest folder upwards decides, as it does for every package
 * manager; in one folder the tool that the manifest names, then the order of the ecosystem's list.
 */
export function lockFor(document: ManifestDocument, locks: readonly LockDocument[]): LockChoice | undefined {
  const name = document.path.slice(document.path.lastIndexOf('/') + 1);
  const speaking = locks.filter(
    ({ ecosystem, reader, path, lock, only, below }) =>
      ecosystem === document.ecosystem &&
      (only === undefined
        ? reader.manifests.includes(name) && speaksFor(lock, folderOf(path, below), folderOf(document.path, below))
        : only === document.path),
  );
  const depthOf = ({ path, below }: LockDocument) => folderOf(path, below).length;
  const depth = Math.max(...speaking.map(depthOf));
  const nearest = speaking.filter((lock) => depthOf(lock) === depth);
  const order = document.ecosystem.lockfiles;
  const rank = ({ reader }: LockDocument) => (reader.id === document.manifest.project?.lockedBy ? -1 : order.indexOf(reader));
  const [chosen, ...others] = nearest.sort((a, b) => rank(a) - rank(b));
  return chosen && { chosen, others };
}

/** By their paths, the lockfiles that speak for any of these manifests, each with those. */
export function spokenFor(
  documents: readonly ManifestDocument[],
  locks: readonly LockDocument[],
): ReadonlyMap<string, readonly ManifestDocument[]> {
  const spoken = new Map<string, ManifestDocument[]>();
  for (const document of documents) {
    const path = lockFor(document, locks)?.chosen.path;
    if (path === undefined) continue;
    const others = spoken.get(path);
    if (others) others.push(document);
    else spoken.set(path, [document]);
  }
  return spoken;
}

/** The manifests of a lockfile, also where the tool of another one beside it installs them. */
export function belongingTo(
  lock: LockDocument,
  documents: readonly ManifestDocument[],
  locks: readonly LockDocument[],
): readonly ManifestDocument[] {
  return documents.filter((document) => {
    const choice = lockFor(document, locks);
    return choice !== undefined && [choice.chosen, ...choice.others].includes(lock);
  });
}

/** Whether the lockfile was read whole; one that was not tells nothing, least of all that an entry is missing. */
export function isReadable({ lock }: LockDocument): boolean {
  return lock.problems.every(({ kind, partial }) => kind !== 'unreadable' || partial === true);
}

/** A lockfile that cannot be read still speaks for its own folder: nothing else is to be trusted there. */
function speaksFor(lock: Lock, lockFolder: string, folder: string): boolean {
  if (folder === lockFolder) return true;
  if (lockFolder !== '' && !folder.startsWith(`${lockFolder}/`)) return false;
  return lock.anyImporter === true || lock.importers.includes(importerOf(lockFolder, folder));
}

/** The folder of a file by its one name from the top of the workspace. */
function folderOf(path: string, below = ''): string {
  if (below === '') return dirname(path);
  const parts = below.split('/');
  const steps = path.split('/');
  while (steps[0] === '..' && parts.length) {
    steps.shift();
    parts.pop();
  }
  return [...parts, ...steps.slice(0, -1)].join('/');
}

function importerOf(lockFolder: string, folder: string): string {
  return folder === lockFolder ? '' : folder.slice(lockFolder === '' ? 0 : lockFolder.length + 1);
}

/** Whether the lockfile says anything of entries of this kind: what only bounds others, or builds, is not locked. */
export function isLockable({ group, source }: Declaration): boolean {
  return group !== 'override' && group !== 'constraint' && group !== 'build' && source.kind === 'registry';
}

/** What a lockfile holds for a declaration. */
export interface LockedFor {
  /** Several where markers choose between them, none where the entry is missing. */
  readonly releases: readonly LockedPackage[];
  /** Why none is missing although there is none. */
  readonly exempt?: 'own' | 'not-locked';
  /** The range that the lockfile was written for, where it records that. */
  readonly asked?: string;
}

export function lockedFor(declaration: Declaration, document: ManifestDocument, { path, reader, lock, below }: LockDocument): LockedFor {
  const { versions, normalizeName } = document.ecosystem;
  const importer = importerOf(folderOf(path, below), folderOf(document.path, below));
  const names = new Set([declaration.writtenName, normalizeName(declaration.writtenName), declaration.package.name]);
  const roots = rootsByName(lock, names).filter((root) => lock.anyImporter || root.importer === importer);
  // Of several (markers, sections, yarn's descriptors) the one for this very range.
  const same = roots.find(({ specifier }) => specifier !== undefined && specifier === declaration.specifier);
  const asked = (same ?? roots.find(({ specifier }) => specifier !== undefined))?.specifier;
  const found = roots.length
    ? [...new Set((same ? [same] : roots).flatMap(({ packages }) => packages))].map((index) => lock.packages[index]!)
    : lock.roots.length
      ? []
      : (packagesByName(lock).get(declaration.package.name) ?? []);
  const own = found.length ? found.every((entry) => entry.own) : document.manifest.project?.name === declaration.package.name;
  if (own) return { releases: [], exempt: 'own' };
  const real = found.filter((entry) => entry.version !== '' && !entry.own);
  const { source } = declaration;
  const admitted =
    real.length < 2 || source.kind !== 'registry' || source.range === ''
      ? real
      : real.filter(({ version }) => versions.satisfies(version, source.range));
  const releases = admitted.length ? admitted : real;
  const isLocked =
    releases.length > 0 || (!reader.omits?.includes(declaration.package.name) && (lock.groups?.includes(groupOf(declaration)) ?? true));
  return { releases, ...(!isLocked && { exempt: 'not-locked' as const }), ...(asked !== undefined && { asked }) };
}

function groupOf({ group, section }: Declaration): string {
  return group === 'runtime' ? 'default' : section.slice(section.lastIndexOf('.') + 1);
}

const packageIndexes = new WeakMap<Lock, ReadonlyMap<string, readonly LockedPackage[]>>();

/** What a lockfile holds from elsewhere, by name. */
function packagesByName(lock: Lock): ReadonlyMap<string, readonly LockedPackage[]> {
  let index = packageIndexes.get(lock);
  if (!index) {
    const byName = new Map<string, LockedPackage[]>();
    for (const entry of lock.packages) {
      if (entry.own) continue;
      const same = byName.get(entry.package.name);
      if (same) same.push(entry);
      else byName.set(entry.package.name, [entry]);
    }
    packageIndexes.set(lock, (index = byName));
  }
  return index;
}

const indexes = new WeakMap<Lock, ReadonlyMap<string, readonly LockedRoot[]>>();

function rootsByName(lock: Lock, names: ReadonlySet<string>): LockedRoot[] {
  let index = indexes.get(lock);
  if (!index) {
    const byName = new Map<string, LockedRoot[]>();
    for (const root of lock.roots) {
      const same = byName.get(root.name);
      if (same) same.push(root);
      else byName.set(root.name, [root]);
    }
    indexes.set(lock, (index = byName));
  }
  return [...names].flatMap((name) => index.get(name) ?? []);
}
