import type { Check } from '../core/check';
import type { Observation } from '../core/finding';
import type { IndexOption, Manifest } from '../core/manifest';
import type { TeamPolicy } from '../core/teamPolicy';
import { culprit } from '../fixes/culprit';

// On the manifest, since most of it stands in file-wide options; its entries are walked as well.

export const insecureSource: Check = {
  id: 'insecure-source',
  title: 'Plain http, disabled TLS, or an extra index that opens dependency confusion',
  severity: 'warning',
  docs: {
    why: `Over plain http, or with certificate checks turned off for a host, anybody on the way can put other code in place of the package. An extra index is subtler: pip looks at all indexes as equals and takes the highest version that any of them offers. Whoever registers the name of your private package on the public index, with a high version, is installed. That is how torchtriton replaced PyTorch's own package in December 2022.`,
    example: `--extra-index-url https://packages.example.com/simple`,
    fix: `Use https. Give the private index a certificate that the machine trusts instead of \`--trusted-host\`. Use one index that serves both your packages and the public ones (\`--index-url\`); or bind each private package to its index, as uv does by \`explicit = true\` and \`[tool.uv.sources]\`; or demand hashes for every entry. An index that the policy of the team (\`merlon.toml\`) does not allow has to be allowed there first.`,
  },
  assess: {
    manifest({ manifest }, { team }) {
      return [...manifest.indexes.flatMap((option) => ofOption(option, manifest, team)), ...ofEntries(manifest, team)];
    },
  },
};

function ofOption(option: IndexOption, manifest: Manifest, team: TeamPolicy | undefined): Observation[] {
  const refused = option.kind === 'no-index' || option.kind === 'trusted-host' ? undefined : refusal(option.value, team);
  const message = optionFault(option, manifest);
  // To allow the index would leave the way to it as it is.
  return [...(refused ? [{ ...refused, span: option.span }] : []), ...(message === undefined ? [] : [{ message, span: option.span }])];
}

/** Where the team says which indexes are allowed, another one is a fault of its own, however safe the way to it. */
function refusal(address: string, team: TeamPolicy | undefined): Pick<Observation, 'message' | 'related'> | undefined {
  const place = team?.refusesIndex(address);
  if (!place) return undefined;
  const message = `The index ${hostOf(address)} is not among those that the team's policy allows`;
  return { message, related: [{ ...place, message: 'the policy says so here' }] };
}

function optionFault(option: IndexOption, manifest: Manifest): string | undefined {
  const host = hostOf(option.value);
  if (option.kind === 'no-index') return undefined;
  if (option.kind === 'trusted-host' && !isLoopback(host))
    return `The certificate of ${host} is not checked: anyone on the way can replace its packages`;
  if (isPlain(option.value) && !isLoopback(host))
    return `Packages come from ${host} over a connection without encryption: anyone on the way can replace them`;
  if (option.kind === 'extra-index' && opensConfusion(option, manifest)) {
    return `The extra index ${host} opens dependency confusion: a package of the same name on another index can take the place of yours`;
  }
  return undefined;
}

// pip and PDM take the highest version of any index, and Poetry asks a supplemental source only where PyPI has nothing; uv stops at the
// first index that has the package. With --no-index pip asks none, and where every entry demands a hash nothing else can come in.
function opensConfusion(option: IndexOption, manifest: Manifest): boolean {
  if (option.explicit || option.firstMatch || manifest.indexes.some(({ kind }) => kind === 'no-index')) return false;
  const fromRegistry = manifest.declarations.filter(({ source, group }) => source.kind === 'registry' && group !== 'constraint');
  return fromRegistry.length === 0 || fromRegistry.some(({ hashes }) => hashes.length === 0);
}

function ofEntries(manifest: Manifest, team: TeamPolicy | undefined): Observation[] {
  return manifest.declarations.flatMap((declaration) => {
    const { boundIndex = '' } = declaration;
    // An index with an option of its own is spoken of there.
    const isNamed = manifest.indexes.some(({ name, value }) => name === boundIndex || value === boundIndex);
    const refused = boundIndex.includes('://') && !isNamed ? refusal(boundIndex, team) : undefined;
    if (refused) return [{ ...refused, span: culprit(declaration), package: declaration.package }];
    const { source } = declaration;
    if ((source.kind !== 'git' && source.kind !== 'url') || !isPlain(source.url)) return [];
    const host = hostOf(source.url);
    if (isLoopback(host)) return [];
    const what = declaration.package.name || 'This entry';
    const message = `${what} comes from ${host} over a connection without encryption: anyone on the way can replace it`;
    return [{ message, span: culprit(declaration), package: declaration.package }];
  });
}

/** Schemes without TLS, also behind a VCS prefix: `http:`, `git:`, `git+http:`, `svn+http:`, `ftp:`, `svn:`. */
function isPlain(url: string): boolean {
  return /^(?:(?:git|hg|bzr|svn)\+)?(?:(?:http|ftp):[\\/]|(?:git|svn):\/\/)/i.test(url.trim());
}

/** Host and port, without credentials, which must not be shown. A backslash ends it as a slash does (WHATWG URL, "special schemes"). */
function hostOf(address: string): string {
  const rest = address.trim().replace(/^[a-z][a-z0-9+.-]*:[\\/]+/i, '');
  const authority = rest.split(/[\\/?#]/, 1)[0]!;
  return authority.slice(authority.lastIndexOf('@') + 1);
}

function isLoopback(host: string): boolean {
  const name = host
    .replace(/:\d+$/, '')
    .replace(/^\[(.*)\]$/, '$1')
    .toLowerCase();
  return name === 'localhost' || name.endsWith('.localhost') || name === '::1' || /^127(?:\.\d{1,3}){3}$/.test(name);
}
