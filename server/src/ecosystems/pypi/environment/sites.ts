import { isListed } from '../../../core/environment';
import type { InstalledEntry, InstalledFiles, NotLooked } from '../../../core/environment';
import { within } from './distributions';

// Where an environment keeps what is installed (sysconfig's schemes): lib/pythonX.Y/site-packages, lib64/… for compiled
// packages of some distributions, Lib/site-packages on Windows, lib/pypyX.Y/site-packages, site-packages of an older PyPy,
// dist-packages of Debian.

const packageFolders = ['site-packages', 'dist-packages'];

/** Whether a folder is a virtual environment (PEP 405). */
export function isVirtualEnvironment(files: InstalledFiles, folder: string): boolean {
  return files.text(within(folder, 'pyvenv.cfg'), 1).state === 'text';
}

/** Whether packages are installed right in a folder. */
export function isSitePackages(files: InstalledFiles, folder: string): boolean {
  const entries = files.entries(folder);
  return isListed(entries) && entries.some(({ name }) => /\.(?:dist-info|egg-info)$/.test(name));
}

export interface Sites {
  /** Each once, whatever links to it. */
  readonly sites: readonly string[];
  /** Folders that may hold more of them, and could not be looked into. */
  readonly notLooked: readonly NotLooked[];
}

/** The folders with packages of an environment, or the folder itself where it is one. */
export function sitesIn(files: InstalledFiles, folder: string): Sites {
  if (
    packageFolders.includes(folder.slice(folder.lastIndexOf('/') + 1)) ||
    (!isVirtualEnvironment(files, folder) && isSitePackages(files, folder))
  )
    return { sites: [folder], notLooked: [] };
  const notLooked: NotLooked[] = [];
  const entriesOf = (path: string): readonly InstalledEntry[] | undefined => {
    const entries = files.entries(path);
    if (typeof entries === 'string') notLooked.push({ path, reason: entries, fault: true });
    return isListed(entries) ? entries : undefined;
  };
  const candidates = packageFolders.map((name) => within(folder, name));
  for (const library of ['lib', 'lib64', 'Lib']) {
    for (const { name } of entriesOf(within(folder, library)) ?? []) {
      if (packageFolders.includes(name)) candidates.push(within(folder, `${library}/${name}`));
      else if (/^(?:python|pypy)\d/.test(name))
        for (const last of packageFolders) candidates.push(within(folder, `${library}/${name}/${last}`));
    }
  }
  const real = candidates.filter((site) => entriesOf(site) !== undefined).map((site) => files.real(site));
  const sites = [...new Set(real.filter((site) => site !== undefined))];
  if (sites.length === 0 && notLooked.length === 0) entriesOf(folder);
  return { sites, notLooked };
}

/** What a virtual environment uses of the Python that it was made from. */
export function systemNotes(files: InstalledFiles, folder: string): NotLooked[] {
  const read = files.text(within(folder, 'pyvenv.cfg'), 64 * 1024);
  if (read.state !== 'text') return [];
  const value = (key: string) => new RegExp(`^\\s*${key}\\s*=\\s*(.*?)\\s*$`, 'im').exec(read.text)?.[1];
  const home = value('home');
  return [
    { what: 'Python itself and its standard library', reason: `outside the environment${home ? `, in ${home}` : ''}` },
    ...(value('include-system-site-packages')?.toLowerCase() === 'true'
      ? [{ what: 'the site-packages of the system', reason: 'outside the environment, which also imports from them' }]
      : []),
  ];
}
