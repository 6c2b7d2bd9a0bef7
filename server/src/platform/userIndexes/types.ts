import type { ToolIndexes } from '../../core/indexes';
import type { Access } from '../access';

/** The environment and the home folder of the user. Tests make their own. */
export interface UserPlace {
  readonly env: NodeJS.ProcessEnv;
  readonly home: string;
  readonly platform: NodeJS.Platform;
  /** `/etc`. */
  readonly etc: string;
}

/** What one tool's configuration says. */
export interface ToolConfiguration {
  readonly indexes: ToolIndexes;
  /** Of every address in `indexes`, the way to it. */
  readonly ways: readonly Access[];
  /** Credentials that are bound to a place of their own. */
  readonly credentials: readonly Credential[];
}

/** Credentials for a host, or for what lies below a path of it. */
export interface Credential {
  /** `https:`, `http:`; absent where the file names no scheme. */
  readonly scheme?: string;
  /** With its port, where that is not the scheme's own; of a `.netrc` without it. */
  readonly host: string;
  readonly anyPort?: boolean;
  /** Without a slash at its end; `''` for all of the host. */
  readonly path: string;
  readonly authorization: string;
}
