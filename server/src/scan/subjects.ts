import { mergeAdvisories } from '../advisories/merge';
import type { Advisory } from '../core/advisory';
import type { DeclarationSubject } from '../core/check';
import type { Declaration, PackageId } from '../core/declaration';
import type { Registry } from '../core/ecosystem';
import type { Feed } from '../core/feed';
import type { Clock } from '../core/io';
import { shown, type Lookup } from '../core/lookup';
import type { Release } from '../core/release';
import type { Privacy } from '../policy/privacy';
import type { ManifestDocument } from './document';
import { resolve } from './resolve';

type Answers = DeclarationSubject['advisories'];

export interface SubjectSources {
  readonly feeds: readonly Feed[];
  /** By ecosystem id; absent where the user switched registries off. */
  readonly registries: ReadonlyMap<string, Registry>;
  readonly rolesOf: (pkg: PackageId) => readonly string[];
  readonly clock: Clock;
}

/** Builds the subjects of a document from what is held in memory; nothing is asked. Merged advisories are kept by package. */
export function createSubjects(sources: SubjectSources): (document: ManifestDocument, privacy: Privacy) => DeclarationSubject[] {
  const merged = new Map<string, { readonly parts: readonly (readonly Advisory[])[]; readonly known: readonly Advisory[] }>();

  const known = (pkg: PackageId, answers: Answers): readonly Advisory[] => {
    const parts = answers.map(({ answer }) => shown(answer) ?? []).filter((part) => part.length > 0);
    if (parts.length === 0) return [];
    const key = packageKey(pkg);
    const before = merged.get(key);
    if (before && before.parts.length === parts.length && before.parts.every((part, i) => part === parts[i])) return before.known;
    const fresh = { parts, known: mergeAdvisories(parts.flat()) };
    merged.set(key, fresh);
    return fresh.known;
  };

  return (document, privacy) => {
    const now = sources.clock.now();
    const { declarations } = document.manifest;
    const asked = declarations.filter(isFromRegistry).map(({ package: pkg }) => pkg);
    const held = sources.feeds.map((feed) => ({
      feed,
      answers: new Map(feed.held(asked).map((answer, i) => [packageKey(asked[i]!), answer])),
    }));
    const registry = sources.registries.get(document.ecosystem.id);
    const { versions } = document.ecosystem;

    return declarations.map((declaration): DeclarationSubject => {
      const fromRegistry = isFromRegistry(declaration);
      const withheld = fromRegistry ? privacy.withheld(declaration) : undefined;
      const advisories: Answers = fromRegistry
        ? held.map(({ feed, answers }) => ({
            source: feed.id,
            answer:
              withheld !== undefined && feed.network
                ? { state: 'withheld', reason: withheld }
                : answers.get(packageKey(declaration.package))!,
          }))
        : [];
      const edited = { path: document.path, text: document.text, manifest: document.manifest, companions: document.companions };
      const { edit } = document.reader;
      return {
        kind: 'declaration',
        file: document.path,
        declaration,
        resolution: resolve(declaration, versions),
        roles: fromRegistry ? sources.rolesOf(declaration.package) : [],
        advisories,
        known: known(declaration.package, advisories),
        releases: releasesOf(declaration, withheld, registry),
        versions,
        edit: {
          pin: (version) => edit.pin(edited, declaration, version),
          exclude: (excluded) => edit.exclude(edited, declaration, excluded),
          remove: () => edit.remove(edited, declaration),
        },
        now,
      };
    });
  };
}

/** Only what comes from a registry is asked about: the name of a local package or of a fork is nobody's business. */
export function isFromRegistry(declaration: Declaration): boolean {
  return declaration.source.kind === 'registry' && declaration.package.name !== '';
}

export function packageKey(pkg: PackageId): string {
  return `${pkg.ecosystem} ${pkg.name}`;
}

function releasesOf(declaration: Declaration, withheld: string | undefined, registry: Registry | undefined): Lookup<readonly Release[]> {
  if (!isFromRegistry(declaration)) return { state: 'disabled', reason: 'it does not come from a registry' };
  if (withheld !== undefined) return { state: 'withheld', reason: withheld };
  return registry ? registry.held(declaration.package.name) : { state: 'disabled', reason: 'registries are switched off' };
}
