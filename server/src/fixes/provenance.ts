import type { DeclarationSubject } from '../core/check';
import { shown } from '../core/lookup';
import type { Release } from '../core/release';
import { shelfOf } from './atHand';

// What shows where a release comes from, the strongest last: nothing; an attestation; an upload by a trusted publisher.

export type Evidence = 'none' | 'attested' | 'trusted';

/** `undefined` where the registry does not say. */
export function evidenceOf({ attested, publisher }: Release): Evidence | undefined {
  if (publisher?.trusted !== undefined) return 'trusted';
  if (attested === undefined) return undefined;
  return attested ? 'attested' : 'none';
}

/** What a release is measured by: the last three before it in its own line. */
const span = 3;

/**
 * The releases that came before this one: the next lower ones that were published earlier, nearest first, three at the most.
 * Pre-releases are no measure for a release, malware is none for anything.
 */
export function releasesBefore({ releases, versions, known }: DeclarationSubject, release: Release): readonly Release[] {
  const { ascending } = shelfOf(shown(releases) ?? [], versions);
  const isMalware = (version: string) =>
    known[0]?.kind === 'malware' && known.some((advisory) => advisory.kind === 'malware' && advisory.affects(version));
  const found: Release[] = [];
  for (let index = positionOf(ascending, release) - 1; index >= 0 && found.length < span; index--) {
    const earlier = ascending[index]!;
    const isLater = release.publishedAt && earlier.publishedAt && earlier.publishedAt > release.publishedAt;
    if (isLater || (versions.isPrerelease(earlier.version) && !versions.isPrerelease(release.version))) continue;
    if (!isMalware(earlier.version)) found.push(earlier);
  }
  return found;
}

const positions = new WeakMap<readonly Release[], ReadonlyMap<Release, number>>();

function positionOf(ascending: readonly Release[], release: Release): number {
  let known = positions.get(ascending);
  if (!known) positions.set(ascending, (known = new Map(ascending.map((one, index) => [one, index]))));
  return known.get(release) ?? 0;
}
