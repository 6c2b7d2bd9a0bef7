import type { Declaration, Group } from '../../core/declaration';
import type { Span } from '../../core/span';
import { formatMarker } from './marker';
import { normalizeName } from './name';
import type { Requirement } from './requirement';
import { sourceOfUrl } from './sourceUrl';

/** What the file says around a requirement. */
export interface RequirementContext {
  readonly group: Group;
  readonly section: string;
  readonly entry: Span;
  readonly hashes?: readonly string[];
  readonly frozen?: string;
  readonly notes?: readonly string[];
  /**
   * Where the requirement's spans lie in the file, and the text there, if the two are not the same: a requirements file
   * joins lines. Without it the requirement's own spans and texts are the file's.
   */
  readonly place?: (span: Span) => { readonly span: Span; readonly text: string };
}

/** What an edit of a PEP 508 text needs (`Declaration.detail`). */
export interface Pep508Detail {
  readonly pep508: {
    /** The range, with its parentheses. */
    readonly range?: Span;
    /** Where a range goes if there is none: behind the name and extras. */
    readonly insertAt: number;
  };
}

/** The declaration that a PEP 508 requirement makes, in whichever file it stands. */
export function pep508Declaration(requirement: Requirement, context: RequirementContext): Declaration {
  const place = context.place ?? ((span: Span) => ({ span, text: undefined }));
  const { spans } = requirement;
  const name = place(spans.name);
  const range = spans.specifier && place(spans.specifier);
  const link = requirement.url === undefined ? undefined : sourceOfUrl(requirement.url);
  const detail: Pep508Detail = {
    pep508: { ...(spans.range && { range: place(spans.range).span }), insertAt: place(spans.extras ?? spans.name).span.end },
  };
  return {
    package: { ecosystem: 'PyPI', name: normalizeName(requirement.name) },
    writtenName: name.text ?? requirement.name,
    source: link?.source ?? { kind: 'registry', range: requirement.specifier },
    group: context.group,
    section: context.section,
    specifier: range ? (range.text ?? requirement.specifier) : '',
    spans: { entry: context.entry, name: name.span, ...(range && { range: range.span }) },
    extras: requirement.extras,
    ...(requirement.marker !== undefined && { marker: requirement.marker }),
    hashes: [...(link?.hashes ?? []), ...(context.hashes ?? [])],
    ...(context.frozen !== undefined && { frozen: context.frozen }),
    notes: context.notes ?? [],
    detail,
  };
}

/** The marker in normal form, for comparisons; undefined where there is none. */
export function canonicalMarker(requirement: Requirement): string | undefined {
  return requirement.parsedMarker && formatMarker(requirement.parsedMarker);
}
