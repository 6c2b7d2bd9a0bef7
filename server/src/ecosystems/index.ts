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

/** By OSV's name: `npm`, `PyPI`. */
export function ecosystemOf(id: string): Ecosystem | undefined {
  return ecosystems.find((ecosystem) => ecosystem.id === id);
}

/** What a file is by its path (forward slashes); `undefined` for a file that is no manifest. */
export function kindOf(path: string): ManifestKind | undefined {
  return find((reader) => reader.matches(path));
}

/** What a lockfile is by its path; `undefined` for a file that is none. */
export function lockKindOf(path: string): { readonly ecosystem: Ecosystem; readonly reader: LockfileReader } | undefined {
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

function find(fits: (reader: ManifestReader) => boolean): ManifestKind | undefined {
  for (const ecosystem of ecosystems) {
    const reader = ecosystem.manifests.find(fits);
    if (reader) return { ecosystem, reader };
  }
  return undefined;
}
