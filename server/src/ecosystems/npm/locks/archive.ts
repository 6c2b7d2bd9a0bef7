import type { Entry } from './entry';

// A registry's archives lie at `…/NAME/-/BASENAME-VERSION.tgz`; some mirrors repeat the scope behind `/-/`. npm, Yarn and Bun install what
// the address leads to and do not compare it with the entry's name, so an entry may promise one release and bring another. pnpm compares it
// with the name inside of the archive, which whoever made that has chosen.

const archive = /\/((?:@[^/]+\/)?[^/]+)\/-\/(?:@[^/]+\/)?([^/?#]+)\.(?:tgz|tar\.gz)(?:[?#]|$)/;
const longest = 2000;

/**
 * Has an entry of a registry stand for the release that its address brings. Answers what is wrong with it, as a clause, where that is not
 * the one that it names. `names`: what the archive may be called, where that is not the entry's name alone.
 */
export function setArchive(one: Entry, address: string, names: readonly string[] = []): string | undefined {
  const { name } = one.package;
  const base = name.slice(name.indexOf('/') + 1);
  const query = address.search(/[?#]/);
  const end = query < 0 ? address.length : query;
  const plainly = `/${name}/-/${base}-${one.version}.tgz`;
  // Nearly all are written so.
  if (one.source !== 'registry' || (address.endsWith(plainly, end) && isFolder(address.slice(0, end - plainly.length)))) return undefined;
  const [, held, file] = archive.exec(decoded(pathOf(address).slice(-longest))) ?? [];
  if (held === undefined || file === undefined) return undefined;
  const heldBase = held.slice(held.indexOf('/') + 1);
  if (!file.startsWith(`${heldBase}-`)) return undefined;
  const version = file.slice(heldBase.length + 1);
  const isNamed = held === name || names.includes(held);
  const isMeant = isNamed && plain(version) === plain(one.version);
  const promised = `${name} ${one.version}`;
  one.package = { ecosystem: 'npm', name: held };
  if (isMeant) return undefined;
  one.version = version;
  one.unasked = true;
  return `it names ${promised.slice(0, 214)}, and its address brings ${`${held} ${version}`.slice(0, 214)}`;
}

/** Whether a registry lies here for sure, and no scope: `lodash` below `…/@evil` is a package that is called `@evil/lodash`. */
function isFolder(address: string): boolean {
  if (address !== lastFolder) lastIsFolder = plainFolder.test((lastFolder = address));
  return lastIsFolder;
}

// Nothing that is read otherwise than it is written: no escapes, backslashes, dots for folders, and none of the blanks that are left out.
const plainFolder = /^https?:\/\/[\w.:-]+(?:\/(?!\.)[\w.~+-]+)*$/;

// Nearly every archive lies below the folder of the one before it.
let lastFolder = '';
let lastIsFolder = false;

/** The way to the archive as whoever fetches it understands the address (WHATWG URL), without a query. */
function pathOf(address: string): string {
  return URL.canParse(address) ? new URL(address).pathname : address.split(/[?#]/, 1)[0]!;
}

/** Some registries leave what follows a `+` out of their files' names. */
function plain(version: string): string {
  return version.split('+', 1)[0]!;
}

function decoded(address: string): string {
  try {
    return decodeURIComponent(address);
  } catch {
    return address;
  }
}
