import type { Advisory } from '../core/advisory';
import type { DeclarationSubject } from '../core/check';
import { shown } from '../core/lookup';
import type { Release } from '../core/release';

/** A declaration that stands for malware. */
export interface Compromise {
  /** The resolved release; absent where the package as a whole is malware and nothing says which release it is. */
  readonly version?: string;
  /** Every release is malware, whatever the range. */
  readonly wholePackage: boolean;
  /** The malware advisories that say so. */
  readonly malware: readonly Advisory[];
}

/** The compromised releases that a range lets in. */
export interface Admission {
  /** Ascending, each once. */
  readonly versions: readonly string[];
  readonly malware: readonly Advisory[];
}

/** Whether the release, or the whole package, is malware. Git, URL and path sources do not come from the registry that the advisory speaks of. */
export function compromiseOf(subject: DeclarationSubject): Compromise | undefined {
  if (!isMalwareKnown(subject)) return undefined;
  const { version } = subject.resolution;
  const fromRegistry = subject.declaration.source.kind === 'registry';
  const whole = subject.known.filter((advisory) => advisory.kind === 'malware' && advisory.wholePackage && fromRegistry);
  const release = version === undefined ? [] : subject.known.filter((advisory) => advisory.kind === 'malware' && advisory.affects(version));
  const malware = [...new Set([...whole, ...release])];
  if (malware.length === 0) return undefined;
  return { ...(version === undefined ? {} : { version }), wholePackage: whole.length > 0, malware };
}

/** Malware comes first in what is known. Of most packages there is none, and this is asked of each of them on every keystroke. */
function isMalwareKnown({ known }: DeclarationSubject): boolean {
  return known[0]?.kind === 'malware';
}

/**
 * The compromised releases inside a range that is not exact. A bare name and a dist-tag admit every one of them.
 * Nothing where the declaration stands for malware already: that finding speaks alone.
 */
export function admissionOf(subject: DeclarationSubject): Admission | undefined {
  if (!isMalwareKnown(subject)) return undefined;
  const known = admissions.get(subject);
  if (known !== undefined) return known ?? undefined;
  const admission = compromiseOf(subject) ? undefined : admittedBy(subject);
  admissions.set(subject, admission ?? null);
  return admission;
}

const admissions = new WeakMap<DeclarationSubject, Admission | null>();

/** The compromised releases inside a range that is not exact, whatever it stands for now. */
export function admittedBy(subject: DeclarationSubject): Admission | undefined {
  const { source } = subject.declaration;
  const { versions } = subject;
  if (source.kind !== 'registry' || versions.exact(source.range) !== undefined) return undefined;
  const admits = (version: string): boolean => source.tag !== undefined || source.range === '' || versions.satisfies(version, source.range);
  const releases = shown(subject.releases) ?? [];
  const found: string[] = [];
  const malware: Advisory[] = [];
  for (const advisory of subject.known) {
    if (advisory.kind !== 'malware' || advisory.wholePackage) continue;
    const admitted = [...advisory.listedVersions, ...affectedOf(advisory, releases)].filter(admits);
    if (admitted.length > 0) malware.push(advisory);
    found.push(...admitted);
  }
  if (found.length === 0) return undefined;
  found.sort((a, b) => versions.compare(a, b));
  return { versions: found.filter((version, index) => index === 0 || !versions.equal(version, found[index - 1]!)), malware };
}

/** A record with bounds alone names no release; the registry's list then says which ones lie between them. */
function affectedOf(advisory: Advisory, releases: readonly Release[]): readonly string[] {
  let byAdvisory = affected.get(releases);
  if (!byAdvisory) affected.set(releases, (byAdvisory = new WeakMap()));
  let versions = byAdvisory.get(advisory);
  if (!versions) {
    versions = releases.map((release) => release.version).filter((version) => advisory.affects(version));
    byAdvisory.set(advisory, versions);
  }
  return versions;
}

// Both outlive many keystrokes, and there may be 2,000 releases.
const affected = new WeakMap<readonly Release[], WeakMap<Advisory, readonly string[]>>();

/** The advisories other than malware that touch the resolved release. */
export function flawsOf(subject: DeclarationSubject): readonly Advisory[] {
  const { version } = subject.resolution;
  return version === undefined ? [] : subject.known.filter((advisory) => advisory.kind !== 'malware' && advisory.affects(version));
}
