import type { SyntaxFault } from './marker';

/** A word of a command line, without its quotes and escapes. */
export interface ShellWord {
  readonly value: string;
  /** For each unit of `value` its place in the text. */
  readonly places: readonly number[];
  readonly start: number;
  readonly end: number;
}

/** Splits as Python's `shlex.split` does (POSIX quotes and backslashes, no comments), from `start` to the end of the text. */
export function shellWords(text: string, start = 0): ShellWord[] | SyntaxFault {
  const words: ShellWord[] = [];
  let position = start;
  while (position < text.length) {
    if (isSeparator(text[position]!)) {
      position++;
      continue;
    }
    const word = wordAt(text, position);
    if ('message' in word) return word;
    words.push(word);
    position = word.end;
  }
  return words;
}

function wordAt(text: string, start: number): ShellWord | SyntaxFault {
  const units: string[] = [];
  const places: number[] = [];
  let quote = '';
  let position = start;
  for (; position < text.length; position++) {
    const unit = text[position]!;
    if (!quote && isSeparator(unit)) break;
    if (unit === quote) {
      quote = '';
    } else if (!quote && (unit === '"' || unit === "'")) {
      quote = unit;
    } else {
      const next = text[position + 1];
      if (unit === '\\' && quote !== "'") {
        if (next === undefined) return { message: 'nothing follows the last "\\"', start: position, end: text.length };
        if (!quote || next === '"' || next === '\\') position++;
      }
      units.push(text[position]!);
      places.push(position);
    }
  }
  if (quote) return { message: `the closing ${quote} is missing`, start, end: text.length };
  return { value: units.join(''), places, start, end: position };
}

function isSeparator(unit: string): boolean {
  return unit === ' ' || unit === '\t' || unit === '\r' || unit === '\n';
}
