import type { Declaration } from './declaration';
import type { Registry } from './ecosystem';
import type { Companion, Manifest } from './manifest';

/** An index as somebody wrote it down. Of the user's ones the address holds no secret any more: see platform/userIndexes. */
export interface WrittenIndex {
  readonly address: string;
  /** Only what the user wrote may be filled in from the environment and has credentials of its own. */
  readonly by: 'project' | 'user';
}

/** By which addresses the project's tool looks a package up. */
export interface IndexPlan {
  /** In the order in which they are asked. `public` is what stands for the ecosystem's public registry on this machine. */
  readonly indexes: readonly ('public' | WrittenIndex)[];
  /** The first one that has the name is taken. Otherwise any release of any of them may be. */
  readonly firstMatch?: boolean;
  /** The package is bound to it: its name is told to nobody else. */
  readonly bound?: boolean;
  /** Why there is none to ask, as a clause. */
  readonly none?: string;
}

/** Who is asked about a package. */
export interface Place {
  readonly registry: Registry;
  /** The indexes of which it is made, each with its own state in a report. */
  readonly parts: readonly Registry[];
  /** The package is bound to an index of its own: nobody else is told its name. */
  readonly private: boolean;
  /** For people, where it is not the public registry alone: the indexes in their order. */
  readonly index?: string;
}

/** An index in the settings of a tool, with its name where it has one. */
export interface NamedIndex {
  readonly address: string;
  readonly name?: string;
  /** Only used by entries that name it. */
  readonly explicit?: boolean;
  /** It stands in the environment, which comes before the project's files. */
  readonly first?: boolean;
}

/** What the user has set up for one tool (`pip`, `uv`, `npm`, `yarn`, `bun`). */
export interface ToolIndexes {
  /** In place of the public registry. */
  readonly main?: NamedIndex;
  /** Beside it, in order. */
  readonly extra?: readonly NamedIndex[];
  /** npm scopes (`@scope`) to the address of their registry. */
  readonly scopes?: ReadonlyMap<string, string>;
  /** uv's `index-strategy`: whether the first index that has a name is taken. Absent where it is not set. */
  readonly firstMatch?: boolean;
  readonly noIndex?: boolean;
}

/** By tool. */
export type UserIndexes = Readonly<Record<string, ToolIndexes | undefined>>;

/** What decides where the packages of one manifest are looked up. */
export interface IndexSettings {
  readonly manifest: Manifest;
  readonly companions: readonly Companion[];
  readonly user: UserIndexes;
}

/** Pure, and never throws. */
export type IndexPlanner = (settings: IndexSettings) => (declaration: Declaration) => IndexPlan;
