/** An address as written, without user name and password. To who fetches by http a backslash ends the host as a slash does. */
export function withoutCredentials(address: string): string {
  return address.replace(/^(https?:[\\/]*)[^\\/?#]*@|^((?!https?:)[a-z][a-z0-9+.-]*:\/\/)[^/?#]*@/i, '$1$2');
}

/** Scheme and host of an address, also of `git+https://…`; undefined where it has none. */
export function hostOf(address: string): string | undefined {
  return /^[a-z][a-z0-9+.-]*:\/\/[^/?#]+/i.exec(withoutCredentials(address.replace(/^(?:git|hg|svn|bzr)\+/i, '')))?.[0];
}

/** Scheme and host of an address of http, as whoever fetches it understands it: in any case, with any slashes. */
export function webOriginOf(address = ''): string | undefined {
  const found = /^\s*(https?:[\\/]*[^\\/?#]+)/i.exec(address)?.[1];
  return found && withoutCredentials(found);
}

/** An address with its commit, where there is one. */
export function originOf(address: string, commit: string | undefined): string {
  return commit === undefined ? address : `${address}#${commit}`;
}

/** A folder as lockfiles write it, with forward slashes and without `./` and the slash at its end; `''` for the lockfile's own. */
export function folderOf(written: string): string {
  const parts = written.replaceAll('\\', '/').split('/');
  const kept = parts.filter((part, i) => part !== '.' && (part !== '' || i === 0));
  return kept.join('/');
}

/** The earliest of moments in ISO 8601; undefined where none is one. */
export function earliest(moments: readonly string[]): Date | undefined {
  let first: string | undefined;
  for (const moment of moments) if (first === undefined || isBefore(moment, first)) first = moment;
  const date = first === undefined ? undefined : new Date(first);
  return date && !Number.isNaN(date.getTime()) ? date : undefined;
}

const zulu = 0x5a;

/** Moments in UTC that are written alike are in the order of their texts, which is told far sooner than by reading them. */
function isBefore(a: string, b: string): boolean {
  const { length } = a;
  if (length !== b.length || a.charCodeAt(length - 1) !== zulu || b.charCodeAt(length - 1) !== zulu) return Date.parse(a) < Date.parse(b);
  for (let i = 0; i < length; i++) {
    const difference = a.charCodeAt(i) - b.charCodeAt(i);
    if (difference) return difference < 0;
  }
  return false;
}
