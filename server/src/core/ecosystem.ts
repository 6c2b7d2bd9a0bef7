import type { EnvironmentQuestion, EnvironmentReading, InstalledFiles, OnVerified } from './environment';
import type { FeedContext } from './feed';
import type { IndexPlanner, IndexSettings } from './indexes';
import type { FolderFiles } from './io';
import type { LockfileReader } from './lockfile';
import type { Lookup } from './lookup';
import type { ManifestReader } from './manifest';
import type { PackageRecord, ReleaseFile } from './release';
import type { Versions } from './versions';

/** A registry client: what is known there of a package. */
export interface Registry {
  readonly id: string;
  /** Memory alone; `pending` where it must be asked. */
  held(name: string): Lookup<PackageRecord>;
  recordOf(name: string, signal?: AbortSignal): Promise<Lookup<PackageRecord>>;
  /** Whether there is such a package, from memory alone. A yes stands for seven days, a no for one hour. */
  existence(name: string): Lookup<boolean>;
  /** Asks only where `existence` does not know; what it learns is a whole record. Failures are values; only an abort rejects. */
  knowExistence(name: string, signal?: AbortSignal): Promise<Lookup<boolean>>;
  /** The files of one release, for who verifies or hashes them. Kept by nobody. */
  filesOf?(name: string, version: string, signal?: AbortSignal): Promise<Lookup<readonly ReleaseFile[]>>;
  /** The attestations of such a file, in the registry's own form: JSON that nobody has looked at. Asked for only where it lists some. */
  attestationsOf?(name: string, version: string, file: ReleaseFile, signal?: AbortSignal): Promise<Lookup<unknown>>;
  /** The keys with which it signs releases, in its own form. */
  signingKeys?(signal?: AbortSignal): Promise<Lookup<unknown>>;
  /** Takes every answer for old, or that about one name: it is still shown, and asked again. */
  expire?(name?: string): void;
}

/** An installed release, as its own metadata names it. */
export interface InstalledVersion {
  readonly version: string;
  /** The file, or folder, that says so; workspace-relative. */
  readonly file: string;
}

/** One package ecosystem. One new ecosystem = one new folder and one line in ecosystems/index.ts. */
export interface Ecosystem {
  /** OSV's name: `npm`, `PyPI`. */
  readonly id: string;
  readonly purlType: string;
  readonly manifests: readonly ManifestReader[];
  readonly lockfiles: readonly LockfileReader[];
  readonly versions: Versions;
  /** The name under which feeds and registries know what is written. */
  normalizeName(written: string): string;
  /** What its registry is called among the sources of a report: `npm-registry`, `pypi`. */
  readonly registryId: string;
  /** A client for the registry at this address. */
  registry(baseUrl: string, context: FeedContext): Registry;
  /** By which addresses the tools of this ecosystem look packages up. */
  readonly planIndexes: IndexPlanner;
  /** Every address that the tools of this ecosystem have for an index or a registry here, whatever they use it for; as written. */
  indexesSetUp(settings: IndexSettings): readonly string[];
  /** Reads what is installed in an environment of this ecosystem. Pure but for what the files show. */
  readEnvironment(files: InstalledFiles, question: EnvironmentQuestion, onVerified: OnVerified): EnvironmentReading;
  /**
   * Which releases of these packages (normalized names) are installed where code in this folder would find them: the
   * environment in the folder itself alone. By name; only what is there for sure.
   */
  installedIn(folder: string, names: ReadonlySet<string>, files: FolderFiles): Promise<ReadonlyMap<string, InstalledVersion>>;
  /** A page for people about one package. */
  packageUrl(name: string): string;
}
