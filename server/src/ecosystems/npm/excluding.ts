import clean from 'semver/functions/clean';
import minVersion from 'semver/ranges/min-version';
import { npmVersions, rangeOf } from './versions';

const mostReleases = 3;
const mostAlternatives = 8;

/**
 * The range without these releases. node-semver has no `!=`; an alternative that admits a bad release is split in two around it
 * (`^1.14.0` becomes `^1.14.0 <1.14.1 || ^1.14.0 >1.14.1`), which admits exactly what it did but that release: the added comparators
 * let in no pre-release, since an alternative that admits one names its x.y.z already. `undefined` where nothing is to be taken out,
 * nothing would be left, or the result would be no line to read.
 */
export function excluding(range: string, versions: readonly string[]): string | undefined {
  const bad = versions.filter((version) => npmVersions.satisfies(version, range)).toSorted(npmVersions.compare);
  const distinct = bad.filter((version, i) => i === 0 || !npmVersions.equal(version, bad[i - 1]!));
  if (distinct.length === 0 || distinct.length > mostReleases) return undefined;
  const alternatives = range.split('||').flatMap((alternative) => without(alternative.trim(), distinct));
  return alternatives.length > 0 && alternatives.length <= mostAlternatives ? alternatives.join(' || ') : undefined;
}

function without(alternative: string, bad: readonly string[]): string[] {
  const admitted = bad.filter((version) => npmVersions.satisfies(version, alternative));
  if (admitted.length === 0) return [alternative];
  // A hyphen range takes no further comparator beside it.
  const base = alternative.includes(' - ') ? (rangeOf(alternative)?.format() ?? '') : /^[*xX]$/.test(alternative) ? '' : alternative;
  const bounds = [undefined, ...admitted.map((version) => clean(version, true) ?? version), undefined];
  const parts = bounds.slice(1).map((below, i) => {
    const above = bounds[i];
    return [base, above && `>${above}`, below && `<${below}`].filter(Boolean).join(' ');
  });
  return parts.filter((part) => minVersion(part, { loose: true }) !== null);
}
