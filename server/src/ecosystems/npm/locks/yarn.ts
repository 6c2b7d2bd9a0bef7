import type { LockfileReader } from '../../../core/lockfile';
import { locateYarnBerry, readYarnBerry } from './yarnBerry';
import { locateYarnClassic, readYarnClassic } from './yarnClassic';

/** yarn.lock, of which there are two formats with one name. */
export const yarn: LockfileReader = {
  id: 'yarn',
  patterns: ['**/yarn.lock'],
  matches: (path) => path === 'yarn.lock' || path.endsWith('/yarn.lock'),
  manifests: ['package.json'],
  relock: 'yarn install',
  read: (text) => (isBerry(text) ? readYarnBerry(text) : readYarnClassic(text)),
  locate: (text, { key }) => (isBerry(text) ? locateYarnBerry(text, key) : locateYarnClassic(text, key)),
};

function isBerry(text: string): boolean {
  return /^\uFEFF?["']?__metadata["']?:/m.test(text);
}
