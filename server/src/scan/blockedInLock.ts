import type { DeclarationSubject } from '../core/check';
import type { LockedPackage } from '../core/lockfile';
import type { TeamPolicy } from '../core/teamPolicy';
import type { LockDocument } from './lockDocument';
import { broughtBy, type BadEntry } from './lockKnowledge';

const noAdvisories = [] as const;
const byTeam = new WeakMap<TeamPolicy, WeakMap<LockDocument, readonly BadEntry[]>>();

/** The releases of a lockfile that the team's deny-list names. Looked for once, until the one or the other changes. */
export function blockedEntries(document: LockDocument, team: TeamPolicy): readonly BadEntry[] {
  let byLock = byTeam.get(team);
  if (!byLock) byTeam.set(team, (byLock = new WeakMap()));
  let entries = byLock.get(document);
  if (!entries) byLock.set(document, (entries = findBlocked(document.lock.packages, team)));
  return entries;
}

/** The subjects, told what they bring along that the deny-list names. */
export function withBlocked(
  subjects: DeclarationSubject[],
  document: LockDocument | undefined,
  team: TeamPolicy | undefined,
): DeclarationSubject[] {
  const entries = document && team ? blockedEntries(document, team) : [];
  if (!document || !entries.length) return subjects;
  return subjects.map((subject) => {
    const bringsBlocked = subject.lock?.releases.length ? broughtBy(subject.lock.releases, document, entries) : [];
    return bringsBlocked.length ? { ...subject, bringsBlocked } : subject;
  });
}

function findBlocked(packages: readonly LockedPackage[], team: TeamPolicy): BadEntry[] {
  return packages.flatMap((entry, index) => {
    if (entry.own || entry.version === '' || entry.source !== 'registry') return [];
    const isBlocked = team.blocks(entry.package).some((blocked) => blocked.affects(entry.version));
    return isBlocked ? [{ index, entry, advisories: noAdvisories, known: noAdvisories }] : [];
  });
}
