import { applyEdits } from '../../core/applyEdits';
import { requirementsOverride } from './overrideEdit';
import { requirementsLimitReleaseAge } from './releaseAgeEdit';
import type { Declaration } from '../../core/declaration';
import type { EditedDocument, Manifest, ManifestEditor } from '../../core/manifest';
import type { Span } from '../../core/span';
import { excludeRequirement, pinnedText, pinRequirement, type RangeEdit } from './rangeEdit';
import { normalizeName } from './name';
import { renameRequirement } from './renameEdit';
import { addedHashes, renewedHashes } from './requirementsHashes';

/** What an edit needs to know of the place of an entry (`Declaration.detail`). */
export interface RequirementsDetail {
  /** The physical lines that hold it, with comments and the last line end. */
  readonly lines: Span;
}

/**
 * Edits of requirements files. An entry with hashes keeps its version unless it is given the hashes of the new one.
 * @param read the reader of the file, by which every change is read back before it is proposed
 */
export function requirementsEditor(read: (text: string, path: string) => Manifest): ManifestEditor {
  return {
    pin: (document, declaration, version) => checked(document, declaration, pinRequirement(declaration, version)),
    pinWithHashes,
    exclude: (document, declaration, versions) => checked(document, declaration, excludeRequirement(declaration, versions)),
    remove: (document, declaration) => edits(document, removal(document.text, declaration)),
    rename: (document, declaration, name) => checked(document, declaration, renameRequirement(document, declaration, name), name),
    override: requirementsOverride,
    limitReleaseAge: requirementsLimitReleaseAge,
  };

  function pinWithHashes(document: EditedDocument, declaration: Declaration, version: string, hashes: readonly string[]) {
    const lines = linesOf(declaration);
    const wanted = [...new Set(hashes)];
    if (!lines || declaration.frozen !== undefined || wanted.some((hash) => !/^sha(?:256|384|512):[0-9a-f]+$/.test(hash))) return undefined;
    const { text, path } = document;
    const isPinned = declaration.specifier === pinnedText(version);
    const range = isPinned ? undefined : pinRequirement({ ...declaration, hashes: [] }, version);
    const { end } = declaration.spans.entry;
    const behind = declaration.hashes.length ? renewedHashes(text, lines, wanted) : addedHashes(text, end, wanted);
    if (!behind || (!range && !isPinned)) return undefined;
    const all = range ? [range, behind] : [behind];
    const own = all.map(({ span, newText }) => ({
      file: path,
      span: { start: span.start - lines.start, end: span.end - lines.start },
      newText,
    }));
    const { declarations, problems } = read(applyEdits(text.slice(lines.start, lines.end), own), path);
    const [only] = declarations;
    const good = declarations.length === 1 && only?.package.name === declaration.package.name && only.specifier === pinnedText(version);
    const same = good && only.hashes.length === wanted.length && only.hashes.every((hash, at) => hash === wanted[at]);
    return same && problems.length === 0 ? all.map((edit) => ({ file: path, ...edit })) : undefined;
  }

  /** A line can be so odd (a "\" before its name) that another range, or `name`, changes more than that. */
  function checked(document: EditedDocument, declaration: Declaration, edit: RangeEdit | undefined, name?: string) {
    const lines = linesOf(declaration);
    if (!edit || !lines) return undefined;
    const { text, path } = document;
    const changed = text.slice(lines.start, edit.span.start) + edit.newText + text.slice(edit.span.end, lines.end);
    const { declarations, problems } = read(changed, path);
    const [only] = declarations;
    const named = name === undefined ? declaration.package.name : normalizeName(name);
    const range = name === undefined ? edit.newText : declaration.specifier;
    const good = declarations.length === 1 && only?.package.name === named && only.specifier === range;
    return good && problems.length === 0 ? edits(document, edit) : undefined;
  }
}

function edits(document: EditedDocument, edit: RangeEdit | undefined) {
  return edit && [{ file: document.path, ...edit }];
}

function linesOf({ detail }: Declaration): Span | undefined {
  return typeof detail === 'object' && detail !== null && 'lines' in detail ? (detail as RequirementsDetail).lines : undefined;
}

/** The logical line with its comment, its line end, and what pip-compile noted below it. */
function removal(text: string, declaration: Declaration): RangeEdit | undefined {
  const lines = linesOf(declaration);
  if (!lines || declaration.frozen !== undefined) return undefined;
  return { span: { start: lines.start, end: annotationEnd(text, lines.end) }, newText: '' };
}

/** Behind the indented comment lines that begin with `# via`: one that names its packages, or several below it. */
function annotationEnd(text: string, start: number): number {
  const first = matchAt(/[ \t]+#[ \t]*via\b([^\r\n]*)(?:\r\n|\n|\r|$)/y, text, start);
  if (!first) return start;
  let end = start + first[0].length;
  if (first[1]!.trim() !== '') return end;
  for (;;) {
    const next = matchAt(/[ \t]+#[ \t]{2}[^\r\n]*(?:\r\n|\n|\r|$)/y, text, end);
    if (!next) return end;
    end += next[0].length;
  }
}

function matchAt(pattern: RegExp, text: string, position: number): RegExpExecArray | null {
  pattern.lastIndex = position;
  return pattern.exec(text);
}
