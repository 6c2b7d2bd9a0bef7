import type { PackageId } from '../../core/declaration';
import type { Edit, EditedDocument, ManifestEditor, OverrideWish } from '../../core/manifest';
import type { Span } from '../../core/span';
import { parseToml, tomlEntries, tomlSpan, type TomlArray } from '../../syntax/toml';

type Override = NonNullable<ManifestEditor['override']>;

/**
 * uv: an entry of `tool.uv.constraint-dependencies`, which bounds a package without asking for it. PDM: a line of
 * `tool.pdm.resolution.overrides`. Poetry has no lever but to depend on the package itself.
 */
export const pyprojectOverride: Override = (document, pkg, wish, { tool, folder }) => {
  const range = rangeOf(wish);
  if (!isBeside(document, folder) || isWritten(document, pkg, range)) return undefined;
  if (tool === 'uv') return intoArray(document, ['tool', 'uv'], 'constraint-dependencies', `"${pkg.name}${range}"`);
  if (tool === 'pdm') return intoTable(document, ['tool', 'pdm', 'resolution', 'overrides'], `${pkg.name} = "${range}"`);
  return undefined;
};

/** What a requirements file is compiled from takes a bound of its own for any package. */
export const requirementsOverride: Override = (document, pkg, wish) => {
  const range = rangeOf(wish);
  if (isWritten(document, pkg, range)) return undefined;
  const { text, path } = document;
  const newline = newlineOf(text);
  const before = text === '' || /[\r\n]$/.test(text) ? '' : newline;
  return [{ file: path, span: { start: text.length, end: text.length }, newText: `${before}${pkg.name}${range}${newline}` }];
};

function rangeOf(wish: OverrideWish): string {
  return 'from' in wish ? `>=${wish.from}` : wish.without.map((version) => `!=${version}`).join(',');
}

/** Then only the lockfile has to follow. */
function isWritten({ manifest }: EditedDocument, pkg: PackageId, range: string): boolean {
  return manifest.declarations.some(({ package: { name }, specifier }) => name === pkg.name && specifier === range);
}

function isBeside({ path }: EditedDocument, folder: string): boolean {
  return path === (folder === '' ? 'pyproject.toml' : `${folder}/pyproject.toml`);
}

function intoArray(document: EditedDocument, table: readonly string[], key: string, element: string): Edit[] | undefined {
  const [entry] = tomlEntries(parseToml(document.text).root, [...table, key]);
  if (!entry) return intoTable(document, table, `${key} = [${element}]`);
  const { value } = entry;
  if (value.kind !== 'array' || !value.closed) return undefined;
  return [{ file: document.path, ...behindLast(document.text, value, element) }];
}

/** Behind the last element, on a line of its own where that has one. */
function behindLast(text: string, array: TomlArray, element: string): { span: Span; newText: string } {
  const last = array.elements.at(-1);
  if (!last) return { span: { start: array.span.start + 1, end: array.span.start + 1 }, newText: element };
  const { start, end } = tomlSpan(last.value);
  const indent = /(\r?\n[ \t]*)$/.exec(text.slice(0, start))?.[1];
  const at = last.comma === undefined ? end : last.comma + 1;
  const between = indent ?? ' ';
  return {
    span: { start: at, end: at },
    newText: `${last.comma === undefined ? ',' : ''}${between}${element}${last.comma === undefined ? '' : ','}`,
  };
}

/** Below the table's header, or in a new table at the end of the file. */
function intoTable({ text, path }: EditedDocument, table: readonly string[], line: string): Edit[] | undefined {
  const newline = newlineOf(text);
  const entry = tomlEntries(parseToml(text).root, table)[0];
  if (!entry) {
    const before = text === '' || /[\r\n]$/.test(text) ? newline : newline + newline;
    return [
      { file: path, span: { start: text.length, end: text.length }, newText: `${before}[${table.join('.')}]${newline}${line}${newline}` },
    ];
  }
  const section = entry.value.kind === 'table' ? entry.value.pieces.find((piece) => piece.kind === 'section') : undefined;
  if (!section) return undefined;
  const at = text.indexOf('\n', section.header.end);
  const start = at < 0 ? text.length : at + 1;
  return [{ file: path, span: { start, end: start }, newText: `${at < 0 ? newline : ''}${line}${newline}` }];
}

function newlineOf(text: string): string {
  return text.includes('\r\n') ? '\r\n' : '\n';
}
