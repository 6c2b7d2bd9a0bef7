import type { PackageRecord, Publisher, RemovedRelease } from '../../core/release';
import type { Portions } from '../jsonPortions';
import { boundedReleases, clipped, type UnboundedRelease } from '../recordBounds';
import { dateOf } from '../releaseRecord';
import { npmVersions } from './versions';

// A registry's package document: { dist-tags, versions: { VERSION: { deprecated, dist, scripts, … } }, time: { created, VERSION: DATE } }.
// The abbreviated one has no `time`, no `scripts` and no `_npmUser`; `hasInstallScript` is in that one alone.

type Json = Readonly<Record<string, unknown>>;

const longestText = 1000;
const installTimeScripts = ['preinstall', 'install', 'postinstall'];

/**
 * What a package document says; `undefined` for what is none. Releases are those that can still be installed: one that has a
 * date in `time` but no row in `versions` was taken down. Where npm has put its security holding in the package's place the status is
 * quarantined, and there are none.
 */
export function recordInPackument(written: unknown): PackageRecord | undefined {
  const document = jsonObject(written);
  const times = jsonObject(document?.time);
  const unpublished = jsonObject(times?.unpublished);
  // Of a package that was taken down as a whole nothing but its dates is left.
  const versions = jsonObject(document?.versions) ?? (unpublished ? {} : undefined);
  if (!document || !versions) return undefined;
  const rows = Object.entries(versions).flatMap(([version, row]) => {
    const details = jsonObject(row);
    return details && npmVersions.isValid(version) ? [[version, details] as const] : [];
  });
  const named = jsonObject(document['dist-tags'])?.latest;
  const latest = typeof named === 'string' && Object.hasOwn(versions, named) && npmVersions.isValid(named) ? named : undefined;
  const newest = rows.find(([version]) => version === latest) ?? rows.at(-1);
  const created = dateIn(times, 'created') ?? firstDate(times);
  const common = {
    exists: true,
    ...(created && { createdAt: created }),
    ...optional('license', licenseOf(document) ?? (newest && licenseOf(newest[1]))),
  };
  if (newest && isHolding(newest, document)) return { ...common, releases: [], status: 'quarantined', ...holding(newest[0], times) };
  const known: Knowledge = {
    times,
    isFull: times !== undefined,
    tellsAttestations: rows.some(
      ([, details]) => isAttested(details) || (times && (details._npmUser ?? jsonObject(details.dist)?.signatures) !== undefined),
    ),
  };
  return {
    ...common,
    releases: boundedReleases(
      rows.map(([version, details]) => releaseOf(version, details, known)),
      npmVersions,
    ),
    ...optional('removed', removedIn(times, versions)),
    ...optional('latest', latest),
    ...(unpublished && { statusReason: unpublishedReason(unpublished) }),
  };
}

const rowKeys = [
  'deprecated',
  'dist',
  '_npmUser',
  'dependencies',
  'optionalDependencies',
  'scripts',
  'gypfile',
  'hasInstallScript',
  'repository',
  'license',
  'licenses',
] as const;

/** What {@link recordInPackument} looks at, so that the rest of a long document is not even kept while it is read. */
export const packumentPortions: Portions = {
  keep: new Set(['dist-tags', 'versions', 'time', 'license', 'licenses', 'repository']),
  split: 'versions',
  each: (row) => {
    const details = jsonObject(row);
    return details && Object.fromEntries(rowKeys.flatMap((key) => (Object.hasOwn(details, key) ? [[key, details[key]]] : [])));
  },
};

interface Knowledge {
  readonly times: Json | undefined;
  readonly isFull: boolean;
  /**
   * Whether a release without attestations has none: another one has, or the document is whole. Mirrors leave them out together with
   * signatures and publishers, and abbreviated documents are sure to leave much out.
   */
  readonly tellsAttestations: boolean;
}

function releaseOf(version: string, details: Json, known: Knowledge): UnboundedRelease {
  const integrity = clipped(jsonObject(details.dist)?.integrity, 2000);
  return {
    version,
    ...optional('publishedAt', dateIn(known.times, version)),
    ...optional('deprecated', deprecation(details.deprecated)),
    ...(known.tellsAttestations && { attested: isAttested(details) }),
    ...optional('publisher', publisherOf(details)),
    ...(integrity !== undefined && { hashes: [integrity] }),
    ...optional('dependencies', dependenciesOf(details)),
    ...optional('installScripts', installScripts(details, known.isFull)),
  };
}

/**
 * npm publishes `0.0.1-security` (also `0.0.2-security`, `0.0.1-security.0`) where it has taken a package down, from its repository
 * security-holder.
 */
function isHolding([version, details]: readonly [string, Json], document: Json): boolean {
  if (/^0\.0\.\d+-security(?:\.|$)/.test(version)) return true;
  const repository = details.repository ?? document.repository;
  const address = typeof repository === 'string' ? repository : jsonObject(repository)?.url;
  return typeof address === 'string' && /(?:^|[/:])npm\/security-holder(?:\.git)?\/?$/.test(address);
}

function holding(version: string, times: Json | undefined): Pick<PackageRecord, 'statusReason' | 'statusSince'> {
  return { statusReason: `npm's security holding ${version} stands in its place`, ...optional('statusSince', dateIn(times, version)) };
}

function unpublishedReason(unpublished: Json): string {
  const time = typeof unpublished.time === 'string' ? dateOf(unpublished.time) : undefined;
  return `all of it was unpublished${time ? ` on ${time.toISOString().slice(0, 10)}` : ''}`;
}

/** Registries write `false` and `''` where a deprecation was taken back. */
function deprecation(written: unknown): string | undefined {
  return written === true ? 'deprecated' : clipped(written, longestText);
}

function isAttested(details: Json): boolean {
  return jsonObject(jsonObject(details.dist)?.attestations) !== undefined;
}

function publisherOf(details: Json): Publisher | undefined {
  const user = jsonObject(details._npmUser);
  const account = clipped(user?.name, 200);
  const trusted = clipped(jsonObject(user?.trustedPublisher)?.id, 100);
  return account === undefined && trusted === undefined ? undefined : { ...optional('account', account), ...optional('trusted', trusted) };
}

/** npm lists an optional dependency under both keys in some documents, and installs it as optional. */
function dependenciesOf(details: Json): Json | undefined {
  const lists = [details.dependencies, details.optionalDependencies].map((list) => (list === undefined ? {} : jsonObject(list)));
  return lists[0] && lists[1] && { ...lists[0], ...lists[1] };
}

/** node-gyp runs where there is a `binding.gyp` and no script of its own; the abbreviated document only says that something runs. */
function installScripts(details: Json, isFull: boolean): readonly string[] | undefined {
  const own = jsonObject(details.scripts);
  if (!isFull && !own) return details.hasInstallScript === true ? ['install'] : undefined;
  const scripts = own ?? {};
  const names = installTimeScripts.filter((name) => typeof scripts[name] === 'string' && scripts[name] !== '');
  const compiles = details.gypfile === true && !names.includes('install') && !names.includes('preinstall');
  return compiles ? [...names, 'binding.gyp'] : names;
}

/** `license: "MIT"`, in old documents `{ type }` or a list of these under `licenses`. */
function licenseOf({ license, licenses }: Json): string | undefined {
  const first: unknown = license ?? (Array.isArray(licenses) ? licenses[0] : undefined);
  return clipped(typeof first === 'string' ? first : jsonObject(first)?.type, 200);
}

function dateIn(times: Json | undefined, key: string): Date | undefined {
  const written = times && Object.hasOwn(times, key) ? times[key] : undefined;
  return typeof written === 'string' ? dateOf(written) : undefined;
}

/** The last thousand of the releases that have a date and no row. */
function removedIn(times: Json | undefined, versions: Json): readonly RemovedRelease[] | undefined {
  const removed = Object.keys(times ?? {}).flatMap((version) => {
    const publishedAt = Object.hasOwn(versions, version) || !npmVersions.isValid(version) ? undefined : dateIn(times, version);
    return publishedAt ? [{ version, publishedAt }] : [];
  });
  return removed.length ? removed.slice(-1000) : undefined;
}

/** Where a mirror leaves the creation out: the first release that it dates, those that were taken down included. */
function firstDate(times: Json | undefined): Date | undefined {
  let first: Date | undefined;
  for (const version of Object.keys(times ?? {})) {
    const date = npmVersions.isValid(version) ? dateIn(times, version) : undefined;
    if (date && (!first || date < first)) first = date;
  }
  return first;
}

export function jsonObject(value: unknown): Json | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : undefined;
}

function optional<K extends string, V>(key: K, value: V | undefined): { [k in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { [k in K]: V });
}
