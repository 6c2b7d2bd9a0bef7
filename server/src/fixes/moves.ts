import type { DeclarationSubject, Policy } from '../core/check';
import type { Fix, FixKind } from '../core/finding';
import { shown } from '../core/lookup';
import type { Edit } from '../core/manifest';
import type { Release } from '../core/release';
import { minimumAge } from './ageLimit';
import { cleanByAdvisories, isClean, lastCleanBefore, lowestCleanAfter, newestClean, type Proposal, type Shelf } from './cleanReleases';
import { rangeText } from './effect';
import { isQuarantined } from './registryState';
import { ageWords, listed } from './wording';

// What a check may offer. A function gives nothing where the cure is not known, or where the file's notation cannot hold it.

/**
 * Pins to the release that the lockfile holds, if it is clean: that is the one in use, and nothing changes but the line.
 * Beside it, and without it, to the newest release that the range admits and that may be proposed.
 */
export function pins(subject: DeclarationSubject, policy: Policy): Fix[] {
  const { source, package: pkg } = subject.declaration;
  if (source.kind !== 'registry' || !mayPin(subject)) return [];
  const { resolution, versions } = subject;
  const inUse = resolution.version;
  // Where manifest and lockfile have parted, what is locked is not what was asked for.
  const admitted = inUse !== undefined && (source.range === '' || versions.satisfies(inUse, source.range));
  const held = admitted && isClean(subject.known, inUse) ? inUse : undefined;
  const where = resolution.version !== undefined && resolution.from === 'lockfile' ? 'which the lockfile holds' : 'which is installed';
  const toHeld = held === undefined ? undefined : fixOf('pin', `Pin ${pkg.name} to ${held}, ${where}`, pinned(subject, held));
  const newest = newestIn(subject, policy, source.range);
  const same = newest && held !== undefined && versions.equal(newest.version, held);
  const toNewest = newest && !same ? move(subject, policy, 'pin', `Pin ${pkg.name} to ${newest.version}`, newest) : undefined;
  const best = held ?? newest?.version;
  const hashed =
    best === undefined || source.kind !== 'registry' || subject.declaration.hashes.length ? undefined : pinnedWithHashes(subject, best);
  return present([toHeld, toNewest, fixOf('pin', `Pin ${pkg.name} to ${best} with the hashes of its files`, hashed)]);
}

/** Moves off a bad release: up to the lowest one that is free of all known advisories, and back to the last such one. */
export function movesOff(subject: DeclarationSubject, policy: Policy, version: string, back: 'too' | 'instead'): Fix[] {
  if (!mayPin(subject)) return [];
  const { up, down } = ways(subject, policy, version);
  const { name } = subject.declaration.package;
  const upgrade = up && move(subject, policy, 'upgrade', `Upgrade ${name} to ${up.version}`, up);
  const retreat = down && move(subject, policy, 'pin', `Go back to ${name} ${down.version}`, down);
  // A release younger than the minimum age is offered only where there is no other cure.
  const old = present([up?.young ? undefined : upgrade, down?.young || (back === 'instead' && up && !up.young) ? undefined : retreat]);
  return old.length > 0 ? old : present([upgrade ?? retreat]);
}

/** Moves up to the lowest clean one of these releases. */
export function movesUp(subject: DeclarationSubject, policy: Policy, version: string, releases: readonly Release[]): Fix[] {
  if (!mayPin(subject)) return [];
  const { source, package: pkg } = subject.declaration;
  const range = source.kind === 'registry' && subject.versions.exact(source.range) === undefined ? source.range : undefined;
  const shelf = shelfOf(subject, policy);
  const up = shelf && lowestCleanAfter({ ...shelf, releases }, version, range);
  return present([up && move(subject, policy, 'upgrade', `Upgrade ${pkg.name} to ${up.version}`, up)]);
}

/**
 * Back to the last release before this one that no known advisory touches and that is old enough, inside the range where it
 * has one. `among`: only these come into question.
 */
export function retreat(subject: DeclarationSubject, policy: Policy, version: string, among?: (release: Release) => boolean): Fix[] {
  const { source, package: pkg } = subject.declaration;
  const shelf = shelfOf(subject, policy);
  if (!shelf || source.kind !== 'registry' || !mayPin(subject)) return [];
  const range = subject.versions.exact(source.range) === undefined ? source.range : undefined;
  const candidates = among ? { ...shelf, releases: shelf.releases.filter(among) } : shelf;
  const down = lastCleanBefore(candidates, version, range);
  if (!down || down.young) return [];
  const isAdmitted = range !== undefined && (range === '' || subject.versions.satisfies(down.version, range));
  const title = isAdmitted ? `Pin ${pkg.name} to ${down.version}` : `Go back to ${pkg.name} ${down.version}`;
  return present([move(subject, policy, 'pin', title, down)]);
}

/** The lowest release above this one that no known advisory touches, however young. */
export function lowestFree(subject: DeclarationSubject, policy: Policy, version: string): string | undefined {
  return ways(subject, { ...policy, minimumReleaseAgeMs: 0 }, version).up?.version;
}

/** Takes compromised releases out of the range. Beyond ten of them no line would stay readable. */
export function exclusion(subject: DeclarationSubject, versions: readonly string[]): Fix | undefined {
  if (versions.length > 10) return undefined;
  return fixOf('exclude', `Exclude ${subject.declaration.package.name} ${listed(versions, 10)}`, subject.edit.exclude(versions));
}

/** Takes the entry out of the file. */
export function removal(subject: DeclarationSubject): Fix | undefined {
  return fixOf('remove', `Remove ${subject.declaration.package.name}`, subject.edit.remove());
}

/** Marks the first fix as the preferred one, and leaves out what cannot be done. */
export function ranked(fixes: readonly (Fix | undefined)[]): Fix[] {
  return present(fixes).map((fix, index) => ({ ...fix, preferred: index === 0 }));
}

/** The entry as it stands for a release; one with hashes gets those of the new release, all of them, or is left as it is. */
function pinned(subject: DeclarationSubject, version: string): readonly Edit[] | undefined {
  if (subject.declaration.hashes.length === 0) return subject.edit.pin(version);
  return pinnedWithHashes(subject, version);
}

function pinnedWithHashes({ releases, versions, edit }: DeclarationSubject, version: string): readonly Edit[] | undefined {
  const release = shown(releases)?.find((candidate) => versions.equal(candidate.version, version));
  return release?.hashes?.length ? edit.pinWithHashes?.(version, release.hashes) : undefined;
}

// The range of a peer dependency speaks for whoever installs the package: pinning it would break them.
function mayPin(subject: DeclarationSubject): boolean {
  const { source, group } = subject.declaration;
  // While a package is quarantined none of its releases can be had.
  if (source.kind !== 'registry' || isQuarantined(subject)) return false;
  return group !== 'peer' || subject.versions.exact(source.range) !== undefined;
}

function shelfOf(subject: DeclarationSubject, policy: Policy): Shelf | undefined {
  const releases = shown(subject.releases);
  return (
    releases && {
      releases,
      advisories: subject.known,
      versions: subject.versions,
      minimumAgeMs: minimumAge(subject, policy),
      now: subject.now,
    }
  );
}

function newestIn(subject: DeclarationSubject, policy: Policy, range: string): Proposal | undefined {
  const shelf = shelfOf(subject, policy);
  if (shelf) return newestClean(shelf, range);
  const named = cleanByAdvisories(subject.known, subject.versions);
  const version = named.findLast((candidate) => range === '' || subject.versions.satisfies(candidate, range));
  return version === undefined ? undefined : { version, unchecked: true };
}

function ways(subject: DeclarationSubject, policy: Policy, version: string): { up?: Proposal | undefined; down?: Proposal | undefined } {
  const { source } = subject.declaration;
  const exact = source.kind !== 'registry' || subject.versions.exact(source.range) !== undefined;
  const range = exact ? undefined : source.range;
  const shelf = shelfOf(subject, policy);
  if (shelf) return { up: lowestCleanAfter(shelf, version, range), down: lastCleanBefore(shelf, version, range) };
  const named = cleanByAdvisories(subject.known, subject.versions).filter((candidate) => subject.versions.compare(candidate, version) > 0);
  const within = named.find((candidate) => range === undefined || range === '' || subject.versions.satisfies(candidate, range));
  const lowest = within ?? named[0];
  return lowest === undefined ? {} : { up: { version: lowest, unchecked: true } };
}

function move(subject: DeclarationSubject, policy: Policy, kind: FixKind, title: string, proposal: Proposal): Fix | undefined {
  return fixOf(kind, title + caveat(subject, policy, proposal), pinned(subject, proposal.version));
}

function caveat(subject: DeclarationSubject, policy: Policy, proposal: Proposal): string {
  const age = (publishedAt: Date): string => ageWords(subject.now.getTime() - publishedAt.getTime());
  const unasked = subject.advisories.filter(({ answer }) => answer.state === 'unavailable').map(({ source }) => source);
  const unchecked = [...(proposal.unchecked ? ['the registry'] : []), ...unasked];
  const kept = [
    ...(proposal.deprecated ? ['deprecated'] : []),
    ...(proposal.unproven ? ['without the provenance that earlier releases have'] : []),
  ];
  const flawed = outside(subject, proposal.version) + (kept.length ? ` (${kept.join(', ')}: there is no better one)` : '');
  if (unchecked.length) return `${flawed} (not checked against ${listed(unchecked)})`;
  if (proposal.young && proposal.publishedAt) {
    return `${flawed} (only ${age(proposal.publishedAt)} old, younger than ${ageWords(minimumAge(subject, policy))}: there is no older cure)`;
  }
  if (!proposal.publishedAt && minimumAge(subject, policy) > 0) return `${flawed} (its age is not known)`;
  const passed = proposal.passedOver;
  return flawed + (passed?.publishedAt ? ` (passes over ${passed.version}, only ${age(passed.publishedAt)} old)` : '');
}

/** A range is what somebody said that the code works with; an exact version is moved by any cure. */
function outside({ declaration, versions }: DeclarationSubject, version: string): string {
  const { source } = declaration;
  if (source.kind !== 'registry' || source.range === '' || source.tag !== undefined) return '';
  if (versions.exact(source.range) !== undefined || versions.satisfies(version, source.range)) return '';
  return ` (outside ${rangeText(declaration)})`;
}

function fixOf(kind: FixKind, title: string, edits: readonly Edit[] | undefined): Fix | undefined {
  return edits && edits.length > 0 ? { title, kind, preferred: false, edits } : undefined;
}

function present(fixes: readonly (Fix | undefined)[]): Fix[] {
  return fixes.filter((fix) => fix !== undefined);
}
