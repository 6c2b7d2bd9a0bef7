import { globMatches } from './glob';

/**
 * Whether one of the patterns stands for the address of an index. Credentials, a slash at the end, and the case of scheme and host do
 * not matter. The address is read as package managers read it (`https://mine.example\@yours.example` leads to the first, and `..` leads
 * out of a folder), and a `*` in a host stands for no part of a path.
 */
export function indexAdmits(patterns: readonly string[], address: string): boolean {
  const text = address.trim();
  if (!/^https?:/i.test(text)) return patterns.some((pattern) => globMatches(plainAddress(text), plainAddress(pattern).split('*')));
  if (!URL.canParse(text)) return false;
  const { protocol, host, pathname, search, hash } = new URL(text);
  const path = pathname.replace(/\/+$/, '') + search + hash;
  // Some servers take an encoded slash for one.
  const leadsOut = decoded(pathname).split(/[/\\]/).includes('..');
  return !leadsOut && patterns.some((pattern) => admits(pattern, `${protocol}//${host}`, path));
}

function admits(pattern: string, origin: string, path: string): boolean {
  const plain = plainAddress(pattern);
  if (plain === '*') return true;
  const [, originPattern = plain, pathPattern = ''] = /^([a-z*][a-z0-9*+.-]*:\/\/[^/?#]*)(.*)$/s.exec(plain) ?? [];
  // The port that a scheme has anyway may be written as well.
  const written = originPattern.replace(/^(https:.*):443$|^(http:.*):80$/, '$1$2');
  if (!globMatches(origin, written.split('*'))) return false;
  return pathPattern === '' && originPattern.endsWith('*') ? true : globMatches(path, pathPattern.split('*'));
}

function plainAddress(written: string): string {
  const text = written.trim();
  const scheme = /^[a-z*][a-z0-9*+.-]*:\/\//i.exec(text)?.[0] ?? '';
  const rest = text.slice(scheme.length);
  const end = /[/?#]/.exec(rest)?.index ?? rest.length;
  const authority = rest.slice(0, end);
  const host = authority.slice(authority.lastIndexOf('@') + 1);
  return `${scheme.toLowerCase()}${host.toLowerCase()}${rest.slice(end).replace(/\/+$/, '')}`;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
