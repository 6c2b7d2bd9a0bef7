import type { Declaration, PackageId } from './declaration';
import type { ReleaseAgeSetting } from './releaseAge';
import type { Span } from './span';

/** What a reader could not read, or what the package manager would reject. */
export interface Problem {
  /**
   * `invalid`: this entry was understood well enough to say that the package manager would reject it.
   * `unreadable`: this part of the file could not be read, so nobody knows what it declares; the check is incomplete.
   */
  readonly kind: 'invalid' | 'unreadable';
  readonly span: Span;
  readonly message: string;
  /** Of a lockfile: all but these entries was read for sure, so that what it says of the others holds. */
  readonly partial?: true;
}

/** A file-wide option that says where packages come from, such as `--extra-index-url` or `[[tool.uv.index]]`. */
export interface IndexOption {
  readonly kind: 'index' | 'extra-index' | 'find-links' | 'trusted-host' | 'no-index';
  /** Address (or host), credentials and `${VAR}` as written. */
  readonly value: string;
  readonly span: Span;
  /** The index's name, where the format gives it one. */
  readonly name?: string;
  /** Only used by entries that name it (`explicit = true`). */
  readonly explicit?: boolean;
  /** Indexes are asked in their order, and the first that has the package at all is taken: another one's higher version is not looked at. */
  readonly firstMatch?: boolean;
}

/** Another file that this one pulls in (`-r`, `-c`). */
export interface Include {
  readonly kind: 'requirements' | 'constraints';
  /** As written: relative to the including file, or a URL. */
  readonly target: string;
  readonly span: Span;
}

/** A manifest, read. Reading never throws and never stops at a fault: what could not be read is a {@link Problem}. */
export interface Manifest {
  readonly declarations: readonly Declaration[];
  readonly problems: readonly Problem[];
  readonly indexes: readonly IndexOption[];
  readonly includes: readonly Include[];
  /** npm scopes (`@scope`) that the settings around the file bind to a registry, as written, whoever asks for their packages; `by`: the file. */
  readonly boundScopes?: readonly { readonly scope: string; readonly index: string; readonly by?: string }[];
  /** What the file says of the project itself. */
  readonly project?: ProjectFacts;
  /** The limits on the age of releases that the project's tools obey, of each tool the nearest first, bots last. */
  readonly releaseAge?: readonly ReleaseAgeSetting[];
  /** What the project says of code that runs at installation (npm). */
  readonly installScripts?: ScriptRules;
}

/** Which packages may run code when they are installed, by the project's own settings. */
export interface ScriptRules {
  /** Packages about which somebody has decided, be it yes or no; `range` where only for some releases. */
  readonly decided: readonly { readonly name: string; readonly range?: string }[];
  /** Nothing runs at all, as a setting says: `ignore-scripts of .npmrc`. */
  readonly noneRun?: string;
}

export interface ProjectFacts {
  /** The project's own name, normalized: what asks for it asks for the project itself. */
  readonly name?: string;
  /** The name by which other manifests of a workspace may ask for it, where asking for it here would mean another package. */
  readonly memberName?: string;
  /** Why the project is a library, whose users never see its lockfile, as a clause: `it has main and is not private`. */
  readonly library?: string;
  /** Id of the {@link LockfileReader} of the tool that the file names (`packageManager`, `[tool.poetry]`). */
  readonly lockedBy?: string;
  /** The manifest at the root of the project that this one is a part of. */
  readonly partOf?: string;
}

/** A file that a reader asked for beside its own, such as `pnpm-workspace.yaml`. */
export interface Companion {
  /** Workspace-relative, forward slashes. */
  readonly path: string;
  readonly text: string;
}

export interface ReadContext {
  /** Workspace-relative path of the file, forward slashes. */
  readonly path: string;
  /**
   * Of each name in {@link ManifestReader.companions}, the files found from the manifest's folder up to the workspace root,
   * nearest first; then those of {@link ManifestReader.rootCompanions}.
   */
  readonly companions: readonly Companion[];
  /** A requirements file that was reached by `-c` is read as constraints. */
  readonly as?: 'constraints';
}

/** A change of one file. `file` is a workspace-relative path, since a catalog's entry lies elsewhere than the finding. */
export interface Edit {
  readonly file: string;
  readonly span: Span;
  readonly newText: string;
  /** There is no such file yet: this is its whole text. */
  readonly creates?: true;
}

/** A limit on the age of releases, as a tool's own setting. */
export interface AgeLimitEdit {
  /** What will stand there, for people: `min-release-age=3 in .npmrc`. */
  readonly what: string;
  readonly edits: readonly Edit[];
}

/** The releases of a brought package that are to be taken: this one or a later one, or any but these (ascending). */
export type OverrideWish = { readonly from: string } | { readonly without: readonly string[] };

/** The notation of one kind of manifest: how a check's wish is written there. `undefined`: it cannot be done without lying. */
export interface ManifestEditor {
  /** Makes the entry stand for exactly this release. */
  pin(document: EditedDocument, declaration: Declaration, version: string): Edit[] | undefined;
  /** The same, with the hashes of all files of the release (`sha256:hex`) in the place of those that the entry demands. */
  pinWithHashes?(document: EditedDocument, declaration: Declaration, version: string, hashes: readonly string[]): Edit[] | undefined;
  /** Takes these releases out of the entry's range, where the notation can say so. */
  exclude(document: EditedDocument, declaration: Declaration, versions: readonly string[]): Edit[] | undefined;
  /** Removes the entry and what separates it from its neighbours. */
  remove(document: EditedDocument, declaration: Declaration): Edit[] | undefined;
  /** Has the entry name this package instead, and leaves everything else of it as it is. Not where the file names that one already. */
  rename?(document: EditedDocument, declaration: Declaration, name: string): Edit[] | undefined;
  /**
   * Has the package manager take other releases of a package that others bring along, by the lever of the tool that wrote
   * the lockfile (npm's `overrides`, a constraint of uv's). It may lie in the manifest at the lockfile's side.
   */
  override?(
    document: EditedDocument,
    pkg: PackageId,
    wish: OverrideWish,
    lock: { readonly tool: string; readonly folder: string },
  ): Edit[] | undefined;
  /**
   * Has the project's tool pass over releases that are younger than this, in the tool's own file and unit. `tool` is the id of
   * the reader of its lockfile, where there is one.
   */
  limitReleaseAge?(document: EditedDocument, ageMs: number, tool: string | undefined): AgeLimitEdit | undefined;
}

/** What an edit is computed on: the text as it stands now, and what was read in it. */
export interface EditedDocument {
  readonly path: string;
  readonly text: string;
  readonly manifest: Manifest;
  readonly companions: readonly Companion[];
}

/** What is known of a kind of manifest before one is read. */
export interface ManifestFacts {
  /** Stable name for people and tests: `package.json`, `requirements`, `pyproject.toml`. */
  readonly id: string;
  /** Glob patterns (VS Code's dialect), from which activation events, document selectors and watchers are generated. */
  readonly patterns: readonly string[];
  /** Whether a workspace-relative path is such a file. Agrees with `patterns`. */
  matches(path: string): boolean;
  /** Whether a file named by hand (`merlon check foo.txt`) can be read as one, although it does not match. */
  accepts?(path: string): boolean;
  /** Base names of files beside or above that change what this one means. */
  readonly companions: readonly string[];
  /** Paths of files at the workspace's root alone that do so too: the settings of bots. */
  readonly rootCompanions?: readonly string[];
}

/** How one kind of manifest is read, and written to. */
export interface ManifestReading {
  /** Pure, tolerant, never throws, on any string. */
  read(text: string, context: ReadContext): Manifest;
  /** Where the heads of these sections stand ({@link Declaration.section}), such as their keys. Absent: the file is one section. */
  sectionHeads?(text: string, sections: readonly string[]): readonly (Span | undefined)[];
  readonly edit: ManifestEditor;
}

/** One kind of manifest. One new kind = one new reading and one entry in its ecosystem's list. */
export interface ManifestReader extends ManifestFacts, ManifestReading {}
