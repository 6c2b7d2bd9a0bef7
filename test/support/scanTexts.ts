import { toAdvisory } from '../../server/src/advisories/advisory';
import { readOsvRecord } from '../../server/src/advisories/osvRecord';
import type { Policy } from '../../server/src/core/check';
import type { Registry } from '../../server/src/core/ecosystem';
import type { Advisory } from '../../server/src/core/advisory';
import type { PackageId } from '../../server/src/core/declaration';
import type { Feed } from '../../server/src/core/feed';
import type { Files } from '../../server/src/core/io';
import { mapLookup } from '../../server/src/core/lookup';
import type { Report, ScannedFile } from '../../server/src/core/report';
import { checks } from '../../server/src/checks';
import { ecosystemOf, ecosystems, kindOf, lockKindOf } from '../../server/src/ecosystems';
import { createBundledFeed } from '../../server/src/feeds/bundled';
import { rolesOf } from '../../server/src/policy/catalogue';
import { similarTo } from '../../server/src/policy/similar';
import { createEngine, type Rules } from '../../server/src/scan/engine';
import { createLockStore, readLock } from '../../server/src/scan/lockStore';
import { createProject } from '../../server/src/scan/project';
import { miniNow, miniRecords, miniRecord, miniRoles, miniSimilar, type MiniEcosystem } from './miniRegistry';

export interface ScanSettings {
  readonly policy?: Partial<Policy>;
  /** Without registries the cures are what the advisories alone can say. */
  readonly registries?: 'off' | 'down';
  /** What Merlon ships with, in place of the mini registry: its bundled incidents and its catalogue. */
  readonly world?: 'bundled';
  /** Have every project be told that it limits the age of releases nowhere, as hardly any text of a test does. */
  readonly releaseAge?: 'told';
}

/** Scans texts as files of one workspace, by the real readers and the real engine, on the mini registry. */
export async function scanTexts(files: ReadonlyMap<string, string>, settings: ScanSettings = {}): Promise<readonly ScannedFile[]> {
  const reader: Files = {
    read: (path) => {
      const text = files.get(path);
      return Promise.resolve(text === undefined ? { state: 'absent' } : { state: 'text', text });
    },
  };
  const project = createProject({ files: reader, top: '' });
  const entries = [...files.keys()].flatMap((path) => {
    const kind = kindOf(path);
    return kind ? [{ path, kind }] : [];
  });
  await project.load(entries);
  const bundled = settings.world === 'bundled' ? createBundledFeed({ versionsOf: (id) => ecosystemOf(id)?.versions }) : undefined;
  const engine = createEngine({
    checks,
    feeds: [bundled ?? miniFeed],
    registries:
      settings.registries === 'off' || bundled
        ? new Map()
        : new Map(ecosystems.map(({ id }) => [id, settings.registries ? downRegistry : miniRegistry(id as MiniEcosystem)])),
    rolesOf: bundled ? rolesOf : ({ name }) => miniRoles(name),
    similarTo: bundled ? similarTo : miniSimilar,
    clock: { now: () => miniNow },
    disabled: [],
    onFault: (check, error) => {
      throw new Error(`${check.id} threw`, { cause: error });
    },
  });
  const rules: Rules = {
    policy: {
      unpinnedScope: 'ai',
      minimumReleaseAgeMs: 3 * 86_400_000,
      ...settings.policy,
      rules: { ...(settings.releaseAge ? {} : { 'release-age-setting': 'off' as const }), ...settings.policy?.rules },
    },
    privatePackages: [],
  };
  const locks = createLockStore(async (path, kind) => readLock(await reader.read(path), kind));
  await locks.load([...files.keys()].flatMap((path) => (lockKindOf(path) ? [{ path, kind: lockKindOf(path)! }] : [])));
  return project.documents().map((document) => engine.assess(document, rules, locks.documents()));
}

/** A complete report on such texts, of which `more` may say otherwise. */
export async function reportOn(texts: Readonly<Record<string, string>>, more: Partial<Report> = {}): Promise<Report> {
  const files = await scanTexts(new Map(Object.entries(texts)));
  return { sources: [], files, unread: [], locks: [], withheld: 0, complete: true, ...more };
}

const miniFeed: Feed = {
  id: 'mini',
  network: false,
  held: (packages) => packages.map((pkg) => ({ state: 'known', value: miniAdvisories(pkg), asOf: miniNow })),
  advisoriesFor: (packages) => Promise.resolve(miniFeed.held(packages)),
};

function miniAdvisories(pkg: PackageId): readonly Advisory[] {
  const { versions } = ecosystems.find(({ id }) => id === pkg.ecosystem)!;
  return miniRecords(pkg.ecosystem as MiniEcosystem, pkg.name)
    .map((record) => toAdvisory(readOsvRecord(record)!, pkg, versions, 'mini'))
    .filter((advisory) => advisory !== undefined);
}

const down = { state: 'unavailable', reason: 'the registry is down' } as const;
const downRegistry: Registry = {
  id: 'down',
  held: () => down,
  recordOf: () => Promise.resolve(down),
  existence: () => down,
  knowExistence: () => Promise.resolve(down),
};

function miniRegistry(ecosystem: MiniEcosystem): Registry {
  const registry: Registry = {
    id: `mini ${ecosystem}`,
    held: (name) => ({ state: 'known', value: miniRecord(ecosystem, name), asOf: miniNow }),
    recordOf: (name) => Promise.resolve(registry.held(name)),
    existence: (name) => mapLookup(registry.held(name), ({ exists }) => exists),
    knowExistence: (name) => Promise.resolve(registry.existence(name)),
  };
  return registry;
}
