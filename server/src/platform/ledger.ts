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
  /** `under way`, the status (`200`), or why there was no answer. */
  readonly outcome: string;
}

/** Every request that left this process, the latest of them. A request is in it from the moment it starts. */
export interface Ledger {
  /** Oldest first. */
  entries(): readonly LedgerEntry[];
  /** Records a request; the answer changes what is known of it. */
  begin(
    entry: Pick<LedgerEntry, 'time' | 'host' | 'path' | 'purpose' | 'names'>,
  ): (change: Partial<Pick<LedgerEntry, 'sent' | 'received' | 'outcome'>>) => void;
}

const namesKept = 1000;

export function createLedger(limit = 500): Ledger {
  const entries: LedgerEntry[] = [];
  return {
    entries: () => [...entries],
    begin({ time, host, path, purpose, names }) {
      let entry: LedgerEntry = {
        time,
        host,
        path,
        purpose,
        names: names.slice(0, namesKept),
        nameCount: names.length,
        sent: 0,
        received: 0,
        outcome: 'under way',
      };
      entries.push(entry);
      if (entries.length > limit) entries.shift();
      return (change) => {
        const place = entries.indexOf(entry);
        entry = { ...entry, ...change };
        if (place >= 0) entries[place] = entry;
      };
    },
  };
}
