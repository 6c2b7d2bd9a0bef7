import type { Registry } from '../core/ecosystem';
import type { Lookup } from '../core/lookup';
import type { PackageRecord, Release } from '../core/release';
import type { Versions } from '../core/versions';

/** How several indexes are one: any release of any of them, or what the first has that knows the name. */
export interface Together {
  readonly firstMatch: boolean;
  readonly versions: Versions;
}

const mergedKept = 2000;

/**
 * Several indexes as one registry. What one of them has is known. That none has a name is known only where all of them said so; where
 * one could not tell, the answer is its own: `unavailable` after an outage, `disabled` where it cannot tell at all.
 */
export function compositeRegistry(parts: readonly Registry[], { firstMatch, versions }: Together): Registry {
  const merged = new Map<string, { readonly from: readonly PackageRecord[]; readonly record: PackageRecord }>();

  const merge = (name: string, records: readonly PackageRecord[]): PackageRecord => {
    const before = merged.get(name);
    if (before && before.from.length === records.length && before.from.every((one, i) => one === records[i])) return before.record;
    const record = mergeRecords(records, versions);
    merged.delete(name);
    merged.set(name, { from: records, record });
    const oldest = merged.size > mergedKept ? merged.keys().next() : undefined;
    if (oldest && !oldest.done) merged.delete(oldest.value);
    return record;
  };
  const records = (name: string, answers: readonly Lookup<PackageRecord>[]): Lookup<PackageRecord> =>
    together(
      answers,
      ({ exists }) => exists,
      (values) => (firstMatch || values.length === 1 ? values[0]! : merge(name, values)),
      firstMatch,
    );
  const presences = (answers: readonly Lookup<boolean>[]): Lookup<boolean> =>
    together(
      answers,
      (exists) => exists,
      () => true,
      firstMatch,
    );

  /** In turn where the first that has it counts, so that later ones are not even told the name. */
  const ask = async <T>(
    question: (part: Registry) => Promise<Lookup<T>>,
    has: (value: T) => boolean,
    signal: AbortSignal | undefined,
  ): Promise<Lookup<T>[]> => {
    if (!firstMatch) return Promise.all(parts.map(question));
    const answers: Lookup<T>[] = [];
    for (const part of parts) {
      signal?.throwIfAborted();
      const answer = await question(part);
      answers.push(answer);
      if (answer.state === 'known' && has(answer.value)) break;
    }
    return answers;
  };

  const serving = (name: string, version: string): Registry => {
    const serves = (part: Registry) => {
      const answer = part.held(name);
      const record = answer.state === 'known' ? answer.value : answer.last?.value;
      return record?.releases.some((release) => versions.equal(release.version, version)) ?? false;
    };
    return parts.find(serves) ?? parts[0]!;
  };
  const held = (name: string) =>
    records(
      name,
      parts.map((part) => part.held(name)),
    );
  return {
    id: parts.map(({ id }) => id).join(', '),
    held,
    recordOf: async (name, signal) =>
      records(
        name,
        await ask(
          (part) => part.recordOf(name, signal),
          ({ exists }) => exists,
          signal,
        ),
      ),
    existence: (name) => presences(parts.map((part) => part.existence(name))),
    knowExistence: async (name, signal) =>
      presences(
        await ask(
          (part) => part.knowExistence(name, signal),
          (exists) => exists,
          signal,
        ),
      ),
    async filesOf(name, version, signal) {
      const part = serving(name, version);
      return (await part.filesOf?.(name, version, signal)) ?? { state: 'disabled', reason: `${part.id} is not asked for files` };
    },
    async attestationsOf(name, version, file, signal) {
      const part = serving(name, version);
      return (await part.attestationsOf?.(name, version, file, signal)) ?? { state: 'disabled', reason: `${part.id} has no attestations` };
    },
    async signingKeys(signal) {
      const answers = await Promise.all(parts.flatMap((part) => part.signingKeys?.(signal) ?? []));
      return answers.find((answer) => answer.state === 'known') ?? { state: 'disabled', reason: 'no index tells its keys' };
    },
    expire(name) {
      for (const part of parts) part.expire?.(name);
    },
  };
}

/** What several answers are, taken together. */
function together<T>(
  answers: readonly Lookup<T>[],
  has: (value: T) => boolean,
  merge: (values: readonly T[]) => T,
  firstMatch: boolean,
): Lookup<T> {
  const found = answers.flatMap((answer) => {
    const shown = answer.state === 'known' ? answer : answer.last;
    return shown && has(shown.value) ? [shown] : [];
  });
  const best = found.length ? { value: merge(found.map(({ value }) => value)), asOf: oldest(found) } : undefined;
  const last = best && { last: best };
  const first = answers.findIndex((answer) => answer.state === 'known' && has(answer.value));
  // Behind the first that has it nobody is asked; and what is still to come from one before may change everything.
  const counting = firstMatch && first >= 0 ? answers.slice(0, first + 1) : answers;
  const pending = counting.find(({ state }) => state === 'pending');
  if (pending) return { state: 'pending', reason: 'reason' in pending ? pending.reason : '', ...last };
  const unknown = counting.find(({ state }) => state === 'unavailable');
  if (first >= 0 && best && (!firstMatch || !unknown)) return { state: 'known', ...best };
  const refused = unknown ?? counting.find(({ state }) => state === 'disabled' || state === 'withheld');
  if (refused && refused.state !== 'known') return { state: refused.state, reason: refused.reason, ...last };
  return answers.at(-1) ?? { state: 'disabled', reason: 'no index is asked' };
}

function oldest(answers: readonly { readonly asOf: Date }[]): Date {
  return new Date(answers.reduce((least, { asOf }) => Math.min(least, asOf.getTime()), Number.POSITIVE_INFINITY));
}

/** What the first index says of the package, with the releases of all, ascending; of a release that several have, the first's word. */
function mergeRecords(records: readonly PackageRecord[], { compare, equal }: Versions): PackageRecord {
  const releases = records.flatMap((record) => record.releases).sort((a, b) => compare(a.version, b.version));
  const order = new Map(records.flatMap((record, i) => record.releases.map((release) => [release, i] as const)));
  const kept: Release[] = [];
  for (const release of releases) {
    const before = kept.at(-1);
    if (!before || !equal(before.version, release.version)) kept.push(release);
    else if (order.get(release)! < order.get(before)!) kept[kept.length - 1] = release;
  }
  return { ...records[0]!, releases: kept };
}
