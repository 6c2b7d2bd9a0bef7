import type { LockedPackage, LockedRoot } from '../../../core/lockfile';

/** A {@link LockedPackage} in the making. */
export type Entry = { -readonly [Key in keyof LockedPackage]: Key extends 'dependencies' ? number[] : LockedPackage[Key] };

export function entry(key: string, name: string, version: string, source: LockedPackage['source'], own = false): Entry {
  return { key, package: { ecosystem: 'npm', name }, version, source, hashes: none, own, dependencies: [] };
}

const none: readonly string[] = [];

// base64 of 64, 48, 32, 20 and 16 bytes.
const digest = /^(?:sha512-[\w+/]{86}==|sha384-[\w+/]{64}|sha256-[\w+/]{43}=|sha1-[\w+/]{27}=|md5-[\w+/]{22}==)(?:\?\S{0,99})?$/;

/** The digests of a subresource integrity string, those that are whole. */
export function hashesOf(integrity: unknown): readonly string[] {
  if (typeof integrity !== 'string' || integrity === '') return none;
  // The one that nearly all are; one that was cut off is shorter.
  if (integrity.length === 95 && integrity.startsWith('sha512-') && integrity.endsWith('==')) return [integrity];
  if (integrity.length > 4000) return none;
  const found = integrity.split(/\s+/).filter((one) => digest.test(one));
  return found.length ? found : none;
}

/** Of an address the host, without user and password: `https://user:secret@host:8080/x` is `host:8080`. Of anything else `undefined`. */
export function hostOf(url: string): string | undefined {
  if (!url.startsWith('http')) return undefined;
  const from = url.startsWith('://', 5) ? 8 : url.startsWith('://', 4) ? 7 : -1;
  if (from < 0) return undefined;
  if (url.startsWith(lastOrigin) && lastOrigin !== '') return lastHost;
  let to = from;
  let start = from;
  for (; to < url.length; to++) {
    const code = url.charCodeAt(to);
    // A backslash ends it as a slash does (WHATWG URL, "special schemes").
    if (code === 47 || code === 92 || code === 63 || code === 35) break;
    if (code === 64) start = to + 1;
  }
  lastOrigin = to < url.length && url.charCodeAt(to) === 47 ? url.slice(0, to + 1) : '';
  lastHost = url.slice(start, to);
  return lastHost === '' ? undefined : lastHost;
}

// Nearly every address of a lockfile begins as the one before it.
let lastOrigin = '';
let lastHost = '';

/** Writes down where an archive comes from. The entry's name is to be known by then; other addresses than those of http are none. */
export function setAddress(one: Entry, url: string): void {
  const host = hostOf(url);
  if (host !== undefined) {
    one.registry = host;
    // Nearly all are written so.
    const { name } = one.package;
    if (isBelow(url, 8 + host.length, name) && url.startsWith('https://')) return;
    if (lastBase === '' || !url.startsWith(lastBase) || !isBelow(url, lastBase.length - 1, name)) setBase(url, name);
    one.archives = lastBases;
    return;
  }
  // `HTTPS://…` and the like are addresses to whoever installs.
  if (!/^\s*h/i.test(url) || !URL.canParse(url)) return;
  const { protocol, host: odd } = new URL(url);
  if (protocol !== 'http:' && protocol !== 'https:') return;
  one.registry = odd;
  setBase(url, one.package.name);
  one.archives = lastBases;
}

/** Whether `/NAME/-/` stands here. */
function isBelow(url: string, at: number, name: string): boolean {
  return url.charCodeAt(at) === 47 && name !== '' && url.startsWith(name, at + 1) && url.startsWith('/-/', at + 1 + name.length);
}

// The folder below which the archive before lay, as written, and without credentials.
let lastBase = '';
let lastBases: readonly string[] = [];

function setBase(url: string, name: string): void {
  const plain = url.split(/[?#]/, 1)[0]!;
  const named = plain.lastIndexOf(`/${name}/`);
  const end = named > 0 && name !== '' ? named : plain.lastIndexOf('/');
  lastBase = plain.slice(0, end + 1);
  lastBases = [plain.slice(0, end).replace(/^([a-z]+:[\\/]*)[^\\/?#]*@/i, '$1')];
}

/** What a specifier says without the protocol and the target's name of an alias: `npm:y@^1` and `npm:^1` are `^1`. */
export function rangeIn(specifier: string): string {
  if (!specifier.startsWith('npm:')) return specifier;
  const rest = specifier.slice(4);
  const at = rest.indexOf('@', 1);
  if (at > 0) return rest.slice(at + 1);
  return /^[@a-z]/i.test(rest) && !/^[vx][\d.*]|^x$/i.test(rest) ? '' : rest;
}

/** Adds an edge once. Edges of one package must be added before those of the next. */
export function edgeAdder(entries: readonly Entry[]): (from: number, to: number) => void {
  const last = new Int32Array(entries.length).fill(-1);
  return (from, to) => {
    if (last[to] === from) return;
    last[to] = from;
    entries[from]!.dependencies.push(to);
  };
}

/** Marks what none but development dependencies bring, in formats that do not say so. */
export function markDev(entries: readonly Entry[], roots: readonly LockedRoot[]): void {
  const isDev = (section: string | undefined) => section === 'devDependencies';
  const wanted = reached(
    entries,
    roots.filter(({ section }) => !isDev(section)),
  );
  const dev = reached(
    entries,
    roots.filter(({ section }) => isDev(section)),
  );
  entries.forEach((one, index) => {
    if (dev[index] && !wanted[index] && !one.own) one.dev = true;
  });
}

/** What these roots bring. The project's own packages have roots of their own, so the way does not lead through them. */
function reached(entries: readonly Entry[], roots: readonly LockedRoot[]): Uint8Array {
  const seen = new Uint8Array(entries.length);
  const queue: number[] = [];
  for (const { packages } of roots) queue.push(...packages);
  for (let index = queue.pop(); index !== undefined; index = queue.pop()) {
    if (seen[index] === 1 || entries[index]!.own) continue;
    seen[index] = 1;
    for (const target of entries[index]!.dependencies) if (seen[target] === 0) queue.push(target);
  }
  return seen;
}
