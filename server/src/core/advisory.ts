export type AdvisoryKind = 'malware' | 'vulnerability' | 'unmaintained';
export type AdvisorySeverity = 'critical' | 'high' | 'medium' | 'low';

/** What is known about one package's releases under one id, whichever feed said so. */
export interface Advisory {
  readonly id: string;
  /** Other ids of the same flaw, sorted. */
  readonly aliases: readonly string[];
  readonly kind: AdvisoryKind;
  /** By CVSS, or by the database's own word; absent where no source rates it, and always for malware. */
  readonly severity?: AdvisorySeverity;
  /** One plain line. Untrusted text: escape it before it is shown as Markdown. */
  readonly summary: string;
  readonly url: string;
  /** Ids of the feeds that said so. */
  readonly sources: readonly string[];
  /** Whether this release is affected (OSV schema, "Evaluation"). Never throws, on any string. */
  affects(version: string): boolean;
  /** Some part of what says which releases are affected could not be read. */
  readonly unreadable?: boolean;
  /** Whether that leaves it open if this release is affected: nothing says that it is, and nothing that it is not. Never throws. */
  undecided?(version: string): boolean;
  /** Whether every release of the package is affected, past and future: the package itself is the malware. */
  readonly wholePackage: boolean;
  /** The releases that the record lists one by one; for malware these are what a range must not admit. */
  readonly listedVersions: readonly string[];
  /** The versions at which an affected range ends, ascending; empty where no release is known to be free of it. */
  readonly fixedIn: readonly string[];
  /** A malware record that also has an open range over clean releases: only the listed versions count, and the hover says so. */
  readonly overBroad: boolean;
}
