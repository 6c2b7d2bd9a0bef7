import type { TomlTables, TomlTable, TomlValue } from '../syntax/toml';

const deepest = 20;

/**
 * A TOML value as plain data; what cannot be read, and what lies too deep, is `undefined`. Objects have no prototype, so that no key
 * of theirs means anything to JavaScript.
 */
export function tomlPlain(value: TomlValue | TomlTables, depth = 0): unknown {
  if (depth > deepest) return undefined;
  switch (value.kind) {
    case 'string':
      return value.value;
    case 'array':
      return value.elements.map((element) => tomlPlain(element.value, depth + 1));
    case 'tables':
      return value.tables.map((table) => tomlPlain(table, depth + 1));
    case 'table':
      return plainTable(value, depth);
    case 'scalar':
      if (value.type === 'boolean') return value.text === 'true';
      return value.type === 'invalid' ? undefined : value.text;
    case 'unreadable':
      return undefined;
  }
}

function plainTable(table: TomlTable, depth: number): object {
  const result = Object.create(null) as Record<string, unknown>;
  for (const [name, { value }] of table.byName) result[name] = tomlPlain(value, depth + 1);
  return result;
}
