import type { Advisory } from '../../core/advisory';
import type { DeclarationSubject } from '../../core/check';
import type { PackageId } from '../../core/declaration';
import type { Finding, Suppression } from '../../core/finding';
import { partsOf, type Report, type ScannedLock } from '../../core/report';
import type { LockedRefs } from './locked';
import { inOrder, type SbomFacts, type SbomState, type SbomVulnerability } from './model';

/** What advisories say of the components, one vulnerability for each flaw and state. */
export interface Verdicts {
  addLock(scanned: ScannedLock, refs: LockedRefs): void;
  addDeclaration(subject: DeclarationSubject, refs: readonly string[]): void;
  finished(): SbomVulnerability[];
}

interface Growing {
  readonly advisory: Advisory;
  readonly state: SbomState;
  readonly details: Set<string>;
  readonly affects: Map<string, Set<string>>;
}

/** A release that a verdict is about. */
interface Release {
  readonly package: PackageId;
  readonly version: string;
  readonly ref: string;
  /** The file that says so. */
  readonly file: string;
  /** A lockfile that was not read whole may hold another release as well. */
  readonly sure: boolean;
}

export function createVerdicts(report: Report, facts: SbomFacts): Verdicts {
  const suppressionOf = suppressions(report);
  const found = new Map<string, Growing>();
  /** A component is judged once, although several places hold it. */
  const judged = new Set<string>();

  const add = (advisory: Advisory, state: SbomState, { ref, version }: Release, detail?: string) => {
    const key = `${advisory.id}\0${state}`;
    let one = found.get(key);
    if (!one) found.set(key, (one = { advisory, state, details: new Set(), affects: new Map() }));
    if (detail !== undefined) one.details.add(detail);
    const versions = one.affects.get(ref);
    if (versions) versions.add(version);
    else one.affects.set(ref, new Set([version]));
  };

  const judge = (release: Release, known: readonly Advisory[]) => {
    if (judged.has(release.ref)) return;
    judged.add(release.ref);
    const { package: pkg, version, file } = release;
    for (const advisory of known) {
      const isOpen = advisory.undecided?.(version) === true;
      const suppression = isOpen || advisory.affects(version) ? suppressionOf(pkg, version, advisory.id) : undefined;
      if (isOpen && !suppression)
        add(advisory, 'in_triage', release, `Whether it affects ${pkg.name} ${version} could not be told: its ranges could not be read.`);
      else if (isOpen || advisory.affects(version)) {
        if (suppression) add(advisory, 'in_triage', release, sentence(suppression, pkg, version));
        else add(advisory, 'exploitable', release);
      } else if (advisory.kind === 'malware' && release.sure)
        add(advisory, 'not_affected', release, `${file} holds ${pkg.name} ${version}, which is none of the malicious releases.`);
    }
  };

  return {
    addLock({ lock, path, known }, refs) {
      const sure = lock.problems.every(({ kind, partial }) => kind !== 'unreadable' || partial === true);
      const byName = new Map(known.map((one) => [one.package.name, one.advisories]));
      for (const entry of lock.packages) {
        const advisories = entry.own || entry.source !== 'registry' || entry.version === '' ? undefined : byName.get(entry.package.name);
        if (advisories) judge({ package: entry.package, version: entry.version, ref: refs.get(entry)!, file: path, sure }, advisories);
      }
    },
    addDeclaration({ declaration, resolution, known, file }, refs) {
      const { package: pkg, source } = declaration;
      if (source.kind !== 'registry') return;
      for (const ref of refs) {
        const { version } = resolution;
        if (version !== undefined) judge({ package: pkg, version, ref, file, sure: true }, known);
        else for (const advisory of known) openRange(advisory, pkg, source.range, ref, file);
      }
    },
    finished: () => [...found.values()].map(finish).sort((a, b) => inOrder(a.ref, b.ref)),
  };

  /** No release is decided on, so that it can only be said what may come: of malware that is worth saying. */
  function openRange(advisory: Advisory, pkg: PackageId, range: string, ref: string, file: string): void {
    if (advisory.kind !== 'malware') return;
    if (advisory.wholePackage) {
      add(advisory, 'exploitable', { package: pkg, version: '*', ref, file, sure: true }, `Every release of ${pkg.name} is malware.`);
      return;
    }
    for (const version of advisory.listedVersions) {
      if (!facts.satisfies(pkg.ecosystem, version, range)) continue;
      const detail = `${file} admits ${pkg.name} ${version}, and no lockfile says which release is taken.`;
      add(advisory, 'in_triage', { package: pkg, version, ref, file, sure: true }, detail);
    }
  }
}

function finish({ advisory, state, details, affects }: Growing): SbomVulnerability {
  const { id, aliases, kind, severity, summary, url, fixedIn } = advisory;
  return {
    ref: `merlon:vulnerability/${id}#${state}`,
    id,
    aliases: [...aliases].sort(inOrder),
    kind,
    severity: kind === 'malware' ? 'critical' : (severity ?? 'unknown'),
    summary,
    url,
    fixedIn,
    state,
    details: [...details].sort(inOrder),
    affects: [...affects].map(([ref, versions]) => ({ ref, versions: [...versions].sort(inOrder) })).sort((a, b) => inOrder(a.ref, b.ref)),
  };
}

/** The policy's word on an advisory about a release: it counts only where every finding that names the two is suppressed. */
function suppressions(report: Report): (pkg: PackageId, version: string, id: string) => Suppression | undefined {
  const spoken = new Map<string, Suppression | undefined>();
  const keys = ({ ecosystem, package: name, version, advisories }: Finding) =>
    advisories.map(({ id }) => `${ecosystem}\0${name}\0${version ?? ''}\0${id}`);
  for (const part of partsOf(report)) {
    for (const finding of part.suppressed) for (const key of keys(finding)) if (!spoken.has(key)) spoken.set(key, finding.suppression);
  }
  for (const part of partsOf(report)) for (const finding of part.findings) for (const key of keys(finding)) spoken.delete(key);
  return ({ ecosystem, name }, version, id) => spoken.get(`${ecosystem}\0${name}\0${version}\0${id}`);
}

function sentence({ reason, file, expires, untilFixed }: Suppression, { name }: PackageId, version: string): string {
  const until = expires ? ` until ${expires.toISOString().slice(0, 10)}` : '';
  const fixed = untilFixed ? ', as long as no release is free of it' : '';
  return `${file} suppresses it for ${name} ${version}${until}${fixed}: ${reason}`;
}
