import type { LockedRoot } from '../../../core/lockfile';
import { createAsked, overridden } from './asked';
import { entry, rangeIn } from './entry';
import { asMap, textAt, type PnpmGathering } from './pnpmGathering';
import { linkedFolder } from './pnpmKeys';

const sections = ['dependencies', 'devDependencies', 'optionalDependencies'] as const;

/**
 * What each project asks for: `name: {specifier, version}`, or in version 5 `name: version` beside `specifiers`. Folders that projects link
 * to are added to the entries as packages of the project, under `link:FOLDER`; the lockfile gives them none.
 */
export function readPnpmImporters(
  { projects, entries, find, overrides }: Pick<PnpmGathering, 'projects' | 'entries' | 'find' | 'overrides'>,
  complain: (path: readonly string[], message: string) => void,
): { readonly roots: readonly LockedRoot[]; readonly importers: readonly string[] } {
  const roots: LockedRoot[] = [];
  const links = new Map<string, number>();
  const asked = createAsked(entries);
  const linkTo = (folder: string, name: string): number => {
    const known = links.get(folder);
    if (known !== undefined) return known;
    const isMember = projects.has(folder === '' ? '.' : folder);
    links.set(folder, entries.length);
    return entries.push(entry(`link:${folder}`, name, '', isMember ? 'workspace' : 'path', true)) - 1;
  };
  for (const [written, project] of projects) {
    const importer = folderOf(written);
    const specifiers = asMap(project.get('specifiers'));
    for (const name of specifiers.keys()) {
      if (!sections.some((section) => asMap(project.get(section)).has(name)))
        complain(['importers', written], `it says of ${name.slice(0, 214)} only what was asked for`);
    }
    for (const section of sections) {
      for (const [name, dependency] of asMap(project.get(section))) {
        const version = typeof dependency === 'string' ? dependency : textAt(asMap(dependency), 'version');
        const specifier = typeof dependency === 'string' ? textAt(specifiers, name) : textAt(asMap(dependency), 'specifier');
        const isLink = version.startsWith('link:');
        const target = isLink ? linkTo(linkedFolder(importer, version.slice('link:'.length)), name) : find(name, version);
        if (target === undefined) complain(['importers', written], `it holds no entry for ${name.slice(0, 214)}`);
        else asked.by(target, specifier);
        const packages = target === undefined ? [] : [target];
        roots.push(
          specifier === '' ? { importer, name, section, packages } : { importer, name, section, specifier: rangeIn(specifier), packages },
        );
      }
    }
  }
  asked.mark(overridden(overrides));
  const brought = new Map<string, Set<number>>([...links.keys()].map((folder) => [folder, new Set()]));
  for (const { importer, packages } of roots) for (const index of packages) brought.get(importer)?.add(index);
  for (const [folder, index] of links) entries[index]!.dependencies = [...brought.get(folder)!];
  return { roots, importers: [...new Set(['', ...[...projects.keys()].map(folderOf)])] };
}

function folderOf(importer: string): string {
  return importer === '.' ? '' : importer;
}
