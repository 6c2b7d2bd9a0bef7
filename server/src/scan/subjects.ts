import type { Brought, DeclarationLock, DeclarationSubject } from '../core/check';
import type { Declaration, PackageId } from '../core/declaration';
import type { Registry } from '../core/ecosystem';
import type { Place } from '../core/indexes';
import type { Feed } from '../core/feed';
import type { Clock } from '../core/io';
import type { LockedPackage } from '../core/lockfile';
import { mapLookup, type Lookup } from '../core/lookup';
import type { ProvenanceVerdict } from '../core/provenance';
import type { PackageRecord } from '../core/release';
import type { Similar } from '../core/similar';
import type { Span } from '../core/span';
import { dirname, type ManifestDocument } from './document';
import type { Unasked } from './indexes';
import type { Knowledge } from './knowledge';
import { isLockable, isReadable, lockedFor, type LockChoice, type LockDocument } from './lockDocument';
import { broughtBy, type KnownLock } from './lockKnowledge';
import { isFromRegistry, packageKey, registryPackages } from './packages';
import { releaseAgeOf } from './releaseAge';
import { resolve } from './resolve';
import type { WithheldNames } from './withheld';

export interface SubjectSources {
  readonly feeds: readonly Feed[];
  /** By ecosystem id; absent where the user switched registries off. */
  readonly registries: ReadonlyMap<string, Registry>;
  readonly rolesOf: (pkg: PackageId) => readonly string[];
  /** The known name that another one comes near to. */
  readonly similarTo?: (pkg: PackageId) => Similar | undefined;
  /** Whether there is such a package for sure, whoever cannot be asked. */
  readonly isFamiliar?: (pkg: PackageId) => boolean;
  /** What is held of where the release that a subject stands for comes from. */
  readonly provenanceOf?: (subject: DeclarationSubject) => ProvenanceVerdict | undefined;
  readonly clock: Clock;
}

/** The lockfiles that speak for a document, and what is known to be bad in the chosen one. */
export interface LockView extends LockChoice, KnownLock {}

const none: readonly Brought[] = [];
const nobody: ReadonlySet<string> = new Set();

/** The subjects of a document, from what is held in memory; nothing is asked. */
export function subjectsOf(
  document: ManifestDocument,
  sources: SubjectSources,
  knowledge: Knowledge,
  secret: WithheldNames,
  placeOf: (declaration: Declaration) => Place | Unasked,
  locks: LockView | undefined,
  members: ReadonlySet<string> = nobody,
): DeclarationSubject[] {
  const now = sources.clock.now();
  const { declarations } = document.manifest;
  const held = knowledge(registryPackages(declarations), secret);
  const { versions } = document.ecosystem;
  const edited = { path: document.path, text: document.text, manifest: document.manifest, companions: document.companions };
  const { edit } = document.reader;
  const releaseAge = releaseAgeOf(document, locks?.chosen);
  const { installScripts } = document.manifest;

  return declarations.map((declaration): DeclarationSubject => {
    const key = packageKey(declaration.package);
    const lock = locks && isReadable(locks.chosen) && isLockable(declaration) ? lockOf(declaration, document, locks) : undefined;
    // A member of the workspace is no release of a registry, though it may be asked for by a plain range: a namesake there is another.
    const fromRegistry = isFromRegistry(declaration) && lock?.exempt !== 'own';
    const { advisories, known } = (fromRegistry && held.get(key)) || { advisories: [], known: [] };
    const isBad = ({ version }: LockedPackage) => known.some((advisory) => advisory.kind === 'malware' && advisory.affects(version));
    const place = fromRegistry ? placeOf(declaration) : notFromRegistry;
    const record: Lookup<PackageRecord> = 'registry' in place ? place.registry.held(declaration.package.name) : place;
    const subject: DeclarationSubject = {
      kind: 'declaration',
      file: document.path,
      declaration,
      resolution: resolve(declaration, versions, lock?.releases ?? [], isBad, document.installed?.get(declaration.package.name)?.version),
      roles: fromRegistry ? sources.rolesOf(declaration.package) : [],
      advisories,
      known,
      registry: record,
      ...('registry' in place && { place }),
      ...('registry' in place && place.index !== undefined && { index: place.index }),
      releases: mapLookup(record, ({ releases }) => releases),
      versions,
      ...(releaseAge && { releaseAge }),
      ...(installScripts && { installScripts }),
      ...(lock && { lock }),
      brings: lock && locks?.bad.length ? broughtBy(lock.releases, locks.chosen, locks.bad) : none,
      ...(lock && locks?.open.length && { bringsUndecided: broughtBy(lock.releases, locks.chosen, locks.open) }),
      ...(fromRegistry && sources.similarTo && { similar: () => sources.similarTo!(declaration.package) }),
      ...(members.has(key) && { member: true as const }),
      ...('registry' in place && record.state !== 'known' && sources.isFamiliar?.(declaration.package) && { familiar: true as const }),
      edit: {
        pin: (version) => edit.pin(edited, declaration, version),
        pinWithHashes: (version, hashes) => edit.pinWithHashes?.(edited, declaration, version, hashes),
        exclude: (excluded) => edit.exclude(edited, declaration, excluded),
        remove: () => edit.remove(edited, declaration),
        ...(edit.rename && { rename: (name) => edit.rename!(edited, declaration, name) }),
        ...(lock && { override: (pkg, wish) => edit.override?.(edited, pkg, wish, leverOf(locks!.chosen)) }),
      },
      now,
    };
    const provenance = sources.provenanceOf?.(subject);
    return provenance ? { ...subject, provenance } : subject;
  });
}

function lockOf(declaration: Declaration, document: ManifestDocument, { chosen, others }: LockChoice): DeclarationLock {
  const { releases, exempt, asked } = lockedFor(declaration, document, chosen);
  const { equal } = document.ecosystem.versions;
  const conflicts = others.filter(isReadable).flatMap((other: LockDocument) => {
    const theirs = lockedFor(declaration, document, other).releases.find(
      ({ version }) => releases.length > 0 && !releases.some((own) => equal(own.version, version)),
    );
    return theirs ? [{ file: other.path, version: theirs.version }] : [];
  });
  const library = document.manifest.project?.library;
  return {
    file: chosen.path,
    releases,
    ...(exempt && { exempt }),
    ...(asked !== undefined && { asked }),
    conflicts,
    ...(library !== undefined && { library }),
    relock: chosen.reader.relock,
    locate: (entry) => placeOf(entry, chosen),
  };
}

/** Which tool's lever it is, and beside which lockfile. */
function leverOf({ reader, path }: LockDocument): { tool: string; folder: string } {
  return { tool: reader.id, folder: dirname(path) };
}

const places = new WeakMap<LockedPackage, Span | null>();

/** Looked for once: a lockfile is long, and its entries outlive many keystrokes. */
function placeOf(entry: LockedPackage, { reader, text }: LockDocument): Span | undefined {
  let place = places.get(entry);
  if (place === undefined) places.set(entry, (place = reader.locate(text, entry) ?? null));
  return place ?? undefined;
}

const notFromRegistry: Unasked = { state: 'disabled', reason: 'it does not come from a registry' };
