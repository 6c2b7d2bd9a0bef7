import type { LockedPackage } from '../../core/lockfile';
import type { LockedAnswer, ScannedLock } from '../../core/report';
import { lineIndexOf } from '../positions';
import { addEdges, addOccurrence, addProperty, type Draft, type Drafts } from './drafts';
import type { SbomFacts } from './model';
import { purlOf, withoutSecrets } from './purl';
import { isAnswered, worseAnswer } from './answers';

/** Which component each entry of the lockfiles has become. */
export type LockedRefs = Map<LockedPackage, string>;

/** Adds every entry of a lockfile, each release once however often its tree holds it, and every edge between them. */
export function addLock(scanned: ScannedLock, drafts: Drafts, project: Draft, refs: LockedRefs, facts: SbomFacts): void {
  const { lock, path } = scanned;
  const placeOf = facts.placesIn(scanned);
  const lines = lineIndexOf(scanned);
  const answers = answersByName(scanned.locked);
  const edges = lock.problems.some(({ kind }) => kind === 'unreadable') ? 'incomplete' : 'complete';
  const own = lock.packages.map((entry) => drafts.take(headOf(entry, scanned, facts)));
  lock.packages.forEach((entry, index) => {
    const draft = own[index]!;
    refs.set(entry, draft.head.ref);
    draft.scopes.add(entry.dev ? 'excluded' : entry.optional ? 'optional' : 'required');
    for (const hash of entry.hashes) draft.hashes.add(hash);
    const place = placeOf(entry);
    addOccurrence(draft, path, place && lines.position(place.start).line + 1);
    addEdges(
      draft,
      entry.dependencies.map((target) => own[target]!.head.ref),
      edges,
    );
    describe(entry, draft, facts, answers.get(entry.package.name));
  });
  for (const ref of startsOf(scanned)) project.dependsOn.add(own[ref]!.head.ref);
}

function describe(entry: LockedPackage, draft: Draft, facts: SbomFacts, answer: string | undefined): void {
  if (entry.own) return;
  const fromRegistry = entry.source === 'registry';
  addProperty(draft, 'pinned', 'lockfile');
  addProperty(draft, 'source', fromRegistry ? undefined : entry.source);
  addProperty(draft, 'registry', entry.registry === undefined ? undefined : withoutSecrets(entry.registry));
  addProperty(draft, 'install-script', entry.installScript ? 'true' : undefined);
  addProperty(draft, 'deprecated', entry.deprecated);
  addProperty(draft, 'bundled', entry.bundled ? 'true' : undefined);
  if (entry.license !== undefined) draft.license ??= entry.license;
  if (!fromRegistry) return;
  for (const role of facts.rolesOf(entry.package)) addProperty(draft, 'ai:role', role);
  addProperty(draft, 'advisories', isAnswered(answer) ? undefined : (answer ?? 'not asked'));
}

/** Who is the project's own, and what of the rest nobody but the project asks for. */
function startsOf({ lock }: ScannedLock): number[] {
  const { packages, roots } = lock;
  const isOwn = new Set(packages.flatMap(({ own }, index) => (own ? [index] : [])));
  const reached = new Set([...isOwn].flatMap((index) => packages[index]!.dependencies));
  const asked = lock.anyImporter ? [] : roots.flatMap((root) => root.packages);
  if (isOwn.size || asked.length) return [...isOwn, ...asked.filter((index) => !reached.has(index) && !isOwn.has(index))];
  const needed = new Set(packages.flatMap(({ dependencies }) => dependencies));
  return packages.flatMap((_, index) => (needed.has(index) ? [] : [index]));
}

/** What a component is, by its entry. */
function headOf(entry: LockedPackage, { path, ecosystem }: ScannedLock, facts: SbomFacts): Draft['head'] {
  const { package: pkg, version, source, own, key } = entry;
  const type = facts.purlTypeOf(ecosystem);
  const named = { ...namesOf(pkg.name || key || path), ...(version !== '' && { version }) };
  if (own) return { ref: `merlon:own/${type}/${path}#${key}`, kind: 'application', ...named };
  const origin = entry.origin === undefined ? undefined : withoutSecrets(entry.origin);
  if (source === 'registry' || ((source === 'git' || source === 'url') && origin)) {
    const from = source === 'registry' || !origin ? {} : { origin: { kind: source, address: origin } };
    const purl = purlOf({ type, package: pkg, version, ...from });
    return { ref: purl, kind: 'library', ...named, purl };
  }
  return { ref: `merlon:${source}/${type}/${pkg.name}@${version}`, kind: 'library', ...named };
}

/** npm's scope is a group of its own. */
export function namesOf(name: string): { readonly name: string; readonly group?: string } {
  const slash = name.startsWith('@') ? name.indexOf('/') : -1;
  return slash > 1 && slash < name.length - 1 ? { group: name.slice(0, slash), name: name.slice(slash + 1) } : { name };
}

/** The worst answer of any feed, by package. */
function answersByName(answers: readonly LockedAnswer[]): Map<string, string> {
  const worst = new Map<string, string>();
  for (const { package: pkg, answer } of answers) worst.set(pkg.name, worseAnswer(worst.get(pkg.name), answer.state));
  return worst;
}
