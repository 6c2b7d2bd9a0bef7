import type { Registry } from '../core/ecosystem';
import type { AgeLimit, Feed } from '../core/feed';
import type { Clock } from '../core/io';
import type { Lookup } from '../core/lookup';
import type { LockedAnswer, ScannedFile, SourceState, WantedRecord } from '../core/report';
import { durationText } from '../policy/duration';
import type { SubjectSources } from './subjects';

export interface DisabledSource {
  readonly id: string;
  readonly reason: string;
}

/** The state of every source over all that was asked of it: the worst answer speaks. */
export function sourceStates(
  files: readonly ScannedFile[],
  locked: readonly LockedAnswer[],
  sources: SubjectSources & { readonly disabled: readonly DisabledSource[]; readonly clock: Clock },
  faults: ReadonlyMap<string, string>,
): SourceState[] {
  const answers = new Map<string, Lookup<unknown>[]>(sources.feeds.map(({ id }) => [id, []]));
  for (const { source, answer } of locked) answers.get(source)?.push(answer);
  for (const file of files) {
    for (const { advisories } of file.subjects) for (const { source, answer } of advisories) answers.get(source)?.push(answer);
  }
  const feeds = sources.feeds.map((feed) => feedState(feed, answers.get(feed.id)!, sources.clock.now()));
  const registries = registryStates(files, [...sources.registries.values()]);
  const disabled = sources.disabled.map(({ id, reason }): SourceState => ({ id, state: 'disabled', reason }));
  const broken = [...faults].map(([id, message]): SourceState => ({ id: `check ${id}`, state: 'unavailable', reason: message }));
  return [...feeds, ...registries, ...disabled, ...broken];
}

/** What one index was wanted for. */
interface Wanted {
  readonly answers: Lookup<unknown>[];
  /** Whether what it did not tell is not known from others either, and might be. */
  open: boolean;
}

/** The state of every registry and index, by its name: those that always count, then those that the files name. */
function registryStates(files: readonly ScannedFile[], registries: readonly Registry[]): SourceState[] {
  const wanted = new Map<string, Wanted>(registries.map(({ id }) => [id, { answers: [], open: true }]));
  for (const record of files.flatMap(({ wantsRecords }) => wantsRecords)) {
    const { place, answer } = record;
    const isOpen = !place.private && (answer.state === 'unavailable' || answer.state === 'pending');
    for (const part of place.parts) {
      let own = wanted.get(part.id);
      if (!own) wanted.set(part.id, (own = { answers: [], open: false }));
      own.answers.push(...dated(record, part));
      own.open ||= isOpen;
    }
  }
  return [...wanted].map(([id, { answers, open }]) => {
    const state = silentState(id, answers) ?? stateOf(id, answers);
    return open ? state : { ...state, beside: true };
  });
}

/** Of an index that has told nothing of anything, and is not about to. */
function silentState(id: string, answers: readonly Lookup<unknown>[]): SourceState | undefined {
  const [first] = answers;
  if (first?.state !== 'disabled' || answers.some(({ state }) => state !== 'disabled')) return undefined;
  return { id, state: 'disabled', reason: first.reason };
}

/** That there is such a package is good for days, and no measure of how old that is which is shown of releases. */
function dated({ what, answer, place: { registry }, package: { name } }: WantedRecord, part: Registry): Lookup<unknown>[] {
  const own = part === registry ? answer : what === 'existence' ? part.existence(name) : part.held(name);
  return what === 'existence' && own.state === 'known' ? [] : [own];
}

/** The state of a feed over its answers: one that is there and old says so, and one that does not know all says that as well. */
export function feedState(
  { id, ageLimit, lacks }: Pick<Feed, 'id' | 'ageLimit' | 'lacks'>,
  answers: readonly Lookup<unknown>[],
  now: Date,
): SourceState {
  const state = stateOf(id, answers);
  if (state.state === 'pending' || !state.asOf) return state;
  const old = oldText(now.getTime() - state.asOf.getTime(), ageLimit);
  const told = withReason(withReason(state, old), lacks?.());
  return old === undefined || state.state !== 'ok' ? told : { ...told, state: 'stale', renewal: ageLimit!.renewal };
}

function oldText(age: number, limit: AgeLimit | undefined): string | undefined {
  if (!limit || age <= limit.ms) return undefined;
  const whole = [86_400_000, 3_600_000, 60_000].find((unit) => age >= 2 * unit) ?? 60_000;
  return `it is ${durationText(Math.floor(age / whole) * whole)} old, and older than ${limit.text}`;
}

/** A source of which this is to be said as well. */
export function withReason(source: SourceState, more: string | undefined): SourceState {
  if (more === undefined) return source;
  return { ...source, reason: source.reason === undefined ? more : `${source.reason}; ${more}` };
}

/** The state of one source over its answers. */
export function stateOf(id: string, answers: readonly Lookup<unknown>[]): SourceState {
  let asOf: Date | undefined;
  const older = (date: Date | undefined) => {
    if (date && (!asOf || date < asOf)) asOf = date;
  };
  let unavailable: string | undefined;
  let pending: string | undefined;
  for (const answer of answers) {
    if (answer.state === 'known') older(answer.asOf);
    else if (answer.state === 'unavailable' || answer.state === 'pending') {
      older(answer.last?.asOf);
      if (answer.state === 'unavailable') unavailable ??= answer.reason;
      else pending ??= answer.reason;
    }
  }
  const reason = unavailable ?? pending;
  const state = unavailable !== undefined ? 'unavailable' : pending !== undefined ? 'pending' : 'ok';
  return { id, state, ...(asOf && { asOf }), ...(reason !== undefined && { reason }) };
}
