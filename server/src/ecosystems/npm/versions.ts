import Range from 'semver/classes/range';
import SemVer from 'semver/classes/semver';
import parse from 'semver/functions/parse';
import type { Versions } from '../../core/versions';

// node-semver as npm calls it: loose, pre-releases only where a comparator of the range names one of the same x.y.z.
const loose = { loose: true } as const;
const longestRange = 4096;
const rangesInMemory = 2000;
const ranges = new Map<string, Range | undefined>();

/** npm's order of versions and meaning of ranges. Safe on strings of any length: versions over 256 and ranges over 4096 characters are none. */
export const npmVersions: Versions = {
  isValid: (version) => isPlainVersion(version) || versionOf(version) !== undefined,
  compare,
  equal: (a, b) => a === b || (versionOf(a) !== undefined && versionOf(b) !== undefined && compare(a, b) === 0),
  satisfies(version, range) {
    const parsed = versionOf(version);
    return parsed !== undefined && (rangeOf(range)?.test(parsed) ?? false);
  },
  isValidRange: (range) => rangeOf(range) !== undefined,
  exact,
  isPrerelease: (version) => (versionOf(version)?.prerelease.length ?? 0) > 0,
};

function compare(a: string, b: string): number {
  const left = versionOf(a);
  const right = versionOf(b);
  if (left && right) return left.compare(right);
  if (left) return 1;
  if (right) return -1;
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The one version that every alternative of the range demands by `=`. */
function exact(range: string): string | undefined {
  if (isPlainVersion(range)) return range;
  const parsed = rangeOf(range);
  if (!parsed) return undefined;
  const demanded = new Set<string>();
  for (const alternative of parsed.set) {
    const pin = alternative.find((comparator) => comparator.operator === '' && comparator.semver instanceof SemVer);
    if (!pin) return undefined;
    demanded.add(pin.semver.version);
  }
  const [version, another] = [...demanded];
  return version !== undefined && another === undefined && parsed.test(version) ? version : undefined;
}

/** Whether it is `1.2.3`, as most pins are. Without a thousand questions to semver a check is done sooner by what it takes to compile it. */
export function isPlainVersion(text: string): boolean {
  return plainVersion.test(text);
}

const plainVersion = /^(?:0|[1-9]\d{0,8})\.(?:0|[1-9]\d{0,8})\.(?:0|[1-9]\d{0,8})$/;

function versionOf(text: string): SemVer | undefined {
  // semver throws and catches for each text that is no version, which ranges mostly show by their first characters.
  return /^[\sv=]*\d+\./.test(text) ? (parse(text, loose) ?? undefined) : undefined;
}

/** Ranges are asked about thousands of versions each, so the parsed ones are kept. */
export function rangeOf(text: string): Range | undefined {
  if (ranges.has(text)) return ranges.get(text);
  const parsed = parseRange(text);
  if (ranges.size >= rangesInMemory) ranges.clear();
  ranges.set(text, parsed);
  return parsed;
}

function parseRange(text: string): Range | undefined {
  if (text.length > longestRange) return undefined;
  try {
    return new Range(text, loose);
  } catch {
    return undefined;
  }
}
