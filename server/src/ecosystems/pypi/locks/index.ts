import type { LockfileReader } from '../../../core/lockfile';
import { lockfileReader } from '../../lockfileReader';
import defer * as compiled from './compiled';
import defer * as pdm from './pdm';
import defer * as pipfile from './pipfile';
import defer * as poetry from './poetry';
import defer * as pylock from './pylock';
import defer * as uv from './uv';

const manifests = ['pyproject.toml'];

/** The lockfiles of Python's tools. A new kind is a file here and an entry in this list. */
export const pypiLockfiles: readonly LockfileReader[] = [
  lockfileReader({ id: 'uv', patterns: ['**/uv.lock'], manifests, relock: 'uv lock' }, () => uv.uv),
  lockfileReader(
    {
      id: 'poetry',
      patterns: ['**/poetry.lock'],
      manifests,
      // Before 1.x locked them, Poetry took these for unsafe.
      omits: ['pip', 'setuptools', 'wheel', 'distribute'],
      relock: 'poetry lock',
    },
    () => poetry.poetry,
  ),
  lockfileReader({ id: 'pdm', patterns: ['**/pdm.lock'], manifests, relock: 'pdm lock' }, () => pdm.pdm),
  lockfileReader({ id: 'pipfile', patterns: ['**/Pipfile.lock'], manifests: ['Pipfile'], relock: 'pipenv lock' }, () => pipfile.pipfile),
  lockfileReader({ id: 'pylock', patterns: ['**/pylock.toml', '**/pylock.*.toml'], manifests, relock: 'pip lock' }, () => pylock.pylock),
  // Only the scan can tell that a requirements file is one: by its header, or since an `.in` lies beside it.
  lockfileReader({ id: 'compiled', patterns: [], manifests: [], relock: 'pip-compile' }, () => compiled.compiled),
];
