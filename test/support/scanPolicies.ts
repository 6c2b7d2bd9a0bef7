import { toAdvisory } from '../../server/src/advisories/advisory';
import { readOsvRecord } from '../../server/src/advisories/osvRecord';
import { checks } from '../../server/src/checks';
import type { Feed } from '../../server/src/core/feed';
import type { Finding } from '../../server/src/core/finding';
import type { Files } from '../../server/src/core/io';
import type { Release } from '../../server/src/core/release';
import type { Report } from '../../server/src/core/report';
import { ecosystems, kindOf, lockKindOf } from '../../server/src/ecosystems';
import type { PolicyFile } from '../../server/src/policy/policyFile';
import { readSettings } from '../../server/src/policy/settings';
import { excluder } from '../../server/src/platform/walk';
import { createEngine } from '../../server/src/scan/engine';
import { createLockStore, readLock } from '../../server/src/scan/lockStore';
import { createPolicies, isPolicyFile, knownNames } from '../../server/src/scan/policies';
import { scanPolicies as policiesIn } from '../../server/src/scan/policyFindings';
import { createProject } from '../../server/src/scan/project';
import { miniNow, miniRecord, miniRecords, type MiniEcosystem } from './miniRegistry';

export interface PolicyScan {
  readonly settings?: { readonly rules?: object; readonly [key: string]: unknown };
  readonly trusted?: boolean;
  readonly now?: Date;
  readonly override?: PolicyFile;
  /** Whether all of the workspace was looked at. */
  readonly whole?: boolean;
  /** In place of those of the mini registry. */
  readonly releases?: Readonly<Record<string, readonly Release[]>>;
}

export const known = knownNames(checks, ecosystems);

/** Scans texts as the files of one workspace under the policy files among them, by the real engine on the mini registry. */
export async function scanPolicies(texts: Readonly<Record<string, string>>, scan: PolicyScan = {}): Promise<Report> {
  const files: Files = {
    read: (path) => Promise.resolve(Object.hasOwn(texts, path) ? { state: 'text', text: texts[path]! } : { state: 'absent' }),
    list: () => Promise.resolve([]),
  };
  // About every project of these tests, and none of their business.
  const quiet = { 'release-age-setting': 'off' };
  const settings = readSettings({ ...scan.settings, rules: { ...quiet, ...scan.settings?.rules } });
  const { policy, privatePackages } = settings;
  const base = { policy, privatePackages, trusted: scan.trusted ?? true, ...(scan.override && { override: scan.override }) };
  const policies = createPolicies({ known, excluder }, base);
  for (const path of Object.keys(texts)) if (isPolicyFile(path)) policies.set(path, await files.read(path));
  const project = createProject({ files, top: '' });
  await project.load(
    Object.keys(texts).flatMap((path) => {
      const kind = kindOf(path);
      return kind && !policies.isExcluded(path) ? [{ path, kind }] : [];
    }),
  );
  const locks = createLockStore(async (name, kind) => readLock(await files.read(name), kind));
  await locks.load(Object.keys(texts).flatMap((path) => (lockKindOf(path) ? [{ path, kind: lockKindOf(path)! }] : [])));
  const registry = (ecosystem: string) => ({
    id: `mini ${ecosystem}`,
    held: (name: string) => {
      const own = scan.releases?.[name];
      const value = own ? { exists: true, releases: own } : miniRecord(ecosystem as MiniEcosystem, name);
      return { state: 'known' as const, value, asOf: miniNow };
    },
    recordOf: (name: string) => Promise.resolve(registry(ecosystem).held(name)),
    existence: () => ({ state: 'known' as const, value: true, asOf: miniNow }),
    knowExistence: () => Promise.resolve({ state: 'known' as const, value: true, asOf: miniNow }),
  });
  const now = scan.now ?? miniNow;
  const engine = createEngine({
    checks,
    feeds: [miniFeed],
    registries: new Map(ecosystems.map(({ id }) => [id, registry(id)])),
    rolesOf: () => [],
    clock: { now: () => now },
    disabled: [],
    onFault: (check, error) => {
      throw new Error(`${check.id} threw`, { cause: error });
    },
  });
  const scanned = project.documents().map((document) => engine.assess(document, policies.rulesOf(document.path), locks.documents()));
  const scannedLocks = locks.documents().map((lock) => engine.assessLock(lock, policies.rulesOf(lock.path)));
  const report = engine.report(scanned, [], scannedLocks);
  return {
    ...report,
    policies: policiesIn(policies, { checks, now, report, isWhole: () => scan.whole ?? true, onFault: () => undefined }),
  };
}

/** `file: rule: message`, of findings as people would note them. */
export function told(findings: readonly Finding[]): string[] {
  return findings.map(({ file, rule, message }) => `${file}: ${rule}: ${message}`);
}

export const live = (report: Report) => told([...report.files, ...report.locks].flatMap(({ findings }) => findings));
export const suppressed = (report: Report) => told([...report.files, ...report.locks].flatMap((file) => file.suppressed));
export const policyFaults = (report: Report) => told((report.policies ?? []).flatMap(({ findings }) => findings));

const miniFeed: Feed = {
  id: 'mini',
  network: false,
  held: (packages) =>
    packages.map((pkg) => {
      const { versions } = ecosystems.find(({ id }) => id === pkg.ecosystem)!;
      const advisories = miniRecords(pkg.ecosystem as MiniEcosystem, pkg.name).flatMap(
        (record) => toAdvisory(readOsvRecord(record)!, pkg, versions, 'mini') ?? [],
      );
      return { state: 'known', value: advisories, asOf: miniNow };
    }),
  advisoriesFor: (packages) => Promise.resolve(miniFeed.held(packages)),
};
