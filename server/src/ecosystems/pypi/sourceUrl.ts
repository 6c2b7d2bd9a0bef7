import type { Source } from '../../core/declaration';
import type { Span } from '../../core/span';

/** What a URL behind `@` or in a requirements file says about where the package comes from. */
export interface SourceOfUrl {
  readonly source: Exclude<Source, { kind: 'registry' }>;
  /** `alg:hex` of a `#sha256=…` fragment, which pip verifies. */
  readonly hashes: readonly string[];
  /** The text of `#egg=…` and its place in the URL. */
  readonly egg?: { readonly text: string; readonly span: Span };
}

const versionControl = /^(?:git|hg|svn|bzr)\+/i;
const schemes =
  /^(?:https?|file|ftp|git\+(?:https?|ssh|git|file)|hg\+(?:file|https?|ssh|static-http)|svn\+(?:ssh|https?|svn|file)|bzr\+(?:https?|ssh|sftp|ftp|lp|file)):/i;

/** Whether pip takes a whole line for a URL. */
export function isUrl(text: string): boolean {
  return schemes.test(text);
}

/** Reads any text behind `@`; what has no scheme is a path. Of other systems than Git the kind is `git` too: they have revisions alike. */
export function sourceOfUrl(url: string): SourceOfUrl {
  const hash = url.indexOf('#');
  const address = hash < 0 ? url : url.slice(0, hash);
  const fragment = hash < 0 ? '' : url.slice(hash + 1);
  const egg = /(?:^|&)egg=([^&]*)/.exec(fragment);
  const eggStart = egg ? hash + 1 + egg.index + egg[0].length - egg[1]!.length : 0;
  const digest = /(?:^|&)(sha1|sha224|sha256|sha384|sha512|md5)=([0-9a-fA-F]+)/.exec(fragment);
  return {
    source: sourceOfAddress(address, url),
    hashes: digest ? [`${digest[1]}:${digest[2]}`] : [],
    ...(egg && { egg: { text: egg[1]!, span: { start: eggStart, end: eggStart + egg[1]!.length } } }),
  };
}

function sourceOfAddress(address: string, url: string): SourceOfUrl['source'] {
  if (versionControl.test(address)) return sourceOfRepository(address);
  if (/^file:/i.test(address) || !/^[a-z][a-z0-9+.-]*:\/\//i.test(address)) return { kind: 'path', path: address };
  return { kind: 'url', url };
}

/** The revision stands behind the last "@" of the path; one in `user@host` does not count. */
function sourceOfRepository(address: string): SourceOfUrl['source'] {
  const authority = address.indexOf('://');
  const path = authority < 0 ? -1 : address.indexOf('/', authority + 3);
  const at = address.lastIndexOf('@');
  if (path < 0 || at < path) return { kind: 'git', url: address };
  const revision = address.slice(at + 1);
  return { kind: 'git', url: address.slice(0, at), ...(revision !== '' && { revision }) };
}
