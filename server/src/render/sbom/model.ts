import type { PackageId } from '../../core/declaration';
import type { LockedPackage } from '../../core/lockfile';
import type { ScannedLock } from '../../core/report';
import type { Span } from '../../core/span';

/**
 * A bill of materials as no format has it yet: what CycloneDX and SPDX are both written from. Every list is sorted by code
 * units and nothing in it depends on the clock but `created`, so that the same input gives the same bytes.
 */
export interface Sbom {
  readonly created: Date;
  readonly tool: { readonly name: string; readonly version: string };
  /** What was scanned as a whole; it depends on what manifests ask for. */
  readonly project: SbomComponent;
  readonly components: readonly SbomComponent[];
  readonly vulnerabilities: readonly SbomVulnerability[];
  /** Whether everything was read and every source that was wanted has answered. */
  readonly complete: boolean;
  /** Whether every advisory source that Merlon has was heard: one that is switched off was not. */
  readonly heard: boolean;
  /** What is said of the document as a whole: `merlon:…`. */
  readonly properties: readonly SbomProperty[];
}

export interface SbomProperty {
  readonly name: string;
  readonly value: string;
}

export interface SbomComponent {
  /** Unique in the document, and the same in every document about the same thing. */
  readonly ref: string;
  /** `application`: the project's own. */
  readonly kind: 'application' | 'library';
  readonly name: string;
  /** npm's scope, with its `@`. */
  readonly group?: string;
  readonly version?: string;
  /** Absent for what no registry and no address can give: the project's own, and folders. */
  readonly purl?: string;
  /** `excluded`: it is there for development or to build, and takes no part at run time. */
  readonly scope: 'required' | 'optional' | 'excluded';
  readonly hashes: readonly SbomHash[];
  /** As it was written: an SPDX expression, or what stands in its place. */
  readonly license?: string;
  readonly occurrences: readonly SbomOccurrence[];
  readonly properties: readonly SbomProperty[];
  readonly dependsOn: readonly string[];
  /** Whether all that it depends on is told: a lockfile that was read whole says so. */
  readonly edges: 'complete' | 'incomplete' | 'unknown';
}

export interface SbomHash {
  readonly algorithm: 'MD5' | 'SHA-1' | 'SHA-256' | 'SHA-384' | 'SHA-512';
  /** Lower-case hex. */
  readonly content: string;
}

/** Where a file speaks of it. */
export interface SbomOccurrence {
  readonly file: string;
  /** Counted from one; absent where it is not found. */
  readonly line?: number;
}

/**
 * `exploitable`: the release, or one that may be taken, is affected, and nobody has said anything else. `in_triage`: the same,
 * but the team suppresses it with a reason, or nothing tells which release is taken. `not_affected`: the package has malicious
 * releases, and the one that is taken is none of them.
 */
export type SbomState = 'exploitable' | 'in_triage' | 'not_affected';

export interface SbomVulnerability {
  readonly ref: string;
  readonly id: string;
  readonly aliases: readonly string[];
  readonly kind: 'malware' | 'vulnerability' | 'unmaintained';
  readonly severity: 'critical' | 'high' | 'medium' | 'low' | 'unknown';
  readonly summary: string;
  readonly url: string;
  readonly fixedIn: readonly string[];
  readonly state: SbomState;
  /** Why it is in this state, in whole sentences, each once. */
  readonly details: readonly string[];
  readonly affects: readonly SbomAffected[];
}

export interface SbomAffected {
  /** Of a component. */
  readonly ref: string;
  /** The releases that the verdict is about. */
  readonly versions: readonly string[];
}

/** What the ecosystems and this program know, and a report does not hold. */
export interface SbomFacts {
  readonly tool: Sbom['tool'];
  readonly now: Date;
  /** The name of what was scanned, where no manifest at its top gives one. */
  readonly name: string;
  readonly purlTypeOf: (ecosystem: string) => string;
  readonly rolesOf: (pkg: PackageId) => readonly string[];
  /** Finds the entries of a lockfile in its text. */
  readonly placesIn: (lock: ScannedLock) => (entry: LockedPackage) => Span | undefined;
  readonly satisfies: (ecosystem: string, version: string, range: string) => boolean;
}

/** By code units, as no locale has it. */
export function inOrder(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
