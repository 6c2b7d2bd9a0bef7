import type { DeclarationSubject } from '../core/check';
import { shown } from '../core/lookup';
import type { PackageRecord, Release } from '../core/release';
import type { Versions } from '../core/versions';
import { pinnableGroups } from './pinning';

// Which release of the registry's list a declaration stands for, or would. Asked of every declaration at every keystroke, by
// several checks; a package may have thousands of releases, so what is found is kept as long as the list.

/** The release that is installed next, as far as anybody can tell. */
export interface AtHand {
  readonly release: Release;
  /** `resolved`: an exact range, the lockfile or the environment says so. `newest`: the range admits it, and nothing newer. */
  readonly by: 'resolved' | 'newest';
}

/** The resolved release, else the newest that the range admits; `undefined` where that is not known, and of what is known to be malware. */
export function releaseAtHand(subject: DeclarationSubject): AtHand | undefined {
  let found = atHand.get(subject);
  if (found === undefined) atHand.set(subject, (found = find(subject) ?? null));
  return found ?? undefined;
}

const atHand = new WeakMap<DeclarationSubject, AtHand | null>();

function find(subject: DeclarationSubject): AtHand | undefined {
  if (subject.resolution.version === undefined) {
    const newest = newestAdmitted(subject);
    return newest && { release: newest, by: 'newest' };
  }
  const release = resolvedRelease(subject);
  return release && { release, by: 'resolved' };
}

/** The release that the declaration stands for, where the registry lists it. */
export function resolvedRelease(subject: DeclarationSubject): Release | undefined {
  const { version } = subject.resolution;
  const record = usableRecord(subject);
  if (version === undefined || !record || isMalware(subject, version)) return undefined;
  return shelfOf(record.releases, subject.versions).at(version);
}

/**
 * The release that the package manager would take for the range today: npm's `latest` where the range admits it, else the
 * highest. Yanked, deprecated and preview releases come only where there is nothing else. `before`: only what was published
 * until then. The ranges of peers, overrides and constraints speak for others.
 */
export function newestAdmitted(subject: DeclarationSubject, before?: Date): Release | undefined {
  const { source, group } = subject.declaration;
  const record = usableRecord(subject);
  if (!record || source.kind !== 'registry' || !pinnableGroups.has(group) || subject.lock?.exempt === 'own') return undefined;
  if (source.tag !== undefined && source.tag !== 'latest') return undefined;
  const newest = shelfOf(record.releases, subject.versions).newest(source.range, record.latest, before);
  return newest && !isMalware(subject, newest.version) ? newest : undefined;
}

/** What the registry knows, unless the project is locked there: then other checks speak. */
function usableRecord({ registry, declaration }: DeclarationSubject): PackageRecord | undefined {
  const record = declaration.source.kind === 'registry' ? shown(registry) : undefined;
  return record && record.status !== 'quarantined' && record.releases.length > 0 ? record : undefined;
}

function isMalware({ known }: DeclarationSubject, version: string): boolean {
  return known[0]?.kind === 'malware' && known.some((advisory) => advisory.kind === 'malware' && advisory.affects(version));
}

interface Shelf {
  at(version: string): Release | undefined;
  newest(range: string, latest: string | undefined, before: Date | undefined): Release | undefined;
  /** Releases in the order of their versions, ascending; without what is no version. */
  readonly ascending: readonly Release[];
}

const shelves = new WeakMap<readonly Release[], Shelf>();

/** A list of releases with the answers that were found in it. */
export function shelfOf(releases: readonly Release[], versions: Versions): Shelf {
  let shelf = shelves.get(releases);
  if (!shelf) shelves.set(releases, (shelf = createShelf(releases, versions)));
  return shelf;
}

function createShelf(releases: readonly Release[], versions: Versions): Shelf {
  const ascending = releases.filter(({ version }) => versions.isValid(version)).sort((a, b) => versions.compare(a.version, b.version));
  const byVersion = new Map(releases.map((release) => [release.version, release]));
  const spelled = new Map<string, Release | null>();
  const newest = new Map<string, Release | null>();
  const tiers = [0, 1, 2, 3].map((tier) => ascending.filter((release) => tierOf(release, versions) === tier).reverse());
  const highest = (admits: (release: Release) => boolean): Release | undefined => {
    for (const tier of tiers) {
      const release = tier.find(admits);
      if (release) return release;
    }
    return undefined;
  };
  const at = (version: string): Release | undefined => {
    const exact = byVersion.get(version);
    if (exact) return exact;
    let other = spelled.get(version);
    if (other === undefined) spelled.set(version, (other = releases.find((release) => versions.equal(release.version, version)) ?? null));
    return other ?? undefined;
  };
  return {
    ascending,
    at,
    newest(range, latest, before) {
      const key = `${before?.getTime() ?? ''} ${latest ?? ''} ${range}`;
      let found = newest.get(key);
      if (found !== undefined) return found ?? undefined;
      const isIn = ({ version }: Release): boolean => range === '' || versions.satisfies(version, range);
      const isThere = ({ publishedAt }: Release): boolean => !before || !publishedAt || publishedAt <= before;
      const tagged = latest === undefined ? undefined : at(latest);
      found = (tagged && isIn(tagged) && isThere(tagged) ? tagged : highest((release) => isIn(release) && isThere(release))) ?? null;
      // Somebody types: each range on the way is another one.
      if (newest.size >= 64) newest.delete(newest.keys().next().value!);
      newest.set(key, found);
      return found ?? undefined;
    },
  };
}

/** A yanked release is taken only by who names it. */
function tierOf({ version, yanked, deprecated }: Release, versions: Versions): number {
  if (yanked) return -1;
  return (versions.isPrerelease(version) ? 2 : 0) + (deprecated === undefined ? 0 : 1);
}
