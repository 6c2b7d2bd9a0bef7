import type { Declaration } from '../../core/declaration';
import type { Span } from '../../core/span';
import type { Pep508Detail } from './pep508Declaration';
import { strip } from './pythonText';
import { exactSpecifier, satisfiesSpecifiers } from './satisfies';
import { parseSpecifiers } from './specifier';
import { parseVersion } from './version';

/** A change of the text that holds the requirement. */
export interface RangeEdit {
  readonly span: Span;
  readonly newText: string;
}

/** The PEP 440 range that stands for exactly this release: `==1.2.3`; `===` for what is no version. Undefined for what no range can say. */
export function pinnedText(version: string): string | undefined {
  const text = strip(version);
  if (parseVersion(text)) return `==${text}`;
  return /^[A-Za-z0-9][A-Za-z0-9._+!-]*$/.test(text) ? `===${text}` : undefined;
}

/**
 * The range without these releases: `>=1` → `>=1,!=1.5`. Undefined where nothing would change (it admits none of them),
 * where nothing would be left (it stands for one release) and where it is no PEP 440 range.
 */
export function excludedText(range: string, versions: readonly string[]): string | undefined {
  const clauses = parseSpecifiers(range);
  if (!clauses || exactSpecifier(clauses) !== undefined) return undefined;
  const admitted = versions.filter((version) => parseVersion(version) && satisfiesSpecifiers(version, clauses, true));
  const added = [...new Set(admitted.map((version) => `!=${strip(version)}`))];
  const last = clauses.at(-1);
  const kept = last ? [strip(range.slice(0, last.span.end))] : [];
  return added.length ? [...kept, ...added].join(',') : undefined;
}

/** Makes a PEP 508 entry stand for one release; extras, marker and what else surrounds the range stay, parentheses go. */
export function pinRequirement(declaration: Declaration, version: string): RangeEdit | undefined {
  const newText = pinnedText(version);
  return newText === undefined || newText === declaration.specifier ? undefined : rangeEdit(declaration, newText);
}

/** Takes releases out of a PEP 508 entry's range. */
export function excludeRequirement(declaration: Declaration, versions: readonly string[]): RangeEdit | undefined {
  if (declaration.source.kind !== 'registry') return undefined;
  const newText = excludedText(declaration.bounded?.own ?? declaration.source.range, versions);
  return newText === undefined ? undefined : rangeEdit(declaration, newText);
}

/** Undefined where an edit would lie: hashes it cannot renew, other sources than an index, entries that are frozen. */
function rangeEdit(declaration: Declaration, newText: string): RangeEdit | undefined {
  const { source, frozen, hashes, detail } = declaration;
  if (source.kind !== 'registry' || frozen !== undefined || hashes.length || !isPep508Detail(detail)) return undefined;
  const { range, insertAt } = detail.pep508;
  return range ? { span: range, newText } : { span: { start: insertAt, end: insertAt }, newText };
}

function isPep508Detail(detail: unknown): detail is Pep508Detail {
  return typeof detail === 'object' && detail !== null && 'pep508' in detail;
}
