import type { InstalledEntry, InstalledFiles, NotLooked, StartupHook } from '../../../core/environment';
import { hexOf } from '../../../core/environment';
import type { Span } from '../../../core/span';
import { within } from './distributions';
import { knownHook } from './knownHooks';
import type { Ownership } from './ownership';
import { readPth, readStart } from './pthFile';

/** A hook is a line; whoever hides one behind this much text is shown by what stands before it, and by the file's hash. */
const mostText = 1024 * 1024;

/** `sitecustomize` and `usercustomize` as a module, as a package, and as what a compiler makes of them. */
const customizing = /^(?:sitecustomize|usercustomize)(?:\.py|\.pyc|(?:\.[\w-]+)*\.(?:so|pyd))?$/;

/** The files of a site-packages folder, relative to it, that Python looks for at its start. site.py reads no folder below. */
export function startupNames(entries: readonly InstalledEntry[]): ReadonlySet<string> {
  const names = new Set<string>();
  for (const { name, kind } of entries) {
    if (kind === 'folder') {
      if (isCustomizing(name, kind)) for (const module of packageModules) names.add(`${name}/${module}`);
    } else if (/\.(?:pth|start)$/.test(name) || isCustomizing(name, kind)) names.add(name);
  }
  // Judged together with the file that imports it.
  if (names.has('_virtualenv.pth')) names.add('_virtualenv.py');
  return names;
}

const packageModules = ['__init__.py', '__init__.pyc'];

function isCustomizing(name: string, kind: InstalledEntry['kind']): boolean {
  return customizing.test(name) && (kind === 'folder') === !name.includes('.');
}

/** What runs at every start of a Python that uses this folder. */
export function startupHooks(
  files: InstalledFiles,
  site: string,
  entries: readonly InstalledEntry[],
  owned: Ownership,
): { readonly hooks: readonly StartupHook[]; readonly notLooked: readonly NotLooked[] } {
  const hooks: StartupHook[] = [];
  const notLooked: NotLooked[] = [];
  const ownerOf = (name: string) => {
    const place = within(site, name);
    return owned.ownerOf(place) || (owned.wholesale.get(files.fold(name.split(/[/.]/, 1)[0]!)) ?? '');
  };
  const around = {
    ownerOf,
    beside(name: string): string | undefined {
      const read = files.text(within(site, name), mostText);
      return read.state === 'text' && read.whole ? read.text : undefined;
    },
  };

  const add = (path: string, name: string, runsOf: (text: string) => readonly Span[]) => {
    const read = files.text(path, mostText);
    if (read.state === 'absent') return;
    if (read.state !== 'text') {
      const outside = read.state === 'outside';
      notLooked.push({
        path,
        reason: outside ? 'a link that leads out of the environment' : read.message,
        ...(!outside && { fault: true }),
      });
      if (outside) hooks.push({ path, owner: ownerOf(name), text: '', runs: [{ start: 0, end: 0 }] });
      return;
    }
    const runs = runsOf(read.text);
    if (runs.length === 0 && read.whole) return;
    const digest = files.digest(path, 'sha256');
    const lines = runs.map(({ start, end }) => read.text.slice(start, end));
    const knownAs = read.whole ? knownHook(name, lines, around) : undefined;
    hooks.push({
      path,
      owner: ownerOf(name),
      text: read.text,
      runs,
      ...(digest.state === 'known' && { sha256: hexOf(digest.digest) }),
      ...(knownAs !== undefined && { knownAs }),
    });
  };

  for (const { name, kind } of entries) {
    const path = within(site, name);
    if (name.endsWith('.pth') && kind !== 'folder') {
      add(path, name, (text) => readPth(text).runs);
      notLooked.push(...foldersElsewhere(files, site, path));
    } else if (name.endsWith('.start') && kind !== 'folder') add(path, name, readStart);
    else if (!isCustomizing(name, kind)) continue;
    else if (kind !== 'folder') add(path, name, beginning);
    else for (const module of packageModules) add(within(path, module), `${name}/${module}`, beginning);
  }
  return { hooks, notLooked };
}

/** Of a module that runs as a whole, its first line of code. */
function beginning(text: string): Span[] {
  const match = /^(?![ \t]*(?:#|$))[^\r\n]+/m.exec(text.slice(0, 4096));
  return [match ? { start: match.index, end: match.index + Math.min(match[0].length, 200) } : { start: 0, end: 0 }];
}

/** The folders that a .pth file adds to `sys.path`, where they lie elsewhere: what is in them is imported, and is not looked at. */
function foldersElsewhere(files: InstalledFiles, site: string, path: string): NotLooked[] {
  const read = files.text(path, mostText);
  if (read.state !== 'text') return [];
  return readPth(read.text)
    .paths.map(({ start, end }) => read.text.slice(start, end).trim())
    .filter((folder) => isElsewhere(files, site, folder))
    .slice(0, 20)
    .map((folder) => ({ what: folder, reason: `outside the environment; ${path} adds it to what Python imports from` }));
}

function isElsewhere(files: InstalledFiles, site: string, folder: string): boolean {
  if (/^(?:[a-z]:)?[\\/]/i.test(folder)) return true;
  return files.real(within(site, folder.replaceAll('\\', '/'))) === undefined && /(?:^|[\\/])\.\.(?:[\\/]|$)/.test(folder);
}
