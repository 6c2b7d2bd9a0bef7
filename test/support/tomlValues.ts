import type { TomlDocument, TomlTable, TomlTables, TomlValue } from '../../server/src/syntax/toml';

/** A document as nested arrays, strings and pairs, scalars as text: what two readers of TOML can be compared by. */
export type Plain = string | readonly Plain[] | { readonly table: readonly (readonly [string, Plain])[] };

export function plainDocument(document: TomlDocument): Plain {
  return plain(document.root);
}

function plain(value: TomlValue | TomlTables): Plain {
  if (value.kind === 'string') return `"${value.value}`;
  if (value.kind === 'scalar') return plainScalar(value.text);
  if (value.kind === 'array') return value.elements.map((element) => plain(element.value));
  if (value.kind === 'tables') return value.tables.map(plain);
  return value.kind === 'table' ? plainTable(value) : '?';
}

function plainTable(table: TomlTable): Plain {
  return { table: table.entries.map((entry) => [entry.key.name, plain(entry.value)] as const).sort(([a], [b]) => (a < b ? -1 : 1)) };
}

/** Numbers and moments by value. */
function plainScalar(text: string): string {
  if (/^(?:true|false)$/.test(text)) return text;
  const moment = /^(?:(\d{4}-\d\d-\d\d)(?:[Tt ](?=\d))?)?(?:(\d\d:\d\d)(:\d\d)?(\.\d+)?(.*))?$/.exec(text);
  if (moment && (moment[1] || moment[2])) {
    const [, date = '', time = '', seconds = time && ':00', fraction = '', zone = ''] = moment;
    // The referee keeps milliseconds.
    const milliseconds = fraction.slice(0, 4).replace(/\.?0*$/, '');
    if (zone) return String(new Date(`${date}T${time}${seconds}${fraction.slice(0, 4)}${zone.toUpperCase()}`).getTime());
    return `${date}${date && time && 'T'}${time}${seconds}${milliseconds}`;
  }
  const digits = text.replace(/_/g, '');
  if (/inf|nan/.test(digits)) return digits.includes('nan') ? 'NaN' : digits.startsWith('-') ? '-Infinity' : 'Infinity';
  return String(Number(digits.replace(/^\+/, '')) + 0);
}

/** The same of what the `toml` package or the JSON of toml-test gives. */
export function plainReferee(value: unknown): Plain {
  if (typeof value === 'string') return `"${value}`;
  if (Array.isArray(value)) return value.map(plainReferee);
  if (value instanceof Date) return Object.getPrototypeOf(value) === Date.prototype ? String(value.getTime()) : plainScalar(String(value));
  if (typeof value !== 'object' || value === null) return typeof value === 'number' ? String(value + 0) : String(value);
  return {
    table: Object.entries(value)
      .map(([name, inner]) => [name, plainReferee(inner)] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  };
}

/** The same of toml-test's tagged JSON. */
export function plainTagged(value: unknown): Plain {
  if (Array.isArray(value)) return value.map(plainTagged);
  const record = value as Record<string, unknown>;
  if (Object.keys(record).length === 2 && typeof record.type === 'string' && typeof record.value === 'string') {
    return record.type === 'string' ? `"${record.value}` : plainScalar(record.value);
  }
  return {
    table: Object.entries(record)
      .map(([name, inner]) => [name, plainTagged(inner)] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  };
}
