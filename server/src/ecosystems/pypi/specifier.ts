import type { Span } from '../../core/span';
import { isPythonSpace, strip, stripped } from './pythonText';
import { formatVersion, parseVersion, type Version } from './version';

// A specifier set (PEP 440, "Version specifiers"; read as packaging 26 reads it):
//
//   set      = [ clause ] { "," [ clause ] }           empty clauses are ignored
//   clause   = "===" ws any                             anything without white space, ";" and ")"
//            | ( "==" | "!=" ) ws ( release ".*" | version )
//            | "~=" ws public                           at least two numbers in the release
//            | ( "<=" | ">=" | "<" | ">" ) ws public    no local label, no ".*"

export type Operator = '===' | '==' | '!=' | '~=' | '<=' | '>=' | '<' | '>';

/** One clause of a set, such as `>= 1.2`. */
export interface SpecifierClause {
  readonly operator: Operator;
  /** As written, without white space around it; `1.2.*` keeps its star. */
  readonly version: string;
  /** Parsed; of `1.2.*` what stands before the star; undefined behind `===`, whose text need not be a version. */
  readonly parsed?: Version;
  readonly wildcard: boolean;
  readonly span: Span;
}

const epochAndRelease = String.raw`v?(?:[0-9]+!)?[0-9]+(?:\.[0-9]+)*`;
const suffixes = [
  String.raw`(?:[-_.]?(?:alpha|beta|preview|pre|a|b|c|rc)[-_.]?[0-9]*)?`,
  String.raw`(?:-[0-9]+|[-_.]?(?:post|rev|r)[-_.]?[0-9]*)?`,
  String.raw`(?:[-_.]?dev[-_.]?[0-9]*)?`,
].join('');
const local = String.raw`(?:\+[a-z0-9]+(?:[-_.][a-z0-9]+)*)?`;

const operators = /===|==|!=|~=|<=|>=|<|>/y;
const arbitrary = /[^\s;)]*/y;
const equality = new RegExp(String.raw`${epochAndRelease}(?:\.\*|${suffixes}${local})?`, 'iy');
const compatible = new RegExp(String.raw`v?(?:[0-9]+!)?[0-9]+(?:\.[0-9]+)+${suffixes}`, 'iy');
const ordered = new RegExp(epochAndRelease + suffixes, 'iy');

/** The clauses of a set, or undefined where it is not one. `offset` is added to every span. */
export function parseSpecifiers(text: string, offset = 0): readonly SpecifierClause[] | undefined {
  const clauses: SpecifierClause[] = [];
  for (let start = 0; start <= text.length;) {
    const comma = text.indexOf(',', start);
    const end = comma < 0 ? text.length : comma;
    const inner = stripped(text, start, end);
    if (inner.start < inner.end) {
      if (scanSpecifier(text, inner.start, inner.end) !== inner.end) return undefined;
      const clause = parseClause(text.slice(inner.start, inner.end), inner.start + offset);
      if (!clause) return undefined;
      clauses.push(clause);
    }
    start = end + 1;
  }
  return clauses;
}

/** The end of the clause that starts at `position`, as the tokenizer of packaging cuts it; undefined where none does. */
export function scanSpecifier(text: string, position: number, limit = text.length): number | undefined {
  const operator = matchAt(operators, text, position);
  if (operator === undefined) return undefined;
  let start = position + operator.length;
  while (start < limit && isPythonSpace(text.charCodeAt(start))) start++;
  const version = matchAt(versionGrammar(operator as Operator), text, start);
  return version === undefined ? undefined : Math.min(limit, start + version.length);
}

/** As packaging prints a set: sorted, and of clauses that mean the same (`==1.0`, `==1.0.0`) the first. */
export function formatSpecifiers(clauses: readonly SpecifierClause[]): string {
  const distinct = new Map<string, string>();
  const sorted = clauses.map((clause) => ({ clause, text: clause.operator + clause.version }));
  sorted.sort((a, b) => (a.text < b.text ? -1 : a.text > b.text ? 1 : 0));
  for (const { clause, text } of sorted) {
    const key = meaning(clause);
    if (!distinct.has(key)) distinct.set(key, text);
  }
  return [...distinct.values()].join(',');
}

/** Trailing zeros count behind `~=` and before a star. */
function meaning({ operator, version, parsed, wildcard }: SpecifierClause): string {
  if (!parsed || wildcard) return operator + version;
  if (operator === '~=') return operator + formatVersion(parsed);
  let length = parsed.release.length;
  while (length > 1 && parsed.release[length - 1] === '0') length--;
  return operator + formatVersion({ ...parsed, release: parsed.release.slice(0, length) });
}

function parseClause(text: string, start: number): SpecifierClause | undefined {
  const operator = matchAt(operators, text, 0) as Operator;
  const version = strip(text.slice(operator.length));
  const wildcard = operator !== '===' && version.endsWith('.*');
  const span = { start, end: start + text.length };
  if (operator === '===') return { operator, version, wildcard, span };
  const parsed = parseVersion(wildcard ? version.slice(0, -2) : version);
  return parsed && { operator, version, parsed, wildcard, span };
}

function versionGrammar(operator: Operator): RegExp {
  if (operator === '===') return arbitrary;
  if (operator === '==' || operator === '!=') return equality;
  return operator === '~=' ? compatible : ordered;
}

function matchAt(pattern: RegExp, text: string, position: number): string | undefined {
  pattern.lastIndex = position;
  return pattern.exec(text)?.[0];
}
