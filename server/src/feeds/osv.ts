import { toAdvisory } from '../advisories/advisory';
import type { Advisory } from '../core/advisory';
import type { PackageId } from '../core/declaration';
import type { Feed, FeedContext } from '../core/feed';
import type { Lookup } from '../core/lookup';
import type { Versions } from '../core/versions';
import { osvAt } from './osv/ask';
import { decodeEntry, encodeEntry, entryKey, type Entry } from './osv/entry';
import { createFlights } from './osv/flights';
import { askIds, type Ids } from './osv/ids';
import { createMemory, type Held } from './osv/memory';
import { askRecords } from './osv/records';

export interface OsvOptions extends FeedContext {
  /** `https://api.osv.dev`, or what stands for it. */
  readonly baseUrl: string;
  readonly versionsOf: (ecosystem: string) => Versions | undefined;
}

const id = 'osv';
const freshForMs = 60 * 60_000;
/** For this long a failure is repeated instead of asked again, so that typing during an outage does not add to it. */
const failureForMs = 5000;
const diskReads = 16;
const diskWrites = 8;
const questionsAtOnce = 6;
/** After so many questions in a row without an answer the rest is not asked: OSV is down, and asking on would only take time. */
const faultsInARow = 6;

/**
 * OSV over the network. Asked by name, judged here: first which records each package has (a thousand packages a request),
 * then, for the few whose records are new or have changed, the records. Versions never leave the machine.
 */
export function createOsvFeed({ baseUrl, http, cache, clock, versionsOf }: OsvOptions): Feed {
  const osv = osvAt(baseUrl, http);
  const memory = createMemory();
  const flights = createFlights();
  const failures = new Map<string, { readonly reason: string; readonly at: number }>();
  let expiredAt: Date | undefined;

  const keyOf = (pkg: PackageId) => entryKey(osv, id, pkg);
  const isYoung = (asOf: Date) => Math.abs(clock.now().getTime() - asOf.getTime()) < freshForMs;
  const isFresh = (held: Held | undefined) => held !== undefined && !held.old && isYoung(held.asOf);

  function answer(pkg: PackageId): Lookup<readonly Advisory[]> {
    if (pkg.name === '' || !versionsOf(pkg.ecosystem))
      return { state: 'disabled', reason: `${id} is not asked about ${pkg.ecosystem || 'this'}` };
    const key = keyOf(pkg);
    const held = memory.get(key);
    if (held && isFresh(held)) return { state: 'known', value: held.advisories, asOf: held.asOf };
    const last = held && { last: { value: held.advisories, asOf: held.asOf } };
    if (flights.has(key)) return { state: 'pending', reason: `${osv.host} is being asked`, ...last };
    const failure = failures.get(key);
    if (failure) return { state: 'unavailable', reason: failure.reason, ...last };
    return { state: 'pending', reason: held ? 'the last answer is old' : `${osv.host} was not asked yet`, ...last };
  }

  /** Whether a package needs a question of its own: not held, not under way, and not just failed. */
  function isOpen(pkg: PackageId): boolean {
    const { state } = answer(pkg);
    if (state === 'unavailable') return Date.now() - failures.get(keyOf(pkg))!.at >= failureForMs;
    return state === 'pending' && !flights.has(keyOf(pkg));
  }

  async function advisoriesFor(packages: readonly PackageId[], signal?: AbortSignal): Promise<Lookup<readonly Advisory[]>[]> {
    signal?.throwIfAborted();
    const distinct = new Map(packages.map((pkg) => [keyOf(pkg), pkg]));
    const open = [...distinct.values()].filter(isOpen);
    if (open.length > 0) flights.start(open.map(keyOf), (own) => ask(open, own));
    await flights.join([...distinct.keys()], signal);
    return packages.map(answer);
  }

  async function ask(packages: readonly PackageId[], signal: AbortSignal): Promise<void> {
    try {
      await eachOf(packages, diskReads, fromDisk);
      const open = packages.filter((pkg) => !isFresh(memory.get(keyOf(pkg))));
      if (open.length === 0 || signal.aborted) return;
      const answers = await askIds(osv, open, signal);
      const changed: { readonly pkg: PackageId; readonly ids: Ids }[] = [];
      await eachOf(answers, diskWrites, async (answered, i) => {
        const pkg = open[i]!;
        if ('fault' in answered) fail(pkg, answered.fault);
        else if (!(await confirm(pkg, answered.ids))) changed.push({ pkg, ids: answered.ids });
      });
      let faults = 0;
      await eachOf(changed, questionsAtOnce, async ({ pkg, ids }) => {
        const got = faults < faultsInARow ? await askRecords(osv, pkg, ids, signal) : { fault: `${osv.host} did not answer others` };
        faults = 'fault' in got ? faults + 1 : 0;
        if ('fault' in got) fail(pkg, got.fault);
        else await learn(pkg, { ids, records: got.records });
      });
    } catch (error) {
      if (signal.aborted) return;
      for (const pkg of packages) if (!isFresh(memory.get(keyOf(pkg)))) fail(pkg, error instanceof Error ? error.message : String(error));
    }
  }

  /** Fills memory from the cache, where another process may have put a younger answer meanwhile. */
  async function fromDisk(pkg: PackageId): Promise<void> {
    const key = keyOf(pkg);
    const held = memory.get(key);
    const stored = isFresh(held) ? undefined : await cache.get(key);
    const entry = stored && decodeEntry(stored.value);
    if (!entry || (held && held.asOf >= stored.storedAt)) return;
    const old = expiredAt !== undefined && stored.storedAt <= expiredAt;
    memory.put(key, { ...heldOf(pkg, entry, stored.storedAt), ...(old && { old }) });
  }

  /** Whether the ids tell all there is to know: there are none, or what is held is still right. */
  async function confirm(pkg: PackageId, ids: Ids): Promise<boolean> {
    const key = keyOf(pkg);
    const held = memory.get(key);
    if (held && sameIds(held.ids, ids)) {
      keep(key, { advisories: held.advisories, ids, asOf: clock.now() });
      // The cache dates an entry when it is put.
      const stored = await cache.get(key);
      if (stored && decodeEntry(stored.value)) await cache.put(key, stored.value);
      return true;
    }
    if (ids.size === 0) await learn(pkg, { ids, records: [] });
    return ids.size === 0;
  }

  async function learn(pkg: PackageId, entry: Entry): Promise<void> {
    const key = keyOf(pkg);
    keep(key, heldOf(pkg, entry, clock.now()));
    await cache.put(key, encodeEntry(entry));
  }

  function heldOf(pkg: PackageId, { ids, records }: Entry, asOf: Date): Held {
    const versions = versionsOf(pkg.ecosystem)!;
    const advisories = records.map((record) => toAdvisory(record, pkg, versions, id)).filter((advisory) => advisory !== undefined);
    return { advisories, ids, asOf };
  }

  function keep(key: string, held: Held): void {
    failures.delete(key);
    memory.put(key, held);
  }

  function fail(pkg: PackageId, reason: string): void {
    failures.set(keyOf(pkg), { reason, at: Date.now() });
  }

  return {
    id,
    network: true,
    freshForMs,
    held: (packages) => packages.map(answer),
    advisoriesFor,
    expire() {
      expiredAt = clock.now();
      failures.clear();
      memory.ageAll();
    },
  };
}

function sameIds(a: Ids, b: Ids): boolean {
  return a.size === b.size && [...a].every(([record, modified]) => b.get(record) === modified);
}

/** Works through a list, so many at a time. */
async function eachOf<T>(list: readonly T[], atOnce: number, work: (item: T, index: number) => Promise<void> | void): Promise<void> {
  let next = 0;
  const worker = async () => {
    while (next < list.length) {
      const index = next++;
      await work(list[index]!, index);
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, list.length) }, worker));
}
