import type { PackageId } from './declaration';
import type { Problem } from './manifest';
import type { Span } from './span';

/** One release that a lockfile holds, at one place of its tree. */
export interface LockedPackage {
  /** What the reader finds the entry again by (`node_modules/a/node_modules/b`, `a@1.2.3(b@2.0.0)`, `litellm 1.82.6`); unique in its lock. */
  readonly key: string;
  readonly package: PackageId;
  /** `''` where the lock holds none: a project's own package, a dynamic version, a folder. */
  readonly version: string;
  readonly source: 'registry' | 'git' | 'url' | 'path' | 'workspace';
  /** The index or tarball host, where the lock names one; as written, without credentials. */
  readonly registry?: string;
  /**
   * Where its archives lie, as far as the lock has their addresses: of npm's tools up to the package's own name, of Python's scheme and host.
   * As written, without credentials. Absent where that is `https://` and `registry`.
   */
  readonly archives?: readonly string[];
  /** Of a git or url source the address with its commit, where the lock names one; as written, credentials included: nothing shows it as it is. */
  readonly origin?: string;
  /**
   * Of a git or url source: whatever asks for it here asks for a release of a registry. Of a registry's release: the entry names another one
   * than its address brings. Told of npm's tools, as far as the lock says it.
   */
  readonly unasked?: true;
  /** As the lock has it: an SPDX expression, or what stands in its place. Untrusted. */
  readonly license?: string;
  /** `sha256:…` (Python) or an SRI string (npm), as the lock has them. Yarn Berry's checksums are of its own archives and are left out. */
  readonly hashes: readonly string[];
  /** The lock has a hash that is of no use outside its tool, so `hashes` is empty. */
  readonly hashed?: true;
  /** The project itself or a member of its workspace: not something that was installed from elsewhere. */
  readonly own: boolean;
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly peer?: boolean;
  /** Shipped inside its parent's archive. */
  readonly bundled?: boolean;
  readonly installScript?: boolean;
  readonly deprecated?: string;
  /** The earliest upload of its files, where the format has times (uv, pylock). */
  readonly uploadedAt?: Date;
  /** Positions in {@link Lock.packages} of what it depends on; of several that a marker chooses between, all. */
  readonly dependencies: readonly number[];
}

/** What a project, or a member of its workspace, asks for, and which release that became. */
export interface LockedRoot {
  /** Folder of the manifest that asks, relative to the lockfile's folder, forward slashes; `''` for the folder itself. */
  readonly importer: string;
  /** The name under which it is asked for: an alias where there is one. */
  readonly name: string;
  /**
   * The section that asks, in the manifest's words (`dependencies`, `devDependencies`, `optional-dependencies.x`, `dev-dependencies.dev`),
   * where the lock says so.
   */
  readonly section?: string;
  /** The range as it stood when the lock was written, where the lock records it. */
  readonly specifier?: string;
  /** Positions in {@link Lock.packages}; several where markers choose between releases. */
  readonly packages: readonly number[];
}

/** A lockfile, read. Reading never throws; what cannot be read is a problem, and then `packages` may lack entries. */
export interface Lock {
  /** Format and version, for people: `package-lock 3`, `pnpm-lock 9.0`, `uv.lock 1.3`. */
  readonly format: string;
  readonly packages: readonly LockedPackage[];
  /** Whether the format says who asks for what. Without (poetry.lock, pdm.lock, Pipfile.lock), a declaration is matched by its name. */
  readonly roots: readonly LockedRoot[];
  /** The folders whose manifests the lock speaks for, `''` first. */
  readonly importers: readonly string[];
  /**
   * The groups that were locked, where the tool locks those alone that it is told to: the last names of manifests' sections, `default` for
   * the project's own.
   */
  readonly groups?: readonly string[];
  /** Any manifest below the lockfile's folder may ask by any root: yarn.lock knows descriptors alone. */
  readonly anyImporter?: true;
  /** No release that was uploaded after this was let in: a moment, or an ISO 8601 span before the day of locking (uv). */
  readonly excludeNewer?: string;
  /** `unreadable`: damaged, or written by a newer tool than Merlon knows. An unreadable lock is never taken for an empty one. */
  readonly problems: readonly Problem[];
}

/** What is known of a kind of lockfile before one is read. */
export interface LockfileFacts {
  /** Stable name: `package-lock`, `yarn`, `pnpm`, `bun`, `uv`, `poetry`, `pdm`, `pipfile`, `pylock`. */
  readonly id: string;
  /** Glob patterns, as those of {@link ManifestReader}. */
  readonly patterns: readonly string[];
  /** Which manifests of the same ecosystem the tool that writes this lockfile reads, by base name (`package.json`, `pyproject.toml`). */
  readonly manifests: readonly string[];
  /** Its files are no text: `read('')` says what there is to say. */
  readonly binary?: true;
  /** The base name of the lockfile that the tool reads instead, where both lie in one folder. */
  readonly succeededBy?: string;
  /** Normalized names that the tool leaves out of its lock, or did once, although a manifest asks for them. */
  readonly omits?: readonly string[];
  /** The command that writes the lock anew after a manifest has changed, for people. Never run. */
  readonly relock: string;
}

/** How one kind of lockfile is read. */
export interface LockfileReading {
  read(text: string): Lock;
  /** Where the entry stands; looked for only when a finding needs it. The span of the entry's name or key. */
  locate(text: string, entry: LockedPackage): Span | undefined;
  /** The same for who wants the places of all entries: what it costs to look through the text is paid once. */
  locator?(text: string): (entry: LockedPackage) => Span | undefined;
}

/** One kind of lockfile. One new kind = one new file and one entry in its ecosystem's list. */
export interface LockfileReader extends LockfileFacts, LockfileReading {
  matches(path: string): boolean;
}
