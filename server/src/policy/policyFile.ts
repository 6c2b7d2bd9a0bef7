import type { PolicyFault } from '../core/check';
import type { Severity } from '../core/finding';
import type { Span } from '../core/span';
import type { Versions } from '../core/versions';
import type { PackagePattern } from './packagePattern';

/** A value, and where it stands. */
export interface Placed<T> {
  readonly value: T;
  readonly span: Span;
}

/** A `merlon.toml`, read. What could not be understood is a fault, and nothing of it is in force. */
export interface PolicyFile {
  /** Forward slashes; relative to the root of the scan. */
  readonly path: string;
  readonly text: string;
  readonly rules: ReadonlyMap<string, Placed<Severity | 'off'>>;
  readonly unpinnedScope?: Placed<'ai' | 'all' | 'off'>;
  readonly minimumReleaseAgeMs?: Placed<number>;
  readonly trustedPackages: readonly PackagePattern[];
  readonly trustedPublishers: readonly Placed<string>[];
  readonly blocked: readonly BlockedEntry[];
  readonly blockedPublishers: readonly Placed<string>[];
  readonly privatePackages: readonly Placed<string>[];
  /** Absent where the file does not limit them; an empty list admits none. */
  readonly allowedIndexes?: { readonly span: Span; readonly patterns: readonly string[] };
  readonly requireProvenance: readonly PackagePattern[];
  /** In the dialect of .gitignore, from the file's own folder. */
  readonly exclude: readonly Placed<string>[];
  readonly suppressions: readonly SuppressEntry[];
  readonly faults: readonly PolicyFault[];
}

/** One entry of the deny-list. */
export interface BlockedEntry {
  readonly span: Span;
  readonly id?: string;
  readonly reason: string;
  /** Of our own form. */
  readonly package?: PackagePattern;
  /** Absent: every release. */
  readonly versions?: readonly string[];
  /** An OSV record as plain data; its `affected` says what is blocked. */
  readonly osv?: unknown;
}

/** Malware is suppressed for a time, as is weighed anew; what lies further ahead is no time but for ever. */
export const mostDaysOfMalware = 90;

/** One `[[suppress]]`. */
export interface SuppressEntry {
  /** The entry's header, or the braces of an inline table. */
  readonly span: Span;
  /** Rule ids; empty for every rule that speaks of the advisories. */
  readonly rules: readonly string[];
  /** Ids of advisories or their aliases, in capitals; empty for whatever the rules say. */
  readonly advisories: readonly string[];
  readonly packages: readonly PackagePattern[];
  /** Of files without a package at fault: paths from the policy file's folder, by patterns. */
  readonly paths: readonly (readonly string[])[];
  /** Versions or ranges in the ecosystem's notation; absent for every version. */
  readonly versions?: readonly string[];
  readonly reason: string;
  readonly expires?: Date;
  /** Where the day stands. */
  readonly expiresSpan?: Span;
  readonly untilFixed: boolean;
}

/** What the reader of policy files is told of the rest of Merlon. */
export interface KnownNames {
  /** Ids of all rules. */
  readonly rules: readonly string[];
  /** By OSV's name of the ecosystem, its order of versions. */
  readonly ecosystems: ReadonlyMap<string, Versions>;
}

/** What the code action writes where nobody was there to be asked. */
export const placeholderReason = 'TODO: say why';

/** How a policy file is called. */
export const policyFileName = 'merlon.toml';
