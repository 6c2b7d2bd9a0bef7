import type { Lookup } from '../../core/lookup';

type State = Lookup<unknown>['state'];

const order: readonly State[] = ['known', 'disabled', 'withheld', 'pending', 'unavailable'];

/** Of two answers about a package the one that says less. */
export function worseAnswer(before: string | undefined, state: State): State {
  const known = before as State | undefined;
  return known !== undefined && order.indexOf(known) > order.indexOf(state) ? known : state;
}

/** Whether every feed has answered: only then does silence say anything. */
export function isAnswered(state: string | undefined): boolean {
  return state === 'known';
}
