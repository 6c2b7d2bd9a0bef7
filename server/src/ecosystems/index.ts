import type { Ecosystem } from '../core/ecosystem';
import type { LockfileReader } from '../core/lockfile';
import type { ManifestReader } from '../core/manifest';
import { npm } from './npm';
import { pypi } from './pypi';

/** All that Merlon reads. A new ecosystem is a folder here and a name in this list. */
export const ecosystems: readonly Ecosystem[] = [npm, pypi];

/** A kind of manifest: who reads it, and for which ecosystem. */
export interface ManifestKind {
  readonly ecosystem: Ecosystem;
  readonly reader: ManifestReader;
}

/** A kind of lockfile: who reads it, and for which ecosystem. */
export interface LockfileKind {
  readonly ecosystem: Ecosystem;
  readonly reader: LockfileReader;
}

/** By OSV's name: `npm`, `PyPI`. */
export function ecosystemOf(id: string): Ecosystem | undefined {
  return ecosystems.find((ecosystem) => ecosystem.id === id);
}

/** What a file is by its path (forward slashes); `undefined` for a file that is no manifest. */
export function kindOf(path: string): ManifestKind | undefined {
  return find((reader) => reader.matches(path));
}

/** What a lockfile is by its path; `undefined` for a file that is none. */
export function lockKindOf(path: string): LockfileKind | undefined {
  for (const ecosystem of ecosystems) {
    const reader = ecosystem.lockfiles.find((candidate) => candidate.matches(path));
    if (reader) return { ecosystem, reader };
  }
  return undefined;
}

/** What a file can be read as that a person named, although its path says nothing. */
export function acceptingReader(path: string): ManifestKind | undefined {
  return find((reader) => reader.accepts?.(path) ?? false);
}

/** The names under which package managers look for a lockfile. */
export const lockfileNames: readonly string[] = ecosystems
  .flatMap(({ lockfiles }) => lockfiles.flatMap(({ patterns }) => patterns.map((pattern) => pattern.replace(/^\*\*\//, ''))))
  .filter((name) => !/[*?{[]/.test(name));

/** The requirements file that an `.in` was compiled to is its lockfile, though its name says nothing. */
export function compiledFrom(path: string): { readonly path: string; readonly kind: LockfileKind; readonly only: string } | undefined {
  const ecosystem = ecosystems.find(({ lockfiles }) => lockfiles.some(({ id }) => id === 'compiled'));
  const reader = ecosystem?.lockfiles.find(({ id }) => id === 'compiled');
  if (!ecosystem || !reader || !path.endsWith('.in')) return undefined;
  return { path: `${path.slice(0, -3)}.txt`, kind: { ecosystem, reader }, only: path };
}

function find(fits: (reader: ManifestReader) => boolean): ManifestKind | undefined {
  for (const ecosystem of ecosystems) {
    const reader = ecosystem.manifests.find(fits);
    if (reader) return { ecosystem, reader };
  }
  return undefined;
}
