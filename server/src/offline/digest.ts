import { factsOf } from '../advisories/advisory';
import { readOsvRecord } from '../advisories/osvRecord';
import { isObject } from '../core/isObject';
import type { Versions } from '../core/versions';
import { attributionOf } from './attribution';
import type { EcosystemMeta } from './format';
import { dayOf, type StoredRecord } from './record';

/** Of an id that is told to people. */
const longestShown = 80;

/** An ecosystem whose records an index holds. */
export interface IndexedEcosystem {
  /** OSV's name. */
  readonly id: string;
  readonly versions: Versions;
  normalizeName(written: string): string;
}

/** What the index takes of one OSV record. */
export interface Digest {
  readonly id: string;
  /** When the record was changed last, in milliseconds; 0 where it does not say. */
  readonly modified: number;
  /** Some part of it does not tell what package it is about: nobody who asks by a name would hear of it. */
  readonly nameless?: true;
  /** Nothing for a record that is withdrawn, or about nothing that the index holds. */
  readonly entries: readonly { readonly ecosystem: IndexedEcosystem; readonly name: string; readonly record: StoredRecord }[];
}

/** What is known of the whole, beside the records themselves. */
export interface Tallies {
  readonly now: number;
  /** `newest`: when the youngest record that is not of the future was changed, in milliseconds; 0 where none says. */
  readonly of: ReadonlyMap<string, { covered: boolean; highWater: string; newest: number }>;
  readonly attribution: Set<string>;
}

export function newTallies(ecosystems: readonly IndexedEcosystem[], now: Date): Tallies {
  const of = new Map(ecosystems.map(({ id }) => [id, { covered: false, highWater: '', newest: 0 }]));
  return { now: now.getTime(), of, attribution: new Set() };
}

/** Takes on what an index before knew of the whole. */
export function addTallies(
  { of, attribution }: Tallies,
  ecosystems: Readonly<Record<string, EcosystemMeta>>,
  owners: readonly string[],
): void {
  for (const [id, before] of Object.entries(ecosystems)) {
    const tally = of.get(id);
    if (!tally) continue;
    tally.covered ||= before.covered;
    if (isYounger(before.highWater, tally.highWater)) tally.highWater = before.highWater;
  }
  for (const owner of owners) attribution.add(owner);
}

/** Digests a record, as parsed JSON, and counts it in; `undefined` where it is none. */
export function digest(json: unknown, ecosystems: readonly IndexedEcosystem[], tallies: Tallies): Digest | undefined {
  const record = readOsvRecord(json);
  if (!record) return undefined;
  const { id, affected } = record;
  const named = new Map<string, Set<string>>();
  for (const { package: pkg } of affected) {
    if (pkg.name === '' || pkg.ecosystem === '') continue;
    const base = baseOf(pkg.ecosystem);
    const names = named.get(base);
    if (names) names.add(pkg.name);
    else named.set(base, new Set([pkg.name]));
  }
  const owner = attributionOf(id);
  if (owner !== undefined) tallies.attribution.add(owner);
  const published = dayOf(publishedOf(json));
  const modified = dayOf(record.modified);
  const changed = Date.parse(record.modified) || 0;
  const entries: Digest['entries'][number][] = [];
  for (const ecosystem of ecosystems) {
    const written = named.get(ecosystem.id);
    if (!written) continue;
    const tally = tallies.of.get(ecosystem.id)!;
    // A dump holds what its ecosystem is in; what is about others as well says nothing of how much is known of those.
    if (named.size === 1) tally.covered = true;
    if (isYounger(record.modified, tally.highWater)) tally.highWater = record.modified;
    if (changed > tally.newest && changed <= tallies.now) tally.newest = changed;
    for (const name of new Set([...written].map((one) => ecosystem.normalizeName(one)))) {
      const facts = factsOf(record, { ecosystem: ecosystem.id, name });
      if (facts) entries.push({ ecosystem, name, record: { ...facts, modified, published, listLeftOut: false } });
    }
  }
  const isOurs = (written: string) => written === '' || ecosystems.some((ecosystem) => ecosystem.id === baseOf(written));
  const nameless = affected.some(({ package: pkg }) => (pkg.name === '' || pkg.ecosystem === '') && isOurs(pkg.ecosystem));
  return { id, modified: changed, entries, ...(nameless && !record.withdrawn && { nameless: true as const }) };
}

/** Why {@link digest} finds no record, or one that does not tell what it is about: its id, where it has one, and a clause. Untrusted text. */
export function recordFault(json: unknown): string {
  if (!isObject(json)) return 'it is no OSV record';
  const { id, affected = [] } = json;
  if (typeof id !== 'string' || id === '') return 'it has no id';
  const shown = id.length > longestShown ? `${id.slice(0, longestShown)}…` : id;
  return `${shown}: ${Array.isArray(affected) ? 'an entry of its affected does not tell its package' : 'its affected could not be read'}`;
}

/** OSV schema, "affected[].package": an ecosystem may carry a suffix behind a colon. */
function baseOf(ecosystem: string): string {
  return ecosystem.split(':', 1)[0]!;
}

function publishedOf(json: unknown): string {
  const { published } = json as { readonly published?: unknown };
  return typeof published === 'string' ? published : '';
}

/** Of dates as RFC 3339 has them. Those to the billionth of a second are told apart by their text. */
function isYounger(date: string, other: string): boolean {
  const time = Date.parse(date);
  if (Number.isNaN(time)) return false;
  const before = Date.parse(other);
  return Number.isNaN(before) || time > before || (time === before && date > other);
}
