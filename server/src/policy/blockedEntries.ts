import type { TomlTable, TomlValue } from '../syntax/toml';
import { recordOf } from './blockedRecord';
import { isNamePattern, readPackagePattern } from './packagePattern';
import type { BlockedEntry, KnownNames, Placed } from './policyFile';
import { blockedKeys, osvKeys } from './policySchema';
import { spanOf, type PolicyValues } from './policyValues';
import { isEmptyRange, isVersionRange } from './versionRange';

// `blocked`, an array whose elements are
//   "NAME"              every release of the package
//   "NAME RANGE"        these releases; a space may be left out before an operator, and NAME@VERSION is NAME VERSION
//   { package, versions, reason, … }, also written as [[blocked]]
//   an OSV record as a table: what its `affected` names

/** What cannot be understood blocks nothing, and is told: a wrong version must not become a block of every version, nor the other way. */
export function readBlocked(items: readonly TomlValue[], known: KnownNames, values: PolicyValues): BlockedEntry[] {
  return items.flatMap((item) => {
    const entry =
      item.kind === 'string'
        ? ofText(item.value, item.content, known, values)
        : item.kind === 'table'
          ? ofTable(item, known, values)
          : undefined;
    if (item.kind !== 'string' && item.kind !== 'table')
      values.fault(spanOf(item), 'It blocks nothing: a package is written as "name", or as a table with package');
    return entry ? [entry] : [];
  });
}

function ofText(written: string, span: BlockedEntry['span'], known: KnownNames, values: PolicyValues): BlockedEntry | undefined {
  const text = written.trim();
  // The first character of a name may be the @ of a scope.
  const start = (/^[a-z]+:\s*/i.exec(text)?.[0].length ?? 0) + 1;
  const found = text.slice(start).search(/[\s<>=!~^@]/);
  const end = found < 0 ? 0 : found + start;
  const name = end === 0 ? text : text.slice(0, end);
  const range = end === 0 ? '' : text.slice(end).replace(/^\s*@?\s*/, '');
  if (end > 0 && range === '') {
    values.fault(span, `It blocks nothing: behind ${text.slice(0, end).slice(0, 60)} stands no version`);
    return undefined;
  }
  return build({ value: name, span }, undefined, range === '' ? undefined : [{ value: range, span }], span, known, values);
}

function ofTable(table: TomlTable, known: KnownNames, values: PolicyValues): BlockedEntry | undefined {
  const span = spanOf(table);
  values.checkKeys(table, [...Object.keys(blockedKeys), ...osvKeys], 'an entry of blocked');
  const id = values.string(table.byName.get('id'))?.value.slice(0, 100);
  const details = table.byName.get('details')?.value;
  const said = values.string(table.byName.get('reason')) ?? values.string(table.byName.get('summary'));
  const reason = said?.value ?? (details?.kind === 'string' ? details.value.trim().split('\n', 1)[0]!.slice(0, 300) : '');
  if (table.byName.has('affected')) return recordOf(table, { span, reason, ...(id !== undefined && { id }) }, known, values);
  const name = values.string(table.byName.get('package'));
  if (!name) {
    if (!table.byName.has('package')) values.fault(span, 'It blocks nothing: the entry names no package');
    return undefined;
  }
  const written = table.byName.get('versions') ?? table.byName.get('version');
  const versions = values.strings(written, 'orOne');
  // A list that is there and holds nothing would else block everything.
  if (written && !versions?.length) {
    values.fault(span, 'It blocks nothing: its versions cannot be read');
    return undefined;
  }
  const ecosystem = values.oneOf(table.byName.get('ecosystem'), [...known.ecosystems.keys()]);
  if (table.byName.has('ecosystem') && !ecosystem) return undefined;
  const entry = build(name, ecosystem?.value, versions, span, known, values);
  return entry && { ...entry, reason, ...(id !== undefined && { id }) };
}

function build(
  name: Placed<string>,
  ecosystem: string | undefined,
  versions: readonly Placed<string>[] | undefined,
  span: BlockedEntry['span'],
  known: KnownNames,
  values: PolicyValues,
): BlockedEntry | undefined {
  const read = readPackagePattern(name.value, name.span, [...known.ecosystems.keys()]);
  if (typeof read === 'string') {
    values.fault(name.span, `It blocks nothing: ${read}`);
    return undefined;
  }
  const own = ecosystem ?? read.ecosystem;
  const called = read.parts.join('*');
  if (own !== undefined && (own !== (read.ecosystem ?? own) || !isNamePattern(called, own))) {
    values.fault(name.span, `It blocks nothing: no package of ${own} can have such a name`);
    return undefined;
  }
  const orders = [...known.ecosystems].flatMap(([id, order]) => (id === (own ?? id) && isNamePattern(called, id) ? [order] : []));
  const isReadable = ({ value }: Placed<string>) => isVersionRange(value, orders);
  for (const one of versions ?? []) {
    const said = one.value.slice(0, 60);
    if (!isReadable(one)) values.fault(one.span, `It blocks nothing: ${said} is neither a version nor a range`);
    else if (orders.every((order) => !isVersionRange(one.value, [order]) || isEmptyRange(one.value, order)))
      values.fault(one.span, `It blocks nothing: no version lies in ${said}`);
  }
  const usable = versions?.filter(isReadable).map(({ value }) => value);
  if (usable && !usable.length) return undefined;
  const only = usable?.includes('*') ? undefined : usable;
  return { span, reason: '', package: own === undefined ? read : { ...read, ecosystem: own }, ...(only && { versions: only }) };
}
