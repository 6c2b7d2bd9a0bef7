import type { PackageId } from './declaration';
import type { Publisher } from './release';
import type { Span } from './span';

/** An entry of a policy file. */
export interface PolicyPlace {
  /** The policy file, as the report names files. */
  readonly file: string;
  readonly span: Span;
}

/** An entry of the team's deny-list, about one package. */
export interface Blocked {
  /** The incident's id, where the team gave one. */
  readonly id?: string;
  /** In the team's words; `''` where it gave none. */
  readonly reason: string;
  readonly place: PolicyPlace;
  /** Every release is blocked, past and future. */
  readonly wholePackage: boolean;
  /** The releases that the entry lists one by one. */
  readonly listedVersions: readonly string[];
  /** Never throws, on any string. */
  affects(version: string): boolean;
}

/** A pattern of a policy file that matched, and where it stands. */
export interface PolicyMatch {
  readonly pattern: string;
  readonly place: PolicyPlace;
}

/** What the policy files that hold for a file say of packages and of where they come from. All of it is answered from memory. */
export interface TeamPolicy {
  /** Entries of deny-lists about this package. */
  blocks(pkg: PackageId): readonly Blocked[];
  /** By any of what is known of a publisher: account, repository, kind of trusted publisher. */
  blocksPublisher(publisher: Publisher): PolicyMatch | undefined;
  /** The list that has to admit an index address and does not; `undefined` where no file limits them, or where all admit it. */
  refusesIndex(address: string): PolicyPlace | undefined;
  /** The entry that demands an attestation of every release of the package. */
  demandsProvenance(pkg: PackageId): PolicyMatch | undefined;
  /** The entry that vouches for the package, or for who published its release. */
  trusts(pkg: PackageId, publisher: Publisher | undefined): PolicyMatch | undefined;
  /** Whether the registry has to tell of the package, since an entry cannot be judged without. */
  wantsRecord(pkg: PackageId): boolean;
}
