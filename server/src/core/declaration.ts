import type { Span } from './span';

/** A package as feeds and registries know it. */
export interface PackageId {
  /** OSV's name of the ecosystem: `npm`, `PyPI`. */
  readonly ecosystem: string;
  /** The ecosystem's normalized name (PEP 503 for PyPI; verbatim for npm). `''` where an entry names none. */
  readonly name: string;
}

/** What a dependency is for. Extras and `optional = true` are optional; PEP 735 groups and their forerunners are dev. */
export type Group = 'runtime' | 'dev' | 'optional' | 'peer' | 'build' | 'override' | 'constraint';

/** Where a release of the package comes from. */
export type Source =
  | {
      readonly kind: 'registry';
      /**
       * The range in the ecosystem's own language, whatever the notation of the file: a PEP 440 specifier set
       * (alternatives, which only Poetry has, are joined by `||`), or a node-semver range. `''` admits everything.
       */
      readonly range: string;
      /** An npm dist-tag (`latest`): a name that moves. `range` is then `''`. */
      readonly tag?: string;
    }
  | {
      readonly kind: 'git' | 'url';
      /** The address as written, without the revision. */
      readonly url: string;
      /** Of a git source: commit, tag or branch as written. */
      readonly revision?: string;
    }
  | { readonly kind: 'path' | 'workspace'; readonly path: string };

/** One entry of a manifest that names, or points at, something to install. */
export interface Declaration {
  readonly package: PackageId;
  /** The name to the letter as it stands at `spans.name`; `''` where there is none. */
  readonly writtenName: string;
  readonly source: Source;
  readonly group: Group;
  /** Dotted path of the table or object that holds the entry (`tool.poetry.group.dev.dependencies`); `''` in a requirements file. */
  readonly section: string;
  /** The specifier to the letter as it stands at `spans.range`; `''` where there is none or where the source is git, url or path. */
  readonly specifier: string;
  readonly spans: {
    /** The whole entry, such as the requirement, or key and value. */
    readonly entry: Span;
    readonly name?: Span;
    readonly range?: Span;
  };
  readonly extras: readonly string[];
  /** The PEP 508 marker as written (other notations: rewritten as one), without the `;`. */
  readonly marker?: string;
  /** `alg:hex` of each hash that the entry demands. */
  readonly hashes: readonly string[];
  /**
   * The index that this entry is bound to (a row of `tool.uv.sources`, Poetry's `source`, an npm scope's registry):
   * its name or address. The name of such a package is asked nowhere else.
   */
  readonly boundIndex?: string;
  /** Its address, where it is bound by a name. */
  readonly boundAddress?: string;
  /** The file that binds it, where that is another one than its own. */
  readonly boundBy?: string;
  /** Why no edit may touch the entry (escapes in its string, a variable in its version, …), as a clause for people. */
  readonly frozen?: string;
  /** Where an override or a constraint makes `source` another one: the range as the entry itself has it, and who decides, for people. */
  readonly bounded?: { readonly own: string; readonly by: string };
  /** What changed the outcome on the way from the written text to `source` (an alias, a catalog entry, a sources row), for the hover. */
  readonly notes: readonly string[];
  /** What only the reader that made it understands; its editor gets it back. */
  readonly detail?: unknown;
}
