import type { Advisory } from '../../server/src/core/advisory';
import { ecosystems } from '../../server/src/ecosystems';
import { createIndexFeed, type CurrentIndex } from '../../server/src/feeds/offlineIndex';
import { createIndexBuilder } from '../../server/src/offline/builder';
import type { BuiltIndex } from '../../server/src/offline/layOut';
import { openIndex, type IndexSource, type OpenIndex } from '../../server/src/offline/reader';
import { crc32, latin1 } from '../../server/src/platform/indexFile';
import { versionsOf } from './osvRecords';

/** When the indexes of tests are made. */
export const indexedAt = new Date('2026-09-01T00:00:00Z');

export function builtOf(records: readonly unknown[]): BuiltIndex {
  const builder = createIndexBuilder({ ecosystems, crc32, latin1, now: indexedAt });
  let unreadable = 0;
  for (const record of records) if (builder.add(record) === 'unreadable') unreadable++;
  return builder.finish({ unreadable });
}

/** The file of an index. */
export function bytesOf({ pieces }: Pick<BuiltIndex, 'pieces'>): Buffer {
  return Buffer.concat(pieces);
}

/** Bytes that are read as those of a file are: a copy, which is overwritten at the next read. */
export function sourceOf(bytes: Uint8Array, onRead: (offset: number, length: number) => void = () => undefined): IndexSource {
  const into = Buffer.alloc(bytes.length);
  return {
    size: bytes.length,
    crc32,
    latin1,
    read(offset, length) {
      if (offset < 0 || offset + length > bytes.length) return undefined;
      onRead(offset, length);
      into.set(bytes.subarray(offset, offset + length));
      return into.subarray(0, length);
    },
  };
}

export function opened(bytes: Uint8Array): OpenIndex {
  const index = openIndex(sourceOf(bytes), versionsOf);
  if ('fault' in index) throw new Error(index.fault);
  return index;
}

/** A feed over bytes that may be damaged. */
export function indexFeed(bytes: Uint8Array) {
  const index = openIndex(sourceOf(bytes), versionsOf);
  const current: CurrentIndex =
    'fault' in index
      ? { state: 'unreadable', reason: `the offline index could not be read: ${index.fault}` }
      : { state: 'open', index, asOf: new Date(index.meta.asOf) };
  return createIndexFeed({ index: { current: () => current }, versionsOf });
}

/** All that an advisory says, but for the feed that it is from. `versions`: which it is asked about. */
export function said(advisory: Advisory, versions: readonly string[]): object {
  const { id, aliases, kind, severity, summary, url, wholePackage, fixedIn, overBroad } = advisory;
  return {
    ...{ id, aliases, kind, severity, summary, url, wholePackage, fixedIn, overBroad },
    // Of others than malware nobody asks for the list, and it is not kept where the ranges hold it.
    ...(kind === 'malware' && { listedVersions: advisory.listedVersions }),
    affected: versions.filter((version) => advisory.affects(version)),
    unreadable: advisory.unreadable,
    undecided: versions.filter((version) => advisory.undecided?.(version)),
  };
}
