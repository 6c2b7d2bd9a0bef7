/** An ecosystem's order of versions and meaning of ranges. No notation of any file: readers translate into {@link Source.range}. */
export interface Versions {
  /** Whether this is a version at all. */
  isValid(version: string): boolean;
  /** <0, 0, >0. Total on all strings: what is not a version sorts below every version, by code units. */
  compare(a: string, b: string): number;
  /** The same release (`1.0` and `1.0.0`, `v1.2.3` and `1.2.3`). */
  equal(a: string, b: string): boolean;
  /** Whether the range admits the version, pre-releases as the package manager treats them. An invalid range admits nothing. */
  satisfies(version: string, range: string): boolean;
  isValidRange(range: string): boolean;
  /** The version, if the range stands for exactly one release (`==1.2.3`, `1.2.3`). */
  exact(range: string): string | undefined;
  isPrerelease(version: string): boolean;
}
