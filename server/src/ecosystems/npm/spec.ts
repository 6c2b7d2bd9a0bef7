import { type GitSpec, parseGit } from './gitSpec';
import { faultOfName, splitNamed } from './names';
import { isPlainVersion, npmVersions } from './versions';

// What the text behind a package's name says, as npm (npm-package-arg), Yarn, pnpm and Bun read it:
//   registry   1.2.3   ^1 || 2   latest                       (version, range, tag; "" is any version)
//   alias      npm:target@SPEC   npm:SPEC   jsr:@s/n@SPEC   jsr:SPEC
//   git        see gitSpec.ts
//   remote     https://host/x.tgz
//   path       file:…   link:…   portal:…   ./x   ../x   ~/x   /x   C:\x   x.tgz
//   workspace  workspace:*   workspace:^1   workspace:other@*
//   catalog    catalog:   catalog:name
//   patch      patch:name@npm%3A1.2.3#./x.patch               (a registry's release with changes of one's own)

/** A range, version or tag, and where it stands in the spec. */
export interface RegistrySpec {
  readonly type: 'version' | 'range' | 'tag';
  /** Trimmed; `''` where nothing is written. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** A registry's package under another name, or of another registry. */
export interface AliasSpec {
  readonly type: 'alias';
  readonly scheme: 'npm' | 'jsr' | 'patch';
  /** The package that is installed; absent where the entry's own name says it. */
  readonly target?: string;
  readonly spec: RegistrySpec;
  /** What goes before a version that is written where none was (`npm:target` and `@1.2.3`). */
  readonly separator: '' | '@';
}

export type NpmSpec =
  | RegistrySpec
  | AliasSpec
  | GitSpec
  | { readonly type: 'remote'; readonly url: string }
  | { readonly type: 'path'; readonly scheme: 'file' | 'link' | 'portal' | 'patch'; readonly path: string }
  | { readonly type: 'workspace'; readonly range: string; readonly target?: string }
  | { readonly type: 'catalog'; readonly catalog: string }
  /** Another scheme, such as a registry that pnpm's settings name. */
  | { readonly type: 'other'; readonly scheme: string; readonly rest: RegistrySpec }
  | { readonly type: 'invalid'; readonly reason: string };

const pathStart = /^(?:\.|~[/\\]|[/\\]|[a-z]:)/i;
const archive = /\.(?:tgz|tar\.gz|tar)$/i;
const longest = 4096;

/** Reads a spec. Never throws; what the package manager would reject is `invalid`, with the reason as a clause. */
export function parseSpec(raw: string): NpmSpec {
  if (isPlainVersion(raw)) return { type: 'version', text: raw, start: 0, end: raw.length };
  const start = raw.length - raw.trimStart().length;
  const spec = raw.trim();
  if (spec.length > longest) return { type: 'invalid', reason: 'it is too long' };
  const [, scheme, rest = ''] = /^([a-z][a-z0-9+-]*):(.*)$/is.exec(spec) ?? [];
  const behind = start + (scheme?.length ?? 0) + 1;
  switch (scheme?.toLowerCase() ?? '') {
    case 'file':
      return { type: 'path', scheme: 'file', path: rest };
    case 'link':
      return { type: 'path', scheme: 'link', path: rest };
    case 'portal':
      return { type: 'path', scheme: 'portal', path: rest };
    case 'workspace':
      return workspace(rest);
    case 'catalog':
      return { type: 'catalog', catalog: rest.trim() };
    case 'npm':
      return alias('npm', rest, behind);
    case 'jsr':
      return alias('jsr', rest, behind);
    case 'patch':
      return patch(rest, behind);
  }
  if (pathStart.test(spec)) return { type: 'path', scheme: 'file', path: spec };
  const git = parseGit(spec);
  if (git) return 'reason' in git ? { type: 'invalid', reason: git.reason } : git;
  if (scheme !== undefined) return remote(spec, scheme.toLowerCase(), rest, behind);
  if (/[/\\]/.test(spec) || archive.test(spec)) return { type: 'path', scheme: 'file', path: spec };
  return registry(raw, 0);
}

/** Reads a version, range or tag that stands at this offset of the spec. */
function registry(raw: string, offset: number): RegistrySpec | Extract<NpmSpec, { type: 'invalid' }> {
  const text = raw.trim();
  const start = text === '' ? offset : offset + raw.length - raw.trimStart().length;
  const at = { text, start, end: start + text.length };
  if (npmVersions.isValid(text)) return { type: 'version', ...at };
  if (npmVersions.isValidRange(text)) return { type: 'range', ...at };
  if (/^[A-Za-z0-9\-_.!~*'()]+$/.test(text)) return { type: 'tag', ...at };
  return { type: 'invalid', reason: 'it is no version, range or tag' };
}

function alias(scheme: 'npm' | 'jsr', rest: string, behind: number): NpmSpec {
  // Yarn and pnpm write `npm:^1` for a range of the entry's own package.
  if (/^\s*[\^~<>=*\d]/.test(rest) && npmVersions.isValidRange(rest)) {
    const own = registry(rest, behind);
    return own.type === 'invalid' ? own : { type: 'alias', scheme, spec: own, separator: '' };
  }
  const { name, at } = splitNamed(rest);
  const fault = faultOfName(name);
  if (name === '') return { type: 'invalid', reason: 'an alias needs the name of a package' };
  if (fault !== undefined) return { type: 'invalid', reason: `an alias works for packages of a registry only, and ${fault}` };
  const behindName = at ?? rest.length;
  const inner = parseSpec(rest.slice(behindName));
  if (inner.type !== 'version' && inner.type !== 'range' && inner.type !== 'tag') {
    return { type: 'invalid', reason: inner.type === 'invalid' ? inner.reason : 'an alias works for packages of a registry only' };
  }
  const spec = { ...inner, start: inner.start + behind + behindName, end: inner.end + behind + behindName };
  return { type: 'alias', scheme, target: name, spec, separator: at === undefined ? '@' : '' };
}

function patch(rest: string, behind: number): NpmSpec {
  const hash = rest.indexOf('#');
  const patched = hash < 0 ? rest : rest.slice(0, hash);
  const { name, at } = splitNamed(patched);
  const [, prefix = '', range = ''] = /^(npm(?::|%3a))?(.*)$/is.exec(at === undefined ? '' : patched.slice(at)) ?? [];
  const spec = at === undefined || faultOfName(name) !== undefined ? undefined : registry(range, behind + at + prefix.length);
  if (!spec || spec.type === 'invalid') return { type: 'path', scheme: 'patch', path: rest };
  return { type: 'alias', scheme: 'patch', target: name, spec, separator: '' };
}

function workspace(rest: string): NpmSpec {
  const { name, at } = splitNamed(rest);
  if (at !== undefined && faultOfName(name) === undefined) return { type: 'workspace', range: rest.slice(at), target: name };
  return { type: 'workspace', range: rest };
}

function remote(spec: string, scheme: string, rest: string, behind: number): NpmSpec {
  if (scheme === 'http' || scheme === 'https') {
    return URL.canParse(spec) ? { type: 'remote', url: spec } : { type: 'invalid', reason: 'it is no valid address' };
  }
  if (rest.startsWith('//') || scheme.startsWith('git+'))
    return { type: 'invalid', reason: `no package manager fetches from ${scheme}: addresses` };
  const named = registry(rest, behind);
  if (named.type === 'invalid') return { type: 'invalid', reason: `no package manager fetches from ${scheme}: addresses` };
  return { type: 'other', scheme, rest: named };
}
