import type { AgeLimit, Feed, FeedContext } from '../core/feed';
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
  /** An older index is told as old. */
  readonly ageLimit?: AgeLimit;
}

/** THE list of feeds, in the order in which their answers are shown. */
export function createFeeds(options: FeedOptions): Feed[] {
  const { index, versionsOf, ageLimit } = options;
  return [
    createBundledFeed(options),
    ...(index ? [{ ...createIndexFeed({ index, versionsOf }), ...(ageLimit && { ageLimit }) }] : []),
    createOsvFeed({ ...options, baseUrl: options.osvUrl }),
  ];
}
