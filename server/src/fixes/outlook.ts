import type { DeclarationSubject, Policy } from '../core/check';
import { shown } from '../core/lookup';
import type { OutlookRole, OutlookRow, ReleaseHint } from '../core/outlook';
import type { Release } from '../core/release';
import { minimumAge } from './ageLimit';
import { newestAdmitted, shelfOf } from './atHand';
import { newestClean, type Shelf } from './cleanReleases';
import { publisherText } from './publisher';
import { releaseOf } from './releaseOf';

/**
 * The releases that people want to see of a declaration, each once: what it stands for, what may be proposed, what is newest.
 * Empty where the registry has never answered, or serves nothing.
 */
export function outlookOf(subject: DeclarationSubject, policy: Policy): OutlookRow[] {
  const record = subject.declaration.source.kind === 'registry' ? shown(subject.registry) : undefined;
  if (!record?.exists || subject.lock?.exempt === 'own') return [];
  const rows = new Map<string, { readonly release: Release; readonly roles: OutlookRole[]; readonly unlisted: boolean }>();
  const add = (role: OutlookRole, release: Release | undefined, unlisted = false) => {
    if (!release) return;
    const row = rows.get(release.version);
    if (row) row.roles.push(role);
    else rows.set(release.version, { release, roles: [role], unlisted });
  };
  const { releases } = record;
  const held = releaseOf(subject);
  if (held) add('resolved', held.release ?? { version: held.version }, !held.release);
  else add('admitted', newestAdmitted(subject));
  const proposed = proposalsOf(subject, policy, releases);
  const at = (version: string | undefined) => (version === undefined ? undefined : shelfOf(releases, subject.versions).at(version));
  add('clean-in-range', at(proposed.inRange));
  add('clean', at(proposed.overall));
  add('newest', shelfOf(releases, subject.versions).newest('', record.latest, undefined));
  return [...rows.values()].map((row) => described(row, subject, policy));
}

/** What a hint shows behind a range; `undefined` where nobody knows, and of what is known to be malware and not resolved. */
export function hintOf(subject: DeclarationSubject): ReleaseHint | undefined {
  const { resolution, lock, versions } = subject;
  if (subject.declaration.source.kind !== 'registry' || lock?.exempt === 'own') return undefined;
  if (resolution.version === undefined) {
    const newest = newestAdmitted(subject);
    return newest && hint(newest.version, newest.publishedAt, 'newest');
  }
  const { version, from } = resolution;
  const locked = lock?.releases.find((entry) => versions.equal(entry.version, version));
  return hint(version, releaseOf(subject)?.release?.publishedAt ?? locked?.uploadedAt, from);
}

function hint(version: string, publishedAt: Date | undefined, by: ReleaseHint['by']): ReleaseHint {
  return { version, ...(publishedAt && { publishedAt }), by };
}

/** The newest releases that a fix may propose. Where every one is too young, or has an advisory, there is none. */
function proposalsOf(
  subject: DeclarationSubject,
  policy: Policy,
  releases: readonly Release[],
): { readonly inRange?: string | undefined; readonly overall?: string | undefined } {
  const { declaration, versions, known, now } = subject;
  const blocks = policy.team?.blocks(declaration.package) ?? [];
  const open = blocks.length ? releases.filter(({ version }) => !blocks.some((blocked) => blocked.affects(version))) : releases;
  const shelf: Shelf = { releases: open, advisories: known, versions, minimumAgeMs: minimumAge(subject, policy), now };
  const overall = newestClean(shelf, '')?.version;
  const { source } = declaration;
  if (source.kind !== 'registry' || source.range === '' || versions.exact(source.range) !== undefined) return { overall };
  return { inRange: newestClean(shelf, source.range)?.version, overall };
}

function described(
  { release, roles, unlisted }: { readonly release: Release; readonly roles: readonly OutlookRole[]; readonly unlisted: boolean },
  { known, declaration }: DeclarationSubject,
  { team }: Policy,
): OutlookRow {
  const affecting = known.filter((advisory) => advisory.wholePackage || advisory.affects(release.version));
  const malware = affecting.some(({ kind }) => kind === 'malware');
  const by = publisherText(release.publisher).replace(/^by (?:the )?/, '');
  return {
    roles,
    release,
    ...(unlisted && { unlisted: true as const }),
    ...(by !== '' && { by }),
    malware,
    advisories: affecting.filter(({ kind }) => kind !== 'malware').length,
    blocked: team?.blocks(declaration.package).some((blocked) => blocked.affects(release.version)) ?? false,
  };
}
