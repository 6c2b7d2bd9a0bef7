import type { PackageId } from '../../core/declaration';

/** What a package URL names: package-url/purl-spec, types `npm` and `pypi`. */
export interface PurlParts {
  readonly type: string;
  readonly package: PackageId;
  readonly version?: string;
  /** Where it comes from, where that is no registry. */
  readonly origin?: { readonly kind: 'git' | 'url'; readonly address: string };
}

/**
 * `pkg:npm/%40scope/name@1.2.3`, `pkg:pypi/ruamel-yaml@0.18`; from elsewhere with `vcs_url` or `download_url`. PyPI names are
 * PEP 503's, which is what purl asks for too, dots apart: a registry answers to both.
 */
export function purlOf({ type, package: { name }, version, origin }: PurlParts): string {
  const path = name.split('/').map(encoded).join('/');
  const release = version ? `@${encoded(version)}` : '';
  return `pkg:${type}/${path}${release}${origin ? qualifierOf(origin) : ''}`;
}

/** All but what purl leaves as it is: letters, digits, `.-_~` and the colon. */
function encoded(text: string): string {
  return encodeURIComponent(wellFormed(text))
    .replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%3A', ':');
}

/** A lone surrogate has no encoding. */
export function wellFormed(text: string): string {
  return text.replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '\ufffd');
}

const forges: Readonly<Record<string, string>> = {
  github: 'github.com',
  gitlab: 'gitlab.com',
  bitbucket: 'bitbucket.org',
  gist: 'gist.github.com',
};

/** SPDX's form of an address of version control names its tool and its commit: `git+https://host/repository@commit`. */
function qualifierOf({ kind, address }: NonNullable<PurlParts['origin']>): string {
  const bare = withoutSecrets(address);
  if (bare === '') return '';
  // A forge's archive of a commit is no repository.
  const isArchive = /^https?:/i.test(bare) && /codeload\.github\.com\/|\/-\/archive\/|\/get\/[^/]+$|\.(?:tgz|tar\.gz|zip)$/.test(bare);
  if (kind === 'url' || isArchive) return `?download_url=${encoded(bare)}`;
  const [, forge, rest] =
    /^(github|gitlab|bitbucket|gist):([^]*)$/.exec(bare) ?? (/^[\w.-]+\/[\w.-]+(?:#|$)/.test(bare) ? ['', 'github', bare] : []);
  const full = forge === undefined ? bare : `https://${forges[forge]!}/${rest!}`;
  const tool = /^(?:https?|ssh|file):/i.test(full) ? `git+${full}` : full;
  return `?vcs_url=${encoded(tool.replace(/#(?:commit=)?([\w.-]+)$/, '@$1'))}`;
}

/** An address without user, password and query, which may hold tokens; the user `git` of ssh is everybody's. */
export function withoutSecrets(address: string): string {
  const [, scheme, user, rest] = /^([a-z][a-z0-9+.-]*:\/\/)?(?:([^/?#]*)@)?([^]*)$/i.exec(address)!;
  const bare = rest!.replace(/\?[^#]*/, '');
  return `${scheme ?? ''}${user === 'git' ? 'git@' : ''}${bare}`;
}
