import type { Declaration } from '../core/declaration';
import type { LockedPackage } from '../core/lockfile';
import type { Resolution } from '../core/release';
import type { Versions } from '../core/versions';

/**
 * Which release a declaration stands for: an exact range, else what the lockfile holds, else what is installed. Where markers choose between
 * several locked releases it is a bad one, since some machine gets it, and else the newest. What overrides and constraints decide on, a
 * lockfile holds already.
 */
export function resolve(
  declaration: Declaration,
  versions: Versions,
  locked: readonly LockedPackage[],
  isBad: (release: LockedPackage) => boolean,
  installed?: string,
): Resolution {
  const { source } = declaration;
  if (source.kind !== 'registry') return { reason: `its source is a ${source.kind === 'url' ? 'URL' : source.kind}, not a registry` };
  const exact = source.tag === undefined ? versions.exact(source.range) : undefined;
  const release = locked.find(isBad) ?? [...locked].sort((a, b) => versions.compare(b.version, a.version))[0];
  const isOwn = declaration.bounded === undefined || versions.exact(declaration.bounded.own) === exact;
  if (exact !== undefined && (isOwn || !release)) return { version: exact, from: 'exact-range' };
  if (release) return { version: release.version, from: 'lockfile' };
  // What the range does not admit is replaced by the next install: that is for `verify` to say.
  if (installed !== undefined && (source.range === '' || versions.satisfies(installed, source.range)))
    return { version: installed, from: 'installed' };
  if (source.tag !== undefined) return { reason: `the tag ${source.tag} moves` };
  return { reason: declaration.specifier === '' ? 'it has no range' : 'its range admits more than one release' };
}
