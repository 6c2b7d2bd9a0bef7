import type { Entries } from './entries';
import { pypiVersions } from '../versions';

/**
 * The releases of a name that a range admits; all of them where it admits none, is no range, or there is only one. For
 * formats that hold several releases of a name and leave the choice to ranges and markers.
 */
export function admitted(entries: Entries, name: string, range: string | undefined): readonly number[] {
  const found = entries.find(name);
  if (found.length < 2 || range === undefined || range === '') return found;
  const fitting = found.filter((index) => pypiVersions.satisfies(entries.packages[index]!.version, range));
  return fitting.length ? fitting : found;
}
