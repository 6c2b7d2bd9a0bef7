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
  const folder = dirname(document.path);
  const name = document.path.slice(folder === '' ? 0 : folder.length + 1);
  const speaking = locks.filter(
    ({ ecosystem, reader, path, lock }) =>
      ecosystem === document.ecosystem && reader.manifests.includes(name) && speaksFor(lock, dirname(path), folder),
  );
  const depth = Math.max(...speaking.map(({ path }) => dirname(path).length));
  const nearest = speaking.filter(({ path }) => dirname(path).length === depth);
  const order = document.ecosystem.lockfiles;
  const rank = ({ reader }: LockDocument) => (reader.id === document.manifest.project?.lockedBy ? -1 : order.indexOf(reader));
  const [chosen, ...others] = nearest.sort((a, b) => rank(a) - rank(b));
  return chosen && { chosen, others };
}

/** Whether the lockfile was read whole; one that was not tells nothing, least of all that an entry is missing. */
export function isReadable({ lock }: LockDocument): boolean {
  return lock.problems.every(({ kind }) => kind !== 'unreadable');
}

/** A lockfile that cannot be read still speaks for its own folder: nothing else is to be trusted there. */
function speaksFor(lock: Lock, lockFolder: string, folder: string): boolean {
  if (folder === lockFolder) return true;
  if (lockFolder !== '' && !folder.startsWith(`${lockFolder}/`)) return false;
  return lock.anyImporter === true || lock.importers.includes(importerOf(lockFolder, folder));
}

function importerOf(lockFolder: string, folder: string): string {
  return folder === lockFolder ? '' : folder.slice(lockFolder === '' ? 0 : lockFolder.length + 1);
}

/** Whether the lockfile says anything of entries of this kind: what only bounds others, or builds, is not locked. */
export function isLockable({ group, source }: Declaration): boolean {
  return group !== 'override' && group !== 'constraint' && group !== 'build' && source.kind === 'registry';
}

/** The releases that a lockfile holds for a declaration; several where markers choose between them, none where it is missing. */
export function lockedReleases(
  declaration: Declaration,
  document: ManifestDocument,
  { path, lock }: LockDocument,
): readonly LockedPackage[] {
  const { versions, normalizeName } = document.ecosystem;
  const importer = importerOf(dirname(path), dirname(document.path));
  const names = new Set([declaration.writtenName, normalizeName(declaration.writtenName), declaration.package.name]);
  const asked = rootsByName(lock).filter((root) => lock.anyImporter || root.importer === importer, names);
  const exact = asked.filter(({ specifier }) => specifier !== undefined && specifier === declaration.specifier);
  const roots = exact.length ? exact : asked;
  const found = roots.length
    ? [...new Set(roots.flatMap(({ packages }) => packages))].map((index) => lock.packages[index]!)
    : lock.roots.length
      ? []
      : lock.packages.filter(({ package: pkg, own }) => !own && pkg.name === declaration.package.name);
  const real = found.filter(({ version }) => version !== '');
  const { source } = declaration;
  if (real.length < 2 || source.kind !== 'registry') return real;
  const admitted = real.filter(({ version }) => source.range === '' || versions.satisfies(version, source.range));
  return admitted.length ? admitted : real;
}

interface RootIndex {
  filter(fits: (root: LockedRoot) => boolean, names: ReadonlySet<string>): LockedRoot[];
}

const indexes = new WeakMap<Lock, RootIndex>();

function rootsByName(lock: Lock): RootIndex {
  let index = indexes.get(lock);
  if (index) return index;
  const byName = new Map<string, LockedRoot[]>();
  for (const root of lock.roots) {
    const same = byName.get(root.name);
    if (same) same.push(root);
    else byName.set(root.name, [root]);
  }
  index = { filter: (fits, names) => [...names].flatMap((name) => byName.get(name) ?? []).filter(fits) };
  indexes.set(lock, index);
  return index;
}
