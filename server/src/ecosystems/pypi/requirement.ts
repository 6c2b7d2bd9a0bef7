import type { Span } from '../../core/span';
import { isSyntaxFault, parseMarker, type Marker, type SyntaxFault } from './marker';
import { parseSpecifiers, scanSpecifier } from './specifier';
import { parseVersion } from './version';

// One dependency specifier (PEP 508; read as packaging 26 reads it). ws is spaces and tabs, and may stand between all tokens:
//
//   requirement = name [ "[" [ extra { "," extra } ] "]" ] ( "@" url [ ws ";" marker ] | range [ ";" marker ] )
//   range       = "(" clauses ")" | clauses             see specifier.ts
//   clauses     = [ clause { "," clause } [ "," ] ]
//   name, extra = an ASCII letter or digit, then letters, digits, "." "_" "-", up to the last word boundary
//   url         = all up to a space or tab, so that a ";" behind it needs one

/** A parsed requirement. Every span is an offset into the caller's text: its place in `text` plus `offset`. */
export interface Requirement {
  /** As written. */
  readonly name: string;
  readonly extras: readonly string[];
  /** As written, without parentheses and the space around it; `''` where there is none. */
  readonly specifier: string;
  readonly url?: string;
  /** As written, without the `;` and the space around it. */
  readonly marker?: string;
  readonly parsedMarker?: Marker;
  readonly spans: {
    /** From the name to the end of the last part. */
    readonly whole: Span;
    readonly name: Span;
    /** With the brackets. */
    readonly extras?: Span;
    /** The text at it is `specifier`. */
    readonly specifier?: Span;
    /** The range with its parentheses; without any it equals `specifier`. Also there for `()`. */
    readonly range?: Span;
    readonly url?: Span;
    readonly marker?: Span;
  };
}

/** Why the text is no requirement, in words for people, and on which characters. */
export type RequirementError = SyntaxFault;

/**
 * Parses one requirement. Never throws, on any string; linear.
 * @param offset where `text` stands in the text that the spans shall point into (a TOML string without escapes: the
 * offset of its first character behind the quote).
 */
export function parseRequirement(text: string, offset = 0): Requirement | RequirementError {
  return plainPin(text, offset) ?? parseAny(text, offset);
}

/** The same without a short way. */
export function parseAny(text: string, offset = 0): Requirement | RequirementError {
  const scanner = new RequirementScanner(text, offset);
  return scanner.requirement() ?? scanner.fault!;
}

/** What most lines of a requirements file are, `name==1.2.3`, by one pattern: a thousand of them are read before any scanner is quick. */
function plainPin(text: string, offset: number): Requirement | undefined {
  const [, name, specifier] = plain.exec(text) ?? [];
  if (name === undefined || specifier === undefined) return undefined;
  const middle = offset + name.length;
  const range = { start: middle, end: offset + text.length };
  return {
    name,
    extras: [],
    specifier,
    spans: { whole: { start: offset, end: range.end }, name: { start: offset, end: middle }, specifier: range, range },
  };
}

const plain = /^([a-z0-9](?:[a-z0-9._-]*[a-z0-9])?)(==[0-9]+(?:\.[0-9]+)*)$/i;

export function isRequirementError(result: Requirement | RequirementError): result is RequirementError {
  return 'message' in result;
}

class RequirementScanner {
  fault: RequirementError | undefined;
  #position = 0;

  constructor(
    readonly text: string,
    readonly offset: number,
  ) {}

  requirement(): Requirement | undefined {
    this.#skipSpace();
    const name = this.#identifier();
    if (!name) return this.#fail('a package name is expected here');
    const extras = this.#extras();
    if (!extras) return undefined;
    const source = this.#peek() === '@' ? this.#url() : this.#range();
    if (!source) return undefined;
    const marker = this.#marker(source);
    if (!marker) return undefined;
    const last = marker.span ?? source.url ?? source.range ?? extras.span ?? name;
    return {
      name: this.#at(name),
      extras: extras.names,
      specifier: source.specifier ? this.#at(source.specifier) : '',
      ...(source.url && { url: this.#at(source.url) }),
      ...(marker.span && { marker: this.#at(marker.span), parsedMarker: marker.parsed }),
      spans: {
        whole: this.#shifted({ start: name.start, end: last.end }),
        name: this.#shifted(name),
        ...(extras.span && { extras: this.#shifted(extras.span) }),
        ...(source.specifier && { specifier: this.#shifted(source.specifier) }),
        ...(source.range && { range: this.#shifted(source.range) }),
        ...(source.url && { url: this.#shifted(source.url) }),
        ...(marker.span && { marker: this.#shifted(marker.span) }),
      },
    };
  }

  #extras(): { readonly names: readonly string[]; readonly span?: Span } | undefined {
    this.#skipSpace();
    if (this.#peek() !== '[') return { names: [] };
    const start = this.#position++;
    const names: string[] = [];
    for (;;) {
      this.#skipSpace();
      const extra = this.#identifier();
      if (extra) names.push(this.#at(extra));
      else if (names.length) return this.#fail('the name of an extra is expected behind the comma');
      this.#skipSpace();
      if (!extra || this.#peek() !== ',') break;
      this.#position++;
    }
    if (this.#peek() !== ']') return this.#fail('the extras go on with "," or end with "]"', start);
    const span = { start, end: ++this.#position };
    this.#skipSpace();
    return { names, span };
  }

  #url(): RangeOrUrl | undefined {
    this.#position++;
    this.#skipSpace();
    const start = this.#position;
    while (this.#position < this.text.length && !this.#atSpace()) this.#position++;
    return this.#position > start ? { url: { start, end: this.#position } } : this.#fail('a URL is expected behind "@"');
  }

  #range(): RangeOrUrl | undefined {
    const start = this.#position;
    const open = this.#peek() === '(';
    if (open) this.#position++;
    this.#skipSpace();
    const first = this.#position;
    let end = first;
    for (let next = scanSpecifier(this.text, first); next !== undefined; next = scanSpecifier(this.text, this.#position)) {
      this.#position = end = next;
      if (/^(?:\.\*|\+[a-z0-9])/.test(this.text.slice(next, next + 2))) {
        const part = this.#peek() === '.' ? '".*"' : 'a local label';
        return this.#fail(`${part} can only stand behind == or !=`, first);
      }
      this.#skipSpace();
      if (this.#peek() !== ',') break;
      end = ++this.#position;
      this.#skipSpace();
    }
    if (open && this.#peek() !== ')') return this.#fail('the range in parentheses goes on with "," or ends with ")"', start);
    if (open) this.#position++;
    if (!parseSpecifiers(this.text.slice(first, end))) return this.#fail('this is no version range (PEP 440)', first, end);
    const specifier = end > first ? { start: first, end } : undefined;
    return { specifier, range: open ? { start, end: this.#position } : specifier };
  }

  #marker(source: RangeOrUrl): { readonly span?: Span; readonly parsed?: Marker } | undefined {
    const before = this.#position;
    this.#skipSpace();
    if (this.#position >= this.text.length) return {};
    if (source.url && before === this.#position) return this.#fail('a space is expected behind the URL');
    if (this.#peek() !== ';') return this.#fail(expectation(source, this.text.slice(this.#position)));
    const start = ++this.#position;
    const marker = parseMarker(this.text.slice(start), start);
    if (isSyntaxFault(marker)) return this.#fail(marker.message, marker.start, marker.end);
    this.#skipSpace();
    const first = this.#position;
    let end = this.text.length;
    while (end > first && (this.text[end - 1] === ' ' || this.text[end - 1] === '\t')) end--;
    return { span: { start: first, end }, parsed: marker };
  }

  /** PEP 508's identifier ends at a word boundary: of `foo-` it is `foo`. */
  #identifier(): Span | undefined {
    const start = this.#position;
    let end = start;
    while (end < this.text.length && isNameCharacter(this.text.charCodeAt(end), end > start)) end++;
    while (end > start && isWordAt(this.text, end - 1) === isWordAt(this.text, end)) end--;
    if (end === start) return undefined;
    this.#position = end;
    return { start, end };
  }

  #fail(message: string, start = this.#position, end = this.text.length): undefined {
    this.fault ??= { message, ...this.#shifted({ start: Math.min(start, end), end }) };
    return undefined;
  }

  #peek(): string | undefined {
    return this.text[this.#position];
  }

  #at(span: Span): string {
    return this.text.slice(span.start, span.end);
  }

  #atSpace(): boolean {
    return this.#peek() === ' ' || this.#peek() === '\t';
  }

  #skipSpace(): void {
    while (this.#atSpace()) this.#position++;
  }

  #shifted(span: Span): Span {
    return { start: span.start + this.offset, end: span.end + this.offset };
  }
}

interface RangeOrUrl {
  readonly specifier?: Span | undefined;
  readonly range?: Span | undefined;
  readonly url?: Span;
}

function expectation(source: RangeOrUrl, rest: string): string {
  if (source.url) return 'behind the URL only a ";" and a marker may follow';
  if (source.range) return 'the range goes on with ",", or a ";" and a marker follow';
  if (/^=[^=]/.test(rest)) return '"=" is no operator; "==" is meant?';
  const [, operator, version] = /^(===|==|~=|!=|<=|>=|<|>)[ \t]*([^\s,;)]*)/.exec(rest) ?? [];
  if (version === '') return `a version is expected behind "${operator}"`;
  if (operator === '~=' && parseVersion(version!)) return '"~=" needs a version with at least two numbers, such as ~=1.0';
  if (operator !== undefined) return `"${version}" is no version (PEP 440)`;
  if (/^[\^~]/.test(rest)) return `"${rest[0]}" is no operator here; it is Poetry's and npm's`;
  return 'behind the name an operator (==, !=, ~=, <=, >=, <, >, ===) and a version, or a ";" and a marker, may follow';
}

function isNameCharacter(code: number, inside: boolean): boolean {
  const alphanumeric = (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122);
  return alphanumeric || (inside && (code === 45 || code === 46 || code === 95));
}

/** Python's `\w` at an index; astral letters stand as their first half. */
function isWordAt(text: string, index: number): boolean {
  const unit = text.charCodeAt(index);
  // Behind the end there is none.
  if (!(unit >= 128)) return isNameCharacter(unit, false) || unit === 95;
  const code = text.codePointAt(index);
  return code !== undefined && /[\p{L}\p{N}_]/u.test(String.fromCodePoint(code));
}
