import type { Lock, LockedPackage } from '../../../core/lockfile';
import type { Span } from '../../../core/span';
import { firstLine, lineEnd, lockOf, newer, type Fault } from './damage';
import { setArchive } from './archive';
import { isRelease } from './asked';
import { createDescriptors, splitDescriptor } from './descriptors';
import { edgeAdder, entry, hashesOf, setAddress, type Entry } from './entry';

// yarn.lock as Yarn 1 writes it, which is not YAML:
//   file     = ("# yarn lockfile v1" | comment | empty | entry)*
//   entry    = descriptor (", " descriptor)* ":" line*            a descriptor is name@range, in double quotes where it must
//   line     = "  " key " " value  |  "  " section ":" ("    " name " " range)*
//   key      = version | resolved ("URL#sha1") | integrity | name | uid | …
//   section  = dependencies | optionalDependencies | …
// It names no importers: a manifest asks by the descriptor that it writes.

interface Reading {
  readonly start: number;
  readonly end: number;
  readonly names: readonly string[];
  readonly one: Entry;
  resolved: string;
  readonly wanted: (readonly [name: string, range: string, at: number, optional: boolean])[];
}

/** Reads a yarn.lock of Yarn 1. Linear, never throws. */
export function readYarnClassic(text: string): Lock {
  const entries: Entry[] = [];
  const wanted: Reading['wanted'][] = [];
  const descriptors = createDescriptors();
  let fault: Fault | undefined;
  let problem: ReturnType<typeof newer> | undefined;
  let current: Reading | undefined;
  let section: string | undefined;
  const keys = new Map<string, number>();

  const finish = () => {
    if (!current) return;
    const { names, one, resolved, start, end } = current;
    const asks = current.wanted;
    current = undefined;
    if (one.version === '') {
      fault ??= { span: { start, end }, message: 'this entry has no version' };
      return;
    }
    const pairs = names.map(splitDescriptor);
    if (pairs.includes(undefined)) fault ??= { span: { start, end }, message: 'this is no name@range' };
    const [first] = pairs;
    if (!first) return;
    nameAndSource(one, first[0], first[1], resolved);
    if (one.source === 'git' && pairs.every((pair) => pair && isRelease(pair[1]))) one.unasked = true;
    // By `resolutions` one package takes another's place, and then both stand here.
    const message = setArchive(one, resolved, pairs.map(targetOf));
    if (message !== undefined) fault ??= { span: { start, end }, message };
    // An entry that stands twice: Yarn takes the later.
    const index = keys.get(one.key) ?? entries.length;
    keys.set(one.key, index);
    entries[index] = one;
    wanted[index] = asks;
    for (const pair of pairs) if (pair) descriptors.set(pair[0], pair[1], index);
  };

  for (let start = text.charCodeAt(0) === 0xfeff ? 1 : 0, next = 0; start < text.length; start = next) {
    const newline = text.indexOf('\n', start);
    next = newline < 0 ? text.length : newline + 1;
    let end = newline < 0 ? text.length : newline;
    while (end > start && text.charCodeAt(end - 1) <= 32) end--;
    let at = start;
    while (text.charCodeAt(at) === 32) at++;
    if (at >= end) continue;
    const indent = at - start;
    if (text.charCodeAt(at) === 35) {
      const version = indent === 0 && text.startsWith('# yarn lockfile v', at) ? text.slice(at + 17, Math.min(end, at + 40)) : '1';
      if (version !== '1') problem ??= newer('yarn.lock', version, '1, and Berry’s', { start: at, end });
      continue;
    }
    if (indent === 0) {
      finish();
      section = undefined;
      const names = text.charCodeAt(end - 1) === 58 ? headerOf(text.slice(at, end - 1)) : undefined;
      if (names) current = { start: at, end, names, one: entry(text.slice(at, end - 1), '', '', 'registry'), resolved: '', wanted: [] };
      else fault ??= { span: { start: at, end }, message: 'this is no entry' };
      continue;
    }
    if (!current) {
      fault ??= { span: { start: at, end }, message: 'this line belongs to no entry' };
      continue;
    }
    if (indent === 2 && text.charCodeAt(end - 1) === 58) {
      section = text.slice(at, end - 1);
      continue;
    }
    const field = fieldOf(text, at, end);
    if (!field || (indent !== 2 && (indent !== 4 || section === undefined))) {
      fault ??= { span: { start: at, end }, message: 'this line is not finished' };
    } else if (indent === 4) {
      if (section === 'dependencies' || section === 'optionalDependencies') {
        current.wanted.push([field[0], field[1], at, section === 'optionalDependencies']);
      }
    } else {
      section = undefined;
      if (field[0] === 'version') current.one.version = field[1];
      else if (field[0] === 'resolved') current.resolved = field[1];
      else if (field[0] === 'name') current.one.package = { ecosystem: 'npm', name: field[1] };
      else if (field[0] === 'integrity') {
        current.one.hashes = hashesOf(field[1]);
        if (!current.one.hashes.length) fault ??= { span: { start: at, end }, message: 'this digest is not whole' };
      }
    }
  }
  finish();

  const addEdge = edgeAdder(entries);
  wanted.forEach((asks, from) => {
    for (const [name, range, at, optional] of asks) {
      const targets = descriptors.find(name, range);
      for (const target of targets) addEdge(from, target);
      if (!targets.length && !optional)
        fault ??= { span: { start: at, end: lineEnd(text, at) }, message: `it holds no entry for ${name.slice(0, 214)}` };
    }
  });
  if (!entries.length && !/^# yarn lockfile v/m.test(text))
    fault ??= { span: firstLine(text), message: 'it has neither header nor entries' };
  return lockOf(
    text,
    'yarn.lock 1',
    { packages: entries, roots: descriptors.roots(), importers: [''], anyImporter: true },
    problem ?? fault,
  );
}

/** The descriptors of an entry's first line, without quotes. */
function headerOf(header: string): readonly string[] | undefined {
  if (!header.includes('"')) return header.includes(' ') && !header.includes(', ') ? undefined : header.split(', ');
  const names: string[] = [];
  for (let at = 0; at < header.length;) {
    const quoted = header.charCodeAt(at) === 34;
    const found = header.indexOf(quoted ? '"' : ',', at + 1);
    const end = found < 0 ? header.length : found;
    if (quoted && found < 0) return undefined;
    names.push(header.slice(quoted ? at + 1 : at, end));
    at = quoted ? end + 1 : end;
    if (at < header.length && !header.startsWith(', ', at)) return undefined;
    at += 2;
  }
  return names;
}

/** Key and value of a line: both may be quoted. */
function fieldOf(text: string, at: number, end: number): readonly [key: string, value: string] | undefined {
  let keyStart = at;
  let keyEnd: number;
  let valueStart: number;
  if (text.charCodeAt(at) === 34) {
    keyStart++;
    keyEnd = quoteEnd(text, keyStart, end);
    valueStart = keyEnd + 2;
    if (keyEnd < 0 || text.charCodeAt(keyEnd + 1) !== 32) return undefined;
  } else {
    keyEnd = at;
    while (keyEnd < end && text.charCodeAt(keyEnd) !== 32) keyEnd++;
    valueStart = keyEnd + 1;
  }
  if (valueStart >= end) return undefined;
  const key = text.slice(keyStart, keyEnd);
  if (text.charCodeAt(valueStart) !== 34) return [key, text.slice(valueStart, end)];
  return quoteEnd(text, valueStart + 1, end) === end - 1 ? [key, text.slice(valueStart + 1, end - 1)] : undefined;
}

function quoteEnd(text: string, from: number, end: number): number {
  for (let at = from; at < end; at++) {
    const code = text.charCodeAt(at);
    if (code === 34) return at;
    // Yarn writes values as JSON does; what it writes of names, ranges and addresses needs no escape.
    if (code === 92) return -1;
  }
  return -1;
}

/** The package that a descriptor is about: of an alias its target. */
function targetOf(pair: ReturnType<typeof splitDescriptor>): string {
  const [name, range] = pair ?? ['', ''];
  return (range.startsWith('npm:') ? splitDescriptor(range.slice(4))?.[0] : undefined) ?? name;
}

/** `range` is the entry's first: of several all lead to one archive. */
function nameAndSource(one: Entry, name: string, range: string, resolved: string): void {
  if (one.package.name === '') {
    one.package = { ecosystem: 'npm', name: targetOf([name, range]) };
  }
  one.source = sourceOf(range, resolved);
  setAddress(one, resolved);
  if (one.source === 'git' || one.source === 'url') one.origin = resolved === '' ? range : resolved;
  if (one.source === 'path') one.version = one.version === '0.0.0' ? '' : one.version;
}

function sourceOf(range: string, resolved: string): LockedPackage['source'] {
  if (/^(?:git[+:@]|ssh:|github:|gitlab:|bitbucket:|gist:|git@)/.test(range) || /^git[+:@]/.test(resolved)) return 'git';
  if (/^https?:/.test(range)) return /\.git(?:#|$)/.test(range) ? 'git' : 'url';
  if (/^(?:file:|link:|\.{0,2}\/)/.test(range)) return 'path';
  // GitHub's `user/repo`: a range holds no slash, but an alias's target may.
  if (!range.startsWith('npm:') && /^[\w.-]+\/[\w.-]+(?:#|$)/.test(range)) return 'git';
  return 'registry';
}

/** The first line of the entry, without its colon. */
export function locateYarnClassic(text: string, key: string): Span | undefined {
  for (let start = text.charCodeAt(0) === 0xfeff ? 1 : 0, found: Span | undefined; ;) {
    if (text.startsWith(key, start) && text.charCodeAt(start + key.length) === 58) found = { start, end: start + key.length };
    const newline = text.indexOf('\n', start);
    if (newline < 0 || found) return found;
    start = newline + 1;
  }
}

/** The place of every key, by the key. */
export function yarnClassicPlaces(text: string): ReadonlyMap<string, Span> {
  const places = new Map<string, Span>();
  for (let start = text.charCodeAt(0) === 0xfeff ? 1 : 0; ;) {
    const newline = text.indexOf('\n', start);
    const line = text.slice(start, newline < 0 ? text.length : newline);
    const colon = /^[^\s#]/.test(line) ? line.lastIndexOf(':') : -1;
    if (colon > 0 && !places.has(line.slice(0, colon))) places.set(line.slice(0, colon), { start, end: start + colon });
    if (newline < 0) return places;
    start = newline + 1;
  }
}
