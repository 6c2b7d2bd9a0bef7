import type { PackageId } from '../core/declaration';
import type { Likeness, Similar } from '../core/similar';
import { catalogue } from './catalogue';
import { isAscii, lookOf } from './confusables';
import { squatId } from './incidents';
import { createNeighbourhood, type Neighbourhood } from './oneEdit';
import { brandsOf, popularNames } from './popular';

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
  readonly known: { has(name: string): boolean };
  readonly scopes: ReadonlySet<string>;
  /** By {@link keyOf}. */
  targetOf(key: string): Target | undefined;
  /** The names of more than {@link fewWords}, by their words in order. */
  ofManyWords(): ReadonlyMap<string, string>;
  /** By their words in order, the names whose key another one has. */
  twins(): ReadonlyMap<string, Target>;
  readonly neighbours: Neighbourhood;
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
    const target = index.targetOf(keyOf(lookOf(name)));
    return target && similar(target, 'confusable');
  }
  const key = keyOf(name);
  const same = index.targetOf(key);
  if (same) return similar(same, same.bare ? 'scope' : same.name === name ? 'brand' : 'spelling');
  const spelt = spellings(key).map((spelling) => index.targetOf(spelling));
  const other = spelt.find((target) => target !== undefined && isLongEnough(target, target.name));
  if (other) return similar(other, 'spelling');
  const isScoped = name.startsWith('@');
  const turned = isScoped ? undefined : sameWords(name, index);
  if (turned) return similar(turned, 'order');
  const near = index.neighbours
    .near(key)
    .map((other) => index.targetOf(other)!)
    .filter((target) => target.name.startsWith('@') === isScoped && isLongEnough(target, key) && !isNumbering(key, keyOf(target.name)));
  const best = near.find(({ ai, bare }) => ai && !bare) ?? near.find(({ bare }) => !bare) ?? near[0];
  return best ? similar(best, 'letter') : withoutEnding(name, index);
}

function similar({ name, meant }: Target, by: Likeness, suffix?: string): Similar {
  return { name, by, ...(meant !== undefined && { meant }), ...(suffix !== undefined && { suffix }) };
}

function withoutEnding(name: string, { targetOf }: Index): Similar | undefined {
  for (const ending of [...endings, 'ai']) {
    if (!name.endsWith(ending)) continue;
    const target = targetOf(keyOf(name.slice(0, -ending.length)));
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

/** The name of the same words in another order: looked up in each order of a few words, and among the names of many words by what they share. */
function sameWords(name: string, { targetOf, ofManyWords, twins }: Index): Target | undefined {
  const words = wordsOf(name);
  if (words.length < 2) return undefined;
  const same = sorted(words);
  if (words.length > fewWords) {
    const found = ofManyWords().get(same);
    return found === undefined ? undefined : targetOf(keyOf(found));
  }
  let found: Target | undefined;
  for (const order of orders(words)) {
    const target = targetOf(order.join(''));
    if (!target || target.bare || sorted(wordsOf(target.name)) !== same) continue;
    if (target.ai) return target;
    found ??= target;
  }
  return found ?? twins().get(same);
}

const fewWords = 4;

function sorted(words: readonly string[]): string {
  return words.toSorted().join(' ');
}

function* orders(words: readonly string[]): Generator<string[]> {
  if (words.length < 2) yield [...words];
  for (let i = 0; i < words.length && words.length > 1; i++) for (const rest of orders(words.toSpliced(i, 1))) yield [words[i]!, ...rest];
}

function wordsOf(name: string): string[] {
  return name
    .toLowerCase()
    .split(/[-_.@/~]+/)
    .filter((word) => word !== '');
}

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
  const popular = popularNames(ecosystem);
  const known = { has: (name: string) => ai.has(name) || popular.has(name) };
  /** By key, the names that stand for themselves. Those of the catalogue are the first. */
  const names = new Map<string, string>();
  const scopes = new Set<string>();
  const sameKey: string[] = [];
  for (const list of [ai, popular]) {
    for (const name of list) {
      const key = keyOf(name);
      if (!names.has(key)) names.set(key, name);
      else if (names.get(key) !== name) sameKey.push(name);
      if (name.startsWith('@')) scopes.add(scopeOf(name));
    }
  }
  /** By key, the names that stand for another one. */
  const others = new Map<string, Target>();
  const add = (target: Target) => {
    const key = keyOf(target.name);
    const before = names.get(key);
    if (others.has(key) || (before !== undefined && ai.has(before))) return;
    others.set(key, target);
    if (before === undefined) names.set(key, target.name);
  };
  for (const [name, meant] of Object.entries(brandsOf(ecosystem)))
    if (!known.has(name)) add({ name, ai: true, ...(meant !== '' && { meant }) });
  for (const name of ai) {
    const bare = name.startsWith('@') ? name.slice(name.indexOf('/') + 1) : name;
    // One word, such as `core`, says nothing of whose it is.
    if (bare !== name && bare.length >= 8 && bare.includes('-')) add({ name: bare, meant: name, ai: true, bare: true });
  }
  let manyWords: ReadonlyMap<string, string> | undefined;
  let twins: ReadonlyMap<string, Target> | undefined;
  return {
    known,
    scopes,
    targetOf(key) {
      const name = names.get(key);
      return others.get(key) ?? (name === undefined ? undefined : { name, meant: name, ai: ai.has(name) });
    },
    ofManyWords() {
      manyWords ??= new Map(
        [...names].flatMap(([key, name]) => {
          // A key is its name without what separates words.
          const words = name.length - key.length < fewWords ? [] : wordsOf(name);
          return words.length > fewWords ? [[sorted(words), name] as const] : [];
        }),
      );
      return manyWords;
    },
    // The last of some that have the same words would win.
    twins: () => (twins ??= new Map(sameKey.toReversed().map((name) => [sorted(wordsOf(name)), { name, meant: name, ai: ai.has(name) }]))),
    neighbours: createNeighbourhood(names),
  };
}

function own<T>(record: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}
