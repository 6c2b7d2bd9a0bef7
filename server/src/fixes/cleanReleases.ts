import type { Advisory } from '../core/advisory';
import type { Release } from '../core/release';
import type { Versions } from '../core/versions';

/** A package's releases and all that decides whether one may be proposed. */
export interface Shelf {
  /** As the registry lists them, in any order. */
  readonly releases: readonly Release[];
  /** All known advisories of the package; a proposed release is touched by none. */
  readonly advisories: readonly Advisory[];
  readonly versions: Versions;
  readonly minimumAgeMs: number;
  readonly now: Date;
}

/** A release to move to. */
export interface Proposal {
  readonly version: string;
  readonly publishedAt?: Date;
  /** The release that would have been taken, had it been older. */
  readonly passedOver?: Release;
  /** Younger than the minimum age: there is no older one. */
  readonly young?: true;
  /** Deprecated by its author: every one that may be proposed is. */
  readonly deprecated?: true;
  /** It has no attestation although earlier releases have: so has every one that may be proposed. */
  readonly unproven?: true;
  /** Named by an advisory as free of the flaw; the registry was not asked. */
  readonly unchecked?: true;
}

/** The newest release that the range admits; `undefined` where every one of them is touched by an advisory, yanked or too young. */
export function newestClean(shelf: Shelf, range: string): Proposal | undefined {
  const proposal = choose(shelf, ascending(shelf).toReversed(), (version) => range === '' || shelf.versions.satisfies(version, range));
  return proposal?.young ? undefined : proposal;
}

/** The lowest release above this version, inside the range where one is given and has any, else outside it. */
export function lowestCleanAfter(shelf: Shelf, version: string, range?: string): Proposal | undefined {
  const later = ascending(shelf).filter((release) => shelf.versions.compare(release.version, version) > 0);
  return nearest(shelf, later, version, range);
}

/** The highest release below this version, inside the range where one is given and has any, else outside it. */
export function lastCleanBefore(shelf: Shelf, version: string, range?: string): Proposal | undefined {
  const earlier = ascending(shelf)
    .filter((release) => shelf.versions.compare(release.version, version) < 0)
    .toReversed();
  return nearest(shelf, earlier, version, range);
}

/**
 * What the advisories alone can say while the registry cannot be asked: the versions that they name as fixed, ascending,
 * without those that another advisory touches. These releases exist, or are announced; their age is not known.
 */
export function cleanByAdvisories(advisories: readonly Advisory[], versions: Versions): readonly string[] {
  let clean = cleanOf.get(advisories);
  if (!clean) cleanOf.set(advisories, (clean = cleanEnds(advisories, versions)));
  return clean;
}

// A finding names it, and each of its fixes rests on it.
const cleanOf = new WeakMap<readonly Advisory[], readonly string[]>();

function cleanEnds(advisories: readonly Advisory[], versions: Versions): readonly string[] {
  const named = [...new Set(advisories.flatMap((advisory) => advisory.fixedIn))];
  return named
    .filter((version) => versions.isValid(version) && !versions.isPrerelease(version) && isClean(advisories, version))
    .sort((a, b) => versions.compare(a, b));
}

/** Whether no advisory touches this release, or may. */
export function isClean(advisories: readonly Advisory[], version: string): boolean {
  let verdicts = verdictsOf.get(advisories);
  if (!verdicts) verdictsOf.set(advisories, (verdicts = new Map<string, boolean>()));
  let clean = verdicts.get(version);
  if (clean === undefined)
    verdicts.set(version, (clean = !advisories.some((advisory) => advisory.affects(version) || advisory.undecided?.(version))));
  return clean;
}

// A package may have 2,000 releases and 100 advisories: the list is sorted once, releases are judged only until one is
// found, and a verdict is kept as long as the advisories that it rests on.
const verdictsOf = new WeakMap<readonly Advisory[], Map<string, boolean>>();
const sorted = new WeakMap<readonly Release[], readonly Release[]>();

function ascending(shelf: Shelf): readonly Release[] {
  let releases = sorted.get(shelf.releases);
  if (!releases) {
    releases = shelf.releases
      .filter((release) => !release.yanked && shelf.versions.isValid(release.version))
      .sort((a, b) => shelf.versions.compare(a.version, b.version));
    sorted.set(shelf.releases, releases);
  }
  return releases;
}

function nearest(shelf: Shelf, candidates: readonly Release[], from: string, range: string | undefined): Proposal | undefined {
  const { versions } = shelf;
  const allowed = (version: string): boolean => versions.isPrerelease(from) || !versions.isPrerelease(version);
  const within =
    range === undefined
      ? undefined
      : choose(shelf, candidates, (version) => allowed(version) && (range === '' || versions.satisfies(version, range)));
  if (within && !within.young) return within;
  const outside = choose(shelf, candidates, allowed);
  return outside && !(outside.young && within) ? outside : within;
}

// Stable before pre-release, and each of them before a deprecated one, as npm picks; of the rest, before one that lost its provenance.
function tier(shelf: Shelf, release: Release): number {
  const { isPrerelease } = shelf.versions;
  return (isPrerelease(release.version) ? 4 : 0) + (release.deprecated === undefined ? 0 : 2) + (lostProvenance(shelf, release) ? 1 : 0);
}

/** Whether a release has no attestation, while one before it has. */
function lostProvenance(shelf: Shelf, { attested, version }: Release): boolean {
  if (attested !== false) return false;
  const first = firstAttested(shelf);
  return first !== undefined && shelf.versions.compare(first.version, version) < 0;
}

function firstAttested(shelf: Shelf): Release | undefined {
  let first = attestedFirst.get(shelf.releases);
  if (first === undefined) attestedFirst.set(shelf.releases, (first = ascending(shelf).find(({ attested }) => attested === true) ?? null));
  return first ?? undefined;
}

const attestedFirst = new WeakMap<readonly Release[], Release | null>();

function choose(shelf: Shelf, candidates: readonly Release[], admits: (version: string) => boolean): Proposal | undefined {
  let young: Release | undefined;
  const proposal = (release: Release, more: Partial<Proposal>) => proposalOf(shelf, release, more);
  for (const wanted of [0, 1, 2, 3, 4, 5, 6, 7]) {
    for (const release of candidates) {
      if (tier(shelf, release) !== wanted || !admits(release.version) || !isClean(shelf.advisories, release.version)) continue;
      // An index that tells no dates cannot be asked for an age; the title says so.
      const age = release.publishedAt ? shelf.now.getTime() - release.publishedAt.getTime() : Infinity;
      if (age >= shelf.minimumAgeMs) return proposal(release, young ? { passedOver: young } : {});
      // A release of the future does not exist yet for a clock that was set back.
      if (age >= 0) young ??= release;
    }
  }
  return young && proposal(young, { young: true });
}

function proposalOf(shelf: Shelf, release: Release, more: Partial<Proposal>): Proposal {
  return {
    version: release.version,
    ...(release.publishedAt && { publishedAt: release.publishedAt }),
    ...(release.deprecated !== undefined && { deprecated: true }),
    ...(lostProvenance(shelf, release) && { unproven: true }),
    ...more,
  };
}
