import type { Companion, Manifest } from '../../core/manifest';
import { parseToml, tomlEntries } from '../../syntax/toml';
import { folderOf, namedCompanions, onceEach } from '../companionFiles';
import { pypiReleaseAge } from './releaseAge';

/** The facts of a requirements file that stand in other files. */
export function requirementsProject(path: string, companions: readonly Companion[]): Pick<Manifest, 'project' | 'releaseAge'> {
  const partOf = rootOf(path, companions);
  return { ...(partOf !== undefined && { project: { partOf } }), releaseAge: pypiReleaseAge(path, undefined, companions) };
}

/** A pyproject.toml that declares dependencies speaks for the project, then the topmost requirements.txt; what it was compiled from before it. */
function rootOf(path: string, companions: readonly Companion[]): string | undefined {
  const project = namedCompanions(companions, 'pyproject.toml').find(declaresAny);
  if (project) return project.path;
  const folder = folderOf(path);
  const isSource = path.endsWith('/requirements.in') || path === 'requirements.in';
  const above = [...namedCompanions(companions, 'requirements.in'), ...namedCompanions(companions, 'requirements.txt')].filter(
    (companion) => !isSource || folderOf(companion.path) !== folder,
  );
  return above.sort((a, b) => folderOf(a.path).length - folderOf(b.path).length)[0]?.path;
}

const declaresAny = onceEach(({ text }) => {
  const { root } = parseToml(text);
  return [['project', 'dependencies'], ['project', 'optional-dependencies'], ['dependency-groups'], ['tool', 'poetry']].some(
    (path) => tomlEntries(root, path).length > 0,
  );
});
