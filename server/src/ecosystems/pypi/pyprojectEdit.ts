import type { Declaration } from '../../core/declaration';
import type { Edit, EditedDocument, ManifestEditor } from '../../core/manifest';
import { tomlRemoval } from '../../syntax/tomlEdit';
import { pyprojectOverride } from './overrideEdit';
import { pyprojectLimitReleaseAge } from './releaseAgeEdit';
import { poetryExcluding, poetryPin } from './poetryRange';
import type { PyprojectDetail } from './pyprojectReading';
import { excludedText, excludeRequirement, pinRequirement, type RangeEdit } from './rangeEdit';
import { renameInPyproject } from './renameEdit';

/** Edits of pyproject.toml: requirements in quotes, and the values of Poetry's and PDM's tables in their own notation. */
export const pyprojectEditor: ManifestEditor = {
  pin(document, declaration, version) {
    const value = valueDetail(declaration);
    return edits(document, value ? pinValue(declaration, version) : pinRequirement(declaration, version));
  },
  exclude(document, declaration, versions) {
    const value = valueDetail(declaration);
    return edits(document, value ? excludeFromValue(declaration, versions) : excludeRequirement(declaration, versions));
  },
  remove(document, declaration) {
    const { place } = declaration.detail as PyprojectDetail;
    if (!place || declaration.frozen !== undefined) return undefined;
    return tomlRemoval(document.text, place)?.map((span) => ({ file: document.path, span, newText: '' }));
  },
  rename: renameInPyproject,
  override: pyprojectOverride,
  limitReleaseAge: pyprojectLimitReleaseAge,
};

function edits(document: EditedDocument, edit: RangeEdit | undefined): Edit[] | undefined {
  return edit && [{ file: document.path, ...edit }];
}

function valueDetail(declaration: Declaration): PyprojectDetail['value'] {
  return (declaration.detail as PyprojectDetail).value;
}

function pinValue(declaration: Declaration, version: string): RangeEdit | undefined {
  const pin = valueDetail(declaration)?.pin;
  const text = poetryPin(version);
  if (!pin || text === undefined || text === declaration.specifier || declaration.frozen !== undefined) return undefined;
  return { span: pin.span, newText: pin.before + text + pin.after };
}

function excludeFromValue(declaration: Declaration, versions: readonly string[]): RangeEdit | undefined {
  const { specifier, source, frozen } = declaration;
  const value = valueDetail(declaration)!;
  if (!value.pin || source.kind !== 'registry' || frozen !== undefined) return undefined;
  const text =
    value.notation === 'pdm' ? excludedText(source.range, versions) : poetryExcluding(specifier === '' ? '*' : specifier, versions);
  return text === undefined ? undefined : { span: value.pin.span, newText: value.pin.before + text + value.pin.after };
}
