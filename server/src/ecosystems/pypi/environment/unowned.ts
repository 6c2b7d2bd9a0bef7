import { isListed } from '../../../core/environment';
import type { FileFault, InstalledEntry, InstalledFiles, NotLooked } from '../../../core/environment';
import { within, type Distribution } from './distributions';
import type { Ownership } from './ownership';
import { isByteCode } from './verifyRecord';

export interface UnownedContext {
  readonly files: InstalledFiles;
  readonly site: string;
  readonly distributions: readonly Distribution[];
  readonly owned: Ownership;
  /** Start-up files, relative to the folder: they are judged as such, with or without an owner. */
  readonly startup: ReadonlySet<string>;
  /** Told of every file that is there. */
  readonly onFile: (folder: string, name: string) => void;
}

/** Files by themselves, up to so many of an environment; then they are counted. */
const mostFaults = 200;
const deepest = 60;

/** What tools and systems leave in site-packages by themselves, which no RECORD lists. */
const leftovers: readonly { readonly fits: (name: string, topLevel: boolean) => boolean; readonly reason: string }[] = [
  { reason: 'an interrupted removal by pip; no import finds the name', fits: (name, topLevel) => topLevel && name.startsWith('~') },
  {
    reason: 'what a system keeps of a folder it has shown',
    fits: (name) => /^(?:\.DS_Store|Thumbs\.db|desktop\.ini|\.directory|\.localized)$/.test(name),
  },
  { reason: 'put there by Python’s own installer', fits: (name, topLevel) => topLevel && /^README(?:\.txt)?$/.test(name) },
  { reason: 'where setuptools says that a package lies elsewhere', fits: (name, topLevel) => topLevel && name.endsWith('.egg-link') },
  { reason: 'a lock of an installer', fits: (name, topLevel) => topLevel && name === '.lock' },
];

/** What installers add to a distribution's own folder after its RECORD was written, or beside it. */
const infoFiles: ReadonlySet<string> = new Set([
  ...[
    'RECORD',
    'RECORD.jws',
    'RECORD.p7s',
    'INSTALLER',
    'REQUESTED',
    'direct_url.json',
    'provenance_url.json',
    'uv_cache.json',
    'uv_build.json',
  ],
]);

/** The files of a site-packages folder that no installed distribution lists. */
export function unownedFiles(context: UnownedContext): { readonly faults: readonly FileFault[]; readonly notLooked: readonly NotLooked[] } {
  const { files, site, owned, onFile } = context;
  const faults: FileFault[] = [];
  const notLooked: NotLooked[] = [];
  const infos = new Map(context.distributions.map((distribution) => [within(site, distribution.info), distribution]));
  let beyond = 0;

  const fault = (path: string, more?: number) => {
    if (faults.length >= mostFaults) beyond += 1 + (more ?? 0);
    else faults.push({ kind: 'unowned', path, ...(more && { more }) });
  };

  const isStartup = (path: string) => context.startup.has(site === '' ? path : path.slice(site.length + 1));

  const walk = (folder: string, depth: number): void => {
    const entries = files.entries(folder);
    if (typeof entries === 'string' || depth > deepest) {
      notLooked.push({ path: folder, reason: typeof entries === 'string' ? entries : 'it lies too deep', fault: true });
      return;
    }
    const isOwned = owned.ownedIn(folder);
    for (const entry of entries ?? []) {
      if (entry.kind === 'file' && isOwned(entry.name)) onFile(folder, entry.name);
      else look(folder, entry, entries ?? [], depth);
    }
  };

  const look = (folder: string, { name, kind }: InstalledEntry, beside: readonly InstalledEntry[], depth: number): void => {
    const path = within(folder, name);
    const topLevel = folder === site;
    if (leftovers.some(({ fits }) => fits(name, topLevel))) return;
    if (topLevel && isWholesale(owned, files, name)) return;
    const info = infos.get(path);
    if (info && (kind === 'file' || info.kind !== 'dist-info' || !owned.hasRecord(info))) return;
    if (kind === 'folder' && name === '__pycache__') return byteCode(path, folder);
    if (kind === 'folder') {
      if (topLevel && name.endsWith('.egg')) return;
      if (owned.ownsIn(path)) walk(path, depth + 1);
      else wholeFolder(path, depth + 1);
      return;
    }
    if (kind === 'link' && owned.ownsIn(path)) {
      if (files.real(path) === undefined) notLooked.push({ path, reason: 'a link that leads out of the environment' });
      return;
    }
    onFile(folder, name);
    if (owned.ownerOf(path) !== '' || isStartup(path)) return;
    if (infos.has(folder) && infoFiles.has(name)) return;
    // Python 2 writes byte code beside its source.
    if (isByteCode(name) && beside.some((other) => other.name === name.slice(0, -1))) return;
    if (topLevel && name.endsWith('.egg')) return;
    fault(path);
  };

  /** Byte code is no finding where its module is there: Python writes it, and reads it only beside its source. */
  const byteCode = (path: string, folder: string): void => {
    const entries = files.entries(path);
    if (typeof entries === 'string') notLooked.push({ path, reason: entries, fault: true });
    if (!isListed(entries)) return;
    for (const { name, kind } of entries) {
      const file = within(path, name);
      if (kind === 'folder') {
        wholeFolder(file, 0);
        continue;
      }
      onFile(path, name);
      if (owned.ownerOf(file) !== '') continue;
      const module = /^(.+?)\.[\w-]+(?:\.opt-\w+)?(?:-pytest-[\w.]+)?\.pyc(?:\.\d+)?$/.exec(name)?.[1];
      // Numba keeps what it compiled beside the byte code: NAME-LINE.pyXYZ.nbi and .nbc.
      if (module !== undefined ? isKnownModule(folder, module) : /\.nb[ic]$/.test(name)) continue;
      fault(file);
    }
  };

  const isKnownModule = (folder: string, module: string): boolean => {
    const source = within(folder, `${module}.py`);
    return owned.ownerOf(source) !== '' || isStartup(source) || (folder === site && isWholesale(owned, files, module));
  };

  /** A folder in which nothing is anybody's is one finding, on its first file. */
  const wholeFolder = (folder: string, depth: number): void => {
    let first: string | undefined;
    let count = 0;
    const gather = (at: string, level: number): void => {
      const entries = files.entries(at);
      if (typeof entries === 'string' || level > deepest) {
        notLooked.push({ path: at, reason: typeof entries === 'string' ? entries : 'it lies too deep', fault: true });
        return;
      }
      for (const { name, kind } of entries ?? []) {
        const path = within(at, name);
        if (kind === 'folder') {
          if (name !== '__pycache__') gather(path, level + 1);
          continue;
        }
        if (leftovers.some(({ fits }) => fits(name, false))) continue;
        onFile(at, name);
        if (isStartup(path)) continue;
        count++;
        if (first === undefined || (!first.endsWith('.py') && name.endsWith('.py'))) first = path;
      }
    };
    gather(folder, depth);
    if (first !== undefined) fault(first, count - 1);
  };

  walk(site, 0);
  if (beyond) faults.push({ kind: 'unowned', path: `${site}/`, more: beyond });
  return { faults, notLooked };
}

function isWholesale({ wholesale }: Ownership, files: InstalledFiles, name: string): boolean {
  const key = files.fold(name);
  // A module's name stands without what says which Python it was built for: `_yaml.cpython-311-x86_64-linux-gnu.so`.
  return wholesale.has(key) || wholesale.has(key.split('.')[0]!);
}
