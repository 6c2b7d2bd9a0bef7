import type { Span } from '../../core/span';
import { parseToml, type TomlEntry, type TomlTable } from '../../syntax/toml';

/** Where the sections of a pyproject.toml begin: the header of a table, the key of an array. */
export function pyprojectHeads(text: string, sections: readonly string[]): (Span | undefined)[] {
  const { root } = parseToml(text);
  return sections.map((section) => {
    const entry = entryAt(root, section);
    if (!entry) return undefined;
    const [piece] = entry.value.kind === 'table' ? entry.value.pieces : [];
    return piece?.kind === 'section' ? piece.header : entry.key.span;
  });
}

/** A dotted path names its keys without quotes, and a key may hold dots itself. */
function entryAt(table: TomlTable, path: string): TomlEntry | undefined {
  for (let dot = path.indexOf('.'); dot >= 0; dot = path.indexOf('.', dot + 1)) {
    const value = table.byName.get(path.slice(0, dot))?.value;
    const found = value?.kind === 'table' ? entryAt(value, path.slice(dot + 1)) : undefined;
    if (found) return found;
  }
  return table.byName.get(path);
}
