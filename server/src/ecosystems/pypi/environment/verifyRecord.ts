import type { DigestAlgorithm, FileFault, InstalledFiles, NotLooked } from '../../../core/environment';
import { within, type Distribution } from './distributions';
import { placeOf } from './ownership';
import { readRecord, type RecordEntry } from './recordFile';

export interface VerifiedRecord {
  readonly faults: readonly FileFault[];
  readonly notLooked: readonly NotLooked[];
  /** How many files were read and compared. */
  readonly files: number;
}

export interface RecordContext {
  readonly files: InstalledFiles;
  readonly site: string;
  /** Asked only where a file differs: two distributions may list one file, and one of them was installed last. */
  readonly digestsBeside: (path: string) => readonly string[];
  readonly onFile: () => void;
}

/** A wreck of thousands of files is one story; beyond these the rest is counted. */
const mostFaults = 100;
const algorithms: ReadonlySet<string> = new Set<DigestAlgorithm>(['sha256', 'sha384', 'sha512']);

/** Compares every file that RECORD lists with what it says of it. */
export function verifyRecord(distribution: Distribution, text: string, context: RecordContext): VerifiedRecord {
  const { files, site } = context;
  const label = `${distribution.name} ${distribution.version}`.trim();
  const faults: FileFault[] = [];
  const beyond = { changed: 0, missing: 0 };
  const notLooked: NotLooked[] = [];
  let outside = 0;
  let unhashed = 0;
  let weak = 0;
  let shared = 0;
  let unreadable = 0;
  let looked = 0;
  let damage: string | undefined;

  const fault = (kind: 'changed' | 'missing', path: string, detail?: string) => {
    if (faults.length >= mostFaults) beyond[kind]++;
    else faults.push({ kind, path, ...(detail !== undefined && { detail }) });
  };

  for (const entry of readRecord(text)) {
    if ('fault' in entry) {
      damage ??= entry.fault;
      continue;
    }
    // Some tools of old listed folders as well.
    if (entry.path.endsWith('/') || isSelf(entry.path, distribution) || (entry.digest === undefined && isByteCode(entry.path))) continue;
    const place = placeOf(site, entry.path);
    if (place === undefined) {
      outside++;
      continue;
    }
    const strong = entry.digest !== undefined && algorithms.has(entry.algorithm!);
    const seen = files.digest(place, strong ? (entry.algorithm as DigestAlgorithm) : 'sha256', strong ? entry.digest : undefined);
    context.onFile();
    if (seen.state === 'outside') outside++;
    else if (seen.state === 'absent') fault('missing', place);
    else if (seen.state === 'unreadable') {
      if (++unreadable <= 20) notLooked.push({ path: place, reason: seen.message, fault: true });
    } else {
      looked++;
      if (entry.digest === undefined) unhashed++;
      else if (!strong) weak++;
      const detail = difference(entry, strong, seen);
      if (detail === undefined) continue;
      if (strong && context.digestsBeside(place).includes(seen.digest)) shared++;
      else fault('changed', place, detail);
    }
  }

  for (const kind of ['changed', 'missing'] as const) {
    if (beyond[kind]) faults.push({ kind, path: within(site, distribution.metadata), more: beyond[kind] });
  }
  const say = (count: number, one: string, many: string, reason: string, isFault?: true) => {
    if (count) notLooked.push({ what: `${label}: ${count} ${count === 1 ? one : many}`, reason, ...(isFault && { fault: isFault }) });
  };
  say(outside, 'file', 'files', 'listed outside the environment, or behind a link that leads out of it');
  say(unhashed, 'file', 'files', 'RECORD lists no hash of it: only its presence was checked');
  say(weak, 'file', 'files', 'RECORD holds no hash that can be relied on: only its size was checked');
  say(shared, 'file', 'files', 'another distribution was installed over it, and it is that one’s');
  say(Math.max(0, unreadable - 20), 'more file', 'more files', 'it cannot be read', true);
  if (damage !== undefined) notLooked.push({ what: `${label}: a part of RECORD`, reason: damage, fault: true });
  return { faults, notLooked, files: looked };
}

function difference(entry: RecordEntry, strong: boolean, seen: { readonly digest: string; readonly size: number }): string | undefined {
  if (entry.size !== undefined && seen.size !== entry.size) return `it has ${seen.size} bytes where RECORD says ${entry.size}`;
  return strong && entry.digest !== seen.digest
    ? `its ${entry.algorithm!.toUpperCase().replace('SHA', 'SHA-')} is not the one in RECORD`
    : undefined;
}

/** RECORD and its signatures are not listed with a hash of their own. */
function isSelf(path: string, { info }: Distribution): boolean {
  return path.startsWith(`${info}/RECORD`) && /^(?:\.jws|\.p7s)?$/.test(path.slice(info.length + '/RECORD'.length));
}

/** Byte code is written anew by every Python that finds it outdated. */
export function isByteCode(path: string): boolean {
  return /\.py[co]$/.test(path);
}
