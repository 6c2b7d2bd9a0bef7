import type { Declaration } from '../../core/declaration';
import type { Edit, EditedDocument, ManifestEditor } from '../../core/manifest';
import { excludeRequirement, pinRequirement, type RangeEdit } from './rangeEdit';
import { logicalLines } from './requirementsLines';

/** Edits of requirements files. An entry with hashes keeps its version: new hashes cannot be made up. */
export const requirementsEditor: ManifestEditor = {
  pin: (document, declaration, version) => edits(document, pinRequirement(declaration, version)),
  exclude: (document, declaration, versions) => edits(document, excludeRequirement(declaration, versions)),
  remove: (document, declaration) => edits(document, removal(document.text, declaration)),
};

function edits(document: EditedDocument, edit: RangeEdit | undefined): Edit[] | undefined {
  return edit && [{ file: document.path, ...edit }];
}

/** The logical line with its comment, its line end, and what pip-compile noted below it. */
function removal(text: string, declaration: Declaration): RangeEdit | undefined {
  if (declaration.frozen !== undefined) return undefined;
  const { entry } = declaration.spans;
  const line = logicalLines(text).find(({ lines }) => lines.start <= entry.start && entry.end <= lines.end);
  if (!line) return undefined;
  const end = line.lines.end + annotationLength(text.slice(line.lines.end));
  return { span: { start: line.lines.start, end }, newText: '' };
}

/** Of the indented comment lines that begin with `# via`. */
function annotationLength(behind: string): number {
  const first = /^[ \t]+#[ \t]*via\b[^\r\n]*(?:\r\n|\n|\r|$)/.exec(behind)?.[0];
  if (first === undefined || /^[ \t]+#[ \t]*via[ \t]+\S/.test(first)) return first?.length ?? 0;
  return first.length + (/^(?:[ \t]+#[ \t]{2,}[^\r\n]*(?:\r\n|\n|\r|$))*/.exec(behind.slice(first.length))?.[0].length ?? 0);
}
