import data from '../../data/popular.json';
import type { PackageId } from '../core/declaration';
import type { Likeness, Similar } from '../core/similar';
import { catalogue } from './catalogue';
import { isAscii, lookOf } from './confusables';
import { squatId } from './incidents';
import { createNeighbourhood, type Neighbourhood } from './oneEdit';
import { popularNames } from './popular';

/**
 * The AI package or popular package whose name this one comes near to; `undefined` for such a name itself, and for whatever
 * stands under an npm scope that one of them has. Worked out once a name; the index is built with the first question.
 */
export function similarTo(pkg: PackageId): Similar | undefined {
  const key = `${pkg.ecosystem} ${pkg.name}`;
  let similar = answers.get(key);
  if (similar === undefined) {
    if (answers.size >= 5000) answers.clear();
    const found = find(pkg);
    const incident = found && squatId(pkg);
    answers.set(key, (similar = found ? { ...found, ...(incident !== undefined && { incident }) } : null));
  }
  return similar ?? undefined;
}

const answers = new Map<string, Similar | null>();

/** A name that squats imitate. */
interface Target {
  readonly name: string;
  readonly meant?: string;
  /** Of the catalogue, or a brand of AI: these are what squats aim at. */
  readonly ai: boolean;
  /** A scoped package by its bare name. */
  readonly bare?: true;
}

interface Index {
  readonly known: ReadonlySet<string>;
  readonly scopes: ReadonlySet<string>;
  readonly byKey: ReadonlyMap<string, Target>;
  /** By {@link sumOfWords}; the names of several words. */
  readonly byWords: ReadonlyMap<number, readonly Target[]>;
  readonly neighbours: Neighbourhood<Target>;
}

const indexes = new Map<string, Index>();
/** Short names are near to each other by chance. */
const shortest = { ai: 5, popular: 6 };
/** npm allows 214 characters; what is longer is no name, and imitates none. */
const longest = 214;

/** As waves of squats have added them to the names of AI packages; `ai` also without a separator. */
const endings = ['-mcp-server', '-mcp', '-sdk', '-api', '-client', '-python', '-node', '-py', '-js', '-ai'];

function find({ ecosystem, name }: PackageId): Similar | undefined {
  const index = indexOf(ecosystem);
  if (name === '' || name.length > longest || index.known.has(name) || index.scopes.has(scopeOf(name))) return undefined;
  if (!isAscii(name)) {
    const target = index.byKey.get(keyOf(lookOf(name)));
    return target && similar(target, 'confusable');
  }
  const key = keyOf(name);
  const same = index.byKey.get(key);
  if (same) return similar(same, same.bare ? 'scope' : same.name === name ? 'brand' : 'spelling');
  const spelt = spellings(key).map((spelling) => index.byKey.get(spelling));
  const other = spelt.find((target) => target !== undefined && isLongEnough(target, target.name));
  if (other) return similar(other, 'spelling');
  const isScoped = name.startsWith('@');
  const turned = isScoped ? undefined : sameWords(name, index);
  if (turned) return similar(turned, 'order');
  const near = index.neighbours
    .near(key)
    .filter((target) => target.name.startsWith('@') === isScoped && isLongEnough(target, key) && !isNumbering(key, keyOf(target.name)));
  const best = near.find(({ ai, bare }) => ai && !bare) ?? near.find(({ bare }) => !bare) ?? near[0];
  return best ? similar(best, 'letter') : withoutEnding(name, index);
}

function similar({ name, meant }: Target, by: Likeness, suffix?: string): Similar {
  return { name, by, ...(meant !== undefined && { meant }), ...(suffix !== undefined && { suffix }) };
}

function withoutEnding(name: string, { byKey }: Index): Similar | undefined {
  for (const ending of [...endings, 'ai']) {
    if (!name.endsWith(ending)) continue;
    const target = byKey.get(keyOf(name.slice(0, -ending.length)));
    if (target?.ai && !target.bare && isLongEnough(target, target.name)) return similar(target, 'suffix', ending);
  }
  return undefined;
}

/** The shorter of the two decides: `torchx` is five letters and one more. */
function isLongEnough({ ai, name, bare }: Target, other: string): boolean {
  return Math.min(keyOf(name).length, other.length) >= (bare ? 8 : ai ? shortest.ai : shortest.popular);
}

/** `boto2` beside `boto3`: another number is another generation. */
function isNumbering(a: string, b: string): boolean {
  return a.length === b.length && a.replace(/\d/g, '0') === b.replace(/\d/g, '0');
}

/** Without what separates words. */
function keyOf(name: string): string {
  const plain = name.toLowerCase();
  return separators.test(plain) ? plain.replace(/[-_.@/~]+/g, '') : plain;
}

const separators = /[-_.@/~]/;

/** The first name of the same words, in whatever order. */
function sameWords(name: string, { byWords }: Index): Target | undefined {
  const words = wordsOf(name);
  return words === '' ? undefined : byWords.get(sumOfWords(name))?.find((target) => wordsOf(target.name) === words);
}

function wordsOf(name: string): string {
  const words = name.toLowerCase().split(/[-_.@/~]+/);
  const real = words.filter((word) => word !== '');
  return real.length > 1 ? real.sort().join(' ') : '';
}

/** A number that names of the same words have in common, whatever their order; 0 for a name of one word. Cheaper than {@link wordsOf}, of which thousands would be wanted. */
function sumOfWords(name: string): number {
  if (!separators.test(name)) return 0;
  const plain = name.toLowerCase();
  let sum = 0;
  let word = 0;
  for (let i = 0; i <= plain.length; i++) {
    const code = i < plain.length ? plain.charCodeAt(i) : slash;
    if (code === slash || code === 45 || code === 46 || code === 64 || code === 95 || code === 126) {
      sum = (sum + Math.imul(word, 0x9e3779b1)) | 0;
      word = 0;
    } else {
      word = (Math.imul(word, 31) + code) | 0;
    }
  }
  return sum || 1;
}

const slash = 47;

/** What a name with digits, or pairs of letters, in the place of a letter may be meant to look like. */
function spellings(key: string): string[] {
  const plain = key
    .replace(/[034578]/g, (digit) => digits[digit]!)
    .replaceAll('rn', 'm')
    .replaceAll('vv', 'w');
  const forms = [plain.replaceAll('1', 'l'), plain.replaceAll('1', 'i'), key.replaceAll('rn', 'm'), key.replaceAll('vv', 'w')];
  return [...new Set(forms)].filter((form) => form !== key);
}

const digits: Readonly<Record<string, string>> = { 0: 'o', 3: 'e', 4: 'a', 5: 's', 7: 't', 8: 'b' };

function scopeOf(name: string): string {
  return name.startsWith('@') ? name.slice(0, name.indexOf('/') + 1) : 'no scope';
}

function indexOf(ecosystem: string): Index {
  let index = indexes.get(ecosystem);
  if (!index) indexes.set(ecosystem, (index = build(ecosystem)));
  return index;
}

function build(ecosystem: string): Index {
  const ai = new Set(Object.values(own(catalogue.packages, ecosystem) ?? {}).flat());
  const known = new Set([...ai, ...popularNames(ecosystem)]);
  const targets: Target[] = [...known].map((name) => ({ name, meant: name, ai: ai.has(name) }));
  for (const [name, meant] of Object.entries(own(data.brands, ecosystem) ?? {}))
    if (!known.has(name)) targets.push({ name, ai: true, ...(meant !== '' && { meant }) });
  for (const name of ai) {
    const bare = name.startsWith('@') ? name.slice(name.indexOf('/') + 1) : name;
    // One word, such as `core`, says nothing of whose it is.
    if (bare !== name && bare.length >= 8 && bare.includes('-')) targets.push({ name: bare, meant: name, ai: true, bare: true });
  }
  const byKey = new Map<string, Target>();
  const byWords = new Map<number, Target[]>();
  for (const target of targets) {
    const key = keyOf(target.name);
    const before = byKey.get(key);
    if (!before || (target.ai && !before.ai)) byKey.set(key, target);
    const sum = target.bare ? 0 : sumOfWords(target.name);
    const same = sum === 0 ? undefined : byWords.get(sum);
    if (same) same.push(target);
    else if (sum !== 0) byWords.set(sum, [target]);
  }
  const scopes = new Set([...known].filter((name) => name.startsWith('@')).map(scopeOf));
  return { known, scopes, byKey, byWords, neighbours: createNeighbourhood(byKey) };
}

function own<T>(record: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}
