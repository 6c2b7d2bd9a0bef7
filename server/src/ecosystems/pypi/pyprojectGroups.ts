import type { Span } from '../../core/span';
import { tomlSpan, type TomlElement, type TomlEntry } from '../../syntax/toml';
import { normalizeName } from './name';
import { invalid, stringAt, type Reading } from './pyprojectReading';

// `[dependency-groups]` (PEP 735): each element of a group is a requirement or `{include-group = "other"}`. Names are
// compared in normal form; a name that is not there, one that is there twice and a circle of includes are errors.

export interface GroupInclude {
  /** Normalized. */
  readonly from: string;
  readonly to: string;
  readonly written: string;
  readonly span: Span;
}

/** What a table among the elements of a group includes. */
export function groupInclude(from: string, element: TomlElement, reading: Reading): GroupInclude | undefined {
  const { value } = element;
  if (value.kind !== 'table') return undefined;
  const target = stringAt(value, 'include-group');
  if (target && value.entries.length === 1) {
    return { from: normalizeName(from), to: normalizeName(target.value), written: target.value, span: target.content };
  }
  const unreadable = value.entries.some((entry) => entry.value.kind === 'unreadable') || !value.inline?.closed;
  if (!unreadable) invalid(reading, tomlSpan(value), 'A dependency group holds requirements and {include-group = "name"} alone');
  return undefined;
}

export function checkGroups(groups: readonly TomlEntry[], includes: readonly GroupInclude[], reading: Reading): void {
  const names = new Set<string>();
  for (const { key } of groups) {
    const name = normalizeName(key.name);
    if (names.has(name)) invalid(reading, key.span, `The dependency group "${name}" is there twice`);
    names.add(name);
  }
  const edges = new Map<string, GroupInclude[]>();
  for (const include of includes) {
    if (!names.has(include.to)) {
      const span = include.span.end > include.span.start ? include.span : { start: include.span.start - 1, end: include.span.end + 1 };
      invalid(reading, span, `There is no dependency group "${include.written}" in this file`);
    } else if (edges.has(include.from)) edges.get(include.from)!.push(include);
    else edges.set(include.from, [include]);
  }
  for (const include of circles(edges))
    invalid(reading, include.span, `The dependency groups "${include.from}" and "${include.to}" include each other`);
}

/** The includes that close a circle: an iterative walk, since chains may be long. */
function circles(edges: ReadonlyMap<string, readonly GroupInclude[]>): GroupInclude[] {
  const closing: GroupInclude[] = [];
  const state = new Map<string, 'open' | 'done'>();
  for (const start of edges.keys()) {
    if (state.has(start)) continue;
    const path = [{ name: start, next: 0 }];
    state.set(start, 'open');
    for (let top = path.at(-1); top; top = path.at(-1)) {
      const include = edges.get(top.name)?.[top.next++];
      if (!include) {
        state.set(top.name, 'done');
        path.pop();
      } else if (state.get(include.to) === 'open') closing.push(include);
      else if (!state.has(include.to)) {
        state.set(include.to, 'open');
        path.push({ name: include.to, next: 0 });
      }
    }
  }
  return closing;
}
