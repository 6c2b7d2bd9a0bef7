import type { InstalledFiles } from '../../../core/environment';
import { within, type Distribution } from './distributions';
import { readRecord } from './recordFile';

/** Which files of a site-packages folder the installed distributions say are theirs. */
export interface Ownership {
  /** Whether a distribution lists its files by a RECORD that could be read. */
  hasRecord(distribution: Distribution): boolean;
  /** The distribution that lists a file, relative to the root of the files; of several the last. `''` where none does. */
  ownerOf(path: string): string;
  /** Whether a file of one folder is listed, by its name. */
  ownedIn(folder: string): (name: string) => boolean;
  /** Whether some listed file lies in this folder. */
  ownsIn(folder: string): boolean;
  /** Top-level names that are of a distribution which does not list its files. */
  readonly wholesale: ReadonlyMap<string, string>;
  /** Distributions that neither list their files nor name their packages: what is theirs cannot be known. */
  readonly silent: readonly Distribution[];
  /** The digests that the distributions other than this one give for a file. */
  digestsBeside(path: string, than: Distribution): readonly string[];
}

export type RecordText =
  | { readonly state: 'read'; readonly text: string }
  | { readonly state: 'absent' | 'unreadable'; readonly reason: string };

const mostRecord = 64 * 1024 * 1024;

/** Reads the RECORD of one distribution. */
export function recordOf(files: InstalledFiles, site: string, { info, kind }: Distribution): RecordText {
  if (kind !== 'dist-info') return { state: 'absent', reason: 'an egg has no RECORD' };
  const read = files.text(within(site, `${info}/RECORD`), mostRecord);
  if (read.state === 'absent') return { state: 'absent', reason: 'it has no RECORD' };
  if (read.state === 'outside') return { state: 'unreadable', reason: 'its RECORD is a link that leads out of the environment' };
  if (read.state === 'unreadable') return { state: 'unreadable', reason: `its RECORD: ${read.message}` };
  return read.whole ? { state: 'read', text: read.text } : { state: 'unreadable', reason: 'its RECORD is larger than 64 MB' };
}

/** Reads what every distribution of the folder says. Of RECORDs only the paths are kept. */
export function ownership(files: InstalledFiles, site: string, distributions: readonly Distribution[]): Ownership {
  // By folder and then by name: a hundred thousand whole paths would each have to be hashed.
  const folders = new Map<string, Map<string, string>>();
  const shared = new Set<string>();
  const recorded = new Set<Distribution>();
  const wholesale = new Map<string, string>();
  const silent: Distribution[] = [];
  let last: string | undefined;
  let names = new Map<string, string>();

  /** The names of a folder, which is one where something is owned from now on, and so are those above it. */
  const namesIn = (folder: string): Map<string, string> => {
    let found = folders.get(folder);
    if (!found) {
      found = new Map<string, string>();
      folders.set(folder, found);
      const slash = folder.lastIndexOf('/');
      if (folder !== '') namesIn(slash < 0 ? '' : folder.slice(0, slash));
    }
    return found;
  };
  const own = (path: string, distribution: Distribution) => {
    const place = placeOf(site, path);
    if (place === undefined) return;
    const key = files.fold(place);
    const slash = key.lastIndexOf('/');
    const folder = slash < 0 ? '' : key.slice(0, slash);
    // Lists go folder by folder.
    if (folder !== last) {
      last = folder;
      names = namesIn(folder);
    }
    const name = key.slice(slash + 1);
    if (names.has(name)) shared.add(key);
    names.set(name, distribution.name);
  };
  for (const distribution of distributions) {
    const record = recordOf(files, site, distribution);
    if (record.state === 'read') {
      recorded.add(distribution);
      for (const entry of readRecord(record.text)) if ('path' in entry) own(entry.path, distribution);
      continue;
    }
    const listed = eggFiles(files, site, distribution);
    if (listed) for (const path of listed) own(path, distribution);
    else {
      const names = topLevel(files, site, distribution);
      if (names.length === 0 && distribution.kind !== 'egg') silent.push(distribution);
      for (const name of names) wholesale.set(files.fold(name), distribution.name);
    }
  }
  return {
    hasRecord: (distribution) => recorded.has(distribution),
    wholesale,
    silent,
    ownerOf(path) {
      const slash = path.lastIndexOf('/');
      return folders.get(files.fold(slash < 0 ? '' : path.slice(0, slash)))?.get(files.fold(path.slice(slash + 1))) ?? '';
    },
    ownsIn: (folder) => folders.has(files.fold(folder)),
    ownedIn(folder) {
      const own = folders.get(files.fold(folder));
      return (name) => own?.has(files.fold(name)) ?? false;
    },
    digestsBeside(path, than) {
      const key = files.fold(path);
      const digests: string[] = [];
      if (!shared.has(key)) return digests;
      for (const distribution of recorded) {
        const record = distribution === than ? undefined : recordOf(files, site, distribution);
        if (record?.state !== 'read') continue;
        for (const entry of readRecord(record.text)) {
          if ('path' in entry && entry.digest !== undefined && files.fold(placeOf(site, entry.path) ?? '') === key)
            digests.push(entry.digest);
        }
      }
      return digests;
    },
  };
}

/** Where a path of RECORD lies, relative to the root of the files; `undefined` where that is outside of it. */
export function placeOf(site: string, path: string): string | undefined {
  const slashed = path.includes('/') ? path : path.replaceAll('\\', '/');
  if (slashed.startsWith('/') || /^[a-z]:/i.test(slashed)) return undefined;
  if (!slashed.includes('./') && !slashed.includes('//') && !slashed.endsWith('..')) return within(site, slashed);
  const parts = site === '' ? [] : site.split('/');
  for (const part of slashed.split('/')) {
    if (part === '..') {
      if (parts.length === 0) return undefined;
      parts.pop();
    } else if (part !== '.' && part !== '') parts.push(part);
  }
  return parts.join('/');
}

/** What pip wrote beside an egg-info before there were wheels: paths relative to the egg-info folder. */
function eggFiles(files: InstalledFiles, site: string, { info }: Distribution): string[] | undefined {
  const read = files.text(within(site, `${info}/installed-files.txt`), mostRecord);
  if (read.state !== 'text') return undefined;
  return read.text
    .split(/\r?\n/)
    .filter((line) => line !== '')
    .map((line) => `${info}/${line}`);
}

function topLevel(files: InstalledFiles, site: string, { info }: Distribution): string[] {
  const read = files.text(within(site, `${info}/top_level.txt`), 64 * 1024);
  if (read.state !== 'text') return [];
  return read.text
    .split(/\r?\n/)
    .map((line) => line.trim().split('/')[0]!)
    .filter((line) => line !== '');
}
