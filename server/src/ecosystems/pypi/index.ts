import type { Ecosystem } from '../../core/ecosystem';
import { readPythonEnvironment } from './environment';
import { installedDistributions } from './environment/installed';
import { compiled } from './locks/compiled';
import { pdm } from './locks/pdm';
import { pipfile } from './locks/pipfile';
import { poetry } from './locks/poetry';
import { pylock } from './locks/pylock';
import { uv } from './locks/uv';
import { normalizeName } from './name';
import { pyproject } from './pyproject';
import { planPypiIndexes, pypiIndexesSetUp } from './indexes';
import { pypiRegistry } from './registry';
import { requirements } from './requirements';
import { pypiVersions } from './versions';

/** PyPI and what is installed from indexes like it. */
export const pypi: Ecosystem = {
  id: 'PyPI',
  purlType: 'pypi',
  manifests: [requirements, pyproject],
  lockfiles: [uv, poetry, pdm, pipfile, pylock, compiled],
  versions: pypiVersions,
  normalizeName,
  registry: pypiRegistry,
  planIndexes: planPypiIndexes,
  indexesSetUp: pypiIndexesSetUp,
  readEnvironment: readPythonEnvironment,
  installedIn: installedDistributions,
  packageUrl: (name) => `https://pypi.org/project/${encodeURIComponent(normalizeName(name))}/`,
};
