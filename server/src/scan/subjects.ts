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
import { isFromRegistry, packageKey, registryPackages } from './packages';
import { resolve } from './resolve';
import { withheldPackages } from './withheld';

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

  const known = (key: string, answers: Answers): readonly Advisory[] => {
    const parts = answers.map(({ answer }) => shown(answer) ?? []).filter((part) => part.length > 0);
    if (parts.length === 0) return [];
    const before = merged.get(key);
    if (before && before.parts.length === parts.length && before.parts.every((part, i) => part === parts[i])) return before.known;
    const fresh = { parts, known: mergeAdvisories(parts.flat()) };
    merged.set(key, fresh);
    return fresh.known;
  };

  return (document, privacy) => {
    const now = sources.clock.now();
    const { declarations } = document.manifest;
    const packages = registryPackages(declarations);
    const secret = withheldPackages(declarations, privacy);
    const held = sources.feeds.map((feed) => ({ feed, answers: answersOf(feed, packages, secret) }));
    const registry = sources.registries.get(document.ecosystem.id);
    const { versions } = document.ecosystem;

    return declarations.map((declaration): DeclarationSubject => {
      const fromRegistry = isFromRegistry(declaration);
      const key = packageKey(declaration.package);
      const advisories: Answers = fromRegistry ? held.map(({ feed, answers }) => ({ source: feed.id, answer: answers.get(key)! })) : [];
      const edited = { path: document.path, text: document.text, manifest: document.manifest, companions: document.companions };
      const { edit } = document.reader;
      return {
        kind: 'declaration',
        file: document.path,
        declaration,
        resolution: resolve(declaration, versions),
        roles: fromRegistry ? sources.rolesOf(declaration.package) : [],
        advisories,
        known: known(key, advisories),
        releases: releasesOf(declaration, secret.get(key), registry),
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

/** What a feed holds of each package. What is private is not even shown to a feed that asks the network. */
function answersOf(feed: Feed, packages: ReadonlyMap<string, PackageId>, secret: ReadonlyMap<string, string>) {
  const answers = new Map<string, Lookup<readonly Advisory[]>>();
  const shownTo = [...packages].filter(([key]) => {
    const reason = feed.network ? secret.get(key) : undefined;
    if (reason !== undefined) answers.set(key, { state: 'withheld', reason });
    return reason === undefined;
  });
  const held = feed.held(shownTo.map(([, pkg]) => pkg));
  for (const [i, [key]] of shownTo.entries()) answers.set(key, held[i]!);
  return answers;
}

function releasesOf(declaration: Declaration, withheld: string | undefined, registry: Registry | undefined): Lookup<readonly Release[]> {
  if (!isFromRegistry(declaration)) return { state: 'disabled', reason: 'it does not come from a registry' };
  if (withheld !== undefined) return { state: 'withheld', reason: withheld };
  return registry ? registry.held(declaration.package.name) : { state: 'disabled', reason: 'registries are switched off' };
}
