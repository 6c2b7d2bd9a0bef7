import type { BroughtYoung, Check, DeclarationSubject, LockedSubject, Policy } from '../core/check';
import type { Observation, Severity } from '../core/finding';
import type { Release } from '../core/release';
import { ageInForce, latestMoment, type AgeInForce } from '../fixes/ageLimit';
import { newestAdmitted, releaseAtHand } from '../fixes/atHand';
import { aboutBrought, lockLines, ownLockLine, wayOf } from '../fixes/brought';
import { culprit } from '../fixes/culprit';
import { heldWords, rangeText } from '../fixes/effect';
import { ranked, retreat } from '../fixes/moves';
import { publisherText } from '../fixes/publisher';
import { isSpokenFor } from '../fixes/silence';
import { ageWords, counted, momentText } from '../fixes/wording';

export const freshRelease: Check = {
  id: 'fresh-release',
  title: 'A release that is younger than the minimum age',
  severity: 'warning',
  docs: {
    severity:
      'warning; hint where the lockfile holds an older release, or where the project’s own tool passes over the young one: then nothing comes by itself',
    why: `Every wave of 2026 lived for minutes to hours: litellm 1.82.8 could be installed for two and a half hours, and no advisory existed until hours later. What would have protected in time is waiting. So a release that was published a moment ago is named, whatever is known of it: the release that the entry stands for, or else the newest that its range admits, since that is what the next install takes.

The minimum age is the project's own where it has one: \`exclude-newer\` (uv), \`minimumReleaseAge\` (pnpm, Bun, Renovate), \`min-release-age\` (npm, Poetry), \`npmMinimalAgeGate\` (Yarn), \`uploaded-prior-to\` (pip), \`cooldown\` (Dependabot), with the packages that it excludes. Of several the one counts whose tool installs, by the lockfile. Else it is \`merlon.minimumReleaseAge\`.

**A lockfile protects** those who install from it: where it holds an older release, a young one in the range is a mere hint. That is not so for a library, whose users never see its lockfile. A limit that the installing tool itself keeps makes it a hint as well; a bot's limit does not, since it holds back proposals alone.

Of what comes along with an entry no registry is asked. But uv.lock and pylock.toml tell when each release was uploaded, and so may pnpm-lock.yaml: by these times, transitive releases are judged too, also offline. They are the word of whoever wrote the lockfile: where a registry has told of a release, its time counts.

Nothing is said where nobody tells a time, where the time lies in the future, or where the release is not in its list. Age is no proof of anything: some malware sleeps for weeks.`,
    example: `litellm==1.82.8      # published 20 minutes ago`,
    fix: `Pin to the proposed release: the newest one before it that is old enough and that no known advisory touches. Or wait. If the young release is itself a cure that you need, take it with open eyes.`,
  },
  assess: {
    declaration(subject, policy) {
      if (isSpokenFor(subject, policy)) return [];
      const own = ofResolved(subject, policy) ?? ofRange(subject, policy);
      // What is locked comes; what a range admits beside a lockfile does not come by itself.
      const observation = own && own.severity === undefined ? own : (ofBrought(subject, policy) ?? own);
      return observation ? [observation] : [];
    },
    locked: ofLocked,
  },
};

function ofResolved(subject: DeclarationSubject, policy: Policy): Observation | undefined {
  const { resolution, declaration } = subject;
  if (resolution.version === undefined) return undefined;
  const listed = releaseAtHand(subject)?.release;
  // A registry that lists the release may tell no time.
  const locked = listed?.publishedAt ? undefined : lockedRelease(subject);
  const release = locked ?? listed;
  const limit = release && freshness(subject, policy, release);
  if (!release || !limit) return undefined;
  const held = heldWords(subject);
  return {
    message: `${declaration.package.name} ${release.version}${held} was published ${words(subject.now, release, limit, locked && subject.lock?.file)}`,
    span: culprit(declaration),
    related: ownLockLine(subject),
    fixes: () => ranked(retreat(subject, policy, release.version)),
  };
}

/** Some lockfiles tell when a release was uploaded, so that nobody need be asked. */
function lockedRelease({ resolution, lock, versions, known }: DeclarationSubject): Release | undefined {
  if (resolution.version === undefined) return undefined;
  const entry = lock?.releases.find(({ version }) => versions.equal(version, resolution.version));
  if (!entry?.uploadedAt || known[0]?.kind === 'malware') return undefined;
  return { version: entry.version, publishedAt: entry.uploadedAt };
}

/** Young releases that come along with the declaration, by the lockfile: the youngest speaks, the others are counted. */
function ofBrought(subject: DeclarationSubject, policy: Policy): Observation | undefined {
  const young = (subject.bringsYoung ?? []).flatMap((brought) => {
    const limit = isMalware(subject, brought) ? undefined : freshness(subject, policy, brought, brought.package.name);
    return limit ? [{ brought, limit }] : [];
  });
  const [first, ...others] = young;
  if (!first) return undefined;
  const { brought, limit } = first;
  const { package: pkg, version, path, toldBy } = brought;
  const more = others.length ? `; and ${counted(others.length, 'other young release', 'other young releases')}` : '';
  return {
    message: `${path[0]} brings ${pkg.name} ${version} by ${wayOf(brought)}, which was published ${words(subject.now, brought, limit, toldBy === 'lockfile' ? subject.lock?.file : undefined)}${more}`,
    span: culprit(subject.declaration),
    ...aboutBrought(brought),
    related: lockLines(
      subject,
      young.slice(0, 5).map((one) => one.brought),
    ),
  };
}

/** Then a graver finding speaks of it. */
function isMalware({ brings }: DeclarationSubject, { entry }: BroughtYoung): boolean {
  return brings.some((bad) => bad.entry === entry && bad.advisories[0]?.kind === 'malware');
}

/** Where no manifest is there to say it. */
function ofLocked({ entry, age, advisories, file, span }: LockedSubject, policy: Policy): Observation[] {
  const { uploadedAt: publishedAt, package: pkg, version } = entry;
  if (!age || !publishedAt || advisories[0]?.kind === 'malware') return [];
  const elapsed = age.now.getTime() - publishedAt.getTime();
  const limit = ageInForce({ ...age, declaration: entry }, policy, version);
  if (!limit || !(elapsed >= 0 && elapsed < limit.ageMs)) return [];
  return [{ message: `${pkg.name} ${version} is locked and was published ${words(age.now, { publishedAt }, limit, file)}`, span: span() }];
}

function ofRange(subject: DeclarationSubject, policy: Policy): Observation | undefined {
  const { resolution, declaration, lock } = subject;
  if (resolution.version !== undefined && resolution.from === 'exact-range') return undefined;
  const before = latestMoment(subject);
  const isNext = resolution.version === undefined && !before;
  const release = isNext ? releaseAtHand(subject)?.release : newestAdmitted(subject, before);
  const limit = release && freshness(subject, policy, release);
  if (!release || !limit) return undefined;
  const isLocked = resolution.version !== undefined && resolution.from === 'lockfile' && lock?.library === undefined;
  const isGuarded = subject.now.getTime() - release.publishedAt!.getTime() < limit.guardedMs;
  const severity: Severity | undefined = isLocked || isGuarded ? 'hint' : undefined;
  const { name } = declaration.package;
  const takes = rangeText(declaration) === '' ? `${name} without a version takes` : `${name} ${rangeText(declaration)} admits`;
  return {
    message: `${takes} ${release.version}, which was published ${words(subject.now, release, limit)}${protection(subject, isLocked, isGuarded)}`,
    span: culprit(declaration),
    ...(severity && { severity }),
    // Where nothing comes by itself nothing need be done.
    ...(severity === undefined && { fixes: () => ranked(retreat(subject, policy, release.version)) }),
  };
}

type Dated = Pick<Release, 'version' | 'publishedAt'>;

/** The limit that a release falls short of. A time in the future is a wrong clock, here or there. */
function freshness(subject: DeclarationSubject, policy: Policy, { version, publishedAt }: Dated, name?: string): AgeInForce | undefined {
  const age = publishedAt ? subject.now.getTime() - publishedAt.getTime() : Number.NaN;
  if (!(age >= 0)) return undefined;
  const limit = ageInForce(subject, policy, version, name);
  return limit && age < limit.ageMs ? limit : undefined;
}

/** `lock`: the lockfile that tells the time, where no registry did. */
function words(
  now: Date,
  { publishedAt, publisher }: Pick<Release, 'publishedAt' | 'publisher'>,
  { ageMs, whose }: Pick<AgeInForce, 'ageMs' | 'whose'>,
  lock?: string,
): string {
  const age = ageWords(now.getTime() - publishedAt!.getTime());
  const who = publisherText(publisher);
  const source = lock === undefined ? '' : `, as ${lock} says`;
  return `${age} ago, ${momentText(publishedAt!)}${who && `, ${who}`}${source}: less than the ${ageWords(ageMs)} of ${whose}`;
}

function protection({ resolution, lock, releaseAge }: DeclarationSubject, isLocked: boolean, isGuarded: boolean): string {
  if (resolution.version !== undefined && resolution.from === 'lockfile' && lock) {
    const held = `; ${lock.file} holds ${resolution.version}`;
    return isLocked ? held : `${held}, which users of this library never see (${lock.library})`;
  }
  return isGuarded && releaseAge ? `, so ${releaseAge.tool} passes over it` : '';
}
