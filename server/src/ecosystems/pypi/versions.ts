import type { Versions } from '../../core/versions';
import { exactSpecifier, satisfiesSpecifiers } from './satisfies';
import { parseSpecifiers, type SpecifierClause } from './specifier';
import { compareVersions, isPrerelease, parseVersion } from './version';

/** PEP 440. A range may hold alternatives joined by `||`, which only Poetry makes. */
export const pypiVersions: Versions = {
  isValid: (version) => parseVersion(version) !== undefined,
  compare,
  equal,
  satisfies: (version, range) => alternatives(range)?.some((clauses) => satisfiesSpecifiers(version, clauses)) ?? false,
  isValidRange: (range) => alternatives(range) !== undefined,
  exact,
  // What is not a version is no pre-release either: it sorts below all versions and is never proposed.
  isPrerelease(version) {
    const parsed = parseVersion(version);
    return parsed !== undefined && isPrerelease(parsed);
  },
};

function compare(a: string, b: string): number {
  const left = parseVersion(a);
  const right = parseVersion(b);
  if (left && right) return compareVersions(left, right);
  if (left || right) return left ? 1 : -1;
  return a < b ? -1 : a > b ? 1 : 0;
}

function equal(a: string, b: string): boolean {
  return compare(a, b) === 0;
}

function exact(range: string): string | undefined {
  const pin = plainPin.exec(range)?.[1];
  if (pin !== undefined) return pin;
  const versions = alternatives(range)?.map(exactSpecifier);
  const first = versions?.[0];
  return first !== undefined && versions!.every((version) => version !== undefined && equal(version, first)) ? first : undefined;
}

/** What most pins are. */
const plainPin = /^==([0-9]{1,20}(?:\.[0-9]{1,20}){0,20})$/;

/** The clauses of every alternative. A range is asked about on each keystroke and for many releases, so the parsed ones are kept. */
function alternatives(range: string): readonly (readonly SpecifierClause[])[] | undefined {
  const known = ranges.get(range);
  if (known !== undefined) return known ?? undefined;
  const parts = range.split('||').map((part) => parseSpecifiers(part));
  const parsed = parts.every((clauses) => clauses !== undefined) ? parts : null;
  if (ranges.size >= rangesInMemory) ranges.clear();
  if (range.length <= longestKept) ranges.set(range, parsed);
  return parsed ?? undefined;
}

const rangesInMemory = 4000;
const longestKept = 500;
const ranges = new Map<string, readonly (readonly SpecifierClause[])[] | null>();
