import type { Feed, FeedContext } from '../core/feed';
import type { Versions } from '../core/versions';
import { createBundledFeed } from './bundled';
import { createIndexFeed, type IndexAccess } from './offlineIndex';
import { createOsvFeed } from './osv';

export interface FeedOptions extends FeedContext {
  readonly osvUrl: string;
  /** The order of an ecosystem's versions, by OSV's name of it. */
  readonly versionsOf: (ecosystem: string) => Versions | undefined;
  /** OSV's records on this machine, where there are any. */
  readonly index?: IndexAccess;
  /** An index of before that is told as old. */
  readonly maxAgeMs?: number;
}

/** THE list of feeds, in the order in which their answers are shown. */
export function createFeeds(options: FeedOptions): Feed[] {
  const { index, versionsOf, maxAgeMs } = options;
  return [
    createBundledFeed(options),
    ...(index ? [{ ...createIndexFeed({ index, versionsOf }), ...(maxAgeMs !== undefined && { staleAfterMs: maxAgeMs }) }] : []),
    createOsvFeed({ ...options, baseUrl: options.osvUrl }),
  ];
}
