import { isObject } from '../../core/isObject';

/** Up to where the list of changes of one ecosystem was taken. */
export interface Mark {
  /** The time of its youngest row, as written there. */
  readonly at: string;
  /** Of the rows of that very time those that were taken. */
  readonly ids: readonly string[];
}

/** What is kept with an index that is kept in step with a dump. */
export interface SyncNote {
  /** The address of the dump, as it may be shown. */
  readonly dump: string;
  /** By ecosystem. */
  readonly marks: Readonly<Record<string, Mark>>;
  /** When the records of the index were last compared with the whole of what the dump lists. */
  readonly comparedAt: string;
  /** By ecosystem: what is listed and was not there. It is asked for again. */
  readonly missing: Readonly<Record<string, readonly string[]>>;
}

/** So many rows of one time are told apart; of more some are taken twice. */
export const idsKept = 20;
export const missingKept = 40;

/** Reads a note that stands beside an index; `undefined` for anything else. */
export function readNote(raw: unknown): SyncNote | undefined {
  if (!isObject(raw) || typeof raw.dump !== 'string' || !isObject(raw.marks) || typeof raw.comparedAt !== 'string') return undefined;
  if (Number.isNaN(Date.parse(raw.comparedAt))) return undefined;
  const marks: Record<string, Mark> = {};
  for (const [ecosystem, mark] of Object.entries(raw.marks)) {
    if (!isObject(mark) || typeof mark.at !== 'string' || Number.isNaN(Date.parse(mark.at))) return undefined;
    marks[ecosystem] = { at: mark.at, ids: strings(mark.ids) };
  }
  const missing = isObject(raw.missing) ? Object.entries(raw.missing).map(([ecosystem, ids]) => [ecosystem, strings(ids)] as const) : [];
  return { dump: raw.dump, marks, comparedAt: raw.comparedAt, missing: Object.fromEntries(missing) };
}

/** A date as RFC 3339 has it, and the milliseconds that it comes to. */
export interface Moment {
  readonly at: number;
  readonly time: string;
}

/** Dates to the billionth of a second are told apart by their text. Below 0: the first is older. */
export function compareMoments(one: Moment, other: Moment): number {
  return one.at - other.at || (one.time < other.time ? -1 : one.time > other.time ? 1 : 0);
}

export function compareTimes(one: string, other: string): number {
  return compareMoments({ at: Date.parse(one), time: one }, { at: Date.parse(other), time: other });
}

function strings(raw: unknown): string[] {
  return Array.isArray(raw) ? raw.filter((one) => typeof one === 'string') : [];
}
