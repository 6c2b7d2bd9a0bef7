/** An address as written, without user name and password. */
export function withoutCredentials(address: string): string {
  return address.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/?#]*@/i, '$1');
}

/** Scheme and host of an address; undefined where it has none. */
export function hostOf(address: string): string | undefined {
  return /^[a-z][a-z0-9+.-]*:\/\/[^/?#]+/i.exec(withoutCredentials(address))?.[0];
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

const wholeSeconds = 19;

/** Moments of one zone are in the order of their texts, down to the second. */
function isBefore(a: string, b: string): boolean {
  const left = a.slice(0, wholeSeconds);
  const right = b.slice(0, wholeSeconds);
  if (a.endsWith('Z') && b.endsWith('Z') && left !== right) return left < right;
  return new Date(a).getTime() < new Date(b).getTime();
}
