import type { Lookup } from '../core/lookup';
import type { LockedAnswer, ScannedFile, SourceState, WantedRecord } from '../core/report';
import type { SubjectSources } from './subjects';

export interface DisabledSource {
  readonly id: string;
  readonly reason: string;
}

/** The state of every source over all that was asked of it: the worst answer speaks. */
export function sourceStates(
  files: readonly ScannedFile[],
  locked: readonly LockedAnswer[],
  sources: SubjectSources & { readonly disabled: readonly DisabledSource[] },
  faults: ReadonlyMap<string, string>,
): SourceState[] {
  const answers = new Map<string, Lookup<unknown>[]>(sources.feeds.map(({ id }) => [id, []]));
  for (const { source, answer } of locked) answers.get(source)?.push(answer);
  for (const file of files) {
    for (const { advisories } of file.subjects) for (const { source, answer } of advisories) answers.get(source)?.push(answer);
  }
  const feeds = [...answers].map(([id, own]) => stateOf(id, own));
  const registries = [...sources.registries].map(([ecosystem, registry]) =>
    stateOf(
      registry.id,
      files.filter((file) => file.ecosystem === ecosystem).flatMap((file) => file.wantsRecords.flatMap(dated)),
    ),
  );
  const disabled = sources.disabled.map(({ id, reason }): SourceState => ({ id, state: 'disabled', reason }));
  const broken = [...faults].map(([id, message]): SourceState => ({ id: `check ${id}`, state: 'unavailable', reason: message }));
  return [...feeds, ...registries, ...disabled, ...broken];
}

/** That there is such a package is good for days, and no measure of how old that is which is shown of releases. */
function dated({ what, answer }: WantedRecord): Lookup<unknown>[] {
  return what === 'existence' && answer.state === 'known' ? [] : [answer];
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
