import type { Check, LockedPlace, LockfileSubject, ManifestSubject } from '../core/check';
import type { Observation } from '../core/finding';
import type { LockedPackage } from '../core/lockfile';
import type { IndexOption, Manifest } from '../core/manifest';
import type { TeamPolicy } from '../core/teamPolicy';
import { hostOf, isLoopback, isPlain } from '../core/webAddress';
import { ownLockLine } from '../fixes/brought';
import { culprit } from '../fixes/culprit';
import { listed } from '../fixes/wording';

// On the manifest, since most of it stands in file-wide options; its entries are walked as well. And on lockfiles.

export const insecureSource: Check = {
  id: 'insecure-source',
  title: 'Plain http, disabled TLS, or an extra index that opens dependency confusion',
  severity: 'warning',
  docs: {
    severity: 'warning; information for http in a lockfile that has hashes',
    why: `Over plain http, or with certificate checks turned off for a host, anybody on the way can put other code in place of the package. An extra index is subtler: pip looks at all indexes as equals and takes the highest version that any of them offers. Whoever registers the name of your private package on the public index, with a high version, is installed. That is how torchtriton replaced PyTorch's own package in December 2022.

A lockfile says from which address each release comes, and npm, Yarn 1, uv and PDM fetch it there, whatever else is set up. Nobody reads a lockfile in a pull request: one changed address, with the digest that fits it, installs what somebody has put there. So a release of a lockfile is named whose address is without encryption, is not allowed by the policy of the team, or lies on a host that neither the public registry uses nor any setting of the project, or of yours, names. So is one that comes from a repository or an address while whatever asks for it asks for a release. Not named are a host that serves many of the lockfile's releases (eight, and a fifth of them; or most of them, where there is no other to compare it with), a scope that one host alone serves, unless it is a well-known one, and mirrors for everybody: these are how people set up their registries.

Where the lockfile has hashes (SHA-256 or stronger) of a release, no other file is installed in place of it. So an address without encryption, and nothing else against it, is then an information. A changed host stays a warning: whoever changed the address could change the hash on the next line as well.`,
    example: `--extra-index-url https://packages.example.com/simple`,
    fix: `Use https. Give the private index a certificate that the machine trusts instead of \`--trusted-host\`. Use one index that serves both your packages and the public ones (\`--index-url\`); or bind each private package to its index, as uv does by \`explicit = true\` and \`[tool.uv.sources]\`; or demand hashes for every entry. An index that the policy of the team (\`merlon.toml\`) does not allow has to be allowed there first. Of an address in a lockfile, find out who changed it; have the lockfile written anew by the tool, from the right registry.`,
  },
  assess: {
    manifest(subject, { team }) {
      const { manifest } = subject;
      return [
        ...manifest.indexes.flatMap((option) => ofOption(option, manifest, team)),
        ...ofEntries(manifest, team),
        ...ofLocked(subject),
      ];
    },
    lockfile(subject, { team }) {
      const byHost = new Map<string, LockedPlace[]>();
      for (const place of subject.places) {
        const others = byHost.get(place.host);
        if (others) others.push(place);
        else byHost.set(place.host, [place]);
      }
      const found: Observation[] = [];
      for (const [host, places] of byHost) if (found.length < mostHosts) found.push(...ofHost(host, places, subject, team));
      return found;
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

/**
 * What an entry has from an index, and the lockfile from an address. Lockfiles of Python's tools do not say who asks for what by which
 * notation; of npm's tools it is the lockfile itself that this is said of. A member of a workspace of uv may have it from the sources of
 * its root.
 */
function ofLocked({ subjects, ecosystem, file }: ManifestSubject): Observation[] {
  if (ecosystem === 'npm') return [];
  const addressed = new Set(
    subjects.filter(({ declaration: { source } }) => source.kind !== 'registry').map(({ declaration }) => declaration.package.name),
  );
  return subjects.flatMap((subject) => {
    const { declaration, lock } = subject;
    const { package: pkg, notes } = declaration;
    const [first] = lock?.releases ?? [];
    if (!lock || !first || notes.length > 0 || addressed.has(pkg.name) || folderOf(lock.file) !== folderOf(file)) return [];
    if (!lock.releases.every(({ source }) => source === 'git' || source === 'url')) return [];
    const outcome = outcomeFor(lock.releases);
    const message = `${pkg.name} is asked for as a release of an index, and ${lock.file} has it from ${hostOf(first.origin ?? '')}: ${outcome}`;
    return [{ message, span: culprit(declaration), package: pkg, version: first.version, related: ownLockLine(subject) }];
  });
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/') + 1);
}

/** A lockfile with more hosts than this has been said enough of. */
const mostHosts = 100;

/** One finding for each host of a lockfile, with all that is wrong with it. */
function ofHost(host: string, places: readonly LockedPlace[], { locate }: LockfileSubject, team: TeamPolicy | undefined): Observation[] {
  const plain = places.filter((place) => place.plain);
  const refused = places.flatMap((place) => {
    const by = place.replaced ? undefined : refusalOf(place, team);
    return by ? [{ place, by }] : [];
  });
  const entries = new Set<LockedPackage>([
    ...places.flatMap(({ unexplained }) => unexplained),
    ...refused.flatMap(({ place }) => place.entries),
    ...plain.flatMap((place) => place.entries),
  ]);
  const [first] = entries;
  if (!first) return [];
  const unexplained = places.filter((place) => place.unexplained.length > 0);
  const [is, it] = entries.size === 1 ? ['is', 'it'] : ['are', 'them'];
  const faults = [
    ...(unexplained.some(({ kind }) => kind === 'direct') ? [`nothing asks for ${it} from there`] : []),
    ...(unexplained.some(({ kind }) => kind === 'index' || kind === 'archives') ? ['no setting names it as a registry'] : []),
    ...(unexplained.some(({ kind }) => kind === 'files') ? ['PyPI has no files there'] : []),
    ...(refused.length ? ["it is not among the indexes that the team's policy allows"] : []),
    ...(plain.length ? ['the way to it has no encryption'] : []),
  ];
  const onlyPlain = faults.length === 1 && plain.length > 0;
  const hashed = [...entries].every(({ hashes }) => hashes.some(isStrong));
  const names = listed([...entries].map(({ package: { name }, version }) => `${name} ${version}`.trim()));
  const plainly = hashed ? `nothing but the lockfile's hashes keeps others from replacing ${it}` : `anyone on the way can replace ${it}`;
  const outcome = onlyPlain ? `; ${plainly}` : unexplained.length ? `; ${outcomeFor([...entries])}` : '';
  return [
    {
      message: `${names} ${is} locked to ${host}: ${listed(faults)}${outcome}`,
      span: locate(first) ?? { start: 0, end: 0 },
      ...(onlyPlain && hashed && { severity: 'information' as const }),
      ...(entries.size === 1 && { package: first.package, version: first.version }),
      ...(refused[0] && { related: [{ ...refused[0].by, message: 'the policy says so here' }] }),
    },
  ];
}

/** What comes of an address that nobody set up. A tool refuses another file than the hash says, and does not know who wrote the hash. */
function outcomeFor(entries: readonly LockedPackage[]): string {
  // Of what git brings no tool compares a hash of the lockfile.
  if (!entries.every(({ source, hashes, hashed }) => source !== 'git' && (hashes.length > 0 || hashed)))
    return 'an install takes whatever lies there';
  const what =
    entries.length === 1
      ? 'hash says what it is, and whoever changes the address can change that'
      : 'hashes says what they are, and whoever changes the address can change those';
  return `nothing but the lockfile's own ${what} as well`;
}

function isStrong(hash: string): boolean {
  return /^sha(?:256|384|512)[-:]/.test(hash);
}

/** A pattern of the policy stands for an index, and archives lie below that. */
function refusalOf({ kind, address }: LockedPlace, team: TeamPolicy | undefined) {
  if (!team || (kind !== 'index' && kind !== 'archives')) return undefined;
  const refusedAt = team.refusesIndex(address);
  if (!refusedAt || kind === 'index' || !URL.canParse(address)) return refusedAt;
  const { origin, pathname } = new URL(address);
  // An encoded way out of a folder would lead past any pattern.
  if (/%2e|%2f|%5c|%25/i.test(pathname.replace(/@[^/]*%2f/gi, ''))) return refusedAt;
  const parts = pathname.split('/').filter((part) => part !== '');
  const isAllowed = parts.some((_, at) => !team.refusesIndex([origin, ...parts.slice(0, at)].join('/')));
  return isAllowed ? undefined : refusedAt;
}
