/**
 * What our client and our server say to each other beyond LSP. Plain data, no library: both sides import this file, and it is all
 * that the client knows of the server. A client that does not know these messages loses nothing but the status item, the view of
 * dependencies and the commands; {@link STATUS} is sent only to a client whose capabilities say `experimental: { merlonStatus: true }`,
 * {@link ASSESSED} only to one that says `experimental: { merlonDependencies: true }`.
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
 * answers; what is shown is the last known or the bundle's. `unavailable`: some source could not be asked. `stale`: the offline
 * index is older than `merlon.feeds.maxAge`. `local`: the settings ask
 * for local sources alone. `off`: `merlon.feeds.mode` is off, so no advisories are known at all.
 */
export type StatusState = 'fresh' | 'checking' | 'offline' | 'unavailable' | 'stale' | 'local' | 'off';

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
  /** ISO time as of which the offline index counts; absent where there is none. */
  readonly index?: string;
  /** ISO time of the oldest answer on which the findings rest. */
  readonly asOf?: string;
  /** How many names were sent nowhere since they are private. */
  readonly withheld: number;
  /** The first of them, with who keeps them back. */
  readonly withheldNames?: string;
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
  /**
   * Of the document, one section alone, and there everything that is told as unpinned, AI or not: what the lens above a section offers
   * to a client that says `experimental: { merlonPinSection: true }`. The lens has the command `merlon.pinAiInFile`, with these parameters.
   */
  readonly section?: string;
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

/** Request, client to server, when the user asks: the same as the text of a file. */
export const EXPORT_LEDGER = 'merlon/exportLedger';

export interface ExportLedgerParams {
  /** CSV holds the requests alone. */
  readonly format: 'json' | 'csv';
}

/**
 * Request, client to server, when the user asks, in any mode: brings the offline index up to OSV's dump. Progress is told under
 * `workDoneToken`, with a percentage where there is one, and it can be cancelled: what has come is gone on with the next time.
 */
export const SYNC_INDEX = 'merlon/syncIndex';

export interface SyncIndexParams {
  readonly workDoneToken?: string | number;
}

export interface SyncIndexResult {
  /** False: the index is as it was, and the text says why. */
  readonly ok: boolean;
  /** A sentence or two of plain text. */
  readonly text: string;
  /** ISO time as of which the index counts. */
  readonly asOf?: string;
}

/**
 * Request, client to server, when the user asks: builds the offline index from files, in the place of the one that is there. Progress
 * is told under `workDoneToken`, and it can be cancelled.
 */
export const BUILD_INDEX = 'merlon/buildIndex';

export interface BuildIndexParams {
  /** File URIs: OSV dumps (`.zip`), `.jsonl` and `.jsonl.gz` files, records, folders of records. */
  readonly from: readonly string[];
  readonly workDoneToken?: string | number;
}

export interface BuildIndexResult extends SyncIndexResult {
  /** False where records could not be read, or an ecosystem was not among them: the text says which. */
  readonly complete: boolean;
}

/** Request without parameters, client to server, when the user asks: empties the cache in memory and on disk, and checks again. */
export const CLEAR_CACHE = 'merlon/clearCache';

/**
 * Request, client to server, when the user has said why: what to change so that a finding is suppressed, as an LSP WorkspaceEdit; null
 * where there is no such finding any more. Sent only by a client that says `experimental: { merlonSuppress: true }`: it gets code actions
 * with the command `merlon.suppress`, whose argument is these parameters without the reason.
 */
export const SUPPRESS = 'merlon/suppress';

export interface SuppressParams {
  readonly uri: string;
  readonly rule: string;
  readonly package: string;
  readonly version?: string;
  readonly reason: string;
}

/** Notification without parameters, server to client: what {@link DEPENDENCIES} answers may have changed. At most a few a second. */
export const ASSESSED = 'merlon/assessed';

/**
 * Request, client to server, when a node of the tree of dependencies is unfolded: what lies directly below it, worst first. Its result
 * is a list of {@link DependencyNode}; empty where the node is no more. It can be cancelled.
 */
export const DEPENDENCIES = 'merlon/dependencies';

export interface DependenciesParams {
  /** The id of a node; absent for the manifests of the workspace. */
  readonly parent?: string;
}

/** All text is plain, in one line but for the tooltip; nothing in it is to be read as Markdown or as the name of an icon. */
export interface DependencyNode {
  /** Opaque. Stays the same while the node stays where it is in the tree, whatever else changes. */
  readonly id: string;
  readonly kind: 'manifest' | 'declaration' | 'release';
  readonly label: string;
  /** The release, the AI role, what is wrong with it: `3.0.3 · llm-sdk · brings litellm 1.82.7 (malware)`. */
  readonly description: string;
  readonly tooltip: string;
  /** Of the worst that is known of it, or of what it brings; absent where nothing is known, which does not mean that it is safe. */
  readonly severity?: 'error' | 'warning' | 'information' | 'hint';
  readonly hasChildren: boolean;
  /** Of a release it is told only by {@link DEPENDENCY}: places in a long lockfile are looked for when they are wanted. */
  readonly location?: DependencyLocation;
}

/** An LSP Location. */
export interface DependencyLocation {
  readonly uri: string;
  readonly range: { readonly start: DependencyPosition; readonly end: DependencyPosition };
}

export interface DependencyPosition {
  readonly line: number;
  readonly character: number;
}

/** Request, client to server, when the user asks about one node: where it stands, and why it is here. `null` where the node is no more. */
export const DEPENDENCY = 'merlon/dependency';

export interface DependencyParams {
  readonly id: string;
}

export interface DependencyResult {
  readonly location?: DependencyLocation;
  /** `litellm 1.82.7` */
  readonly name: string;
  /** The ways by which manifests come to it, shortest first, and what is known of it: lines of plain text. */
  readonly why: string;
}

/**
 * Request, client to server, when the user asks: verifies what is installed in the folders of the workspace. It takes as long as the
 * files take to read; progress is told under `workDoneToken`, and it can be cancelled.
 */
export const VERIFY = 'merlon/verify';

export interface VerifyParams {
  /**
   * Python interpreters that the user's settings name, absolute; each with the URI of the workspace folder that it is for. Environments that
   * lie in the folders are found without.
   */
  readonly interpreters?: readonly { readonly folder: string; readonly path: string }[];
  readonly workDoneToken?: string | number;
}

export interface VerifyResult {
  /** Findings, what was looked at and what was not: lines of plain text. */
  readonly text: string;
  readonly errors: number;
  readonly warnings: number;
  /** Information and hints. */
  readonly others: number;
  /** False where something could not be asked or read. True does not mean that all is well: the text says what was looked at. */
  readonly complete: boolean;
}

/**
 * Request, client to server, when the user asks: verifies where the releases come from that declarations stand for, by the attestations
 * that registries serve. Progress is told under `workDoneToken`, and it can be cancelled.
 */
export const VERIFY_PROVENANCE = 'merlon/verifyProvenance';

export interface VerifyProvenanceParams {
  /** The URI of a manifest; absent for all of the workspace. */
  readonly uri?: string;
  readonly workDoneToken?: string | number;
}

/** How many releases are which; `none` has no attestation, which is neither good nor bad. */
export interface VerifyProvenanceResult {
  /** One line for each release: plain text. */
  readonly text: string;
  readonly verified: number;
  readonly failed: number;
  readonly unverified: number;
  readonly none: number;
  /** False where something could not be asked. */
  readonly complete: boolean;
}

/** Request, client to server, while the report is shown: what is known of one workspace folder, as a page. */
export const REPORT = 'merlon/report';

export interface ReportParams {
  /** The URI of a workspace folder. */
  readonly folder: string;
  /** `editor`: a page whose buttons name places by their number. `file`: a page for itself. */
  readonly form: 'editor' | 'file';
  /** Reads every manifest again first, and waits for what sources say; else the page is made of what is held. */
  readonly ask: boolean;
}

export interface ReportResult {
  /** A whole document, with a content security policy of its own. */
  readonly html: string;
  /** What its buttons stand for, by their number. */
  readonly places: readonly DependencyLocation[];
  /** False where something could not be asked or read; the page says what. */
  readonly complete: boolean;
}

/** Request, client to server, when the user asks: the bill of materials of one workspace folder, as the text of a file. */
export const SBOM = 'merlon/sbom';

export interface SbomParams {
  /** The URI of a workspace folder. */
  readonly folder: string;
  /** CycloneDX 1.6 or SPDX 3.0.1, both JSON. */
  readonly format: 'cyclonedx' | 'spdx';
}

export interface SbomResult {
  readonly text: string;
  /** How many manifests and lockfiles it was made from. */
  readonly files: number;
  /** False where something could not be asked or read; the bill says what. */
  readonly complete: boolean;
}
