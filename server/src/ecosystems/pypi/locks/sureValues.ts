import type { Span } from '../../../core/span';
import type { TomlDocument, TomlEntry, TomlTable, TomlTables, TomlValue } from '../../../syntax/toml';
import { lineEnd, merged, touches } from './damage';
import type { Values } from './values';

const deepest = 50;
/** As many problems as parseToml reports of one kind, at most: behind them nothing is sure. */
const mostProblems = 300;

/**
 * What a damaged text still says beyond doubt, as plain values: what was lost is left out, and so are keys that stand
 * twice, anything in a merge conflict, and texts and numbers on a line with a fault.
 */
export function sureValues(text: string, { root, problems }: TomlDocument, conflicts: readonly Span[]): Values {
  const faults = problems.filter(({ kind }) => kind === 'unreadable').map(({ span }) => span);
  const rest = problems.length >= mostProblems ? [{ start: problems.at(-1)!.span.start, end: text.length }] : [];
  const doubtfulLines = merged([...conflicts, ...rest, ...faults.map((span) => wholeLines(text, span))]);
  const inConflict = merged([...conflicts, ...rest]);
  return tableValues(root, 0);

  function tableValues(table: TomlTable, depth: number): Values {
    const values = Object.create(null) as Record<string, unknown>;
    const twice = new Set<string>();
    if (depth > deepest) return values;
    for (const entry of table.entries) {
      const { name } = entry.key;
      if (table.byName.get(name) !== entry) twice.add(name);
      else if (isSure(entry)) define(values, name, plain(entry.value, depth + 1));
    }
    for (const name of twice) delete values[name];
    return values;
  }

  function isSure({ value, pair }: TomlEntry): boolean {
    if (!pair || value.kind === 'tables') return true;
    return !touches(value.kind === 'string' || value.kind === 'scalar' ? doubtfulLines : inConflict, pair.span);
  }

  function plain(value: TomlValue | TomlTables, depth: number): unknown {
    if (depth > deepest) return undefined;
    switch (value.kind) {
      case 'string':
        return value.value;
      case 'array':
        return value.elements.map((element) => plain(element.value, depth + 1)).filter((element) => element !== undefined);
      case 'tables':
        return value.tables.map((table) => tableValues(table, depth + 1));
      case 'table':
        return tableValues(value, depth + 1);
      case 'scalar':
        return scalar(value.type, value.text);
      case 'unreadable':
        return undefined;
    }
  }
}

function define(values: Record<string, unknown>, name: string, value: unknown): void {
  if (value !== undefined) Object.defineProperty(values, name, { value, enumerable: true, configurable: true, writable: true });
}

function scalar(type: string, text: string): unknown {
  if (type === 'boolean') return text === 'true';
  if (type === 'integer' || type === 'float') return Number(text.replaceAll('_', ''));
  return type.endsWith('datetime') || type === 'date' ? new Date(text.replace(' ', 'T')) : undefined;
}

function wholeLines(text: string, { start, end }: Span): Span {
  return { start: text.lastIndexOf('\n', start - 1) + 1, end: lineEnd(text, end) };
}
