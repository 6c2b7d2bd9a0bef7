import type { Publisher } from './release';

/**
 * `verified`: every file of the release has an attestation, and all of them hold. `failed`: one was looked at, and does not hold.
 * `unverified`: that could not be found out. `none`: the registry has no attestation of it, which is neither good nor bad.
 */
export type ProvenanceState = 'verified' | 'failed' | 'unverified' | 'none';

/** What came of verifying where one release comes from. It is evidence of origin, and says nothing of good will. */
export interface ProvenanceVerdict {
  readonly state: ProvenanceState;
  /** Of what is verified: who signed, by the certificate and not by what the registry says. */
  readonly publisher?: Publisher;
  /** Of all but what is verified: why, as a clause. Holds text of others. */
  readonly reason?: string;
  /** Something was to be asked and gave no usable answer, so that a check is not complete. */
  readonly unanswered?: true;
  /** The registry's own signature over the release's digest (npm): that it is the file which the registry took in, whoever sent it. */
  readonly signature?: RegistrySignature;
  /** The files that were asked about. */
  readonly files: readonly string[];
  /** The release before it whose attestations hold, and who signed those, where that was looked for. */
  readonly before?: { readonly version: string; readonly publisher: Publisher };
}

export interface RegistrySignature {
  readonly state: 'verified' | 'unverified';
  /** As {@link ProvenanceVerdict.reason}. */
  readonly reason?: string;
  /** Whose word the key is: this build of Merlon brought it, or the registry itself was asked for it. */
  readonly key?: 'bundled' | 'registry';
}

/** One release of a report, verified or not. */
export interface VerifiedRelease extends ProvenanceVerdict {
  readonly ecosystem: string;
  readonly package: string;
  readonly version: string;
}
