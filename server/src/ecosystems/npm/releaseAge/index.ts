import type { Companion } from '../../../core/manifest';
import type { ReleaseAgeSetting } from '../../../core/releaseAge';
import { propertyOf, type JsonObject } from '../../../syntax/json';
import { namedCompanions, onceEach } from '../../companionFiles';
import { renovateSetting } from '../../renovate';
import { botReleaseAge } from '../../updateBots';
import { bunReleaseAge } from './bun';
import { npmrcReleaseAge } from './npmrc';
import { pnpmDefault, pnpmReleaseAge } from './pnpm';
import { yarnReleaseAge } from './yarn';

/** By the name of the file, who reads it. */
const readers: readonly (readonly [name: string, read: (companion: Companion) => ReleaseAgeSetting[]])[] = [
  ['.npmrc', onceEach(npmrcReleaseAge)],
  ['pnpm-workspace.yaml', onceEach(pnpmReleaseAge)],
  ['.yarnrc.yml', onceEach(yarnReleaseAge)],
  ['bunfig.toml', onceEach(bunReleaseAge)],
];

/** What a Node project says of the age of releases: the files of its tools beside and above, then those of bots. */
export function npmReleaseAge(path: string, root: JsonObject, companions: readonly Companion[]): ReleaseAgeSetting[] {
  const own = readers.flatMap(([name, read]) => namedCompanions(companions, name).flatMap(read));
  const manager = propertyOf(root, 'packageManager')?.value;
  const byDefault = pnpmDefault(manager?.type === 'string' ? { value: manager.value, span: manager.inner } : undefined, path);
  return [...own, ...byDefault, ...inPackageJson(path, root), ...botReleaseAge(path, companions, ['npm', 'bun'])];
}

function inPackageJson(path: string, root: JsonObject): ReleaseAgeSetting[] {
  const renovate = propertyOf(root, 'renovate')?.value;
  const age = renovate?.type === 'object' ? propertyOf(renovate, 'minimumReleaseAge')?.value : undefined;
  return age?.type === 'string' ? [renovateSetting(path, age.value, age.inner)] : [];
}
