import type { DeclarationSubject } from '../core/check';
import { shown } from '../core/lookup';
import type { Release } from '../core/release';
import { heldWords } from './effect';
import { dayText } from './wording';

/** The release that a declaration stands for. */
export interface HeldRelease {
  readonly version: string;
  /** As its registry lists it; absent where that is not known, or does not list it. */
  readonly release?: Release;
}

export function releaseOf(subject: DeclarationSubject): HeldRelease | undefined {
  const { version } = subject.resolution;
  if (version === undefined || subject.declaration.source.kind !== 'registry') return undefined;
  const release = listedAs(version, subject);
  return release ? { version, release } : { version };
}

/** `openai 1.2.0 of 2026-05-30, which the lockfile holds,`: the release, when it was published and by what it is known. */
export function releaseText(subject: DeclarationSubject, { version, release }: HeldRelease): string {
  const published = release?.publishedAt ? ` of ${dayText(release.publishedAt)}` : '';
  return `${subject.declaration.package.name} ${version}${published}${heldWords(subject)}`;
}

function listedAs(version: string, { releases, versions }: DeclarationSubject): Release | undefined {
  const all = shown(releases);
  if (!all) return undefined;
  let asked = byVersion.get(all);
  if (!asked) byVersion.set(all, (asked = new Map<string, Release | null>()));
  let release = asked.get(version);
  if (release === undefined) {
    // `1.0` and `1.0.0` are one release, and few are written otherwise than they are listed.
    release = all.find((other) => other.version === version) ?? all.find((other) => versions.equal(other.version, version)) ?? null;
    asked.set(version, release);
  }
  return release ?? undefined;
}

/** What was looked for is asked again at every keystroke. */
const byVersion = new WeakMap<readonly Release[], Map<string, Release | null>>();
