import type { PackageId } from '../core/declaration';
import type { Lookup } from '../core/lookup';
import type { Release } from '../core/release';
import type { ScannedFile } from '../core/report';
import { isFromRegistry, packageKey } from './packages';

/** The packages of a file whose releases a fix wants, with what is held of them. */
export function wantedReleases(file: ScannedFile): [PackageId, Lookup<readonly Release[]>][] {
  const wanted = new Set(file.wantsReleases.map(packageKey));
  const result = new Map<string, [PackageId, Lookup<readonly Release[]>]>();
  for (const { declaration, releases } of file.subjects) {
    const key = packageKey(declaration.package);
    if (wanted.has(key) && isFromRegistry(declaration)) result.set(key, [declaration.package, releases]);
  }
  return [...result.values()];
}
