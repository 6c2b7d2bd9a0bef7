import type { Entries } from './entries';
import { pypiVersions } from '../versions';

/**
 * The releases of a name that a range admits; all of them where it admits none, is no range, or there is only one. For
 * formats that hold several releases of a name and leave the choice to ranges and markers. The range is asked for only then.
 */
export function admitted(entries: Entries, name: string, rangeOf: () => string | undefined): readonly number[] {
  const found = entries.find(name);
  const range = found.length > 1 ? rangeOf() : undefined;
  if (range === undefined || range === '') return found;
  const fitting = found.filter((index) => pypiVersions.satisfies(entries.packages[index]!.version, range));
  return fitting.length ? fitting : found;
}

/** The name that a PEP 508 text begins with, without what may cling to its end. */
export function leadingName(requirement: string): string | undefined {
  return /^\s*([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)/.exec(requirement)?.[1];
}
