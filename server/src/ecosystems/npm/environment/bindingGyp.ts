import type { InstalledFiles } from '../../../core/environment';

// binding.gyp makes npm run node-gyp at install, where package.json names no install script of its own; and gyp runs what
// stands in `<!(…)`. So a package without any native source that brings one wants something run, and nothing compiled.

const nativeSource = /\.(?:c|cc|cpp|cxx|c\+\+|m|mm|s|asm|rs|go|cu|swift|f|f90|h|hpp)$/i;
/** A package with sources shows one long before this. */
const mostEntries = 5000;

/** Whether some file of native source lies in the folder of a package, its own dependencies left out. */
export function hasNativeSource(files: InstalledFiles, folder: string): boolean {
  const open = [folder];
  let seen = 0;
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const entries = files.entries(next);
    if (!Array.isArray(entries)) continue;
    for (const { name, kind } of entries) {
      // What cannot be looked through to its end is given the benefit of the doubt.
      if (++seen > mostEntries) return true;
      if (kind === 'folder' && name !== 'node_modules' && name !== '.git') open.push(`${next}/${name}`);
      else if (kind !== 'folder' && nativeSource.test(name)) return true;
    }
  }
  return false;
}
