import type { PackageId } from './declaration';
import type { Incident } from './incident';
import type { LockedPackage } from './lockfile';
import type { Span } from './span';

/**
 * A folder on disk that is looked at and never written, read in a worker: synchronous, since nothing else runs there.
 * Paths are relative to its root, with forward slashes. Links that lead out of the root are never followed. Nothing throws.
 */
export interface InstalledFiles {
  /** Sorted by name. A string says why the folder cannot be read; `undefined`: there is no such folder. */
  entries(folder: string): readonly InstalledEntry[] | string | undefined;
  /** The text, cut after so many bytes; what is no UTF-8 is replaced. */
  text(path: string, mostBytes: number): InstalledText;
  /** `expected`: where the digest is this one, a little work is saved. */
  digest(path: string, algorithm: DigestAlgorithm, expected?: string): InstalledDigest;
  /** In bytes; 0 where there is none. */
  size(path: string): number;
  /** Where a file or folder really lies, relative to the root; `undefined`: outside, or nowhere. */
  real(path: string): string | undefined;
  /** The one form of all spellings that this disk takes for the same name. */
  fold(path: string): string;
}

export interface InstalledEntry {
  readonly name: string;
  readonly kind: 'file' | 'folder' | 'link' | 'other';
}

/** Whether a folder could be listed. */
export function isListed(entries: readonly InstalledEntry[] | string | undefined): entries is readonly InstalledEntry[] {
  return Array.isArray(entries);
}

export type DigestAlgorithm = 'sha256' | 'sha384' | 'sha512';

export type Unseen =
  | { readonly state: 'absent' }
  /** It is a link that leads out of the root, or lies behind one. */
  | { readonly state: 'outside' }
  | { readonly state: 'unreadable'; readonly message: string };

export type InstalledText = { readonly state: 'text'; readonly text: string; readonly whole: boolean } | Unseen;
/** `digest` is urlsafe base64 without padding, as RECORD has it. */
export type InstalledDigest = { readonly state: 'known'; readonly digest: string; readonly size: number } | Unseen;

/** A file that is not what its installer wrote down. */
export interface FileFault {
  readonly kind: 'changed' | 'missing' | 'unowned';
  readonly path: string;
  /** What differs, as a clause: `it has 120 bytes where RECORD says 80`. */
  readonly detail?: string;
  /** How many more of the same kind are not listed one by one; they lie in the folder `path`, where it ends in `/`. */
  readonly more?: number;
}

/** One distribution or package that was found installed. */
export interface InstalledRelease {
  readonly package: PackageId;
  /** `''` where nothing says. */
  readonly version: string;
  /** METADATA, PKG-INFO or package.json. */
  readonly file: string;
  /** The file's text as far as positions in it are needed. */
  readonly head: string;
  /** Where the version stands in `head`, else the name. */
  readonly span: Span;
  readonly source: 'registry' | 'git' | 'url' | 'path';
  /** Where it came from, where that is no registry: an address without credentials, or a path. */
  readonly origin?: string;
  /** Its own manifest keeps it from being published: no registry has it, and its name is nobody's business. */
  readonly private?: true;
  /** The host of the registry, where the installer wrote it down. */
  readonly registry?: string;
  /** An SRI string or `sha256:…` of the archive that it came from, where the installer wrote it down. */
  readonly integrity?: string;
  readonly faults: readonly FileFault[];
}

/** A file that Python runs at every start. */
export interface StartupHook {
  readonly path: string;
  /** The distribution whose RECORD lists it; `''` where none does. */
  readonly owner: string;
  readonly text: string;
  /** The lines that run; of a module its first characters. */
  readonly runs: readonly Span[];
  /** Lower-case hex; absent where it could not be read. */
  readonly sha256?: string;
  /** The tool whose hook this is by its name and by its content. */
  readonly knownAs?: string;
}

/**
 * What may show that malware was here: a command that an editor or an agent runs by itself, a `binding.gyp` with nothing to
 * compile, a file of a name that an incident gives.
 */
export interface Trace {
  readonly path: string;
  readonly kind: 'agent-hook' | 'editor-task' | 'bare-gyp' | 'named-file';
  /** The distribution or package that the file belongs to; `''` where it is the project's own. */
  readonly owner: string;
  readonly text: string;
  readonly span: Span;
  /** What runs; `''` where nothing says. */
  readonly command: string;
  /** When it runs, in the words of the file: `SessionStart`, `folderOpen`; `''` of a file that nothing runs by itself. */
  readonly event: string;
  /** Lower-case hex; absent where it could not be read. */
  readonly sha256?: string;
}

export interface NotLooked {
  /** A file or folder in the words of the reading; the report gives it its own name. */
  readonly path?: string;
  /** What, at the path or at large; absent where it is the path itself. */
  readonly what?: string;
  readonly reason: string;
  /** It should have been looked at and could not be: the report is incomplete. */
  readonly fault?: true;
}

/** What was looked at in one place, and what was not. There is no word for "clean". */
export interface Coverage {
  readonly path: string;
  readonly looked: readonly string[];
  readonly notLooked: readonly { readonly what: string; readonly reason: string; readonly fault?: true }[];
  readonly packages?: number;
  readonly files?: number;
}

/** What a reading says of itself, in its own words for paths. */
export type ReadCoverage = Omit<Coverage, 'path' | 'notLooked'> & { readonly notLooked: readonly NotLooked[] };

/** What was found in one environment. Plain data: it comes out of a worker. */
export interface EnvironmentReading {
  /** OSV's name of the ecosystem. */
  readonly ecosystem: string;
  readonly releases: readonly InstalledRelease[];
  readonly unowned: readonly FileFault[];
  readonly hooks: readonly StartupHook[];
  readonly traces: readonly Trace[];
  /** What npm wrote down about the tree that it installed (`node_modules/.package-lock.json`), relative to the folder that holds node_modules. */
  readonly installerList?: { readonly file: string; readonly locked: readonly LockedPackage[] };
  readonly coverage: ReadCoverage;
}

/** What the reading of one environment is asked for. `share` of `shares`: several workers verify one environment. */
export interface EnvironmentQuestion {
  /** Folder of the environment, relative to the root of its files. */
  readonly folder: string;
  readonly share: number;
  readonly shares: number;
  /** Whose file names are looked for. */
  readonly incidents: readonly Incident[];
}

/** Told how far the work has come; called often. */
export type OnVerified = (files: number, of: string) => void;

/** A digest of {@link InstalledFiles} as lower-case hex, as incidents have it. */
export function hexOf(digest: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  let bits = '';
  for (const character of digest) bits += alphabet.indexOf(character).toString(2).padStart(6, '0');
  return (bits.match(/[01]{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2).toString(16).padStart(2, '0')).join('');
}

/** What was found in a project beside its environments. */
export interface WorkspaceReading {
  readonly traces: readonly Trace[];
  readonly coverage: ReadCoverage;
}
