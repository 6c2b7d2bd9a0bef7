import { advisoryFrom } from '../advisories/advisory';
import type { Advisory } from '../core/advisory';
import type { PackageId } from '../core/declaration';
import type { Feed } from '../core/feed';
import type { Lookup } from '../core/lookup';
import type { Versions } from '../core/versions';
import type { OpenIndex } from '../offline/reader';

/** The index that counts now; it may be another one the next time. */
export interface IndexAccess {
  current(): CurrentIndex;
}

export type CurrentIndex =
  | { readonly state: 'open'; readonly index: OpenIndex; readonly asOf: Date }
  /** `reason` is a sentence's end: `… could not be read: its header is damaged`. */
  | { readonly state: 'unreadable'; readonly reason: string }
  | { readonly state: 'absent'; readonly reason: string };

export interface IndexFeedOptions {
  readonly index: IndexAccess;
  readonly versionsOf: (ecosystem: string) => Versions | undefined;
}

type Answer = Lookup<readonly Advisory[]>;

const id = 'index';
const rememberedPackages = 8192;
const nothing: readonly Advisory[] = [];

/**
 * OSV's records on this machine: asked at once, and nobody else learns of it. A package whose part of the index is damaged is
 * unavailable, and so is one of an ecosystem that the index was not built for: neither is known to be clean.
 */
export function createIndexFeed({ index: access, versionsOf }: IndexFeedOptions): Feed {
  let opened: OpenIndex | undefined;
  /** Of packages that have records; the same array as long as the index is the same. */
  let known = new Map<string, readonly Advisory[]>();

  function advisoriesOf(index: OpenIndex, { ecosystem, name }: PackageId): readonly Advisory[] | { readonly fault: string } {
    const key = `${ecosystem} ${name}`;
    const before = known.get(key);
    if (before) return before;
    const found = index.find(ecosystem, name);
    if ('fault' in found) return found;
    if (found.records.length === 0) return nothing;
    const versions = versionsOf(ecosystem)!;
    const advisories = found.records.map((record) => advisoryFrom(record, versions, id));
    if (known.size >= rememberedPackages) known.delete(known.keys().next().value!);
    known.set(key, advisories);
    return advisories;
  }

  function held(packages: readonly PackageId[]): Answer[] {
    const current = access.current();
    if (current.state !== 'open') {
      const answer: Answer = { state: current.state === 'absent' ? 'disabled' : 'unavailable', reason: current.reason };
      return packages.map(() => answer);
    }
    const { index, asOf } = current;
    if (index !== opened) {
      opened = index;
      known = new Map();
    }
    const clean: Answer = { state: 'known', value: nothing, asOf };
    return packages.map((pkg): Answer => {
      if (!versionsOf(pkg.ecosystem)) return { state: 'disabled', reason: `${id} is not asked about ${pkg.ecosystem || 'this'}` };
      if (!index.meta.ecosystems[pkg.ecosystem]?.covered)
        return { state: 'unavailable', reason: `the offline index holds nothing on ${pkg.ecosystem}: it was not built from its records` };
      const value = advisoriesOf(index, pkg);
      if ('fault' in value) return { state: 'unavailable', reason: `the offline index could not be read: ${value.fault}` };
      return value === nothing ? clean : { state: 'known', value, asOf };
    });
  }

  function lacks(): string | undefined {
    const current = access.current();
    const unreadable = current.state === 'open' ? current.index.meta.unreadable : 0;
    if (unreadable === 0) return undefined;
    return `${unreadable === 1 ? 'one record that it was made of' : `${unreadable} records that it was made of`} could not be read`;
  }

  return { id, network: false, copyOf: 'osv', held, lacks, advisoriesFor: (packages) => Promise.resolve(held(packages)) };
}
