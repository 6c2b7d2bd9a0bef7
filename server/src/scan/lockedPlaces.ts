import type { LockedPlace, LockfileSubject } from '../core/check';
import type { PackageId } from '../core/declaration';
import type { LockedPackage } from '../core/lockfile';
import { isLoopback, isPlain } from '../core/webAddress';
import type { ManifestDocument } from './document';
import type { Indexes } from './indexes';
import type { LockDocument } from './lockDocument';

// A lockfile says from which address each release comes, and npm, Yarn 1, uv and PDM fetch it there, whatever is set up: a pull request that
// changes one address and its digest has them install what somebody else has put there. What is unexplained is no proof. People set up
// registries where nobody sees them from here (a user's own files, the environment of a build), so that whatever looks like the practice
// of a project is let be: a host that serves many of its releases, or most of them where no registry is known; and names that only their owners
// seem to know.

export interface PlaceSources {
  readonly indexes?: Indexes;
  /** The hosts of public registries and of their mirrors on this machine. */
  readonly publicHosts?: ReadonlySet<string>;
  readonly isPublicIndex?: (address: string) => boolean;
  /** Whether there is such a package at the public registry for sure. */
  readonly isFamiliar?: (pkg: PackageId) => boolean;
}

/** Where the releases of a lockfile come from. `documents`: the manifests that it speaks for. */
export function lockfileSubject(document: LockDocument, documents: readonly ManifestDocument[], sources: PlaceSources): LockfileSubject {
  const { path, ecosystem, reader, text } = document;
  return {
    kind: 'lockfile',
    file: path,
    ecosystem: ecosystem.id,
    places: placesIn(document, documents, sources),
    locate: (entry) => reader.locate(text, entry),
  };
}

/** So many releases, and so great a part of all, are no injection. */
const practice = { releases: 8, part: 0.2 };

/** Mirrors of public registries for everybody, which people's own settings leave in lockfiles for some releases and not for others. */
const mirrors =
  /(?:^|\.)(?:npmmirror\.com|npm\.taobao\.org|mirrors\.aliyun\.com|mirrors\.(?:cloud\.)?tencent\.com|(?:repo|mirrors)\.huaweicloud\.com|tuna\.tsinghua\.edu\.cn|mirrors\.ustc\.edu\.cn)$/;
const pypiFiles = /(?:^|\.)pythonhosted\.org$/;

type Place = { -readonly [Key in keyof LockedPlace]: Key extends 'entries' ? LockedPackage[] : LockedPlace[Key] };

function placesIn(document: LockDocument, documents: readonly ManifestDocument[], sources: PlaceSources): readonly LockedPlace[] {
  const { lock, ecosystem } = document;
  const places = new Map<string, Place>();
  const isNpm = ecosystem.id === 'npm';
  const add = (kind: Place['kind'], address: string, entry: LockedPackage) => {
    const key = `${kind} ${address}`;
    const known = places.get(key);
    if (known) return void (known.entries.at(-1) !== entry && known.entries.push(entry));
    const host = hostIn(address);
    if (host === undefined) return;
    const plain = isPlain(address) && !isLoopback(host);
    if (kind !== 'direct' || plain || entry.unasked) places.set(key, { host, kind, address, entries: [entry], plain, unexplained: [] });
  };
  for (const entry of lock.packages) {
    const { source, registry, archives = [], origin } = entry;
    if (entry.own) continue;
    if (source === 'git' || source === 'url') add('direct', origin ?? archives[0] ?? '', entry);
    if (source !== 'registry') continue;
    if (!isNpm && registry !== undefined) add('index', registry, entry);
    for (const address of archives) add(isNpm ? 'archives' : 'files', address, entry);
    if (isNpm && !archives.length && registry !== undefined && isHost(registry)) add('archives', `https://${registry}`, entry);
  }
  const judge = explainer(document, documents, sources);
  const shares = sharesOf(places.values(), lock.packages);
  for (const place of places.values()) judge(place, shares);
  return [...places.values()];
}

/** How many releases come from where. */
interface Shares {
  /** By the kind of place, and by host. */
  readonly of: ReadonlyMap<Place['kind'], { readonly byHost: ReadonlyMap<string, number>; readonly all: number; readonly most: number }>;
  /** Whether some files lie where PyPI has its own. */
  readonly onPyPI: boolean;
  /** Releases of which the lockfile says no address. */
  readonly untold: number;
}

function sharesOf(places: Iterable<Place>, packages: readonly LockedPackage[]): Shares {
  const counts = new Map<Place['kind'], Map<string, number>>();
  for (const { kind, host, entries } of places) {
    const byHost = counts.get(kind) ?? new Map<string, number>();
    counts.set(kind, byHost.set(host, (byHost.get(host) ?? 0) + entries.length));
  }
  const sum = (numbers: Iterable<number>) => [...numbers].reduce((total, number) => total + number, 0);
  const most = (numbers: Iterable<number>) => [...numbers].reduce((highest, number) => Math.max(highest, number), 0);
  return {
    of: new Map([...counts].map(([kind, byHost]) => [kind, { byHost, all: sum(byHost.values()), most: most(byHost.values()) }])),
    onPyPI: [...(counts.get('files')?.keys() ?? [])].some((host) => pypiFiles.test(host)),
    untold: packages.filter(
      ({ own, source, bundled, registry, archives }) =>
        !own && source === 'registry' && !bundled && registry === undefined && archives === undefined,
    ).length,
  };
}

/** pnpm's lockfile may hold the name of a registry that its settings define. */
function isHost(registry: string): boolean {
  return /[.:]/.test(registry) || isLoopback(registry);
}

function hostIn(address: string): string | undefined {
  if (address === lastAddress) return lastHost;
  const text = address
    .trim()
    .replace(/^(?:git|hg|bzr|svn)\+/i, '')
    // `github:user/repo`, and `git@host:user/repo` as ssh has it.
    .replace(/^(github|gitlab|bitbucket):(?!\/)/i, (_, name: string) => `https://${forges[name.toLowerCase()]!}/`)
    .replace(/^[\w.-]+@([\w.-]+):(?!\/\/)/, 'ssh://$1/');
  const host = URL.canParse(text) ? new URL(text).host : '';
  lastAddress = address;
  return (lastHost = host === '' ? undefined : host);
}

const forges: Readonly<Record<string, string>> = { github: 'github.com', gitlab: 'gitlab.com', bitbucket: 'bitbucket.org' };

// Nearly every release comes from where the one before it comes from.
let lastAddress = '';
let lastHost: string | undefined;

/** Says of a place which of its releases nothing explains, and whether the tool goes elsewhere for them. */
function explainer(
  { lock, reader }: LockDocument,
  documents: readonly ManifestDocument[],
  { indexes, publicHosts, isPublicIndex, isFamiliar }: PlaceSources,
): (place: Place, shares: Shares) => void {
  const isPublic = (host: string) => publicHosts?.has(host) === true || isPublicIndex?.(`https://${host}`) === true;
  const isKnownName = (pkg: PackageId) => isFamiliar?.(pkg) === true;
  // Any of them tells: a member of a workspace of uv may name an index as well.
  const setUp = documents.length ? allOf(documents.map((one) => indexes?.hosts?.(one))) : undefined;
  const byAddress = addressed(documents);
  const bound = new Set(documents.flatMap(({ manifest }) => (manifest.boundScopes ?? []).map(({ scope }) => scope)));
  const elsewhere = scopesElsewhere(lock.packages);
  const isBrought = broughtByPublic(lock.packages, isPublic);
  // npm and Yarn 1 write an address for whatever is no part of another package.
  const isTold = reader.id === 'package-lock' || lock.format === 'yarn.lock 1';
  const isServed = lock.packages.some((entry) => (!isTold || entry.registry !== undefined) && isServedBy(entry, isPublic));

  const isSuspect = (place: Place, entry: LockedPackage): boolean => {
    const { package: pkg, registry, unasked } = entry;
    if (unasked) return true;
    if (byAddress.has(pkg.name)) return false;
    const index = place.kind !== 'files' || registry === undefined ? undefined : hostIn(registry);
    if (index !== undefined) return isPublic(index);
    const scope = scopeOf(pkg.name);
    if (place.kind === 'archives' && (scope === undefined || bound.has(scope) || elsewhere(scope, place.host))) return true;
    return isKnownName(pkg) || isBrought(entry);
  };

  return (place, shares) => {
    const { host, kind, entries } = place;
    if (isLoopback(host) || mirrors.test(host)) return;
    if (kind === 'direct') {
      // Overrides stand in manifests, so that without one nobody can tell.
      if (documents.length) place.unexplained = entries.filter(({ unasked, package: { name } }) => unasked && !byAddress.has(name));
      return;
    }
    if (isPublic(host)) {
      // npm takes what is locked to the public registry from the one that is set up (its `replace-registry-host`).
      if (reader.id === 'package-lock' && setUp && [...setUp].some((one) => !isPublic(one))) place.replaced = true;
      return;
    }
    if (kind === 'files' && pypiFiles.test(host)) return;
    const { byHost, all, most } = shares.of.get(kind)!;
    const own = byHost.get(host)!;
    // Nothing is there to compare it with: it is set up where it is not seen from here. Poetry has no such place.
    const isAlone = kind === 'files' ? !shares.onPyPI : setUp?.size === 0 && !isServed;
    if (own === most && own >= shares.untold && reader.id !== 'poetry' && isAlone) return;
    if (own >= practice.releases && own >= practice.part * all) return;
    // PyPI serves its files itself, whatever is set up; of other indexes only settings can tell.
    const judged = setUp ? entries : entries.filter(({ registry }) => kind === 'files' && registry !== undefined);
    if (!setUp || !isSetUp(host, setUp)) place.unexplained = judged.filter((entry) => isSuspect(place, entry));
  };
}

/** The packages that some manifest has from an address, be it as an override: a lockfile may hold that for whoever asks for a release. */
function addressed(documents: readonly ManifestDocument[]): ReadonlySet<string> {
  const declarations = documents.flatMap(({ manifest }) => manifest.declarations);
  return new Set(declarations.filter(({ source }) => source.kind !== 'registry').map(({ package: pkg }) => pkg.name));
}

/** An index that keeps its files on hosts beside its own. */
const families = [/(?:^|\.)pytorch\.org$/];

function isSetUp(host: string, setUp: ReadonlySet<string>): boolean {
  return setUp.has(host) || families.some((family) => family.test(host) && [...setUp].some((one) => family.test(one)));
}

/** Whether an entry comes from a public registry, as those do that name none. */
function isServedBy({ own, source, registry, archives, package: pkg }: LockedPackage, isPublic: (host: string) => boolean): boolean {
  if (own || source !== 'registry') return false;
  const [address] = registry === undefined ? (archives ?? []) : [pkg.ecosystem === 'npm' ? `https://${registry}` : registry];
  const host = address === undefined ? undefined : hostIn(address);
  return address === undefined || (host !== undefined && (isPublic(host) || pypiFiles.test(host)));
}

/** Whether a package that the public registry serves asks for an entry: then that is none which only its owners know. */
function broughtByPublic(packages: readonly LockedPackage[], isPublic: (host: string) => boolean): (entry: LockedPackage) => boolean {
  let brought: Set<LockedPackage> | undefined;
  return (entry) => {
    brought ??= new Set(
      packages
        .filter((one) => isServedBy(one, isPublic))
        .flatMap(({ dependencies }) => dependencies.flatMap((index) => packages[index] ?? [])),
    );
    return brought.has(entry);
  };
}

/** Whether a scope has releases that come from another host than this one. */
function scopesElsewhere(packages: readonly LockedPackage[]): (scope: string, host: string) => boolean {
  const hosts = new Map<string, Set<string | undefined>>();
  for (const { package: pkg, own, source, registry } of packages) {
    const scope = own || source !== 'registry' ? undefined : scopeOf(pkg.name);
    if (scope === undefined) continue;
    const held = hosts.get(scope);
    const host = registry === undefined ? undefined : hostIn(`https://${registry}`);
    if (held) held.add(host);
    else hosts.set(scope, new Set([host]));
  }
  return (scope, host) => {
    const held = hosts.get(scope);
    return held !== undefined && (held.size > 1 || !held.has(host));
  };
}

function scopeOf(name: string): string | undefined {
  return name.startsWith('@') ? name.split('/', 1)[0] : undefined;
}

/** `undefined` where one of them cannot be told. */
function allOf(sets: readonly (ReadonlySet<string> | undefined)[]): ReadonlySet<string> | undefined {
  return sets.includes(undefined) ? undefined : new Set(sets.flatMap((set) => [...set!]));
}
