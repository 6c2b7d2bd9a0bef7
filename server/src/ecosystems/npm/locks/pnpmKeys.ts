import type { LockedPackage } from '../../../core/lockfile';

// How pnpm-lock.yaml names a package, its "dependency path", by the major version of the lockfile:
//   5   /a/1.0.0   /@s/a/1.0.0_peer@2.0.0   host/a/1.0.0
//   6   /a@1.0.0   /@s/a@1.0.0(peer@2.0.0)  host/a@1.0.0
//   9   a@1.0.0    @s/a@1.0.0(peer@2.0.0)   a@https://codeload.github.com/…   a@file:…   a@work:1.0.0 (a registry named in the settings)
// and in 5 and 6 for what comes from elsewhere: github.com/user/repo/COMMIT, @host/…, file:… (the entry then holds name and version).
// A dependency's value is the part behind the name, or a whole path where the name is an alias.

export interface DependencyPath {
  readonly name: string;
  /** `''` where the path holds an address instead. */
  readonly version: string;
  /** What stands in the version's place. */
  readonly address: string;
  readonly registry?: string;
}

export function parseDependencyPath(path: string, major: number): DependencyPath {
  const bare = withoutPeers(path);
  if (major >= 9) return named(bare);
  const slash = bare.startsWith('/') ? 0 : bare.indexOf('/');
  const registry = slash > 0 ? bare.slice(0, slash) : undefined;
  const rest = bare.slice(slash + 1);
  if (slash < 0 || bare.startsWith('file:')) return { name: '', version: '', address: bare };
  if (major === 6) {
    const read = named(rest);
    return read.version === '' ? { name: '', version: '', address: bare } : { ...read, ...(registry !== undefined && { registry }) };
  }
  const last = rest.lastIndexOf('/', peersOf5(rest));
  const version = rest.slice(last + 1).split('_', 1)[0]!;
  if (last <= 0 || !isVersion(version)) return { name: '', version: '', address: bare };
  return { name: rest.slice(0, last), version, address: '', ...(registry !== undefined && { registry }) };
}

/** `name@version`, `name@registry:version`, `name@address`. */
function named(text: string): DependencyPath {
  const at = text.indexOf('@', 1);
  if (at < 0) return { name: text, version: '', address: '' };
  const name = text.slice(0, at);
  const rest = text.slice(at + 1);
  if (isVersion(rest)) return { name, version: rest, address: '' };
  const [, registry, version] = /^([A-Za-z][\w.-]{0,99}):(\d[\w.+-]*)$/.exec(rest) ?? [];
  if (registry === undefined || version === undefined || registry === 'runtime') return { name, version: '', address: rest };
  return { name, version, address: '', registry };
}

function isVersion(text: string): boolean {
  return /^\d+\.\d+\.\d+(?:[-+][\w.+-]*)?$/.test(text);
}

/** The path without `(peer@1.0.0(of@2.0.0))` and `(patch_hash=…)` at its end: the key of its metadata in version 9. */
export function withoutPeers(path: string): string {
  let end = path.length;
  while (path.charCodeAt(end - 1) === 41) {
    let depth = 0;
    let at = end - 1;
    for (; at >= 0; at--) {
      const code = path.charCodeAt(at);
      if (code === 41) depth++;
      else if (code === 40 && --depth === 0) break;
    }
    if (at <= 0) break;
    end = at;
  }
  return end === path.length ? path : path.slice(0, end);
}

/** In version 5 peers follow an underscore, and those of older pnpm hold slashes. */
function peersOf5(rest: string): number {
  const scope = rest.startsWith('@') ? rest.indexOf('/') + 1 : 0;
  const slash = rest.indexOf('/', scope);
  const underscore = slash < 0 ? -1 : rest.indexOf('_', slash);
  return underscore < 0 ? rest.length : underscore;
}

/** The path that a dependency's value stands for; `undefined` for a link to a folder. */
export function pathOf(name: string, value: string, major: number): string | undefined {
  if (value.startsWith('link:')) return undefined;
  if (major >= 9) {
    // An alias's path holds an @ before any address or peer.
    for (let at = 0; at < value.length; at++) {
      const code = value.charCodeAt(at);
      if (code === 64) return value;
      if (code === 58 || code === 40) break;
    }
    return `${name}@${value}`;
  }
  if (value.startsWith('file:')) return value;
  const bracket = value.indexOf('(');
  const slash = value.indexOf('/');
  const plain = slash < 0 || (bracket >= 0 && slash > bracket);
  return plain ? `/${name}${major >= 6 ? '@' : '/'}${value}` : value;
}

/** Where a package comes from, by its path and its `resolution`. */
export function sourceOfPath({ version, address }: DependencyPath, type: string, tarball: string): LockedPackage['source'] {
  if (type === 'git') return 'git';
  if (type === 'directory' || address.startsWith('file:') || tarball.startsWith('file:')) return 'path';
  if (version !== '' || (address === '' && tarball === '')) return 'registry';
  return /^(?:git[+:@]|ssh:|@?github\.com\/|@?gitlab\.com\/|@?bitbucket\.org\/)|codeload\.github\.com\/|\/-\/archive\/|bitbucket\.org\/[^/]+\/[^/]+\/get\//.test(
    address === '' ? tarball : address,
  )
    ? 'git'
    : 'url';
}

/** The folder that `link:../b` names from an importer; both relative to the lockfile's folder. */
export function linkedFolder(importer: string, target: string): string {
  const parts = importer === '' ? [] : importer.split('/');
  for (const part of target.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else parts.push(part);
  }
  return parts.join('/');
}
