import type { DeclarationSubject } from '../core/check';
import { shown } from '../core/lookup';
import type { Release } from '../core/release';
import { dayText } from './wording';

/** The release that a declaration stands for. */
export interface HeldRelease {
  readonly version: string;
  /** As its registry lists it; absent where that is not known, or does not list it. */
  readonly release?: Release;
  /** `openai 1.2.0 of 2026-05-30, which the lockfile holds,`: the release, when it was published and by what it is known. */
  readonly words: string;
}

export function releaseOf(subject: DeclarationSubject): HeldRelease | undefined {
  const { resolution, declaration } = subject;
  const { version } = resolution;
  if (version === undefined || declaration.source.kind !== 'registry') return undefined;
  const release = listedAs(version, subject);
  const published = release?.publishedAt ? ` of ${dayText(release.publishedAt)}` : '';
  const words = `${declaration.package.name} ${version}${published}${whereFrom[resolution.from]}`;
  return { version, words, ...(release && { release }) };
}

const whereFrom = { 'exact-range': '', lockfile: ', which the lockfile holds,', installed: ', which is installed,' };

function listedAs(version: string, { releases, versions }: DeclarationSubject): Release | undefined {
  const all = shown(releases);
  if (!all) return undefined;
  let byText = byVersion.get(all);
  if (!byText) byVersion.set(all, (byText = new Map(all.map((release) => [release.version, release]))));
  // `1.0` and `1.0.0` are one release. Who writes it otherwise than it is listed is looked for once.
  if (!byText.has(version))
    byText.set(
      version,
      all.find((release) => versions.equal(release.version, version)),
    );
  return byText.get(version);
}

const byVersion = new WeakMap<readonly Release[], Map<string, Release | undefined>>();
