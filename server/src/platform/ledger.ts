import type { LedgerEntry, LedgerState, LedgerSums } from '../core/ledger';

export type { LedgerEntry };

/** Every request that left this process, the latest of them whole. A request is in it from the moment it starts. */
export interface Ledger {
  /** Oldest first. */
  entries(): readonly LedgerEntry[];
  state(): LedgerState;
  /** Records a request; the answer changes what is known of it. */
  begin(entry: Pick<LedgerEntry, 'time' | 'host' | 'path' | 'purpose' | 'names'>): (change: LedgerChange) => void;
}

export type LedgerChange = Partial<Pick<LedgerEntry, 'sent' | 'received' | 'tries' | 'redirectedTo' | 'outcome'>>;

const namesKept = 1000;
/** Over all entries: with so many names kept, the oldest entries go before there are too many of them. */
const allNamesKept = 200_000;
const hostsKept = 1000;
const otherHosts = 'other hosts';

export function createLedger(limit = 5000, since = new Date()): Ledger {
  const entries: LedgerEntry[] = [];
  const hosts = new Map<string, LedgerSums>();
  let forgotten = 0;
  let names = 0;

  const forget = () => {
    while (entries.length > limit || (names > allNamesKept && entries.length > 1)) {
      names -= entries.shift()!.names.length;
      forgotten++;
    }
  };
  const add = (host: string, more: LedgerSums) => {
    const key = hosts.has(host) || hosts.size < hostsKept ? host : otherHosts;
    const { requests, sent, received } = hosts.get(key) ?? { requests: 0, sent: 0, received: 0 };
    hosts.set(key, { requests: requests + more.requests, sent: sent + more.sent, received: received + more.received });
  };

  return {
    entries: () => [...entries],
    state: () => ({ since, entries: [...entries], hosts: new Map(hosts), forgotten }),
    begin({ time, host, path, purpose, names: carried }) {
      let entry: LedgerEntry = {
        time,
        host,
        path,
        purpose,
        names: carried.slice(0, namesKept),
        nameCount: carried.length,
        sent: 0,
        received: 0,
        tries: 0,
        redirectedTo: [],
        outcome: 'under way',
      };
      entries.push(entry);
      names += entry.names.length;
      add(host, { requests: 1, sent: 0, received: 0 });
      forget();
      return (change) => {
        const place = entries.lastIndexOf(entry);
        const before = entry;
        entry = { ...entry, ...change };
        add(host, { requests: 0, sent: entry.sent - before.sent, received: entry.received - before.received });
        for (const other of entry.redirectedTo.slice(before.redirectedTo.length)) add(other, { requests: 1, sent: 0, received: 0 });
        if (place >= 0) entries[place] = entry;
      };
    },
  };
}
