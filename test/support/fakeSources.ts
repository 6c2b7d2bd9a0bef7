import type { Advisory } from '../../server/src/core/advisory';
import type { PackageId } from '../../server/src/core/declaration';
import type { Registry } from '../../server/src/core/ecosystem';
import type { Feed } from '../../server/src/core/feed';
import { mapLookup, type Lookup } from '../../server/src/core/lookup';
import type { PackageRecord } from '../../server/src/core/release';

export const asked = new Date('2026-06-01T10:00:00Z');

/** A feed that answers what it is told to, and writes down every name it is shown. */
export interface FakeFeed extends Feed {
  /** Names given to `held` and to `advisoriesFor`. */
  readonly shown: Set<string>;
  readonly askedFor: string[];
  /** What is known of a package before, and after, it was asked. */
  before: (name: string) => Lookup<readonly Advisory[]>;
  after: (name: string) => Lookup<readonly Advisory[]>;
  /** Runs while the feed is asked. */
  during: () => Promise<void> | void;
}

export function fakeFeed(id: string, network = true): FakeFeed {
  const answered = new Set<string>();
  const feed: FakeFeed = {
    id,
    network,
    shown: new Set(),
    askedFor: [],
    before: () => ({ state: 'pending', reason: 'it was not asked yet' }),
    after: () => ({ state: 'known', value: [], asOf: asked }),
    during: () => undefined,
    held(packages: readonly PackageId[]) {
      return packages.map(({ name }) => {
        feed.shown.add(name);
        return answered.has(name) ? feed.after(name) : feed.before(name);
      });
    },
    async advisoriesFor(packages, signal) {
      for (const { name } of packages) feed.askedFor.push(name);
      await feed.during();
      signal?.throwIfAborted();
      for (const { name } of packages) answered.add(name);
      return feed.held(packages);
    },
  };
  return feed;
}

export interface FakeRegistry extends Registry {
  readonly shown: Set<string>;
  readonly askedFor: string[];
  /** Names whose existence alone was asked for. As from a disk that knows it for long, no record comes of it. */
  readonly lookedUp: string[];
  after: (name: string) => Lookup<PackageRecord>;
  during: () => Promise<void> | void;
}

export function fakeRegistry(id: string): FakeRegistry {
  const answered = new Set<string>();
  const lookedUp = new Set<string>();
  const registry: FakeRegistry = {
    id,
    shown: new Set(),
    askedFor: [],
    lookedUp: [],
    after: () => ({ state: 'known', value: { exists: true, releases: [] }, asOf: asked }),
    during: () => undefined,
    held(name) {
      registry.shown.add(name);
      return answered.has(name) ? registry.after(name) : { state: 'pending', reason: 'it was not asked yet' };
    },
    async recordOf(name, signal) {
      registry.askedFor.push(name);
      await registry.during();
      signal?.throwIfAborted();
      answered.add(name);
      return registry.held(name);
    },
    existence(name) {
      const answer = lookedUp.has(name) ? registry.after(name) : registry.held(name);
      return mapLookup(answer, ({ exists }) => exists);
    },
    async knowExistence(name, signal) {
      registry.lookedUp.push(name);
      await registry.during();
      signal?.throwIfAborted();
      lookedUp.add(name);
      return registry.existence(name);
    },
  };
  return registry;
}
