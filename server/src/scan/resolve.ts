import type { Declaration } from '../core/declaration';
import type { Resolution } from '../core/release';
import type { Versions } from '../core/versions';

/** Which release a declaration stands for, by what it says itself. */
export function resolve(declaration: Declaration, versions: Versions): Resolution {
  const { source } = declaration;
  if (source.kind !== 'registry') return { reason: `its source is a ${source.kind === 'url' ? 'URL' : source.kind}, not a registry` };
  if (source.tag !== undefined) return { reason: `the tag ${source.tag} moves` };
  const version = versions.exact(source.range);
  if (version !== undefined) return { version, from: 'exact-range' };
  return { reason: declaration.specifier === '' ? 'it has no range' : 'its range admits more than one release' };
}
