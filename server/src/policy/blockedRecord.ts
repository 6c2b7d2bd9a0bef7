import { isObject } from '../core/isObject';
import type { Versions } from '../core/versions';
import type { TomlTable } from '../syntax/toml';
import { isNamePattern } from './packagePattern';
import type { BlockedEntry, KnownNames } from './policyFile';
import type { PolicyValues } from './policyValues';
import { tomlPlain } from './tomlPlain';

/** An OSV record as a table of `blocked` (schema 1.7, "affected"). What of it cannot be read blocks nothing and is told. */
export function recordOf(
  table: TomlTable,
  entry: Pick<BlockedEntry, 'span' | 'reason' | 'id'>,
  known: KnownNames,
  values: PolicyValues,
): BlockedEntry | undefined {
  const { span } = entry;
  if (table.byName.has('withdrawn')) {
    values.fault(span, 'It blocks nothing: the record says that it was withdrawn');
    return undefined;
  }
  const plain = tomlPlain(table) as { affected?: unknown };
  const affected = Array.isArray(plain.affected) ? (plain.affected as unknown[]) : [];
  const named = affected.filter((one) => orderOf(one, known) !== undefined);
  if (named.length < affected.length || !affected.length)
    values.fault(
      span,
      `Not all of it blocks: each affected takes a package with a name and an ecosystem (${[...known.ecosystems.keys()].join(', ')})`,
    );
  const readable = named.filter((one) => {
    const parts = partsOf(one, orderOf(one, known)!);
    if (parts.includes(false)) values.fault(span, 'Not all of it blocks: versions and ranges of an affected cannot all be read');
    // One of which nothing can be read would else block everything.
    return parts.length === 0 || parts.includes(true);
  });
  return readable.length ? { ...entry, osv: { ...plain, id: entry.id ?? 'blocked', affected: readable } } : undefined;
}

function orderOf(affected: unknown, { ecosystems }: KnownNames): Versions | undefined {
  const pkg = isObject(affected) && isObject(affected.package) ? affected.package : {};
  const { name, ecosystem } = pkg;
  if (typeof name !== 'string' || typeof ecosystem !== 'string' || name.includes('*') || !isNamePattern(name, ecosystem)) return undefined;
  return ecosystems.get(ecosystem);
}

/** Of each version and range whether it can be read. */
function partsOf(affected: unknown, order: Versions): readonly boolean[] {
  const { versions, ranges } = affected as Record<string, unknown>;
  const isVersion = (one: unknown) => typeof one === 'string' && order.isValid(one);
  return [...ofList(versions, isVersion), ...ofList(ranges, (range) => isRange(range, isVersion))];
}

function ofList(list: unknown, isGood: (one: unknown) => boolean): readonly boolean[] {
  if (list === undefined) return [];
  return Array.isArray(list) ? (list as unknown[]).map(isGood) : [false];
}

const starts = ['introduced', 'fixed', 'last_affected', 'limit'];

function isRange(range: unknown, isVersion: (one: unknown) => boolean): boolean {
  if (!isObject(range) || (range.type !== 'SEMVER' && range.type !== 'ECOSYSTEM') || !Array.isArray(range.events)) return false;
  const events = (range.events as unknown[]).map((event) => (isObject(event) ? Object.entries(event) : []));
  const isEvent = (pairs: readonly (readonly [string, unknown])[]) =>
    pairs.length > 0 && pairs.every(([key, at]) => starts.includes(key) && (isVersion(at) || at === '0' || at === '*'));
  return events.every(isEvent) && events.flat().some(([key]) => key === 'introduced');
}
