import type { PackageId } from '../core/declaration';
import type { Lookup } from '../core/lookup';
import type { PackageRecord } from '../core/release';
import type { ScannedFile } from '../core/report';
import { isFromRegistry, packageKey } from './packages';

/** The packages of a file that a registry is to be asked about, with what is held of them. */
export function wantedRecords(file: ScannedFile): [PackageId, Lookup<PackageRecord>][] {
  const wanted = new Set(file.wantsRecords.map(packageKey));
  const result = new Map<string, [PackageId, Lookup<PackageRecord>]>();
  for (const { declaration, registry } of file.subjects) {
    const key = packageKey(declaration.package);
    if (wanted.has(key) && isFromRegistry(declaration)) result.set(key, [declaration.package, registry]);
  }
  return [...result.values()];
}
