import type { Advisory } from './advisory';
import type { PackageId } from './declaration';
import type { Cache, Clock, Http } from './io';
import type { Lookup } from './lookup';

export interface FeedContext {
  readonly http: Http;
  readonly cache: Cache;
  readonly clock: Clock;
}

/** Up to what age answers are told as young. */
export interface AgeLimit {
  readonly ms: number;
  /** What people know it by, after *older than*: `7 days`, `merlon.feeds.maxAge`. */
  readonly text: string;
  /** What renews the answers, as a clause. */
  readonly renewal: string;
}

/** A source of advisories. One new feed = one new file and one line in feeds/index.ts. */
export interface Feed {
  readonly id: string;
  /** Whether asking it sends anything: offline mode is a filter over feeds, not an `if` inside them. */
  readonly network: boolean;
  /**
   * The feed of which this one is a copy, and an older one: of a package on which that one has a younger answer, it is heard
   * for local records (`x_…`) alone, so that what was corrected or withdrawn meanwhile is not held against a package.
   */
  readonly copyOf?: string;
  /** What can be said at once, from memory alone; `pending` where it must be asked. In the order of `packages`. */
  held(packages: readonly PackageId[]): Lookup<readonly Advisory[]>[];
  /** Asks. In the order of `packages`. Failures are values; only an abort rejects. */
  advisoriesFor(packages: readonly PackageId[], signal?: AbortSignal): Promise<Lookup<readonly Advisory[]>[]>;
  /** Takes every answer for old: it is still shown, and asked again. */
  expire?(): void;
  /** When `held` answers of this feed go stale, so that an open workspace asks again; absent where they never do. */
  readonly freshForMs?: number;
  /** An answer that is older is shown and told as old; absent where age is no measure. */
  readonly ageLimit?: AgeLimit;
  /** What it is known not to know although it answers, as a clause. */
  lacks?(): string | undefined;
}
