import type { Declaration } from '../../core/declaration';
import type { Span } from '../../core/span';
import { tomlOffset, tomlSpan, type TomlArray, type TomlEntry, type TomlString } from '../../syntax/toml';
import { normalizeName } from './name';
import { pep508Declaration } from './pep508Declaration';
import { escapesFreeze, invalid, placeOf, type PyprojectDetail, type Reading, type Section } from './pyprojectReading';
import { isRequirementError, parseRequirement, type Requirement } from './requirement';
import { sourceOfUrl } from './sourceUrl';

export interface RequirementList extends Section {
  /** Told of every element that is a table; an array of strings alone has none. */
  readonly onTable?: (element: TomlArray['elements'][number]) => void;
  /** What the tool fills in before it parses: Hatch's `{matrix:version}`. */
  readonly fields?: RegExp;
  /** Told of each declaration before it is kept. */
  readonly refine?: (declaration: Declaration) => Declaration;
}

/** Reads `key = ["requirement", …]`. */
export function readRequirements(entry: TomlEntry, list: RequirementList, reading: Reading): void {
  const { value } = entry;
  if (value.kind === 'unreadable') return;
  if (value.kind !== 'array') {
    invalid(reading, placeOf(entry), `${list.section} must be an array of requirements`);
    return;
  }
  for (const [index, element] of value.elements.entries()) {
    if (element.value.kind === 'string') readString(element.value, value, index, list, reading);
    else if (element.value.kind === 'table' && list.onTable) list.onTable(element);
    else if (element.value.kind !== 'unreadable')
      invalid(reading, tomlSpan(element.value), `Each element of ${list.section} must be a text in quotes`);
  }
}

function readString(string: TomlString, array: TomlArray, index: number, list: RequirementList, reading: Reading): void {
  const detail: PyprojectDetail = { place: { kind: 'element', array, index } };
  const keep = (declaration: Declaration): void => {
    reading.declarations.push(list.refine ? list.refine(declaration) : declaration);
  };
  const inFile = ({ start, end }: Span): Span => ({ start: tomlOffset(string, start), end: tomlOffset(string, end) });
  const editable = /^-e[ \t]+(?=\S)/.exec(string.value);
  if (editable) {
    keep(editableDeclaration(string, editable[0].length, list, detail, reading.text, inFile));
    return;
  }
  const masked = list.fields ? string.value.replace(list.fields, (field) => '0'.repeat(field.length)) : string.value;
  const direct = parseRequirement(string.value);
  const filled = isRequirementError(direct) && masked !== string.value;
  const parsed = filled ? parseRequirement(masked) : direct;
  if (isRequirementError(parsed)) {
    const span = inFile(parsed);
    invalid(reading, span.end > span.start ? span : string.span, `This is no valid requirement: ${parsed.message}`);
    return;
  }
  const frozen = filled ? 'a part of it is filled in by its tool' : string.offsets ? escapesFreeze : undefined;
  const declaration = pep508Declaration(filled ? unmasked(parsed, string.value) : parsed, {
    group: list.group,
    section: list.section,
    entry: string.content,
    ...(frozen !== undefined && { frozen }),
    place(span) {
      const placed = inFile(span);
      return { span: placed, text: reading.text.slice(placed.start, placed.end) };
    },
  });
  keep({ ...declaration, detail: { ...(declaration.detail as PyprojectDetail), ...detail } });
}

function unmasked(requirement: Requirement, text: string): Requirement {
  const { name, specifier } = requirement.spans;
  return {
    ...requirement,
    name: text.slice(name.start, name.end),
    specifier: specifier ? text.slice(specifier.start, specifier.end) : '',
  };
}

/** PDM's `-e file:///${PROJECT_ROOT}/sub#egg=name`. */
function editableDeclaration(
  string: TomlString,
  start: number,
  list: RequirementList,
  detail: PyprojectDetail,
  text: string,
  inFile: (span: Span) => Span,
): Declaration {
  const { source, hashes, egg } = sourceOfUrl(string.value.slice(start).trimEnd());
  const named = egg ? parseRequirement(egg.text, start + egg.span.start) : undefined;
  const requirement = named && !isRequirementError(named) ? named : undefined;
  const name = requirement && inFile(requirement.spans.name);
  return {
    package: { ecosystem: 'PyPI', name: normalizeName(requirement?.name ?? '') },
    writtenName: name ? text.slice(name.start, name.end) : '',
    source,
    group: list.group,
    section: list.section,
    specifier: '',
    spans: { entry: string.content, ...(name && { name }) },
    extras: requirement?.extras ?? [],
    hashes,
    ...(string.offsets && { frozen: escapesFreeze }),
    notes: [],
    detail,
  };
}
