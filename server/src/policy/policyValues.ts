import type { PolicyFault } from '../core/check';
import type { Span } from '../core/span';
import type { TomlEntry, TomlTable, TomlTables, TomlValue } from '../syntax/toml';
import { closest } from './closest';
import { usersOwn } from './policySchema';
import type { Placed } from './policyFile';

/** So much of a list, and so long a text, is taken; whatever is beyond it nobody wrote for people. */
const mostItems = 10_000;
const longestText = 2000;
const mostFaults = 200;

/** Reads values of one policy file, and gathers what is wrong with them. Whatever is wrong is left out and told. */
export interface PolicyValues {
  readonly faults: readonly PolicyFault[];
  fault(span: Span, message: string, fixes?: PolicyFault['fixes']): void;
  /** Tells of every key of a table that is none of these. `where` is its name for people, `''` for the top. */
  checkKeys(table: TomlTable, keys: readonly string[], where: string): void;
  string(entry: TomlEntry | undefined): Placed<string> | undefined;
  /** A list of strings; where `orOne`, a string alone is one too. `undefined` where the key is absent or no list at all. */
  strings(entry: TomlEntry | undefined, orOne?: 'orOne'): readonly Placed<string>[] | undefined;
  boolean(entry: TomlEntry | undefined): boolean | undefined;
  /** A TOML date or date-time, or a string that holds one; a day begins at midnight UTC. */
  date(entry: TomlEntry | undefined): Placed<Date> | undefined;
  oneOf<T extends string>(entry: TomlEntry | undefined, allowed: readonly T[]): Placed<T> | undefined;
  table(entry: TomlEntry | undefined): TomlTable | undefined;
  /** The tables of `[[x]]`, and the elements of `x = [...]`. */
  items(entry: TomlEntry | undefined): readonly (TomlValue | TomlTable)[];
}

export function policyValues(file: string): PolicyValues {
  const faults: PolicyFault[] = [];
  const fault: PolicyValues['fault'] = (span, message, fixes) => {
    if (faults.length < mostFaults) faults.push({ span, message, ...(fixes && { fixes }) });
    else if (faults.length === mostFaults)
      faults.push({ span, message: `From here on more has no effect than these ${mostFaults} that are told` });
  };
  const wrong = (entry: TomlEntry, expected: string) =>
    fault(spanOfEntry(entry), `${entry.key.name.slice(0, 60)} takes ${expected}; what stands here has no effect`);
  const text = (value: TomlValue): Placed<string> | undefined => {
    if (value.kind !== 'string' || value.value.trim() === '') return undefined;
    return value.value.length > longestText ? undefined : { value: value.value.trim(), span: value.content };
  };

  const values: PolicyValues = {
    faults,
    fault,
    checkKeys(table, keys, where) {
      for (const { key } of table.entries) {
        if (keys.includes(key.name)) continue;
        const name = key.name.slice(0, 60);
        if (where === '' && Object.hasOwn(usersOwn, key.name)) {
          fault(
            key.span,
            `${name} has no effect here: a repository must not decide whom Merlon asks, and how; that is for ${usersOwn[key.name]}`,
          );
          continue;
        }
        const meant = closest(key.name, keys);
        const hint = meant === undefined ? '' : `; ${meant} is one`;
        const fixes =
          meant !== undefined && key.verbatim && !keyIsIn(table, meant) ? () => [rename(file, key.content, key.name, meant)] : undefined;
        fault(key.span, `${name} is no key of ${where === '' ? 'a policy file' : where}, and has no effect${hint}`, fixes);
      }
    },
    string(entry) {
      if (!entry) return undefined;
      const found = entry.value.kind === 'tables' ? undefined : text(entry.value);
      if (!found) wrong(entry, 'a text of one to 2,000 characters');
      return found;
    },
    strings(entry, orOne) {
      if (!entry) return undefined;
      const { value } = entry;
      if (orOne && value.kind === 'string') {
        const one = values.string(entry);
        return one && [one];
      }
      if (value.kind !== 'array') {
        wrong(entry, orOne ? 'a text or a list of texts' : 'a list of texts');
        return undefined;
      }
      if (value.elements.length > mostItems)
        fault(entry.key.span, `${entry.key.name} has more than ${mostItems} items; the others have no effect`);
      return value.elements.slice(0, mostItems).flatMap((element) => {
        const one = text(element.value);
        if (!one) fault(spanOf(element.value), `${entry.key.name} takes texts of one to 2,000 characters; this item has no effect`);
        return one ? [one] : [];
      });
    },
    boolean(entry) {
      if (!entry) return undefined;
      if (entry.value.kind === 'scalar' && entry.value.type === 'boolean') return entry.value.text === 'true';
      wrong(entry, 'true or false');
      return undefined;
    },
    date(entry) {
      if (!entry) return undefined;
      const { value } = entry;
      const written = value.kind === 'scalar' ? value.text : value.kind === 'string' ? value.value.trim() : '';
      const date = momentOf(written);
      if (!date) wrong(entry, 'a day such as 2026-12-31');
      return date && { value: date, span: spanOfEntry(entry) };
    },
    oneOf<T extends string>(entry: TomlEntry | undefined, allowed: readonly T[]): Placed<T> | undefined {
      if (!entry) return undefined;
      const found = entry.value.kind === 'string' ? allowed.find((one) => one === (entry.value as { value?: unknown }).value) : undefined;
      if (found === undefined) wrong(entry, `one of ${allowed.join(', ')}`);
      return found === undefined ? undefined : { value: found, span: spanOfEntry(entry) };
    },
    table(entry) {
      if (!entry) return undefined;
      if (entry.value.kind === 'table') return entry.value;
      wrong(entry, 'a table');
      return undefined;
    },
    items(entry) {
      if (!entry) return [];
      const { value } = entry;
      const all =
        value.kind === 'tables' ? value.tables : value.kind === 'array' ? value.elements.map((element) => element.value) : undefined;
      if (!all) wrong(entry, `a list; a single one begins with [[${entry.key.name}]]`);
      if ((all?.length ?? 0) > mostItems)
        fault(entry.key.span, `${entry.key.name} has more than ${mostItems} entries; the others have no effect`);
      return all?.slice(0, mostItems) ?? [];
    },
  };
  return values;
}

function keyIsIn(table: TomlTable, name: string): boolean {
  return table.byName.has(name);
}

function rename(file: string, span: Span, from: string, to: string) {
  return { title: `Change ${from} to ${to}`, kind: 'replace' as const, preferred: true, edits: [{ file, span, newText: to }] };
}

/** Where a value stands; of a table below a header, the header. */
export function spanOf(value: TomlValue | TomlTables): Span {
  if (value.kind === 'tables') return spanOf(value.tables[0]!);
  if (value.kind !== 'table') return value.span;
  if (value.inline) return value.inline.span;
  const piece = value.pieces[0];
  return !piece ? { start: 0, end: 0 } : piece.kind === 'section' ? piece.header : piece.span;
}

function spanOfEntry({ key, value, pair }: TomlEntry): Span {
  return pair ? spanOf(value) : key.span;
}

const moment = /^(\d{4})-(\d\d)-(\d\d)(?:[Tt ](\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?)([Zz]|[+-]\d\d:\d\d)?)?$/;

function momentOf(written: string): Date | undefined {
  const match = written.length <= 40 ? moment.exec(written) : null;
  if (!match) return undefined;
  const [, year, month, day, time = '00:00', zone = 'Z'] = match;
  const midnight = new Date(`${year}-${month}-${day}T00:00:00Z`);
  // The 31st of February is a day in March to JavaScript.
  if (Number.isNaN(midnight.getTime()) || midnight.getUTCDate() !== Number(day)) return undefined;
  const date = new Date(`${year}-${month}-${day}T${time}${zone.toUpperCase()}`);
  return Number.isNaN(date.getTime()) ? undefined : date;
}
