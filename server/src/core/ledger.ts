/** One request that was made, retries and redirects included. */
export interface LedgerEntry {
  readonly time: Date;
  readonly host: string;
  /** Without query and credentials. */
  readonly path: string;
  /** What for: `advisories`, `releases`. */
  readonly purpose: string;
  /** The package names that it carried; the first of them where there were very many. */
  readonly names: readonly string[];
  readonly nameCount: number;
  /** Bytes of bodies. */
  readonly sent: number;
  readonly received: number;
  /** How often it was sent. */
  readonly tries: number;
  /** Other hosts that it was redirected to, in their order. */
  readonly redirectedTo: readonly string[];
  /** `under way`, the status (`200`), or why there was no answer. */
  readonly outcome: string;
}

/** What entries add up to. */
export interface LedgerSums {
  readonly requests: number;
  readonly sent: number;
  readonly received: number;
}

/** All that left this process. */
export interface LedgerState {
  readonly since: Date;
  /** The latest requests, oldest first. */
  readonly entries: readonly LedgerEntry[];
  /** Of all requests, by host: also of those that are too long ago to be listed. */
  readonly hosts: ReadonlyMap<string, LedgerSums>;
  /** How many are not listed any more. */
  readonly forgotten: number;
}
