import type { InstalledFiles } from '../../../core/environment';
import { within, type Distribution } from './distributions';

// Packagers that install Python packages without an installer of Python: RECORD is what the build left, the files were stripped
// or rewritten after it, and others belong to packages that have none. Their own records (dpkg, conda-meta) are not read.
// Each is known by where it installs, which a package cannot choose, and not only by what a package says of itself.

export interface Packager {
  /** Why its files are not compared with RECORD. */
  readonly reason: string;
  installed(distribution: Distribution): boolean;
}

/** Who installed into a site-packages folder besides Python's own installers. */
export function packagerOf(files: InstalledFiles, site: string, folder: string, isVirtual: boolean): Packager | undefined {
  if (files.entries(within(folder, 'conda-meta')) !== undefined)
    return {
      reason: 'conda rewrites files when it installs, and only its own records list them',
      installed: ({ installer }) => installer === 'conda',
    };
  if (/(?:^|\/)dist-packages$/.test(site) && !isVirtual)
    return {
      reason: 'the system’s packages change files after RECORD is written, and only its own records list them',
      installed: ({ installer }) => installer === '' || installer === 'debian',
    };
  return undefined;
}
