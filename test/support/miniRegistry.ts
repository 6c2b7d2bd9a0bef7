import type { PackageRecord, Publisher, Release } from '../../server/src/core/release';
import type { Similar } from '../../server/src/core/similar';

// A small world: a dozen invented packages, one trait each, on both ecosystems under the same names. Fixtures that use
// them need no network and no real advisory. Advisories are records in OSV's form, as a feed would send them.

/** The world's one moment. */
export const miniNow = new Date('2026-06-01T12:00:00Z');

export type MiniEcosystem = 'PyPI' | 'npm';

interface MiniPackage {
  readonly roles: readonly string[];
  /** Version and age in hours; a yanked one (npm: deprecated) by the third part, or the reason. Empty: the registry knows no such name. */
  readonly releases: readonly (readonly [version: string, hours: number, yanked?: true | string])[];
  readonly records: readonly MiniRecord[];
  /** What the registry says of a release beyond its age, by version. */
  readonly traits?: Readonly<Record<string, Partial<Release>>>;
  /** The index tells no times. */
  readonly untimed?: true;
  /** What the registry says of it as a whole. */
  readonly record?: Partial<PackageRecord>;
  /** The known name that it looks like. */
  readonly like?: Similar;
}

interface MiniRecord {
  readonly id: string;
  readonly versions?: readonly string[];
  /** Pairs of `introduced` and `fixed`; without `fixed` the range is open. */
  readonly ranges?: readonly (readonly [introduced: string, fixed?: string])[];
  readonly severity?: 'LOW' | 'MODERATE' | 'HIGH' | 'CRITICAL';
  readonly aliases?: readonly string[];
}

const old = 2400;

const acme: Publisher = { trusted: 'github', repository: 'acme/sdk', workflow: 'release.yml' };

const packages: Readonly<Record<string, MiniPackage>> = {
  // Nothing is wrong with it.
  'steady-llm': {
    roles: ['llm-sdk'],
    releases: [
      ['1.0.0', old],
      ['1.1.0', old],
      ['1.2.0', old],
      ['2.0.0', old],
    ],
    records: [],
  },
  // Nothing is wrong with it, and it has nothing to do with AI.
  'plain-util': {
    roles: [],
    releases: [
      ['1.0.0', old],
      ['1.1.0', old],
    ],
    records: [],
  },
  // Two compromised releases, gone from the registry; the one before them is vulnerable, and so is the first one after.
  'story-llm': {
    roles: ['llm-gateway'],
    releases: [
      ['1.80.0', old],
      ['1.82.6', old],
      ['1.83.0', old],
      ['1.83.7', old],
      ['1.84.0', old],
      ['1.85.0', old],
    ],
    records: [
      { id: 'MAL-2026-9001', versions: ['1.82.7', '1.82.8'], aliases: ['PYSEC-2026-9001'] },
      { id: 'GHSA-aaaa-bbbb-0001', ranges: [['1.81.0', '1.83.7']], severity: 'CRITICAL' },
      { id: 'GHSA-aaaa-bbbb-0002', ranges: [['0', '1.84.0']], severity: 'MODERATE' },
    ],
  },
  // One compromised release, still listed, between clean ones.
  'hijacked-agent': {
    roles: ['agent-framework'],
    releases: [
      ['2.0.0', old],
      ['2.1.0', old],
      ['2.1.1', old],
      ['2.1.2', old],
      ['2.2.0', old],
    ],
    records: [{ id: 'MAL-2026-9002', versions: ['2.1.1'] }],
  },
  // The package itself is the malware.
  'squat-model': { roles: ['llm-sdk'], releases: [], records: [{ id: 'MAL-2026-9003', ranges: [['0']] }] },
  // Its malware record lists one release and, beside it, an open range that would hit every clean one.
  'broad-tool': {
    roles: ['mcp-server'],
    releases: [
      ['1.2.0', old],
      ['1.3.0', old],
      ['1.4.0', old],
    ],
    records: [{ id: 'MAL-2026-9004', versions: ['1.3.0'], ranges: [['0']] }],
  },
  // Two vulnerabilities, with ends that differ.
  'holey-vector': {
    roles: ['vector-store'],
    releases: [
      ['1.4.0', old],
      ['1.5.0', old],
      ['1.6.0', old],
      ['1.7.0', old],
    ],
    records: [
      { id: 'GHSA-aaaa-bbbb-0003', ranges: [['0', '1.5.0']], severity: 'MODERATE' },
      { id: 'GHSA-aaaa-bbbb-0004', ranges: [['0', '1.6.0']], severity: 'LOW' },
    ],
  },
  // A vulnerability that no release has fixed yet.
  'sinking-db': {
    roles: ['vector-store'],
    releases: [
      ['0.9.0', old],
      ['1.0.0', old],
      ['1.1.0', old],
    ],
    records: [{ id: 'GHSA-aaaa-bbbb-0005', ranges: [['1.0.0']], severity: 'HIGH' }],
  },
  // The only cure of its compromised release is an hour old.
  'rushed-fix': {
    roles: ['llm-sdk'],
    releases: [
      ['1.1.0', 12],
      ['1.1.1', 1],
    ],
    records: [{ id: 'MAL-2026-9005', versions: ['1.1.0'] }],
  },
  // The newest release is too young.
  'fresh-agent': {
    roles: ['agent-framework'],
    releases: [
      ['1.0.0', old],
      ['1.1.0', 20],
    ],
    records: [],
  },
  // The newest release was withdrawn by its author.
  'yanked-embed': {
    roles: ['embeddings'],
    releases: [
      ['1.0.0', old],
      ['1.1.0', old, true],
    ],
    records: [],
  },
  // Its newest release was withdrawn, npm's with words that speak of malware.
  'warned-agent': {
    roles: ['agent-framework'],
    releases: [
      ['1.0.0', old],
      ['1.1.0', old, 'published with a compromised key'],
    ],
    records: [],
  },
  // The registry has locked it.
  'locked-llm': { roles: ['llm-sdk'], releases: [], records: [], record: { exists: true, status: 'quarantined' } },
  // Its authors have put it to rest.
  'archived-rag': {
    roles: ['rag'],
    releases: [['1.0.0', old]],
    records: [],
    record: { status: 'archived', statusReason: 'Use beta-rag.' },
  },
  // A squat of plain-util.
  'plain-utill': {
    roles: [],
    releases: [
      ['1.0.0', 200],
      ['1.1.0', 190],
    ],
    records: [],
    record: { createdAt: new Date('2026-05-24T04:00:00Z') },
    like: { name: 'plain-util', by: 'letter', meant: 'plain-util' },
  },
  // An honest package whose name is near to another.
  'plain-utils': {
    roles: [],
    releases: [
      ['1.0.0', old],
      ['1.1.0', old],
      ['1.2.0', old],
    ],
    records: [],
    record: { createdAt: new Date('2020-01-01T00:00:00Z') },
    like: { name: 'plain-util', by: 'letter', meant: 'plain-util' },
  },
  // Its releases came from a trusted publisher, and the newest came by an account's token.
  'proven-sdk': {
    roles: [],
    releases: [
      ['1.0.0', old + 4],
      ['1.0.1', old + 3],
      ['1.0.2', old + 2],
      ['1.0.3', old],
    ],
    records: [],
    traits: {
      '1.0.0': { attested: true, publisher: acme },
      '1.0.1': { attested: true, publisher: acme },
      '1.0.2': { attested: true, publisher: acme },
      '1.0.3': { attested: false, publisher: { account: 'mallory' } },
    },
  },
  // All its releases are attested, the newest by another repository.
  'moved-mcp': {
    roles: [],
    releases: [
      ['1.0.0', old + 4],
      ['1.0.1', old + 3],
      ['1.0.2', old],
    ],
    records: [],
    traits: {
      '1.0.0': { attested: true, publisher: acme },
      '1.0.1': { attested: true, publisher: acme },
      '1.0.2': { attested: true, publisher: { ...acme, repository: 'mallory/sdk' } },
    },
  },
  // A patch release gained a dependency; a minor release gained another one.
  'laden-client': {
    roles: [],
    releases: [
      ['1.0.0', old + 4],
      ['1.0.1', old + 3],
      ['1.0.2', old + 2],
      ['1.1.0', old],
    ],
    records: [],
    traits: {
      '1.0.0': { dependencies: { 'plain-util': '^1.0.0' } },
      '1.0.1': { dependencies: {} },
      '1.0.2': { dependencies: { 'plain-util': '^1.0.0', 'plain-crypto': '^4.2.1' } },
      '1.1.0': { dependencies: { 'steady-llm': '^1.0.0' } },
    },
  },
  // It runs code when it is installed.
  'scripted-tool': {
    roles: [],
    releases: [
      ['1.0.0', old + 1],
      ['2.0.0', old],
    ],
    records: [],
    traits: { '1.0.0': { installScripts: ['postinstall', 'binding.gyp'] }, '2.0.0': { installScripts: [] } },
  },
  // The index tells no times.
  'timeless-kit': { roles: [], releases: [['1.0.0', old]], records: [], untimed: true },
  // The newest release is of tomorrow: somebody's clock is wrong.
  'tomorrow-kit': {
    roles: [],
    releases: [
      ['1.0.0', old],
      ['1.1.0', -20],
    ],
    records: [],
  },
  // The newest release is a preview.
  'beta-rag': {
    roles: ['rag'],
    releases: [
      ['1.0.0', old],
      ['2.0.0-rc.1', old],
    ],
    records: [],
  },
};

export const miniNames: readonly string[] = Object.keys(packages);

export function miniRoles(name: string): readonly string[] {
  return packageOf(name)?.roles ?? [];
}

/** The registry's list; `undefined` where it knows no such name. */
export function miniReleases(ecosystem: MiniEcosystem, name: string): readonly Release[] | undefined {
  const releases = packageOf(name)?.releases ?? [];
  if (releases.length === 0) return undefined;
  return releases.map(([version, hours, yanked]) => ({
    version: written(ecosystem, version),
    ...(!packageOf(name)?.untimed && { publishedAt: new Date(miniNow.getTime() - hours * 3_600_000) }),
    ...packageOf(name)?.traits?.[version],
    ...(yanked && { [ecosystem === 'PyPI' ? 'yanked' : 'deprecated']: yanked === true ? 'broken' : yanked }),
  }));
}

/** What the registry knows of it. */
export function miniRecord(ecosystem: MiniEcosystem, name: string): PackageRecord {
  const releases = miniReleases(ecosystem, name);
  return { exists: releases !== undefined, releases: releases ?? [], ...packageOf(name)?.record };
}

/** The known name that it looks like. */
export function miniSimilar({ name }: { readonly name: string }): Similar | undefined {
  return packageOf(name)?.like;
}

/** The records that name this package, in OSV's form. */
export function miniRecords(ecosystem: MiniEcosystem, name: string): readonly Record<string, unknown>[] {
  return (packageOf(name)?.records ?? []).map((record) => ({
    schema_version: '1.7.5',
    id: record.id,
    aliases: record.aliases ?? [],
    summary: `${record.id} in ${name}`,
    published: '2026-05-01T00:00:00Z',
    modified: '2026-05-02T00:00:00Z',
    affected: [
      {
        package: { ecosystem, name },
        ...(record.versions && { versions: record.versions }),
        ...(record.ranges && {
          ranges: record.ranges.map(([introduced, fixed]) => ({
            type: ecosystem === 'npm' ? 'SEMVER' : 'ECOSYSTEM',
            events: [{ introduced }, ...(fixed === undefined ? [] : [{ fixed }])],
          })),
        }),
      },
    ],
    ...(record.severity && { database_specific: { severity: record.severity } }),
  }));
}

function packageOf(name: string): MiniPackage | undefined {
  return Object.hasOwn(packages, name) ? packages[name] : undefined;
}

function written(ecosystem: MiniEcosystem, version: string): string {
  return ecosystem === 'PyPI' ? version.replace('-rc.', 'rc') : version;
}
