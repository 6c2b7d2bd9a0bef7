import type { Ecosystem } from '../../core/ecosystem';
import type { ManifestReader } from '../../core/manifest';
import { manifestReader } from '../manifestReader';
import { botNames } from '../updateBots';
import defer * as environment from './environment';
import { installedDistributions } from './environment/installed';
import { planPypiIndexes, pypiIndexesSetUp } from './indexes';
import { pypiLockfiles } from './locks';
import { normalizeName } from './name';
import defer * as pyproject from './pyproject';
import defer * as registry from './registry';
import defer * as requirements from './requirements';
import { pypiVersions } from './versions';

const manifests: readonly ManifestReader[] = [
  manifestReader(
    {
      id: 'requirements',
      patterns: ['**/*requirements*.{txt,in}', '**/*constraints*.{txt,in}', '**/requirements/*.{txt,in}'],
      matches: (path) => /(?:^|\/)[^/]*(?:requirements|constraints)[^/]*\.(?:txt|in)$|(?:^|\/)requirements\/[^/]*\.(?:txt|in)$/.test(path),
      accepts: (path) => /\.(?:txt|in)$/.test(path),
      companions: ['pyproject.toml', 'uv.toml', 'pip.conf', 'requirements.in', 'requirements.txt'],
      rootCompanions: botNames,
    },
    () => requirements.requirements,
  ),
  manifestReader(
    {
      id: 'pyproject.toml',
      patterns: ['**/pyproject.toml'],
      matches: (path) => /(?:^|\/)pyproject\.toml$/.test(path),
      companions: ['pyproject.toml', 'uv.toml', 'poetry.toml'],
      rootCompanions: botNames,
    },
    () => pyproject.pyproject,
  ),
];

/** PyPI and what is installed from indexes like it. */
export const pypi: Ecosystem = {
  id: 'PyPI',
  purlType: 'pypi',
  manifests,
  lockfiles: pypiLockfiles,
  versions: pypiVersions,
  normalizeName,
  registryId: 'pypi',
  registry: (...at) => registry.pypiRegistry(...at),
  planIndexes: planPypiIndexes,
  indexesSetUp: pypiIndexesSetUp,
  readEnvironment: (...asked) => environment.readPythonEnvironment(...asked),
  installedIn: installedDistributions,
  packageUrl: (name) => `https://pypi.org/project/${encodeURIComponent(normalizeName(name))}/`,
};
