/** The interfaces through which the engine meets the world. They are implemented in platform/ and passed in. */

/** The one clock of every *now* in the engine (ages, expiry, cache freshness). */
export interface Clock {
  now(): Date;
}

export interface HttpRequest {
  readonly url: string;
  readonly method?: 'GET' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly json?: unknown;
  /** What the request is for, in the ledger's words: `advisories`, `releases`. */
  readonly purpose: string;
  /** The package names that the request carries, for the ledger. */
  readonly names: readonly string[];
  /** Bodies over this many bytes are refused. Default 64 MiB. */
  readonly maxBytes?: number;
  /** A redirect to another host is refused. */
  readonly sameHost?: true;
  /** Absent where the address holds no secret and needs none. */
  readonly access?: HttpAccess;
}

/** What only the server itself may see of a request. */
export interface HttpAccess {
  /** The address as ledger and messages show it, where the real one holds a secret. */
  readonly shownUrl: string;
  /** The value of `Authorization`. */
  readonly authorization?: string;
  /** It is sent to addresses below this one alone, the same scheme, host and port: on no redirect elsewhere. */
  readonly below: string;
}

export type HttpResponse =
  | { readonly ok: true; readonly status: number; readonly headers: Readonly<Record<string, string>>; readonly body: string }
  /** Nothing usable came back: `message` says it to people and holds no secret. */
  | { readonly ok: false; readonly message: string };

export interface Http {
  /** Never throws for what happens outside: refused, timed out, too big, 5xx after the last retry are values (a 4xx other than 429 is a response). */
  request(request: HttpRequest, signal?: AbortSignal): Promise<HttpResponse>;
}

/** A cache entry. `value` is JSON. */
export interface CacheEntry {
  readonly storedAt: Date;
  readonly value: unknown;
}

/** A size-bounded store on disk, shared safely by several processes. A damaged entry reads as absent. */
export interface Cache {
  get(key: string): Promise<CacheEntry | undefined>;
  put(key: string, value: unknown): Promise<void>;
  clear(): Promise<void>;
}

/** The workspace's files. Paths are workspace-relative with forward slashes; nothing outside the root is ever read, links included. */
export interface Files {
  /** `absent`: no such file. `unreadable`: too large, not text, no permission, outside the workspace; the message says which. */
  read(path: string): Promise<FileText>;
  /**
   * The names in a folder, in no order; none where there is no such folder, or where it lies outside the workspace. A text says why it
   * cannot be looked into.
   */
  list?(folder: string): Promise<readonly string[] | string>;
}

/** Files whose folders can be listed; somebody else attends to those that cannot. */
export interface FolderFiles extends Pick<Files, 'read'> {
  list(folder: string): Promise<readonly string[]>;
}

export type FileText =
  | { readonly state: 'text'; readonly text: string }
  | { readonly state: 'absent' }
  | { readonly state: 'unreadable'; readonly message: string };
