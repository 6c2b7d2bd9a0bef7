import { isObject } from '../core/isObject';
import type { TomlTable, TomlValue } from '../syntax/toml';
import { readPackagePattern } from './packagePattern';
import type { BlockedEntry, KnownNames, Placed } from './policyFile';
import { blockedKeys, osvKeys } from './policySchema';
import { spanOf, type PolicyValues } from './policyValues';
import { tomlPlain } from './tomlPlain';
import { isVersionRange } from './versionRange';

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
  const end = text.slice(1).search(/[\s<>=!~^@]/) + 1;
  const name = end === 0 ? text : text.slice(0, end);
  const range = end === 0 ? '' : text.slice(end).replace(/^\s*@?\s*/, '');
  return build({ value: name, span }, undefined, range === '' ? undefined : [{ value: range, span }], span, known, values);
}

function ofTable(table: TomlTable, known: KnownNames, values: PolicyValues): BlockedEntry | undefined {
  const span = spanOf(table);
  values.checkKeys(table, [...Object.keys(blockedKeys), ...osvKeys], 'an entry of blocked');
  const id = values.string(table.byName.get('id'))?.value.slice(0, 100);
  const details = table.byName.get('details')?.value;
  const said = values.string(table.byName.get('reason')) ?? values.string(table.byName.get('summary'));
  const reason = said?.value ?? (details?.kind === 'string' ? details.value.trim().split('\n', 1)[0]!.slice(0, 300) : '');
  if (table.byName.has('affected')) return ofRecord(table, { span, reason, ...(id !== undefined && { id }) }, known, values);
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
  const orders = own === undefined ? known.ecosystems.values() : [known.ecosystems.get(own)!];
  const orderList = [...orders];
  for (const one of versions ?? []) {
    if (isVersionRange(one.value, orderList)) continue;
    values.fault(one.span, `It blocks nothing: ${one.value.slice(0, 60)} is neither a version nor a range`);
  }
  const usable = versions?.map(({ value }) => value).filter((value) => isVersionRange(value, orderList));
  if (usable && !usable.length) return undefined;
  return { span, reason: '', package: own === undefined ? read : { ...read, ecosystem: own }, ...(usable && { versions: usable }) };
}

/** OSV schema 1.7, "affected". The records' own reader judges the rest. */
function ofRecord(
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
  const named = affected.filter((one) => {
    const pkg = isObject(one) && isObject(one.package) ? one.package : undefined;
    return typeof pkg?.name === 'string' && typeof pkg.ecosystem === 'string' && known.ecosystems.has(pkg.ecosystem);
  });
  if (named.length < affected.length || !affected.length)
    values.fault(
      span,
      `Not all of it blocks: each affected takes a package with a name and an ecosystem (${[...known.ecosystems.keys()].join(', ')})`,
    );
  return named.length ? { ...entry, osv: { ...plain, id: entry.id ?? 'blocked', affected: named } } : undefined;
}
