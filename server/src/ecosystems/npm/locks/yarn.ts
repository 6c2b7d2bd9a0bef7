import type { LockfileReading } from '../../../core/lockfile';
import { locateYamlKeys } from '../../../syntax/yamlText';
import { locateYarnBerry, readYarnBerry } from './yarnBerry';
import { locateYarnClassic, readYarnClassic, yarnClassicPlaces } from './yarnClassic';

/** yarn.lock, of which there are two formats with one name. */
export const yarn: LockfileReading = {
  read: (text) => (isBerry(text) ? readYarnBerry(text) : readYarnClassic(text)),
  locate: (text, { key }) => (isBerry(text) ? locateYarnBerry(text, key) : locateYarnClassic(text, key)),
  locator: (text) => {
    const places = isBerry(text) ? locateYamlKeys(text) : yarnClassicPlaces(text);
    return ({ key }) => places.get(key);
  },
};

function isBerry(text: string): boolean {
  return /^\uFEFF?["']?__metadata["']?:/m.test(text);
}
