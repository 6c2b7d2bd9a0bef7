// Which specs mean a git repository, and what stands behind their `#`:
//   user/repo  github:user/repo  gitlab:group/sub/repo  bitbucket:user/repo  gist:id  sourcehut:~user/repo
//   git://…  git+ssh://…  git+https://…  git+http://…  git+file://…  ssh://…  user@host:path
//   https://HOST/user/repo on a host that npm knows (but not the address of one of its archives)
//   #commit-ish  #semver:^1  #path:/sub, joined by `::` (npm) or `&` (pnpm); #commit=… #tag=… #branch=… joined by `&` (Yarn)

export interface GitSpec {
  readonly type: 'git';
  /** As written, without what follows `#`. */
  readonly url: string;
  readonly revision?: string;
  /** Of `#semver:`: any tag that this range admits. */
  readonly range?: string;
  readonly path?: string;
}

const shortcut = /^(?:github|gitlab|bitbucket|gist|sourcehut):(?!\/\/)/i;
const gitProtocol = /^(?:git|git\+(?:ssh|https?|file|rsync|ftp)|ssh):\/\//i;

/** Reads a git spec; a reason where it looks like one that npm rejects; `undefined` where it is none. */
export function parseGit(spec: string): GitSpec | { readonly reason: string } | undefined {
  const hash = spec.indexOf('#');
  const url = hash < 0 ? spec : spec.slice(0, hash);
  const fragment = hash < 0 ? '' : spec.slice(hash + 1);
  if (isShorthand(url) || shortcut.test(url) || gitProtocol.test(url) || isScp(url) || isHostedPage(url)) {
    // GitHub's page of a branch; npm ignores what stands behind its `#`.
    const tree =
      /^(?:(?!git\+(?:file|http|rsync|ftp):)[a-z+]+:\/\/)?(?:[^@/]*@)?(?:www\.)?github\.com[/:][^/]+\/[^/]+\/tree(?:\/([^/]*)|$)/i.exec(
        url,
      );
    return tree ? { type: 'git', url, ...(tree[1] ? { revision: tree[1] } : {}) } : withFragment(url, fragment);
  }
  return undefined;
}

/** GitHub's `user/repo`. */
function isShorthand(url: string): boolean {
  return /^[^./@:\s#][^/@:\s#]*\/[^/@:\s#]+$/.test(url);
}

/** `user@host:path`, which git itself takes for ssh, and `user@host/path` on a host that npm knows. */
function isScp(url: string): boolean {
  if (/^[^@/:\s]+(?::[^@/\s]*)?@[^@/:\s]+:/.test(url)) return true;
  const [, host, path] = /^[^@/:\s]+@([^@/:\s]+)\/(.*)$/.exec(url) ?? [];
  return host !== undefined && path !== undefined && isRepository(host, path);
}

/** Of the hosts that npm knows: whether a path is a repository's. */
const repositoryIn: ReadonlyMap<string, (parts: readonly string[], path: string) => boolean> = new Map([
  ['github.com', ([user, project, kind]: readonly string[]) => !!user && !!project && (!kind || kind === 'tree')],
  ['bitbucket.org', ([user, project, kind]: readonly string[]) => !!user && !!project && kind !== 'get'],
  [
    'gitlab.com',
    (parts: readonly string[], path: string) =>
      parts.length > 1 && !!parts.at(-1) && !path.includes('/-/') && !path.includes('/archive.tar.gz'),
  ],
  ['gist.github.com', ([id, , kind]: readonly string[]) => !!id && kind !== 'raw'],
  ['git.sr.ht', ([user, project, kind]: readonly string[]) => !!user && !!project && kind !== 'archive'],
]);

function isRepository(host: string, path: string): boolean {
  return repositoryIn.get(host.toLowerCase().replace(/^www\./, ''))?.(path.split('/'), `/${path}`) ?? false;
}

function isHostedPage(url: string): boolean {
  const [, plain, authority = '', path = ''] = /^http(s?):\/\/([^/?]*)\/?([^?]*)/i.exec(url) ?? [];
  const host = authority.slice(authority.lastIndexOf('@') + 1);
  // Plain http is taken for a repository on GitHub alone.
  return (plain !== '' || /^(?:www\.)?github\.com$/i.test(host)) && isRepository(host, path);
}

function withFragment(url: string, fragment: string): GitSpec | { readonly reason: string } {
  let revision: string | undefined;
  let range: string | undefined;
  let path: string | undefined;
  for (const part of fragment === '' ? [] : fragment.split(/::|&/)) {
    const [, key, value = ''] = /^([^:=]*)[:=](.*)$/s.exec(part) ?? [];
    if (key === 'semver') {
      if (range !== undefined || revision !== undefined) return { reason: 'a git address takes one revision or one semver range' };
      range = decoded(value);
    } else if (key === 'path') {
      if (path !== undefined) return { reason: 'a git address takes one path' };
      path = value;
    } else if (key === undefined || key === 'commit' || key === 'tag' || key === 'branch' || key === 'head') {
      if (range !== undefined || revision !== undefined) return { reason: 'a git address takes one revision or one semver range' };
      revision = key === undefined ? part : value;
    }
  }
  return { type: 'git', url, ...(revision ? { revision } : {}), ...(range ? { range } : {}), ...(path ? { path } : {}) };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
