import type { Declaration } from '../core/declaration';
import type { Span } from '../core/span';
import { readDocument, type ManifestDocument } from './document';

/** A version that is being written: of which declaration, and what would be replaced. */
export interface VersionAt {
  /** As it reads with a version in that place. */
  readonly declaration: Declaration;
  /** The document that holds it. */
  readonly document: ManifestDocument;
  /** What is there of the version, in the text as it stands: empty where nothing is. */
  readonly span: Span;
}

// While a range is written its line is broken (`litellm==`, `"openai": "^`), and each notation in its own way. So the place is
// filled with a version that every notation takes, as far as need be with the quote that is still open, and the reader itself
// says whether a range stands there now, and whose.

const filler = '0.0';
const endings = ['', '"', "'"];

/**
 * The version at a place of a manifest; `undefined` where none can be written there: outside a range, in an entry that no edit
 * may touch, in one that does not come from a registry. Reads the text at most three times, and not at all within a word.
 */
export function versionAt(document: ManifestDocument, text: string, offset: number): VersionAt | undefined {
  const span = tokenAt(text, offset);
  if (!span) return undefined;
  for (const ending of endings) {
    const patched = text.slice(0, span.start) + filler + ending + text.slice(span.end);
    const { path, companions, as, indexOptions, installed } = document;
    const read = readDocument(path, document, patched, companions, as);
    const declaration = read.manifest.declarations.find((one) => holds(one, span.start));
    if (declaration) return { declaration, span, document: { ...read, indexOptions, installed } };
  }
  return undefined;
}

function holds({ source, spans, frozen, package: { name } }: Declaration, start: number): boolean {
  const { range } = spans;
  if (!range || source.kind !== 'registry' || frozen !== undefined || name === '') return false;
  return range.start <= start && start + filler.length <= range.end;
}

const partOfVersion = /[A-Za-z0-9.!+*_-]/;
/** What may stand before a version: an operator, a quote, a separator. */
const before = /[=<>~^!"'\s,|(@:]/;
const longest = 100;

/** The characters of a version around a place. `undefined`: they are none, or nothing before them lets a version begin. */
function tokenAt(text: string, offset: number): Span | undefined {
  let start = offset;
  let end = offset;
  while (start > 0 && offset - start <= longest && isPart(text, start - 1)) start--;
  while (end < text.length && end - offset <= longest && isPart(text, end)) end++;
  if (end - start > longest || !/^(?:v?\d.*|[*]|)$/s.test(text.slice(start, end))) return undefined;
  return start === 0 || !before.test(text[start - 1]!) ? undefined : { start, end };
}

/** `!` is an epoch's mark behind a digit, and an operator's beginning before `=`. */
function isPart(text: string, at: number): boolean {
  return partOfVersion.test(text[at]!) && !(text[at] === '!' && text[at + 1] === '=');
}
