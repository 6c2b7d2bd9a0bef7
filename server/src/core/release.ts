/** A release as its registry lists it. What is absent the registry does not say. */
export interface Release {
  readonly version: string;
  /** When its first file was uploaded. */
  readonly publishedAt?: Date;
  /** PEP 592: `true`, or the reason given. */
  readonly yanked?: true | string;
  /** npm's `deprecated` text. Untrusted: escape it before it is shown as Markdown. */
  readonly deprecated?: string;
  /** Whether the registry serves an attestation of it: npm's provenance, or PEP 740's for at least one file. */
  readonly attested?: boolean;
  readonly publisher?: Publisher;
  /** `sha256:hex` of every file of a Python release; the SRI string of an npm tarball. */
  readonly hashes?: readonly string[];
  /** What it brings along at run time, name to range (npm: `dependencies` and `optionalDependencies`). */
  readonly dependencies?: Readonly<Record<string, string>>;
  /** What runs when it is installed: `preinstall`, `install`, `postinstall`, `prepare` is not one; `binding.gyp` where node-gyp would. */
  readonly installScripts?: readonly string[];
}

/** Who published a release, as far as the registry tells. All of it is untrusted text. */
export interface Publisher {
  /** The account (npm's `_npmUser.name`). */
  readonly account?: string;
  /** The kind of trusted publisher that uploaded it (`github`, `gitlab`; PEP 740: `GitHub`); absent where an account's token did. */
  readonly trusted?: string;
  /** By the attestation: the repository (`owner/name` or an address) and the workflow's file name. */
  readonly repository?: string;
  readonly workflow?: string;
}

/** A release that its registry remembers, and serves no more. */
export interface RemovedRelease {
  readonly version: string;
  readonly publishedAt: Date;
}

/** A package as its registry knows it. */
export interface PackageRecord {
  /** False: the registry was asked and has no such name (404). Then there are no releases either. */
  readonly exists: boolean;
  /** Ascending for PyPI; in the registry's order for npm. Empty for a quarantined project. */
  readonly releases: readonly Release[];
  /** Releases that were taken down, where the registry tells of them: npm does, PyPI does not. */
  readonly removed?: readonly RemovedRelease[];
  /** PEP 792's project status; `quarantined` too where npm put its security holding in the package's place. */
  readonly status?: 'active' | 'archived' | 'quarantined' | 'deprecated';
  /** The registry's own words on it. Untrusted. */
  readonly statusReason?: string;
  /** Since when, where the registry tells: npm dates its security holding. */
  readonly statusSince?: Date;
  /** npm's dist-tag `latest`. */
  readonly latest?: string;
  /** When the name was first published under. */
  readonly createdAt?: Date;
  /** An SPDX expression, or what stands in its place. Untrusted. */
  readonly license?: string;
}

/** A file of a release, with what is needed to verify it. Asked for one release at a time. */
export interface ReleaseFile {
  readonly name: string;
  readonly url: string;
  /** `sha256:hex` (PyPI), SRI strings (npm). */
  readonly hashes: readonly string[];
  /** Where its attestations are: PEP 740's provenance of the file, npm's `dist.attestations.url`. */
  readonly attestationUrl?: string;
  /** The index does not say whether there are attestations: it has no such field. */
  readonly attestationsUntold?: true;
  /** npm's signatures over `name@version:integrity`. */
  readonly signatures?: readonly { readonly keyid: string; readonly sig: string }[];
}

/** Which release a declaration stands for. */
export type Resolution =
  | { readonly version: string; readonly from: 'exact-range' | 'lockfile' | 'installed' }
  | { readonly version?: undefined; readonly reason: string };
