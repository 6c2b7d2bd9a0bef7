import type { Span } from '../../core/span';
import type { SyntaxFault } from './marker';
import { shellWords, type ShellWord } from './shellWords';

// The options of a requirements file (pip's reference, "Supported options" and "Per-requirement options"), read as
// Python's optparse reads them: --name value, --name=value, -x value, -xvalue, and any unambiguous beginning of a long name.

/** One option as it stands in a line. */
export interface OptionUse {
  /** The long name, without dashes. */
  readonly name: string;
  /** `''` of a switch. */
  readonly value: string;
  /** Of the value, without quotes; of a switch, the whole word. */
  readonly span: Span;
  /** For each unit of `value` its place in the line: quotes and escapes come between. */
  readonly places: readonly number[];
}

const withValue = [
  'index-url',
  'pypi-url',
  'extra-index-url',
  'constraint',
  'requirement',
  'editable',
  'find-links',
  'no-binary',
  'only-binary',
  'all-releases',
  'only-final',
  'trusted-host',
  'use-feature',
  'hash',
  'config-settings',
  'config-setting',
];
const switches = ['no-index', 'prefer-binary', 'require-hashes', 'no-require-hashes', 'pre'];
const shortNames: Readonly<Record<string, string>> = {
  i: 'index-url',
  c: 'constraint',
  r: 'requirement',
  e: 'editable',
  f: 'find-links',
  C: 'config-settings',
};
const synonyms: Readonly<Record<string, string>> = { 'pypi-url': 'index-url', 'config-setting': 'config-settings' };
const features = ['fast-deps', 'truststore', 'no-binary-enable-wheel-cache', 'build-constraint', 'inprocess-build-deps'];

/** The options of a line from `start` to its end. Words that are no options are ignored, as pip does. */
export function parseOptions(line: string, start: number): OptionUse[] | SyntaxFault {
  const words = shellWords(line, start);
  if ('message' in words) return words;
  const uses: OptionUse[] = [];
  for (let i = 0; i < words.length;) {
    const word = words[i]!;
    if (word.value === '--') break;
    if (!word.value.startsWith('-') || word.value === '-') {
      i++;
      continue;
    }
    const use = word.value.startsWith('--') ? longOption(word, words[i + 1]) : shortOption(word, words[i + 1]);
    if ('message' in use) return use;
    const fault = faultOf(use);
    if (fault) return { message: fault, start: use.span.start, end: use.span.end };
    uses.push(use);
    i += use.taken;
  }
  return uses;
}

interface Taken extends OptionUse {
  /** How many words it took. */
  readonly taken: number;
}

function longOption(word: ShellWord, next: ShellWord | undefined): Taken | SyntaxFault {
  const equals = word.value.indexOf('=');
  const written = word.value.slice(2, equals < 0 ? undefined : equals);
  const found = longName(written);
  if (found === undefined) return { message: `there is no option --${written}`, start: word.start, end: word.end };
  const name = synonyms[found] ?? found;
  if (switches.includes(found)) {
    if (equals < 0) return { name, value: '', span: { start: word.start, end: word.end }, places: [], taken: 1 };
    return { message: `--${found} takes no value`, start: word.start, end: word.end };
  }
  if (equals >= 0) return { name, ...valueOf(word, equals + 1), taken: 1 };
  return separate(name, `--${found}`, word, next);
}

function shortOption(word: ShellWord, next: ShellWord | undefined): Taken | SyntaxFault {
  const letter = word.value[1]!;
  const name = Object.hasOwn(shortNames, letter) ? shortNames[letter] : undefined;
  if (name === undefined) return { message: `there is no option -${letter}`, start: word.start, end: word.end };
  if (word.value.length > 2) return { name, ...valueOf(word, 2), taken: 1 };
  return separate(name, `-${letter}`, word, next);
}

function separate(name: string, written: string, word: ShellWord, next: ShellWord | undefined): Taken | SyntaxFault {
  if (!next) return { message: `${written} needs a value`, start: word.start, end: word.end };
  return { name, ...valueOf(next, 0), taken: 2 };
}

function longName(written: string): string | undefined {
  const all = [...withValue, ...switches];
  if (all.includes(written)) return written;
  const candidates = written === '' ? [] : all.filter((name) => name.startsWith(written));
  return candidates.length === 1 ? candidates[0] : undefined;
}

function valueOf(word: ShellWord, from: number): Pick<OptionUse, 'value' | 'span' | 'places'> {
  const places = word.places.slice(from);
  const start = places[0] ?? word.end;
  return { value: word.value.slice(from), span: { start, end: places.length ? places[places.length - 1]! + 1 : start }, places };
}

function faultOf({ name, value }: OptionUse): string | undefined {
  switch (name) {
    case 'hash':
      if (!value.includes(':')) return '--hash needs the form sha256:…';
      return /^(?:sha256|sha384|sha512):/.test(value) ? undefined : 'the algorithm of --hash must be sha256, sha384 or sha512';
    case 'config-settings':
      return value.includes('=') ? undefined : '--config-settings needs the form KEY=VALUE';
    case 'use-feature':
      return features.includes(value) ? undefined : `there is no feature ${value}`;
    default:
      return undefined;
  }
}
