import type { Companion } from '../core/manifest';
import type { ReleaseAgeSetting } from '../core/releaseAge';
import { folderOf, onceEach } from './companionFiles';
import { dependabotNames, dependabotReleaseAge } from './dependabot';
import { renovateNames, renovateReleaseAge } from './renovate';

/** The settings of bots that propose updates lie at the workspace's root. */
export const botNames: readonly string[] = [...renovateNames, ...dependabotNames];

const renovateOnce = onceEach(renovateReleaseAge);
const isDependabot = (path: string): boolean => /(?:^|\/)\.github\/dependabot\.ya?ml$/.test(path);
const isRenovate = (path: string): boolean => /(?:^|\/)(?:renovate\.json5?|\.renovaterc(?:\.json5?)?)$/.test(path);

/** What bots wait for before they propose an update of this manifest. `ecosystems`: what Dependabot calls them. */
export function botReleaseAge(path: string, companions: readonly Companion[], ecosystems: readonly string[]): ReleaseAgeSetting[] {
  return [
    ...companions.filter((companion) => isRenovate(companion.path)).flatMap(renovateOnce),
    ...companions
      .filter((companion) => isDependabot(companion.path))
      .flatMap((companion) => dependabotReleaseAge(companion, ecosystems, folderOf(path))),
  ];
}
