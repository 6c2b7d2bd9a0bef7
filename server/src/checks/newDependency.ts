import type { Check } from '../core/check';
import { shown } from '../core/lookup';
import type { Release } from '../core/release';
import type { Versions } from '../core/versions';
import { releaseAtHand, shelfOf } from '../fixes/atHand';
import { ownLockLine } from '../fixes/brought';
import { culprit } from '../fixes/culprit';
import { rangeText } from '../fixes/effect';
import { named } from '../fixes/publisher';
import { isSpokenFor } from '../fixes/silence';
import { counted, listed } from '../fixes/wording';

export const newDependency: Check = {
  id: 'new-dependency',
  title: 'A patch release that gained a dependency',
  severity: 'information',
  docs: {
    why: `A patch release mends; it seldom needs another package. In axios 1.14.1 and in the Mastra releases of June 2026 the code was clean, and the malware came as one new dependency, published hours before. So a dependency that no earlier release asked for is named where it comes with a patch release.

All earlier releases are looked at, so that one that comes back is not new. Nothing is said where the registry does not tell what releases depend on: npm does for each, PyPI's lists do not.`,
    example: `"axios": "1.14.1"      // brings plain-crypto-js, which no earlier release asked for`,
    fix: `Look at the new dependency: how old it is, who publishes it, and whether the change log speaks of it. Until then pin to the release before.`,
  },
  assess: {
    declaration(subject, policy) {
      const atHand = releaseAtHand(subject);
      if (!atHand?.release.dependencies) return [];
      const { release, by } = atHand;
      const gained = gainedBy(release, shown(subject.releases) ?? [], subject.versions);
      if (!gained.length || isSpokenFor(subject, policy)) return [];
      const { name } = subject.declaration.package;
      const which =
        by === 'resolved'
          ? `${name} ${release.version} brings`
          : `${name} ${rangeText(subject.declaration) || 'without a version'} takes ${release.version}, which brings`;
      const ranges = gained.map((dependency) => `${named(dependency)} ${named(release.dependencies![dependency] ?? '')}`.trim());
      const what = gained.length > 3 ? `${counted(gained.length, 'dependency', 'dependencies')}, ${listed(ranges)},` : `${listed(ranges)},`;
      return [
        {
          message: `${which} ${what} which no earlier release asked for; a patch release seldom gains a dependency`,
          span: culprit(subject.declaration),
          related: ownLockLine(subject),
        },
      ];
    },
  },
};

const known = new WeakMap<readonly Release[], Map<Release, readonly string[]>>();

/** What only this release asks for. Worked out once: all releases are walked. */
function gainedBy(release: Release, releases: readonly Release[], versions: Versions): readonly string[] {
  let byRelease = known.get(releases);
  if (!byRelease) known.set(releases, (byRelease = new Map<Release, readonly string[]>()));
  let gained = byRelease.get(release);
  if (!gained) byRelease.set(release, (gained = compare(release, shelfOf(releases, versions).ascending, versions)));
  return gained;
}

function compare(release: Release, ascending: readonly Release[], versions: Versions): readonly string[] {
  const line = lineOf(release.version);
  const earlier = ascending.filter(
    ({ version, publishedAt }) =>
      versions.compare(version, release.version) < 0 && !(publishedAt && release.publishedAt && publishedAt > release.publishedAt),
  );
  const before = earlier.findLast(({ version }) => !versions.isPrerelease(version));
  // The one before must be of the same line, and the registry must tell what it asked for.
  if (line === undefined || versions.isPrerelease(release.version) || !before?.dependencies || lineOf(before.version) !== line) return [];
  const asked = new Set(earlier.flatMap(({ dependencies }) => Object.keys(dependencies ?? {})));
  return Object.keys(release.dependencies ?? {})
    .filter((name) => !asked.has(name))
    .sort();
}

/** Major and minor, with an epoch where there is one; `undefined` of what has neither. */
function lineOf(version: string): string | undefined {
  const match = /^v?(\d{1,20}!)?(\d{1,20})\.(\d{1,20})(?:\.|$)/.exec(version);
  return match ? `${match[1] ?? ''}${Number(match[2])}.${Number(match[3])}` : undefined;
}
