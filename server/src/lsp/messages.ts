/**
 * What our client and our server say to each other beyond LSP. Plain data, no library: both sides import this file, and it is all
 * that the client knows of the server. A client that does not know these messages loses nothing but the status item and the
 * commands; {@link STATUS} is sent only to a client whose capabilities say `experimental: { merlonStatus: true }`.
 */

/**
 * The settings object without its prefix, nested, as every client sends it. Ours adds what only VS Code knows. Under
 * `workspace/configuration` the section `merlon` holds the settings alone.
 */
export type InitializationOptions = Readonly<Record<string, unknown>> & { readonly environment?: Environment };

/** How the editor reaches the network, and how far it trusts the workspace. */
export interface Environment {
  /** VS Code's workspace trust. Not trusted: parsing and lookups go on, nothing outside the workspace is read. */
  readonly trusted: boolean;
  /** `http.proxy`; `''` where none is set. `merlon.http.proxy` wins over it, it wins over the environment's variables. */
  readonly proxy: string;
  /** `http.noProxy`: hosts that are reached directly. */
  readonly noProxy: readonly string[];
  /** `http.proxyStrictSSL`: whether certificates are verified. */
  readonly strictSSL: boolean;
}

/** Notification, client to server: sent when one of the values has changed. The first ones stand in the initialization options. */
export const ENVIRONMENT = 'merlon/environment';

/**
 * `fresh`: every source answered, and answers are young. `checking`: a source is being asked. `offline`: no network source
 * answers; what is shown is the last known or the bundle's. `unavailable`: some source could not be asked. `local`: the settings ask
 * for local sources alone. `off`: `merlon.feeds.mode` is off, so no advisories are known at all.
 */
export type StatusState = 'fresh' | 'checking' | 'offline' | 'unavailable' | 'local' | 'off';

export interface SourceStatus {
  /** `bundled`, `osv`, `npm-registry`, `pypi`, … */
  readonly id: string;
  readonly state: 'ok' | 'stale' | 'pending' | 'unavailable' | 'disabled';
  /** ISO time of what this source says at present. */
  readonly asOf?: string;
  /** ISO time since when it could not be asked. */
  readonly since?: string;
  /** One clause for people. */
  readonly reason?: string;
}

export interface Status {
  readonly state: StatusState;
  /** A few words: `fresh`, `checking`, `offline since 10:42`. The client puts the product's name before it. */
  readonly text: string;
  readonly detail: readonly SourceStatus[];
  /** ISO time of the oldest answer on which the findings rest. */
  readonly asOf?: string;
  /** How many names were sent nowhere since they are private. */
  readonly withheld: number;
}

/** Notification, server to client: sent after start, and whenever any of it has changed. */
export const STATUS = 'merlon/status';

/** Request, client to server, when the user asks: reads every manifest of the workspace again and asks every source again. */
export const CHECK_WORKSPACE = 'merlon/checkWorkspace';

export interface CheckWorkspaceResult {
  readonly files: number;
  readonly errors: number;
  readonly warnings: number;
  /** Information and hints. */
  readonly others: number;
  /** False where something could not be asked or read: then silence must not read as safe. */
  readonly complete: boolean;
}

/** Request, client to server, when the user asks: what pins the AI dependencies of one file or of all. It changes nothing by itself. */
export const PIN_AI = 'merlon/pinAi';

export interface PinAiParams {
  /** A document's URI, or `workspace` for every manifest in it. */
  readonly scope: string;
}

export interface PinAiResult {
  /**
   * An LSP WorkspaceEdit: `documentChanges` with versions (of open documents; null for others), each edit annotated, each
   * annotation with `needsConfirmation`, so that VS Code shows its refactor preview. Absent where nothing is to be pinned.
   */
  readonly edit?: object;
  readonly pinned: number;
  /** What could not be pinned, and why: `litellm in requirements.txt: its hashes cannot be renewed`. */
  readonly left: readonly string[];
}

/** Request without parameters, client to server, when the user asks: every request made so far, as Markdown. */
export const LEDGER = 'merlon/ledger';

/** Request without parameters, client to server, when the user asks: empties the cache in memory and on disk, and checks again. */
export const CLEAR_CACHE = 'merlon/clearCache';
