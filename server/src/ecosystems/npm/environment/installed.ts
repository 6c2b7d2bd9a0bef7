import type { InstalledVersion } from '../../../core/ecosystem';
import type { FolderFiles } from '../../../core/io';
import { isPlainObject, readPlainJson } from '../../../syntax/jsonPlain';

/** What `node_modules` of this folder holds of these packages, by each one's own package.json. */
export async function installedNodePackages(
  folder: string,
  names: ReadonlySet<string>,
  files: FolderFiles,
): Promise<ReadonlyMap<string, InstalledVersion>> {
  const modules = folder === '' ? 'node_modules' : `${folder}/node_modules`;
  const found = new Map<string, InstalledVersion>();
  const there = new Set(await files.list(modules));
  for (const name of names) {
    if (!there.has(name.split('/', 1)[0]!) || !isFolderName(name)) continue;
    const file = `${modules}/${name}/package.json`;
    const read = await files.read(file);
    const value = read.state === 'text' ? readPlainJson(read.text).value : undefined;
    // An alias is installed under a name of its own: then the folder holds another package, which is none of these.
    if (isPlainObject(value) && typeof value.version === 'string' && value.name === name) found.set(name, { version: value.version, file });
  }
  return found;
}

/** A name that is no path to somewhere else. */
function isFolderName(name: string): boolean {
  return /^(?:@[^/\\]+\/)?[^/\\]+$/.test(name) && !/(?:^|\/)\.\.?$/.test(name);
}
