import type { Release } from './release';

/**
 * Why a release is shown of a declaration. `resolved`: it stands for it. `admitted`: the package manager would take it today.
 * `clean-in-range`, `clean`: the newest that may be proposed, of what the range admits and of all. `newest`: the newest of all.
 */
export type OutlookRole = 'resolved' | 'admitted' | 'clean-in-range' | 'clean' | 'newest';

/** One release that people want to see of a declaration. Its text is that of others. */
export interface OutlookRow {
  readonly roles: readonly OutlookRole[];
  readonly release: Release;
  /** The registry has an answer, and this release is not in it. */
  readonly unlisted?: true;
  /** Who published it, in words; absent where the registry does not tell. */
  readonly by?: string;
  readonly malware: boolean;
  /** Advisories that affect it, malware not counted. */
  readonly advisories: number;
  /** It is on the team's deny-list. */
  readonly blocked: boolean;
}

/** The release that a declaration comes to, as a hint shows it. */
export interface ReleaseHint {
  readonly version: string;
  readonly publishedAt?: Date;
  /** What says so; `newest`: nothing holds a release, and the range admits none newer. */
  readonly by: 'exact-range' | 'lockfile' | 'installed' | 'newest';
}

/** A release that may be written into a range. */
export interface VersionChoice {
  readonly release: Release;
  readonly advisories: number;
  /** Younger than the project, or Merlon, wants it. */
  readonly young: boolean;
  readonly prerelease: boolean;
}
