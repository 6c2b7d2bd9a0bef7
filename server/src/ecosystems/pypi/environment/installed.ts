import type { InstalledVersion } from '../../../core/ecosystem';
import type { FolderFiles } from '../../../core/io';
import { normalizeName } from '../name';
import { parseVersion } from '../version';

/** Where people and tools put a project's environment; VS Code's Python tools look there too. */
const environments = ['.venv', 'venv'];
/** sysconfig's schemes for packages: `lib/pythonX.Y/site-packages`, on Windows `Lib/site-packages`. */
const libraries = ['lib', 'Lib'];

/**
 * What a virtual environment in this folder holds of these packages, by the names of the folders that installers record
 * them in: `NAME-VERSION.dist-info`, name and version normalized (packaging.python.org, "Recording installed projects").
 */
export async function installedDistributions(
  folder: string,
  names: ReadonlySet<string>,
  files: FolderFiles,
): Promise<ReadonlyMap<string, InstalledVersion>> {
  const list = (path: string) => files.list(path);
  const own = new Set(await list(folder));
  for (const environment of environments.filter((name) => own.has(name))) {
    const root = folder === '' ? environment : `${folder}/${environment}`;
    for (const library of libraries) {
      const inside = await list(`${root}/${library}`);
      const pythons = inside.filter((name) => /^(?:python|pypy)\d/.test(name)).map((name) => `${library}/${name}/site-packages`);
      for (const site of inside.includes('site-packages') ? [`${library}/site-packages`, ...pythons] : pythons) {
        const found = recorded(await list(`${root}/${site}`), `${root}/${site}`, names);
        if (found.size) return found;
      }
    }
  }
  return new Map();
}

function recorded(entries: readonly string[], site: string, names: ReadonlySet<string>): Map<string, InstalledVersion> {
  const found = new Map<string, InstalledVersion>();
  const twice = new Set<string>();
  for (const entry of entries) {
    const [, written, version] = /^([^~].*?)-([^-]+)\.dist-info$/.exec(entry) ?? [];
    const name = written === undefined ? '' : normalizeName(written);
    if (!names.has(name) || version === undefined || !parseVersion(version)) continue;
    if (found.has(name)) twice.add(name);
    found.set(name, { version, file: `${site}/${entry}/METADATA` });
  }
  // An installation that was broken off leaves two: nobody can say which of them is imported.
  for (const name of twice) found.delete(name);
  return found;
}
