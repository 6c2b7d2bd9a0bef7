import type { Companion } from '../../../core/manifest';
import type { ReleaseAgeSetting } from '../../../core/releaseAge';
import { parseToml, type TomlTable } from '../../../syntax/toml';
import { folderOf, namedCompanions, onceEach } from '../../companionFiles';
import { botReleaseAge } from '../../updateBots';
import { pipReleaseAge } from './pip';
import { poetryReleaseAge } from './poetry';
import { uvReleaseAge } from './uv';

const uvTomlOnce = onceEach(({ path, text }) => uvReleaseAge(path, parseToml(text).root, []));
const pyprojectOnce = onceEach(({ path, text }) => uvReleaseAge(path, parseToml(text).root, ['tool', 'uv']));
const poetryOnce = onceEach(poetryReleaseAge);
const pipOnce = onceEach(pipReleaseAge);

/**
 * What a Python project says of the age of releases: the files of its tools beside and above, then those of bots. `own` is the
 * manifest's own tree, where it is a pyproject.toml. In one folder a uv.toml stands in the place of `[tool.uv]`.
 */
export function pypiReleaseAge(path: string, own: TomlTable | undefined, companions: readonly Companion[]): ReleaseAgeSetting[] {
  const uvTomls = namedCompanions(companions, 'uv.toml');
  const replaced = new Set(uvTomls.map((companion) => folderOf(companion.path)));
  const byFolder = [
    ...uvTomls.map((companion) => ({ folder: folderOf(companion.path), settings: uvTomlOnce(companion) })),
    ...namedCompanions(companions, 'pyproject.toml')
      .filter((companion) => !replaced.has(folderOf(companion.path)))
      .map((companion) => ({ folder: folderOf(companion.path), settings: pyprojectOnce(companion) })),
    ...(own && !replaced.has(folderOf(path)) ? [{ folder: folderOf(path), settings: uvReleaseAge(path, own, ['tool', 'uv']) }] : []),
  ];
  // The nearest file comes first.
  byFolder.sort((a, b) => b.folder.length - a.folder.length);
  return [
    ...byFolder.flatMap(({ settings }) => settings),
    ...namedCompanions(companions, 'poetry.toml').flatMap(poetryOnce),
    ...namedCompanions(companions, 'pip.conf').flatMap(pipOnce),
    ...botReleaseAge(path, companions, ['pip', 'uv']),
  ];
}
