import type { DeclarationSubject, Policy } from '../core/check';
import { shown } from '../core/lookup';
import type { VersionChoice } from '../core/outlook';
import { minimumAge } from './ageLimit';
import { shelfOf } from './atHand';
import { isClean } from './cleanReleases';

/**
 * The releases that may be written into a declaration's range, best first: those that a fix would propose, newest first; then
 * those with something against them (too young, an advisory, deprecated); then pre-releases. Compromised, yanked and blocked
 * ones are not among them. Empty where the registry has never answered, or has locked the project.
 */
export function versionChoices(subject: DeclarationSubject, policy: Policy): VersionChoice[] {
  const record = shown(subject.registry);
  if (!record?.exists || record.status === 'quarantined') return [];
  const { known, versions, now, declaration } = subject;
  const malware = known.filter(({ kind }) => kind === 'malware');
  const blocks = policy.team?.blocks(declaration.package) ?? [];
  const oldest = minimumAge(subject, policy);
  const tiers: VersionChoice[][] = [[], [], []];
  for (const release of shelfOf(record.releases, versions).ascending.toReversed()) {
    const { version, publishedAt } = release;
    const isBad = malware.some((advisory) => advisory.wholePackage || advisory.affects(version));
    if (release.yanked || isBad || blocks.some((blocked) => blocked.affects(version))) continue;
    const age = publishedAt ? now.getTime() - publishedAt.getTime() : Infinity;
    // A release of the future does not exist yet for a clock that was set back.
    if (age < 0) continue;
    const advisories = isClean(known, version)
      ? 0
      : known.filter((advisory) => advisory.affects(version) || advisory.undecided?.(version)).length;
    const prerelease = versions.isPrerelease(version);
    const choice = { release, advisories, young: age < oldest, prerelease };
    const isClear = advisories === 0 && !choice.young && release.deprecated === undefined;
    tiers[prerelease ? 2 : isClear ? 0 : 1]!.push(choice);
  }
  return tiers.flat();
}
