import type { TomlEntry, TomlTable, TomlValue } from '../syntax/toml';
import type { Span } from '../core/span';
import { closest } from './closest';
import { packagePatterns, type PackagePattern } from './packagePattern';
import { placeholderReason, type KnownNames, type Placed, type SuppressEntry } from './policyFile';
import { suppressKeys } from './policySchema';
import { spanOf, type PolicyValues } from './policyValues';
import { isVersionRange } from './versionRange';

/** Rules that speak of malware: what they say can only be suppressed for a time. */
const ofMalware: ReadonlySet<string> = new Set(['compromised-release', 'admits-compromised']);

/** The `[[suppress]]` of a file. One that lacks a reason, or says not what it is about, suppresses nothing, and that is told. */
export function readSuppressions(items: readonly TomlValue[], known: KnownNames, values: PolicyValues): SuppressEntry[] {
  return items.flatMap((item) => {
    const span = spanOf(item);
    if (item.kind !== 'table') {
      values.fault(span, 'It suppresses nothing: an entry begins with [[suppress]]');
      return [];
    }
    const entry = readEntry(item, span, known, values);
    return entry ? [entry] : [];
  });
}

function readEntry(table: TomlTable, span: Span, known: KnownNames, values: PolicyValues): SuppressEntry | undefined {
  const before = values.faults.length;
  values.checkKeys(table, Object.keys(suppressKeys), '[[suppress]]');
  const keysAreKnown = values.faults.length === before;
  const at = (key: keyof typeof suppressKeys): TomlEntry | undefined => table.byName.get(key);
  const rules = values.strings(at('rule'), 'orOne')?.filter((rule) => isRule(rule, known, values));
  const advisories = values.strings(at('advisory'), 'orOne');
  const packages = ofEcosystem(values.strings(at('package'), 'orOne'), at('ecosystem'), known, values);
  const paths = values.strings(at('path'), 'orOne');
  const versions = values.strings(at('versions') ?? at('version'), 'orOne');
  const expires = values.date(at('expires'));
  const untilFixed = values.boolean(at('until-fixed')) ?? false;
  const reason = at('reason')?.value;
  const said = reason?.kind === 'string' ? values.string(at('reason')) : undefined;

  const nothing = (message: string): undefined => values.fault(span, `It suppresses nothing: ${message}`) as undefined;
  // What was meant to narrow it down and could not be read must not widen it.
  for (const [key, found] of [
    ['rule', rules],
    ['advisory', advisories],
    ['package', packages],
    ['path', paths],
    ['versions', versions],
    ['version', versions],
  ] as const) {
    if (at(key) && !found?.length) return values.faults.length > before ? undefined : nothing(`its ${key} is empty`);
  }
  if (at('expires') && !expires) return undefined;
  if (!keysAreKnown) return nothing('one of its keys is not known');
  if (!rules && !advisories) return nothing('it names neither a rule nor an advisory');
  if (!packages && !paths) return nothing('it names no package');
  if (!said) return nothing('it has no reason');
  const orders = ordersOf(packages, known);
  const wrong = versions?.find(({ value }) => !isVersionRange(value, orders));
  if (wrong)
    return values.fault(wrong.span, `It suppresses nothing: ${wrong.value.slice(0, 60)} is neither a version nor a range`) as undefined;
  if (!expires && isOfMalware(valuesOf(rules), valuesOf(advisories)))
    return nothing('malware can be suppressed for a time only; give it expires');
  if (said.value.toLowerCase().startsWith(placeholderReason.slice(0, 5).toLowerCase()))
    values.fault(said.span, 'Its reason is still to be written, for whoever reviews it');
  return {
    span,
    rules: (rules ?? []).map(({ value }) => value),
    advisories: (advisories ?? []).map(({ value }) => value.toUpperCase()),
    packages: packages ?? [],
    paths: (paths ?? []).map(({ value }) => value.replace(/^\.\//, '').split('*')),
    ...(versions && { versions: versions.map(({ value }) => value) }),
    reason: said.value,
    ...(expires && { expires: expires.value, expiresSpan: expires.span }),
    untilFixed,
  };
}

function isRule({ value, span }: Placed<string>, known: KnownNames, values: PolicyValues): boolean {
  if (known.rules.includes(value)) return true;
  const meant = closest(value, known.rules);
  values.fault(span, `There is no rule ${value.slice(0, 60)}${meant === undefined ? '' : `; ${meant} is one`}`);
  return false;
}

function ofEcosystem(
  written: readonly Placed<string>[] | undefined,
  ecosystem: TomlEntry | undefined,
  known: KnownNames,
  values: PolicyValues,
): PackagePattern[] | undefined {
  if (!written) return undefined;
  const ids = [...known.ecosystems.keys()];
  const own = values.oneOf(ecosystem, ids);
  if (ecosystem && !own) return [];
  const patterns = packagePatterns(written, ids, values);
  return own ? patterns.map((pattern) => ({ ...pattern, ecosystem: own.value })) : patterns;
}

function ordersOf(packages: readonly PackagePattern[] | undefined, { ecosystems }: KnownNames) {
  const named = new Set(packages?.map(({ ecosystem }) => ecosystem));
  return [...ecosystems].filter(([id]) => named.has(id) || named.has(undefined) || named.size === 0).map(([, versions]) => versions);
}

/** Whether an entry speaks of malware, as far as its own words tell. */
export function isOfMalware(rules: readonly string[], advisories: readonly string[]): boolean {
  if (advisories.some((id) => /^mal-/i.test(id))) return true;
  return advisories.length === 0 && rules.some((rule) => ofMalware.has(rule));
}

function valuesOf(placed: readonly Placed<string>[] = []): readonly string[] {
  return placed.map(({ value }) => value);
}
