import { hexOf, isListed, type InstalledFiles, type Trace } from './environment';

// binding.gyp makes npm run node-gyp at install, where package.json names no install script of its own; and gyp runs what
// stands in `<!(…)`. So a package without any native source that brings one wants something run, and nothing compiled.

const nativeSource = /\.(?:c|cc|cpp|cxx|c\+\+|m|mm|s|asm|rs|go|cu|swift|f|f90)$/i;
/** A package with sources shows one long before this. */
const mostEntries = 5000;

/** Whether some file of native source lies in the folder of a package, its own dependencies left out. */
export function hasNativeSource(files: InstalledFiles, folder: string): boolean {
  const open = [folder];
  let seen = 0;
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const entries = files.entries(next);
    if (!isListed(entries)) continue;
    for (const { name, kind } of entries) {
      // What cannot be looked through to its end is given the benefit of the doubt.
      if (++seen > mostEntries) return true;
      if (kind === 'folder' && name !== 'node_modules' && name !== 'site-packages' && !name.startsWith('.'))
        open.push(next === '' ? name : `${next}/${name}`);
      else if (kind !== 'folder' && nativeSource.test(name)) return true;
    }
  }
  return false;
}

/** A trace that is a file as a whole. The text of a `binding.gyp` is read, of a file that an incident names only the hash. */
export function fileTrace(files: InstalledFiles, kind: 'bare-gyp' | 'named-file', path: string, owner: string): Trace {
  const read = kind === 'bare-gyp' ? files.text(path, 256 * 1024) : undefined;
  const text = read?.state === 'text' ? read.text : '';
  const digest = files.digest(path, 'sha256');
  const runs = /<!@?\(([^\r\n]{0,300}?)\)/.exec(text);
  return {
    kind,
    path,
    owner,
    text,
    span: runs ? { start: runs.index, end: runs.index + runs[0].length } : { start: 0, end: 0 },
    command: runs?.[1] ?? '',
    event: kind === 'bare-gyp' ? 'install' : '',
    ...(digest.state === 'known' && { sha256: hexOf(digest.digest) }),
  };
}
