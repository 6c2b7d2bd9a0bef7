import type { BroughtYoung, DeclarationSubject, Policy } from '../core/check';
import type { Declaration, PackageId } from '../core/declaration';
import type { Place } from '../core/indexes';
import type { Lock, LockedPackage } from '../core/lockfile';
import { shown } from '../core/lookup';
import { limitFor, type ReleaseAgeSetting } from '../core/releaseAge';
import type { Versions } from '../core/versions';
import type { Unasked } from './indexes';
import type { LockDocument } from './lockDocument';
import { broughtBy, type BadEntry } from './lockKnowledge';
import { isAsked } from './lockPackages';

// Of what a lockfile brings along, registries are asked about what has findings alone. Some lockfiles tell themselves when each release was
// uploaded (uv.lock, pylock.toml, some pnpm-lock.yaml): nobody need be asked. Such a time is the word of whoever wrote the lockfile,
// so that of a registry stands before it wherever one is held.

/** What decides on how old a release has to be, and what is known of it. */
export interface Ages {
  readonly policy: Policy;
  readonly now: Date;
  readonly placeOf: (declaration: Declaration) => Place | Unasked;
}

interface Dated {
  readonly index: number;
  readonly entry: LockedPackage;
  readonly time: number;
}

/** The subjects, told which young releases they bring along. */
export function withYoung(subjects: DeclarationSubject[], document: LockDocument | undefined, ages: Ages): DeclarationSubject[] {
  const [first] = subjects;
  if (!document || !first) return subjects;
  const young = youngEntries(document, first, ages);
  if (!young.entries.length) return subjects;
  return subjects.map((subject) => {
    const brought = subject.lock?.releases.length ? broughtBy(subject.lock.releases, document, young.entries) : [];
    const bringsYoung = brought.flatMap((one): BroughtYoung[] => {
      const told = young.told.get(one.entry);
      return told ? [{ ...one, ...told }] : [];
    });
    return bringsYoung.length ? { ...subject, bringsYoung } : subject;
  });
}

/** The releases of a lockfile that were uploaded within this time, youngest first. What lies in the future is a wrong clock, here or there. */
export function uploadedWithin(lock: Lock, ms: number, now: Date): readonly Dated[] {
  const found: Dated[] = [];
  for (const one of datedIn(lock)) {
    const age = now.getTime() - one.time;
    if (age >= ms) break;
    if (age >= 0) found.push(one);
  }
  return found;
}

type Told = Pick<BroughtYoung, 'publishedAt' | 'toldBy'>;

interface Young {
  readonly entries: readonly BadEntry[];
  readonly told: ReadonlyMap<LockedPackage, Told>;
}

/** Each is searched for in the whole lockfile; of one that is young as a whole these say enough. */
const mostYoung = 200;
const nobody: readonly [] = [];
/** What rests on a list of entries is kept by that list, so the same entries stay the same list. */
const lastOf = new WeakMap<LockDocument, readonly BadEntry[]>();

function youngEntries(document: LockDocument, subject: DeclarationSubject, { policy, now, placeOf }: Ages): Young {
  const { releaseAge, versions, declaration } = subject;
  const told = new Map<LockedPackage, Told>();
  const entries: BadEntry[] = [];
  for (const { index, entry } of uploadedWithin(document.lock, widestAge(releaseAge, policy), now)) {
    if (entries.length === mostYoung) break;
    if (releaseAge && !limitFor(releaseAge, entry.package.name, entry.version, versions)) continue;
    const publishedAt = publishedBy(placeOf(about(declaration, entry.package)), entry, versions);
    told.set(entry, publishedAt ? { publishedAt, toldBy: 'registry' } : { publishedAt: entry.uploadedAt!, toldBy: 'lockfile' });
    entries.push({ index, entry, advisories: nobody, known: nobody });
  }
  const before = lastOf.get(document);
  const same = before?.length === entries.length && before.every(({ entry }, i) => entry === entries[i]!.entry);
  if (!same) lastOf.set(document, entries);
  return { entries: same ? before : entries, told };
}

/** The longest age that any release has to have. */
export function widestAge(setting: ReleaseAgeSetting | undefined, { minimumReleaseAgeMs }: Policy): number {
  const limits = [setting?.limit, ...(setting?.exceptions ?? []).map(({ limit }) => limit)];
  return Math.max(minimumReleaseAgeMs, ...limits.map((limit) => (limit && 'ageMs' in limit ? limit.ageMs : 0)));
}

/** The same as would be declared of another package: by that it is known who may be asked. */
function about(declaration: Declaration, pkg: PackageId): Declaration {
  const { boundIndex: _index, boundAddress: _address, boundBy: _by, ...unbound } = declaration;
  return { ...unbound, package: pkg, writtenName: pkg.name };
}

function publishedBy(place: Place | Unasked, { package: pkg, version }: LockedPackage, { equal }: Versions): Date | undefined {
  const record = 'registry' in place ? shown(place.registry.held(pkg.name)) : undefined;
  return record?.releases.find((release) => equal(release.version, version))?.publishedAt;
}

const datedBy = new WeakMap<Lock, readonly Dated[]>();

function datedIn(lock: Lock): readonly Dated[] {
  let dated = datedBy.get(lock);
  if (!dated) {
    const found = lock.packages.flatMap((entry, index): Dated[] => {
      const time = isAsked(entry) ? (entry.uploadedAt?.getTime() ?? Number.NaN) : Number.NaN;
      return Number.isNaN(time) ? [] : [{ index, entry, time }];
    });
    datedBy.set(lock, (dated = found.sort((a, b) => b.time - a.time)));
  }
  return dated;
}
