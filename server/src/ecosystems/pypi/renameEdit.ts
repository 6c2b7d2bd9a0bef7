import type { Declaration } from '../../core/declaration';
import type { Edit, EditedDocument } from '../../core/manifest';
import { normalizeName } from './name';
import type { PyprojectDetail } from './pyprojectReading';
import type { RangeEdit } from './rangeEdit';

/**
 * Writes another name in the entry's place. Hashes are those of the old package's files; a name that the file declares
 * already would stand there twice; and an entry whose name stands at several places, or for several entries, is left alone.
 */
export function renameRequirement({ text, manifest }: EditedDocument, declaration: Declaration, name: string): RangeEdit | undefined {
  const { spans, writtenName, source, hashes, frozen, package: pkg } = declaration;
  const span = spans.name;
  if (!span || source.kind !== 'registry' || frozen !== undefined || hashes.length > 0) return undefined;
  if (!projectName.test(name) || text.slice(span.start, span.end) !== writtenName) return undefined;
  const wanted = normalizeName(name);
  const same = manifest.declarations.filter((other) => other.package.name === pkg.name && other.section === declaration.section);
  if (wanted === pkg.name || same.length > 1 || manifest.declarations.some((other) => other.package.name === wanted)) return undefined;
  return { span, newText: name };
}

/** Poetry's tables have the name as a key, and name optional ones again in `extras`. */
export function renameInPyproject(document: EditedDocument, declaration: Declaration, name: string): Edit[] | undefined {
  const { value, place } = declaration.detail as PyprojectDetail;
  if (value && (declaration.group === 'optional' || !place || (place.kind === 'lines' && place.pieces.length > 1))) return undefined;
  // A row of `tool.uv.sources`, or a list of Poetry's extras, may speak of it by name.
  const edit = isNamedElsewhere(document, declaration) ? undefined : renameRequirement(document, declaration, name);
  return edit && [{ file: document.path, ...edit }];
}

/** Whether the old name stands somewhere else in the file than in this entry. A comment counts, which costs a fix and no more. */
function isNamedElsewhere({ text }: EditedDocument, { package: pkg, spans }: Declaration): boolean {
  const rest = text.slice(0, spans.name!.start) + text.slice(spans.name!.end);
  const words = rest.match(/[A-Za-z0-9][A-Za-z0-9._-]*/g) ?? [];
  return words.some((word) => normalizeName(word.replace(/[._-]+$/, '')) === pkg.name);
}

const projectName = /^[A-Z0-9](?:[A-Z0-9_-]*[A-Z0-9])?$/i;
