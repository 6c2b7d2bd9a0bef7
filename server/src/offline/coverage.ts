import { evaluate } from '../advisories/evaluate';
import { isAssignedMalwareId } from '../advisories/kind';
import type { Versions } from '../core/versions';
import type { StoredRecord } from './record';

/**
 * Which records of one package the index may keep without their list of releases: those whose ranges hold each of them, which is
 * proved for every one. Lists that malware could be told by stay: there a list says more than the ranges do, and aliases of
 * malware are judged together with it. `wanted`: ids whose list was left out before, and is needed now.
 */
export function coveredLists(
  records: readonly StoredRecord[],
  versions: Versions,
): { readonly covered: ReadonlySet<string>; readonly wanted: readonly string[] } {
  const nearMalware = records.some(({ kind, id, aliases }) => kind === 'malware' || [id, ...aliases].some(isAssignedMalwareId));
  if (nearMalware) return { covered: nothing, wanted: records.filter(({ listLeftOut }) => listLeftOut).map(({ id }) => id) };
  const covered = records.filter((record) => record.listLeftOut || isCovered(record, versions));
  return { covered: covered.length ? new Set(covered.map(({ id }) => id)) : nothing, wanted: [] };
}

const nothing: ReadonlySet<string> = new Set();

function isCovered({ affected }: StoredRecord, versions: Versions): boolean {
  if (affected.versions.length === 0 || affected.ranges.length === 0) return false;
  const { affects } = evaluate({ versions: [], ranges: affected.ranges }, false, versions);
  return affected.versions.every(affects);
}
