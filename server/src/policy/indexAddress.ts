import { globMatches } from './glob';

/** Whether one of the patterns stands for the address of an index. Credentials, a slash at the end, and the case of scheme and host do not matter. */
export function indexAdmits(patterns: readonly string[], address: string): boolean {
  const plain = plainAddress(address);
  return patterns.some((pattern) => globMatches(plain, plainAddress(pattern).split('*')));
}

function plainAddress(written: string): string {
  const text = written.trim();
  const scheme = /^[a-z][a-z0-9+.-]*:\/\//i.exec(text)?.[0] ?? '';
  const rest = text.slice(scheme.length);
  const end = /[/?#]/.exec(rest)?.index ?? rest.length;
  const authority = rest.slice(0, end);
  const host = authority.slice(authority.lastIndexOf('@') + 1);
  return `${scheme.toLowerCase()}${host.toLowerCase()}${rest.slice(end).replace(/\/+$/, '')}`;
}
