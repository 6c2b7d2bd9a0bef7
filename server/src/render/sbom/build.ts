import type { Finding } from '../../core/finding';
import type { LockedPackage } from '../../core/lockfile';
import { partsOf, type Report } from '../../core/report';
import { gapLines } from '../gaps';
import { addFile, foreignKey } from './declared';
import { createDrafts, finish, newDraft, type Draft } from './drafts';
import { addLock, type LockedRefs } from './locked';
import { inOrder, type Sbom, type SbomComponent, type SbomFacts, type SbomProperty } from './model';
import { createVerdicts } from './vulnerabilities';

/** The bill of materials of a report. Pure: the same report and facts give the same, to the last byte. */
export function sbomOf(report: Report, facts: SbomFacts): Sbom {
  const drafts = createDrafts();
  const refs: LockedRefs = new Map();
  const project = newDraft(projectHead(report, facts));
  const verdicts = createVerdicts(report, facts);
  for (const lock of report.locks) addLock(lock, drafts, project, refs, facts);
  const foreign = foreignEntries(report);
  for (const lock of report.locks) verdicts.addLock(lock, refs);
  for (const file of report.files) {
    const declared = addFile(file, drafts, project, refs, foreign, facts);
    for (const [subject, own] of declared) verdicts.addDeclaration(subject, own);
  }
  const components = drafts.finished();
  return {
    created: facts.now,
    tool: facts.tool,
    project: { ...finish(project), edges: report.complete ? 'complete' : 'incomplete' },
    components,
    vulnerabilities: verdicts.finished(),
    complete: report.complete,
    heard: report.sources.every(({ state }) => state === 'ok'),
    properties: [...told(report), ...rolesIn(components)].sort((a, b) => inOrder(a.name, b.name) || inOrder(a.value, b.value)),
  };
}

/** The project goes by the name that a manifest or lockfile at its top gives it. */
function projectHead({ files, locks }: Report, { name: folder }: SbomFacts): Draft['head'] {
  const depth = ({ path }: { readonly path: string }) => path.split('/').length;
  const top = Math.min(...[...files, ...locks].map(depth));
  const manifests = files.filter((file) => depth(file) === top).map(({ manifest }) => manifest.project?.name);
  const entries = locks.filter((lock) => depth(lock) === top).flatMap(({ lock }) => lock.packages.filter(({ own }) => own));
  const root = entries.find(({ key, package: pkg }) => key === '' && pkg.name !== '')?.package.name;
  const name = manifests.find((own) => own) ?? root ?? folder;
  const version = entries.find((entry) => entry.package.name === name)?.version;
  return { ref: 'merlon:project', kind: 'application', name, ...(version && { version }) };
}

function foreignEntries({ locks }: Report): Map<string, LockedPackage[]> {
  const found = new Map<string, LockedPackage[]>();
  for (const { lock } of locks) {
    for (const entry of lock.packages) {
      if (entry.own || entry.source === 'registry') continue;
      const key = foreignKey(entry.package);
      const same = found.get(key);
      if (same) same.push(entry);
      else found.set(key, [entry]);
    }
  }
  return found;
}

/** What was asked and read, and what was not. When an answer was given is left out: it differs from run to run. */
function told(report: Report): SbomProperty[] {
  return [
    { name: 'merlon:complete', value: String(report.complete) },
    { name: 'merlon:withheld', value: String(report.withheld) },
    ...report.sources.map(({ id, state, reason }) => ({
      name: 'merlon:source',
      value: reason === undefined ? `${id} ${state}` : `${id} ${state}: ${reason}`,
    })),
    ...gapLines(report).map((value) => ({ name: 'merlon:gap', value })),
    ...[...new Set(partsOf(report).flatMap(({ suppressed }) => suppressed.flatMap(suppressionLine)))].map((value) => ({
      name: 'merlon:suppressed',
      value,
    })),
  ];
}

function suppressionLine({ rule, file, package: name, version, suppression }: Finding): string[] {
  if (!suppression) return [];
  const about = name === '' ? rule : `${rule} of ${[name, version].filter(Boolean).join(' ')}`;
  const until = suppression.expires ? ` until ${suppression.expires.toISOString().slice(0, 10)}` : '';
  return [`${file}: ${about}${until}, by ${suppression.file}: ${suppression.reason}`];
}

/** How many AI packages there are, and of which roles. */
function rolesIn(components: readonly SbomComponent[]): SbomProperty[] {
  const counts = new Map<string, number>();
  let packages = 0;
  for (const { properties } of components) {
    const roles = properties.filter(({ name }) => name === 'merlon:ai:role');
    if (roles.length) packages++;
    for (const { value } of roles) counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  return [
    { name: 'merlon:ai:packages', value: String(packages) },
    ...[...counts].map(([role, count]) => ({ name: `merlon:ai:packages:${role}`, value: String(count) })),
  ];
}
