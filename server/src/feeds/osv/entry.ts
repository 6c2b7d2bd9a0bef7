import { isObject } from '../../core/isObject';
import { readOsvRecord, type OsvRecord } from '../../advisories/osvRecord';
import type { PackageId } from '../../core/declaration';
import { type Osv } from './ask';
import type { Ids } from './ids';

/** What is kept of a package between runs: which records it had, as of which change, and what they said. */
export interface Entry {
  readonly ids: Ids;
  readonly records: readonly OsvRecord[];
}

/** Goes up when what a record says was read otherwise before. */
const format = 2;

export function entryKey(osv: Osv, feed: string, pkg: PackageId): string {
  return `advisories/${format}\n${feed}\n${osv.address}\n${pkg.ecosystem}\n${pkg.name}`;
}

export function encodeEntry({ ids, records }: Entry): unknown {
  return { ids: [...ids], records };
}

/** `undefined` for anything that `encodeEntry` did not make. */
export function decodeEntry(value: unknown): Entry | undefined {
  if (!isObject(value) || !Array.isArray(value.ids) || !Array.isArray(value.records)) return undefined;
  const ids = new Map<string, string>();
  for (const pair of value.ids as unknown[]) {
    if (!Array.isArray(pair) || typeof pair[0] !== 'string' || typeof pair[1] !== 'string') return undefined;
    ids.set(pair[0], pair[1]);
  }
  const records = value.records.map(readOsvRecord);
  return records.every((record) => record !== undefined) ? { ids, records } : undefined;
}
