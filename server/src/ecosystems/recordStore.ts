import type { Registry } from '../core/ecosystem';
import type { FeedContext } from '../core/feed';
import { mapLookup, type Lookup } from '../core/lookup';
import type { PackageRecord } from '../core/release';
import { readValidators, trimmedBase, withoutCredentials, type IndexClient } from './indexClient';
import { createRecordMemory, type Known } from './recordMemory';
import { decodeRecord, encodeRecord } from './releaseRecord';
import { createSharedFlights } from './sharedFlights';

type Answer = Lookup<PackageRecord>;

const formatVersion = 4;
const hourMs = 60 * 60 * 1000;
const freshForMs = hourMs;
/** That there is a package stays true far longer than what is known of its releases; that there is none may change any time. */
const presentForMs = 7 * 24 * hourMs;
const absentForMs = hourMs;
/** For this long a failure is repeated instead of asked again, so that an outage costs one request a name and minute. */
const failureForMs = 60 * 1000;
const failuresKept = 4000;

/**
 * A {@link Registry} that keeps answers in memory and in the cache, revalidates them when they are over an hour old, asks once
 * for any number of simultaneous callers, and shows the last known answer with its date where the registry cannot be asked.
 */
export function createRecordStore(client: IndexClient, context: FeedContext): Registry {
  const memory = createRecordMemory();
  const failed = new Map<string, { readonly reason: string; readonly at: number }>();
  const flights = createSharedFlights();
  const base = withoutCredentials(trimmedBase(client.baseUrl));
  let expiredAt: Date | undefined;
  const keyOf = (name: string) => `releases/${formatVersion} ${client.id} ${base} ${name}`;
  // A date ahead of the clock is no sign of freshness: the clock may have been wrong, or set back by --now.
  const recent = (at: number, ms: number) => Math.abs(context.clock.now().getTime() - at) < ms;

  const held = (name: string) => answer(name, () => freshForMs);
  const existence = (name: string) =>
    mapLookup(
      answer(name, ({ exists }) => (exists ? presentForMs : absentForMs)),
      ({ exists }) => exists,
    );

  function answer(name: string, goodForMs: (record: PackageRecord) => number): Answer {
    const last = memory.get(name);
    if (last && !last.old && recent(last.asOf.getTime(), goodForMs(last.value)))
      return { state: 'known', value: last.value, asOf: last.asOf };
    const failure = failed.get(name);
    const shown = last && { last: { value: last.value, asOf: last.asOf } };
    if (failure && recent(failure.at, failureForMs)) return { state: 'unavailable', reason: failure.reason, ...shown };
    return { state: 'pending', reason: `${client.id} is being asked`, ...shown };
  }

  /** What is under way for another goal may leave this one open, so it is looked at again. */
  async function settle<T>(name: string, look: (name: string) => Lookup<T>, signal: AbortSignal | undefined): Promise<Lookup<T>> {
    for (let round = 0; ; round++) {
      signal?.throwIfAborted();
      const now = look(name);
      if (now.state !== 'pending' || round === 3) return now;
      await flights.join(name, (own) => ask(name, look, own), signal);
    }
  }

  async function ask(name: string, look: (name: string) => Lookup<unknown>, signal: AbortSignal): Promise<void> {
    await fromDisk(name);
    if (look(name).state === 'known') return;
    const before = memory.get(name);
    const told = await client.ask(name, before?.validators, signal);
    signal.throwIfAborted();
    if (told.kind === 'fault') return fail(name, told.reason);
    if (told.kind === 'unchanged' && !before) return fail(name, `${client.id} answered 304 to a first question`);
    const asOf = context.clock.now();
    const known: Known =
      told.kind === 'record'
        ? { value: told.record, asOf, ...(told.validators && { validators: told.validators }) }
        : told.kind === 'absent'
          ? { value: { exists: false, releases: [] }, asOf }
          : { value: before!.value, asOf, ...(before!.validators && { validators: before!.validators }) };
    failed.delete(name);
    memory.put(name, known);
    const validators = known.validators && { validators: known.validators };
    await context.cache.put(keyOf(name), { record: encodeRecord(known.value), ...validators }).catch(() => undefined);
  }

  /** Fills memory from the cache; an entry that is not what was put there counts as absent. */
  async function fromDisk(name: string): Promise<void> {
    if (memory.get(name)) return;
    const entry = await context.cache.get(keyOf(name)).catch(() => undefined);
    const stored = entry?.value as { readonly record?: unknown; readonly validators?: unknown } | null | undefined;
    const value = decodeRecord(stored?.record);
    if (!entry || !value) return;
    const validators = readValidators(stored?.validators);
    const old = expiredAt !== undefined && entry.storedAt <= expiredAt;
    memory.put(name, { value, asOf: entry.storedAt, ...(validators && { validators }), ...(old && { old }) });
  }

  function fail(name: string, reason: string): void {
    failed.delete(name);
    failed.set(name, { reason, at: context.clock.now().getTime() });
    const oldest = failed.size > failuresKept ? failed.keys().next() : undefined;
    if (oldest && !oldest.done) failed.delete(oldest.value);
  }

  return {
    id: client.id,
    held,
    recordOf: (name, signal) => settle(name, held, signal),
    existence,
    knowExistence: (name, signal) => settle(name, existence, signal),
    filesOf: (name, version, signal) => client.filesOf(name, version, signal),
    attestationsOf: (name, version, file, signal) => client.attestationsOf(name, version, file, signal),
    ...(client.signingKeys && { signingKeys: (signal?: AbortSignal) => client.signingKeys!(signal) }),
    expire(name) {
      if (name === undefined) {
        expiredAt = context.clock.now();
        failed.clear();
      }
      memory.age(name);
    },
  };
}
