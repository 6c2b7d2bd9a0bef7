import type { EnvironmentQuestion, InstalledFiles } from '../../../core/environment';
import { within, type Distribution } from './distributions';

/** The share of one worker, dealt out by the size of RECORDs, so that one does not end up with torch and scipy. Each is in one share. */
export function share(
  files: InstalledFiles,
  site: string,
  all: readonly Distribution[],
  { share: own, shares }: EnvironmentQuestion,
): readonly Distribution[] {
  if (shares === 1) return all;
  const weighed = all.map((distribution) => ({ distribution, weight: files.size(within(site, `${distribution.info}/RECORD`)) + 200 }));
  weighed.sort((a, b) => b.weight - a.weight);
  const loads = Array.from({ length: shares }, () => 0);
  // The first share also looks for what nobody owns, which costs about a third of what the hashing does.
  loads[0] = weighed.reduce((sum, { weight }) => sum + weight, 0) / 3;
  const taken = new Set<Distribution>();
  for (const { distribution, weight } of weighed) {
    const least = loads.indexOf(Math.min(...loads));
    loads[least]! += weight;
    if (least === own) taken.add(distribution);
  }
  return all.filter((distribution) => taken.has(distribution));
}
