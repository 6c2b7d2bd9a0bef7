import type { DeclarationSubject } from '../core/check';
import type { Declaration, PackageId } from '../core/declaration';
import type { Place } from '../core/indexes';
import type { Lookup } from '../core/lookup';
import type { PackageRecord, Release } from '../core/release';
import type { WantedRecord } from '../core/report';
import type { Versions } from '../core/versions';
import type { Unasked } from './indexes';
import { isFromRegistry, packageKey } from './packages';

/** What decides about what is asked of registries. */
export interface WantedSources {
  /** Whether many people use it, so that its existence need not be asked. Absent: everything is. */
  readonly isPopular?: (pkg: PackageId) => boolean;
}

/**
 * What registries are to be told the names of, at most one request each: an AI package, or one that has findings, for all that is
 * known of it; any other that few people use, for whether there is such a package at all. With what is held of it; asks nothing.
 */
export function wantedRecords(
  assessed: Iterable<{ readonly subject: DeclarationSubject; readonly flagged: boolean }>,
  placeOf: (declaration: Declaration) => Place | Unasked,
  { isPopular = () => true }: WantedSources,
): WantedRecord[] {
  const wanted = new Map<string, WantedRecord>();
  for (const { subject, flagged } of assessed) {
    const { declaration, roles, registry } = subject;
    if (!isFromRegistry(declaration) || subject.lock?.exempt === 'own') continue;
    const { package: pkg } = declaration;
    const key = packageKey(pkg);
    const place = placeOf(declaration);
    if (!('registry' in place)) continue;
    if (flagged || roles.length > 0) {
      const again = isOutdated(subject);
      if (!wanted.get(key)?.again)
        wanted.set(key, { package: pkg, what: 'record', answer: again ?? registry, place, ...(again && { again: true }) });
    }
    // What is private is in no list of what many people use.
    else if (!wanted.has(key) && !isPopular(pkg))
      wanted.set(key, { package: pkg, what: 'existence', answer: place.registry.existence(pkg.name), place });
  }
  return [...wanted.values()];
}

/**
 * What is known of a package while its line names a release that was not there yet: it may have been published since, and the
 * first minutes are those that count. A release that is known to be malware will not come back.
 */
function isOutdated({ registry, resolution, versions, known, now }: DeclarationSubject): Lookup<PackageRecord> | undefined {
  const { version } = resolution;
  if (version === undefined || registry.state !== 'known' || now.getTime() - registry.asOf.getTime() < unlistedForMs) return undefined;
  const { value, asOf } = registry;
  if (value.releases.length === 0 || value.status === 'quarantined' || isListed(value.releases, version, versions)) return undefined;
  if (known[0]?.kind === 'malware' && known.some((advisory) => advisory.kind === 'malware' && advisory.affects(version))) return undefined;
  return { state: 'pending', reason: `release ${version} was not there yet`, last: { value, asOf } };
}

const unlistedForMs = 5 * 60 * 1000;

/** Asked of each declaration at every keystroke, of lists that are long: what was found is kept as long as the list. */
function isListed(releases: readonly Release[], version: string, { equal }: Versions): boolean {
  let answers = listed.get(releases);
  if (!answers) listed.set(releases, (answers = new Map(releases.map((release) => [release.version, true]))));
  let answer = answers.get(version);
  if (answer === undefined) answers.set(version, (answer = releases.some((release) => equal(release.version, version))));
  return answer;
}

const listed = new WeakMap<readonly Release[], Map<string, boolean>>();

/** Asks for it. Only an abort rejects. */
export function askFor({ package: pkg, what, again, place: { registry } }: WantedRecord, signal?: AbortSignal): Promise<Lookup<unknown>> {
  if (again) registry.expire?.(pkg.name);
  return what === 'record' ? registry.recordOf(pkg.name, signal) : registry.knowExistence(pkg.name, signal);
}
