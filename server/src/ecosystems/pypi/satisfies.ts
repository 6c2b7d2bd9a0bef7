import { strip } from './pythonText';
import type { SpecifierClause } from './specifier';
import { compareNumbers, compareVersions, isPrerelease, parseVersion, withoutLocal, type Version } from './version';

/**
 * Whether every clause admits the version, as `SpecifierSet.contains` of packaging 26 says: a single release that the
 * clauses admit is admitted although it is a pre-release, unless `prereleases` is false. (packaging 21 refused it.)
 * What is not a version is admitted by `===` alone, which compares texts, and by the empty set.
 */
export function satisfiesSpecifiers(version: string, clauses: readonly SpecifierClause[], prereleases?: boolean): boolean {
  const parsed = parseVersion(version);
  if (prereleases === false && parsed && isPrerelease(parsed)) return false;
  return clauses.every((clause) => admits(clause, version, parsed));
}

function admits(clause: SpecifierClause, text: string, version: Version | undefined): boolean {
  if (clause.operator === '===') return text.toLowerCase() === clause.version.toLowerCase();
  const bound = clause.parsed;
  if (!version || !bound) return false;
  switch (clause.operator) {
    case '==':
      return equals(clause, version, bound);
    case '!=':
      return !equals(clause, version, bound);
    case '~=':
      return compareVersions(withoutLocal(version), bound) >= 0 && hasPrefix(version, bound, bound.release.length - 1);
    case '<=':
      return compareVersions(withoutLocal(version), bound) <= 0;
    case '>=':
      return compareVersions(withoutLocal(version), bound) >= 0;
    case '<':
      return isBelow(version, bound);
    case '>':
      return isAbove(version, bound);
  }
}

/** A bound without a local label ignores the version's. */
function equals(clause: SpecifierClause, version: Version, bound: Version): boolean {
  if (clause.wildcard) return hasPrefix(version, bound, bound.release.length);
  return compareVersions(bound.local ? version : withoutLocal(version), bound) === 0;
}

function hasPrefix(version: Version, bound: Version, length: number): boolean {
  if (version.epoch !== bound.epoch) return false;
  return bound.release.slice(0, length).every((number, i) => compareNumbers(number, version.release[i] ?? '0') === 0);
}

/** "<V" leaves out the pre-releases of V, unless V is one itself. */
function isBelow(version: Version, bound: Version): boolean {
  if (compareVersions(version, bound) >= 0) return false;
  const earliest = { ...withoutLocal(bound), dev: '0' };
  return isPrerelease(bound) || !isPrerelease(version) || compareVersions(version, earliest) < 0;
}

/** ">V" leaves out the post-releases of V, unless V is one itself, and V with a local label. */
function isAbove(version: Version, bound: Version): boolean {
  if (compareVersions(version, bound) <= 0) return false;
  if (version.local && compareVersions(withoutLocal(version), bound) === 0) return false;
  if (bound.post !== undefined || version.post === undefined) return true;
  const { post: _post, dev: _dev, local: _local, ...base } = version;
  return compareVersions(base, bound) !== 0;
}

/** The version as written, if the clauses stand for exactly one release: one `==` without a star, or one `===`, that the others admit. */
export function exactSpecifier(clauses: readonly SpecifierClause[]): string | undefined {
  const pinning = clauses.find((clause) => (clause.operator === '==' && !clause.wildcard) || clause.operator === '===');
  if (!pinning || strip(pinning.version) === '') return undefined;
  return satisfiesSpecifiers(pinning.version, clauses) ? pinning.version : undefined;
}
