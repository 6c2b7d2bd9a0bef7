import { normalizeName } from './name';
import { pythonString } from './pythonString';

// Environment markers (PEP 508; read as packaging 26 reads them). ws is spaces and tabs, and may stand between all tokens:
//
//   marker = atom { ( "and" | "or" ) atom }            printed as written, "and" and "or" are not regrouped
//   atom   = "(" marker ")" | value operator value
//   value  = variable | "'" … "'" | '"' … '"'           a Python string: it ends at the first quote, escapes count
//   operator = "<=" | "<" | "!=" | "==" | ">=" | ">" | "~=" | "===" | "in" | "not" "in"

/** What is wrong, and on which characters. */
export interface SyntaxFault {
  readonly message: string;
  readonly start: number;
  readonly end: number;
}

export interface MarkerComparison {
  readonly left: MarkerValue;
  readonly operator: string;
  readonly right: MarkerValue;
}

export type MarkerValue = { readonly variable: string } | { readonly text: string };

/** Items and the words between them: `[item, 'and', item, 'or', group]`. */
export type Marker = readonly MarkerPart[];
export type MarkerPart = MarkerComparison | Marker | 'and' | 'or';

const variable =
  /(?<![\p{L}\p{N}_])(?:python_version|python_full_version|os[._]name|sys[._]platform|platform_(?:release|system)|platform[._](?:version|machine|python_implementation)|python_implementation|implementation_(?:name|version)|extras?|dependency_groups)(?![\p{L}\p{N}_])/uy;
const symbol = /===|==|~=|!=|<=|>=|<|>/y;
const word = /(?<![\p{L}\p{N}_])(?:and|or|in|not)(?![\p{L}\p{N}_])/uy;
const quoted = /'[^']*'|"[^"]*"/y;

/** Deeper nesting is refused; Python gives up on it too. */
const maximumDepth = 100;

/** Parses a whole text as a marker. `offset` is added to the positions of a fault. */
export function parseMarker(text: string, offset = 0): Marker | SyntaxFault {
  const scanner = new MarkerScanner(text, 0);
  const marker = scanner.marker(0);
  if (marker && scanner.position < text.length) scanner.fail('a marker ends here, or goes on with "and" or "or"');
  const { fault } = scanner;
  return fault ? { message: fault.message, start: fault.start + offset, end: fault.end + offset } : marker!;
}

export function isSyntaxFault(value: object): value is SyntaxFault {
  return 'message' in value;
}

/** As packaging prints a marker: one space between tokens, double quotes, names of extras normalized. */
export function formatMarker(marker: Marker): string {
  return formatParts(marker, true);
}

function formatParts(marker: Marker, outermost: boolean): string {
  const [only] = marker;
  if (marker.length === 1 && typeof only === 'object') return formatPart(only, outermost);
  const inner = marker.map((part) => formatPart(part, false)).join(' ');
  return outermost ? inner : `(${inner})`;
}

function formatPart(part: MarkerPart, outermost: boolean): string {
  if (typeof part === 'string') return part;
  if (!('operator' in part)) return formatParts(part, outermost);
  const { left, operator, right } = part;
  return `${formatValue(left, right)} ${operator} ${formatValue(right, left)}`;
}

function formatValue(value: MarkerValue, other: MarkerValue): string {
  if ('variable' in value) return value.variable;
  return `"${'variable' in other && other.variable === 'extra' ? normalizeName(value.text) : value.text}"`;
}

class MarkerScanner {
  fault: SyntaxFault | undefined;

  constructor(
    readonly text: string,
    public position: number,
  ) {}

  marker(depth: number): Marker | undefined {
    if (depth > maximumDepth) return this.fail('the marker is nested too deeply');
    const parts: MarkerPart[] = [];
    for (;;) {
      const atom = this.#atom(depth);
      if (!atom) return undefined;
      parts.push(atom);
      const before = this.position;
      const joint = this.#take(word);
      if (joint !== 'and' && joint !== 'or') {
        this.position = before;
        return parts;
      }
      parts.push(joint);
    }
  }

  fail(message: string): undefined {
    const start = Math.min(this.position, this.text.length);
    this.fault ??= { message, start, end: this.text.length };
    return undefined;
  }

  #atom(depth: number): MarkerPart | undefined {
    this.#skipSpace();
    if (this.text[this.position] !== '(') return this.#comparison();
    this.position++;
    const inner = this.marker(depth + 1);
    if (!inner) return undefined;
    if (this.text[this.position] !== ')') return this.fail('a ")" is missing in the marker');
    this.position++;
    this.#skipSpace();
    return inner;
  }

  #comparison(): MarkerComparison | undefined {
    const left = this.#value();
    const operator = left && this.#operator();
    const right = operator ? this.#value() : undefined;
    return left && operator && right ? { left, operator, right } : undefined;
  }

  #value(): MarkerValue | undefined {
    this.#skipSpace();
    const name = this.#take(variable);
    if (name !== undefined) {
      this.#skipSpace();
      return { variable: name === 'python_implementation' ? 'platform_python_implementation' : name.replace('.', '_') };
    }
    const start = this.position;
    const literal = this.#take(quoted);
    if (literal === undefined) return this.fail('a marker variable (such as python_version) or a quoted text is expected here');
    const text = pythonString(literal);
    if (text === undefined) {
      this.position = start;
      return this.fail('this quoted text is broken: a backslash begins an escape that Python does not know');
    }
    this.#skipSpace();
    return { text };
  }

  #operator(): string | undefined {
    const symbolic = this.#take(symbol);
    if (symbolic !== undefined) return symbolic;
    const start = this.position;
    const first = this.#take(word);
    if (first === 'in') return first;
    if (first === 'not') {
      const behind = this.position;
      this.#skipSpace();
      if (this.position > behind && this.#take(word) === 'in') return 'not in';
    }
    this.position = start;
    return this.fail('a comparison is expected here: <=, <, !=, ==, >=, >, ~=, ===, in, not in');
  }

  #take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.position;
    const found = pattern.exec(this.text)?.[0];
    if (found !== undefined) this.position += found.length;
    return found;
  }

  #skipSpace(): void {
    while (this.text[this.position] === ' ' || this.text[this.position] === '\t') this.position++;
  }
}
