import type { Ecosystem } from '../../core/ecosystem';
import { normalizeName } from './name';
import { pyproject } from './pyproject';
import { pypiRegistry } from './registry';
import { requirements } from './requirements';
import { pypiVersions } from './versions';

/** PyPI and what is installed from indexes like it. */
export const pypi: Ecosystem = {
  id: 'PyPI',
  purlType: 'pypi',
  manifests: [requirements, pyproject],
  lockfiles: [],
  versions: pypiVersions,
  normalizeName,
  registry: pypiRegistry,
  packageUrl: (name) => `https://pypi.org/project/${encodeURIComponent(normalizeName(name))}/`,
};
