import { strip } from './pythonText';

// PEP 440, appendix B: v? epoch! release pre post dev +local, in any case, with the spellings that it normalizes.
// Every separator is optional, nothing is nested, and the text is capped, so matching is linear.
const grammar = new RegExp(
  [
    /^v?(?:([0-9]+)!)?([0-9]+(?:\.[0-9]+)*)/,
    /(?:[._-]?(alpha|a|beta|b|preview|pre|c|rc)[._-]?([0-9]*))?/,
    /(?:-([0-9]+)|[._-]?(post|rev|r)[._-]?([0-9]*))?/,
    /(?:[._-]?(dev)[._-]?([0-9]*))?/,
    /(?:\+([a-z0-9]+(?:[._-][a-z0-9]+)*))?$/,
  ]
    .map((part) => part.source)
    .join(''),
  'i',
);

/** Longer texts are no versions: no index carries one, and Python itself refuses numbers of over 4,300 digits. */
const maximumLength = 1000;

/** A PEP 440 version. Numbers are decimal strings without leading zeros, since calendar versions outgrow doubles. */
export interface Version {
  readonly epoch: string;
  readonly release: readonly string[];
  readonly pre?: { readonly letter: 'a' | 'b' | 'rc'; readonly number: string };
  readonly post?: string;
  readonly dev?: string;
  readonly local?: readonly string[];
}

/** The version, or undefined for what PEP 440 does not know. White space around it is ignored. */
export function parseVersion(text: string): Version | undefined {
  if (text.length > maximumLength) return undefined;
  const known = versions.get(text);
  if (known !== undefined) return known ?? undefined;
  const parsed = parse(text);
  if (versions.size >= versionsInMemory) versions.clear();
  if (text.length <= longestKept) versions.set(text, parsed ?? null);
  return parsed;
}

// The same few versions are compared over and over: with every release of a package, on every keystroke.
const versionsInMemory = 10_000;
const longestKept = 100;
const versions = new Map<string, Version | null>();

/** Most versions are numbers and dots alone, which need no pattern of the grammar. */
const plainRelease = /^(?:0|[1-9][0-9]*)(?:\.(?:0|[1-9][0-9]*))*$/;

function parse(text: string): Version | undefined {
  if (plainRelease.test(text)) return { epoch: '0', release: text.split('.') };
  const match = grammar.exec(strip(text));
  if (!match) return undefined;
  const [, epoch, release, letter, preNumber, implicitPost, postWord, postNumber, dev, devNumber, local] = match;
  return {
    epoch: plain(epoch),
    release: release!.split('.').map(plain),
    ...(letter !== undefined && { pre: { letter: preLetter(letter), number: plain(preNumber) } }),
    ...((implicitPost ?? postWord) !== undefined && { post: plain(implicitPost ?? postNumber) }),
    ...(dev !== undefined && { dev: plain(devNumber) }),
    ...(local !== undefined && { local: local.toLowerCase().split(/[._-]/).map(plainLocal) }),
  };
}

/** <0, 0, >0 in the order of PEP 440: `.dev` < `a` < `b` < `rc` < final < `+local` < `.post`. */
export function compareVersions(a: Version, b: Version): number {
  return (
    compareNumbers(a.epoch, b.epoch) ||
    compareReleases(a.release, b.release) ||
    comparePre(a, b) ||
    compareOptional(a.post, b.post, -1) ||
    compareOptional(a.dev, b.dev, 1) ||
    compareLocal(a.local, b.local)
  );
}

/** The normal form (PEP 440, "Normalization"): `1.0-ALPHA1` is `1.0a1`. Trailing zeros stay. */
export function formatVersion(version: Version): string {
  return (
    (version.epoch === '0' ? '' : `${version.epoch}!`) +
    version.release.join('.') +
    (version.pre ? version.pre.letter + version.pre.number : '') +
    (version.post === undefined ? '' : `.post${version.post}`) +
    (version.dev === undefined ? '' : `.dev${version.dev}`) +
    (version.local ? `+${version.local.join('.')}` : '')
  );
}

/** Whether pip takes it for a pre-release: alphas, betas, candidates, and developmental releases of anything. */
export function isPrerelease(version: Version): boolean {
  return version.pre !== undefined || version.dev !== undefined;
}

/** `1.0+cu121` → `1.0`. */
export function withoutLocal(version: Version): Version {
  const { local: _, ...rest } = version;
  return rest;
}

function plain(digits: string | undefined): string {
  return (digits ?? '').replace(/^0+(?=[0-9])/, '') || '0';
}

function plainLocal(part: string): string {
  return isNumber(part) ? plain(part) : part;
}

function isNumber(text: string): boolean {
  return /^[0-9]+$/.test(text);
}

function preLetter(word: string): 'a' | 'b' | 'rc' {
  const first = word[0]!.toLowerCase();
  return first === 'a' || first === 'b' ? first : 'rc';
}

/** Numbers as decimal strings without leading zeros. */
export function compareNumbers(a: string, b: string): number {
  return a.length - b.length || compareStrings(a, b);
}

function compareStrings(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function compareReleases(a: readonly string[], b: readonly string[]): number {
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const order = compareNumbers(a[i] ?? '0', b[i] ?? '0');
    if (order) return order;
  }
  return 0;
}

function comparePre(a: Version, b: Version): number {
  return preRank(a) - preRank(b) || (a.pre && b.pre ? compareNumbers(a.pre.number, b.pre.number) : 0);
}

function preRank(version: Version): number {
  if (version.pre) return { a: 1, b: 2, rc: 3 }[version.pre.letter];
  return version.post === undefined && version.dev !== undefined ? 0 : 4;
}

/** `absent`: how a missing part sorts against a present one. */
function compareOptional(a: string | undefined, b: string | undefined, absent: -1 | 1): number {
  if (a === undefined || b === undefined) return a === b ? 0 : a === undefined ? absent : -absent;
  return compareNumbers(a, b);
}

function compareLocal(a: readonly string[] | undefined, b: readonly string[] | undefined): number {
  if (!a || !b) return a === b ? 0 : a ? 1 : -1;
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const order = compareLocalParts(a[i]!, b[i]!);
    if (order) return order;
  }
  return a.length - b.length;
}

function compareLocalParts(a: string, b: string): number {
  const numeric = isNumber(a);
  if (numeric !== isNumber(b)) return numeric ? 1 : -1;
  return numeric ? compareNumbers(a, b) : compareStrings(a, b);
}
