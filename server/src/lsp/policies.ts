import { checks } from '../checks';
import type { ScannedPolicy } from '../core/report';
import { ecosystems } from '../ecosystems';
import { excluder } from '../platform/walk';
import type { PolicyFile } from '../policy/policyFile';
import { policyDiagnosticsOf } from '../render/diagnostics';
import type { Rules } from '../scan/engine';
import { createPolicies, isPolicyFile, knownNames, policyFileName, type Policies, type PolicyBase } from '../scan/policies';
import { scanPolicies } from '../scan/policyFindings';
import type { Session } from '../session/session';
import type { Configuration } from './configuration';
import type { Folder } from './folder';
import type { Publisher } from './publisher';

/** How far the policy files of workspaces are believed, and which file stands in their place. */
export interface PolicyMode {
  readonly trusted: boolean;
  readonly override?: PolicyFile;
}

/** The policy files of every folder: what they decide, and what is wrong with them. */
export interface FolderPolicies {
  configure(session: Session, configuration: Configuration, mode: PolicyMode): void;
  rulesOf(folder: Folder, path?: string): Rules;
  /** Whether the settings, or a policy file, leave it out. */
  isExcluded(folder: Folder, path: string): boolean;
  /** The patterns of the settings. */
  excludeOf(folder: Folder): readonly string[];
  /** Takes the text of an open policy file. `walk`: what is left out has changed, so the folder is to be looked through anew. */
  take(folder: Folder, path: string, text: string): 'same' | 'judge' | 'walk';
  /** Reads policy files as they stand, those that are gone included. */
  read(folder: Folder, paths: Iterable<string>): Promise<'same' | 'judge' | 'walk'>;
  /** Takes these for all the policy files of a folder. */
  readAll(folder: Folder, paths: ReadonlySet<string>): Promise<void>;
  /** Judges the policy files of a folder by what was last assessed in it, and publishes what is wrong. Answers their paths. */
  assess(folder: Folder): readonly string[];
  /** Whether it matters to the folder's policy files what is found in it. */
  hasSuppressions(folder: Folder): boolean;
  /** The policy files, as they were last judged. */
  all(): readonly ScannedPolicy[];
  at(folder: Folder, path: string): ScannedPolicy | undefined;
  /**
   * The policy file that an entry about this file goes into; nothing where one has to be made. `none`: it would have no effect, since
   * the workspace is not trusted, or since the command line has named the one file.
   */
  toWrite(folder: Folder, path: string): PolicyFile | 'none' | undefined;
  forget(folder: Folder): void;
}

/** The names that policy files may use. */
export const knownToPolicies = knownNames(checks, ecosystems);
const known = knownToPolicies;

export function createFolderPolicies(publisher: Publisher): FolderPolicies {
  let session: Session;
  let configuration: Configuration;
  let mode: PolicyMode;
  const byFolder = new Map<Folder, Policies>();
  const scanned = new Map<Folder, readonly ScannedPolicy[]>();
  const excluders = new Map<Folder, (path: string) => boolean>();

  const baseOf = (folder: Folder): PolicyBase => {
    const { policy, privatePackages } = configuration.ofFolder(folder.uri);
    return { policy, privatePackages, ...mode };
  };
  const of = (folder: Folder): Policies => {
    let policies = byFolder.get(folder);
    if (!policies) byFolder.set(folder, (policies = createPolicies({ known, excluder }, baseOf(folder))));
    return policies;
  };
  const change = (folder: Folder, work: (policies: Policies) => boolean): 'same' | 'judge' | 'walk' => {
    const policies = of(folder);
    const before = policies.excludeKey();
    if (!work(policies)) return 'same';
    return policies.excludeKey() === before ? 'judge' : 'walk';
  };

  const folderPolicies: FolderPolicies = {
    configure(nextSession, nextConfiguration, nextMode) {
      session = nextSession;
      configuration = nextConfiguration;
      mode = nextMode;
      excluders.clear();
      for (const [folder, policies] of byFolder) policies.configure(baseOf(folder));
    },
    rulesOf: (folder, path = '') => of(folder).rulesOf(path),
    isExcluded(folder, path) {
      let excluded = excluders.get(folder);
      if (!excluded) excluders.set(folder, (excluded = excluder(folderPolicies.excludeOf(folder))));
      return excluded(path) || of(folder).isExcluded(path);
    },
    excludeOf: (folder) => configuration.ofFolder(folder.uri).exclude,
    take: (folder, path, text) => change(folder, (policies) => policies.set(path, { state: 'text', text })),
    async read(folder, paths) {
      const files = await Promise.all([...paths].map(async (path) => ({ path, file: await folder.files.read(path) })));
      return change(folder, (policies) => files.filter(({ path, file }) => policies.set(path, file)).length > 0);
    },
    async readAll(folder, paths) {
      const gone = of(folder)
        .held()
        .filter((path) => !paths.has(path));
      await folderPolicies.read(folder, [...paths, ...gone]);
    },
    assess(folder) {
      const policies = of(folder);
      const files = [...folder.assessed.values()].map(({ file }) => file);
      const locks = [...folder.assessedLocks.values()];
      const now = session.clock.now();
      // What was found matters to suppressions alone, and a large workspace is not looked through for nothing.
      const report = folderPolicies.hasSuppressions(folder)
        ? session.engine.report(files, [...folder.project.unread(), ...folder.unwalked], locks)
        : { files: [], locks: [], unread: [], sources: [], withheld: 0, complete: false };
      const isWhole = () => folder.whole && folder.isWalked && !folder.due.size;
      const result = scanPolicies(policies, { checks, now, report, isWhole, onFault: session.onFault });
      // The file of `--policy` lies elsewhere, and is told of by the command line.
      const own = mode.override ? [] : result;
      scanned.set(folder, own);
      for (const file of own) publisher.publish(folder, file.path, policyDiagnosticsOf(file, folder.uriOf));
      return own.map(({ path }) => path);
    },
    hasSuppressions: (folder) =>
      of(folder)
        .files()
        .some(({ suppressions }) => suppressions.length > 0),
    all: () => [...scanned.values()].flat(),
    at: (folder, path) => scanned.get(folder)?.find((file) => file.path === path),
    toWrite(folder, path) {
      if (mode.override || !mode.trusted) return 'none';
      const nearest = of(folder).rulesOf(path).policyFiles?.[0];
      const file = of(folder)
        .files()
        .find((one) => one.path === nearest?.path);
      // One that could not be read has no text to be changed.
      return file && file.text === '' && file.faults.length ? 'none' : file;
    },
    forget(folder) {
      byFolder.delete(folder);
      scanned.delete(folder);
      excluders.delete(folder);
    },
  };
  return folderPolicies;
}

/** The policy file that may lie beside a file that was opened alone. */
export function policyBeside(path: string): string {
  return path.slice(0, path.lastIndexOf('/') + 1) + policyFileName;
}

export { isPolicyFile };
