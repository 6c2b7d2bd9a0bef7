import type { DeclarationSubject } from '../../core/check';
import type { Declaration, Group, PackageId, Source } from '../../core/declaration';
import type { LockedPackage } from '../../core/lockfile';
import { shown } from '../../core/lookup';
import type { ScannedFile } from '../../core/report';
import { lineIndexOf } from '../positions';
import { isAnswered, worseAnswer } from './answers';
import { addOccurrence, addProperty, type Draft, type Drafts } from './drafts';
import { namesOf, type LockedRefs } from './locked';
import type { SbomComponent, SbomFacts } from './model';
import { purlOf, withoutSecrets } from './purl';

/** What nothing is installed for: it only bounds what others ask for. */
const bounds: ReadonlySet<Group> = new Set(['override', 'constraint']);

const scopes: Readonly<Record<Group, SbomComponent['scope']>> = {
  runtime: 'required',
  peer: 'required',
  optional: 'optional',
  dev: 'excluded',
  build: 'excluded',
  override: 'excluded',
  constraint: 'excluded',
};

/** The entries of lockfiles that come from elsewhere than a registry, by name: a declaration of such a source is not looked up otherwise. */
export type Foreign = ReadonlyMap<string, readonly LockedPackage[]>;

/** Adds every declaration of a manifest to the component that it stands for. Answers the refs of each. */
export function addFile(
  file: ScannedFile,
  drafts: Drafts,
  project: Draft,
  refs: LockedRefs,
  foreign: Foreign,
  facts: SbomFacts,
): Map<DeclarationSubject, readonly string[]> {
  const lines = lineIndexOf(file);
  const result = new Map<DeclarationSubject, readonly string[]>();
  for (const subject of file.subjects) {
    const { declaration } = subject;
    if (subject.lock?.exempt === 'own') continue;
    const heads = headsOf(subject, refs, foreign, facts);
    for (const head of heads) {
      const draft = drafts.take(head);
      const { start } = declaration.spans.name ?? declaration.spans.entry;
      addOccurrence(draft, file.path, lines.position(start).line + 1);
      describe(subject, draft);
      if (!bounds.has(declaration.group)) project.dependsOn.add(head.ref);
    }
    result.set(
      subject,
      heads.map(({ ref }) => ref),
    );
  }
  return result;
}

function describe({ declaration, resolution, roles, registry, advisories }: DeclarationSubject, draft: Draft): void {
  const { source, group, section, specifier, hashes } = declaration;
  // What a lockfile holds has the scope that follows from it as well; the widest counts.
  draft.scopes.add(scopes[group]);
  for (const hash of hashes) draft.hashes.add(hash);
  for (const role of roles) addProperty(draft, 'ai:role', role);
  addProperty(draft, 'group', group);
  addProperty(draft, 'section', section);
  addProperty(draft, 'range', source.kind === 'registry' ? specifier || '*' : undefined);
  addProperty(draft, 'source', source.kind === 'registry' ? undefined : source.kind);
  addProperty(draft, 'pinned', pinOf(source, resolution.version === undefined ? undefined : resolution.from));
  draft.license ??= shown(registry)?.license;
  if (source.kind !== 'registry') return;
  const worst = advisories.reduce<string | undefined>((before, { answer }) => worseAnswer(before, answer.state), undefined);
  addProperty(draft, 'advisories', isAnswered(worst) ? undefined : (worst ?? 'not asked'));
}

/** Of git sources only a commit stands still. */
function pinOf(source: Source, from: 'exact-range' | 'lockfile' | 'installed' | undefined): string {
  if (source.kind === 'git') return /^[0-9a-f]{40}$/i.test(source.revision ?? '') ? 'commit' : 'no';
  if (source.kind !== 'registry') return 'no';
  return from === 'exact-range' ? 'exact' : from === 'lockfile' ? 'lockfile' : 'no';
}

function headsOf(subject: DeclarationSubject, refs: LockedRefs, foreign: Foreign, facts: SbomFacts): Draft['head'][] {
  const { declaration, resolution, lock, versions } = subject;
  const { package: pkg, source } = declaration;
  const type = facts.purlTypeOf(pkg.ecosystem);
  const { version } = resolution;
  if (source.kind !== 'registry') {
    const locked = foreign.get(foreignKey(pkg)) ?? [];
    return locked.length ? locked.map((entry) => lockedHead(entry, refs)) : foreignHead(declaration, source, type);
  }
  const releases = lock?.releases ?? [];
  const isExact = version !== undefined && resolution.from === 'exact-range';
  const same = isExact ? releases.filter((entry) => versions.equal(entry.version, version)) : releases;
  if (same.length) return same.filter((entry) => refs.has(entry)).map((entry) => lockedHead(entry, refs));
  const purl = purlOf({ type, package: pkg, ...(version !== undefined && { version }) });
  return [{ ref: purl, kind: 'library', ...namesOf(pkg.name), ...(version !== undefined && { version }), purl }];
}

/** The component is there already: all that counts is its ref. */
function lockedHead(entry: LockedPackage, refs: LockedRefs): Draft['head'] {
  return { ref: refs.get(entry)!, kind: 'library', ...namesOf(entry.package.name) };
}

function foreignHead(
  { package: pkg, writtenName }: Declaration,
  source: Exclude<Source, { kind: 'registry' }>,
  type: string,
): Draft['head'][] {
  if ('path' in source) {
    const name = pkg.name || source.path;
    return [{ ref: `merlon:${source.kind}/${type}/${name}@${source.path}`, kind: 'library', ...namesOf(name) }];
  }
  const address = withoutSecrets(source.url) + (source.revision === undefined ? '' : `@${source.revision}`);
  if (pkg.name === '') return [{ ref: `merlon:${source.kind}/${type}/${address}`, kind: 'library', name: writtenName || address }];
  const purl = purlOf({ type, package: pkg, origin: { kind: source.kind, address } });
  return [{ ref: purl, kind: 'library', ...namesOf(pkg.name), purl }];
}

export function foreignKey(pkg: PackageId): string {
  return `${pkg.ecosystem} ${pkg.name}`;
}
