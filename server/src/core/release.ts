/** A release as its registry lists it. */
export interface Release {
  readonly version: string;
  /** When its first file was uploaded; absent where the index does not say. */
  readonly publishedAt?: Date;
  /** PEP 592: `true`, or the reason given. */
  readonly yanked?: true | string;
  /** npm's `deprecated` text. */
  readonly deprecated?: string;
}

/** Which release a declaration stands for. */
export type Resolution =
  | { readonly version: string; readonly from: 'exact-range' | 'lockfile' | 'installed' }
  | { readonly version?: undefined; readonly reason: string };
