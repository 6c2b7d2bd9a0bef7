import type { Brought, DeclarationSubject, Policy } from '../core/check';
import type { Fix, Observation, Related } from '../core/finding';
import { shown } from '../core/lookup';
import type { Release } from '../core/release';
import { cleanByAdvisories } from './cleanReleases';
import { movesUp } from './moves';
import { listed } from './wording';

// What a declaration brings along, by the lockfile: how it is said, where it stands, and the lever that takes it out.

/** `dspy → litellm`: the way, by names. */
export function wayOf({ path }: Brought): string {
  return path.map((step) => step.split(' ', 1)[0]).join(' → ');
}

/** The finding is about the release that is brought; `via` names those on the way to it. */
export function aboutBrought(brought: Brought): Pick<Observation, 'package' | 'version' | 'via'> {
  return { package: brought.package, version: brought.version, via: brought.path.slice(0, -1).map((step) => step.replace(' ', '@')) };
}

/** Points at the lockfile's own line. */
export function lockLines(subject: DeclarationSubject, entries: readonly Pick<Brought, 'entry' | 'version' | 'package'>[]): Related[] {
  const { lock } = subject;
  if (!lock) return [];
  return entries.flatMap(({ entry, package: pkg, version }) => {
    const span = lock.locate(entry);
    return span ? [{ file: lock.file, span, message: `${pkg.name} ${version} stands here` }] : [];
  });
}

/** Points at the line that resolved the declaration itself, where that was a lockfile's. */
export function ownLockLine(subject: DeclarationSubject): Related[] {
  const { resolution, lock, versions } = subject;
  if (!lock || resolution.version === undefined || resolution.from !== 'lockfile') return [];
  const entry = lock.releases.find(({ version }) => versions.equal(version, resolution.version));
  return entry ? lockLines(subject, [{ entry, package: entry.package, version: entry.version }]) : [];
}

/**
 * Tells the package manager to take a release of the brought package that no known advisory touches, whatever those on the
 * way ask for, where the manifest's tool has such a lever. The lockfile has to be written anew after it.
 */
export function override(subject: DeclarationSubject, brought: Brought): Fix | undefined {
  const { name } = brought.package;
  const clean = knownClean(subject, brought);
  const without = clean === undefined ? listedMalware(subject, brought) : undefined;
  if (clean === undefined && without === undefined) return undefined;
  const edits = subject.edit.override?.(brought.package, clean === undefined ? { without: without! } : { from: clean });
  if (!edits?.length) return undefined;
  const title = clean === undefined ? `Keep ${name} ${listed(without!)} out,` : `Override ${name} with ${clean} or later,`;
  return { title: `${title} then run ${relockOf(subject)}`, kind: 'override', preferred: false, edits };
}

/**
 * Raises the declaration to its lowest release that no longer asks for bad releases alone: its own range admits a clean one,
 * or it has dropped the package. Where nobody names a clean one, its range has to admit none of the malware: whoever published
 * it had another release. Only where the registry tells what each release asks for, and where nobody stands between.
 */
export function raise(subject: DeclarationSubject, policy: Policy, brought: Brought): Fix | undefined {
  const { resolution, versions } = subject;
  const releases = shown(subject.releases);
  const cleans = knownCleans(subject, brought);
  const malware = cleans.length ? [] : listedMalware(subject, brought);
  if (brought.path.length !== 2 || resolution.version === undefined || !releases || !malware) return undefined;
  const own = releases.find(({ version }) => versions.equal(version, resolution.version));
  const lets = ({ dependencies }: Release): boolean => {
    if (!dependencies) return false;
    if (!Object.hasOwn(dependencies, brought.package.name)) return true;
    const range = dependencies[brought.package.name]!;
    const admits = (version: string): boolean => range === '' || versions.satisfies(version, range);
    return cleans.length ? cleans.some(admits) : versions.isValidRange(range) && !malware.some(admits);
  };
  // Where its range admits a clean release already, the lockfile alone holds the bad one.
  if (!own?.dependencies || lets(own)) return undefined;
  const [fix] = movesUp(subject, policy, resolution.version, releases.filter(lets));
  return (
    fix && { ...fix, title: `${fix.title}, which need not bring ${brought.package.name} ${brought.version}; then run ${relockOf(subject)}` }
  );
}

function relockOf({ lock }: DeclarationSubject): string {
  return lock?.relock ?? 'the package manager';
}

/** Releases of the brought package that are known to be free of all advisories, above the bad one, ascending. */
function knownCleans({ versions }: DeclarationSubject, { known, version: bad }: Brought): readonly string[] {
  return cleanByAdvisories(known, versions).filter((version) => versions.compare(version, bad) > 0);
}

function knownClean(subject: DeclarationSubject, brought: Brought): string | undefined {
  return knownCleans(subject, brought)[0];
}

/** The releases that are malware, ascending, where each of them is listed and they are few enough for a line. */
function listedMalware({ versions }: DeclarationSubject, { known, version }: Brought): readonly string[] | undefined {
  const malware = known.filter(({ kind }) => kind === 'malware');
  const all = malware.flatMap(({ listedVersions }) => listedVersions).sort((a, b) => versions.compare(a, b));
  const each = all.filter((one, at) => at === 0 || !versions.equal(one, all[at - 1]!));
  const isWhole = malware.some(({ wholePackage }) => wholePackage) || !each.some((one) => versions.equal(one, version));
  return isWhole || each.length > 10 ? undefined : each;
}
