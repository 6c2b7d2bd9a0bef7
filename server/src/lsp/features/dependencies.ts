import { LSPErrorCodes, ResponseError, type CancellationToken } from 'vscode-languageserver';
import type { DeclarationSubject } from '../../core/check';
import type { LockedPackage } from '../../core/lockfile';
import { rolesOf } from '../../policy/catalogue';
import { lineIndexOf } from '../../render/positions';
import { printable } from '../../render/printable';
import type { Assessed } from '../folder';
import type { DependenciesParams, DependencyLocation, DependencyNode } from '../messages';
import { createSlices } from '../slices';
import type { Workspace } from '../workspace';
import { idOf, lockOf, placeAt, type Place } from './dependencyIds';
import { broughtWords, ownWords, positionsOf, rankOf, standingOf, worst } from './standing';

/**
 * One level of the tree: manifests, their declarations, and below these what the lockfile says that each release depends on. Nothing
 * is built in advance, so a graph of thousands costs what is looked at.
 */
export async function dependencies(params: DependenciesParams, workspace: Workspace, token: CancellationToken): Promise<DependencyNode[]> {
  const { parent } = params;
  if (typeof parent !== 'string')
    return worstFirst(await eachOf(workspace.all().filter(hasContent), (at) => manifestNode(at, workspace), token));
  const place = placeAt(parent, workspace);
  if (!place) return [];
  if (!place.subject) return worstFirst(await eachOf(place.at.file.subjects, (subject) => declarationNode(place.at, subject), token));
  const ways = below(place);
  return worstFirst(await eachOf(ways, (entry) => releaseNode({ ...place, way: [...place.way, entry] }, workspace), token));
}

/** The range of a declaration, or the first line of a manifest. */
export function locationOf({ folder, path, file }: Assessed, subject?: DeclarationSubject): DependencyLocation {
  const { spans } = subject?.declaration ?? {};
  return { uri: folder.uriOf(path), range: lineIndexOf(file).range(spans?.name ?? spans?.entry ?? { start: 0, end: 0 }) };
}

function manifestNode(at: Assessed, workspace: Workspace): DependencyNode {
  const { file, path, folder } = at;
  const { findings, subjects } = file;
  const severity = worst(findings.map((finding) => finding.severity));
  const lock = subjects.find((subject) => subject.lock)?.lock?.file;
  const brought = broughtCount(at);
  const parts = [
    ...(workspace.all().some((other) => other.folder !== folder) ? [lastPart(folder.uri)] : []),
    `${subjects.length} direct${brought === undefined ? '' : `, ${brought} brought in`}`,
    ...(findings.length ? [findings.length === 1 ? '1 finding' : `${findings.length} findings`] : []),
    ...(file.suppressed.length ? [`${file.suppressed.length} suppressed`] : []),
  ];
  return {
    id: idOf({ at, way: [] }),
    kind: 'manifest',
    label: printable(path),
    description: printable(parts.join(' · ')),
    tooltip: lines(path, file.ecosystem, lock === undefined ? 'No lockfile was read for it.' : `Locked by ${lock}`),
    ...(severity && { severity }),
    hasChildren: subjects.length > 0,
    location: locationOf(at),
  };
}

function declarationNode(at: Assessed, subject: DeclarationSubject): DependencyNode {
  const { declaration, resolution, roles, lock, brings } = subject;
  const findings = at.file.findings.filter((finding) => finding.subject?.declaration === subject.declaration);
  const hidden = at.file.suppressed.filter((finding) => finding.subject?.declaration === subject.declaration);
  const severity = worst(findings.map((finding) => finding.severity));
  const release = resolution.version ?? (declaration.specifier || declaration.source.kind);
  const words = [...ownWords(subject), ...broughtWords(brings)];
  const parts = [
    release,
    ...roles,
    ...(words.length ? words : findings.map(({ rule }) => rule)),
    ...hidden.map(({ rule }) => `${rule} suppressed`),
  ];
  const lockfile = lockOf(at, subject);
  return {
    id: idOf({ at, subject, way: [] }),
    kind: 'declaration',
    label: printable(declaration.writtenName || '(no name)'),
    description: printable(parts.join(' · ')),
    tooltip: lines(
      `${declaration.writtenName} ${declaration.specifier}`.trim(),
      [declaration.group, declaration.section].filter(Boolean).join(', '),
      resolution.version === undefined
        ? `Which release comes is not known: ${resolution.reason}`
        : `${resolution.version}${from[resolution.from]}`,
      roles.length ? `AI: ${roles.join(', ')}` : '',
      ...findings.map(({ message }) => message),
      ...hidden.map(({ message, suppression }) => `Suppressed (${suppression?.reason ?? 'by the policy'}): ${message}`),
    ),
    ...(severity && { severity }),
    hasChildren: lockfile !== undefined && (lock!.releases.length > 1 || lock!.releases.some((entry) => entry.dependencies.length > 0)),
    location: locationOf(at, subject),
  };
}

const from = { 'exact-range': '', lockfile: ', by the lockfile', installed: ', which is installed' };

function releaseNode(place: Place, workspace: Workspace): DependencyNode {
  const { at, subject, lock, way } = place;
  const entry = way.at(-1)!;
  const { policy } = workspace.rulesOf(at.folder, at.path);
  const { severity, words, advisories } = standingOf(entry, subject!, lock!, policy);
  const roles = rolesOf(entry.package);
  const again = isAbove(entry, place);
  const flags = (['dev', 'optional', 'peer', 'bundled'] as const).filter((flag) => entry[flag]);
  return {
    id: idOf(place),
    kind: 'release',
    label: printable(entry.package.name || entry.key),
    description: printable([entry.version || entry.source, ...roles, ...words, ...(again ? ['shown above'] : [])].join(' · ')),
    tooltip: lines(
      nameOf(entry),
      [entry.source, ...flags, ...(entry.installScript ? ['runs a script when it is installed'] : [])].join(', '),
      roles.length ? `AI: ${roles.join(', ')}` : '',
      ...advisories.map(({ id, summary }) => `${id}: ${summary}`),
      again ? 'It depends on itself by this way, which is cut here.' : '',
    ),
    ...(severity && { severity }),
    hasChildren: !again && entry.dependencies.length > 0,
  };
}

export function nameOf({ package: pkg, version, key }: LockedPackage): string {
  return `${pkg.name || key} ${version}`.trim();
}

/** The release of a declaration is told beside it, so what it depends on comes next; several are told one by one. */
function below(place: Place): LockedPackage[] {
  const { subject, lock, way } = place;
  const releases = subject?.lock?.releases ?? [];
  if (!lock || !releases.length) return [];
  const parent = way.at(-1) ?? (releases.length === 1 ? releases[0] : undefined);
  if (!parent) return [...releases];
  if (way.length && isAbove(parent, place)) return [];
  const entries = [...new Set(parent.dependencies)].map((index) => lock.lock.packages[index]);
  return entries.filter((entry) => entry !== undefined);
}

/** A release that depends on itself by others is shown once on its way, and then cut. */
function isAbove(entry: LockedPackage, { way, subject }: Place): boolean {
  const releases = subject?.lock?.releases ?? [];
  return way.indexOf(entry) < way.length - 1 || (releases.length === 1 && releases[0] === entry);
}

const counts = new WeakMap<Assessed['file'], number>();

/** How many releases come along that no declaration asks for; `undefined` without a lockfile. Counted once for an assessment. */
function broughtCount(at: Assessed): number | undefined {
  const known = counts.get(at.file);
  if (known !== undefined) return known;
  const locked = at.file.subjects.find(({ lock }) => lock);
  const lock = locked && lockOf(at, locked)?.lock;
  if (!lock) return undefined;
  const positions = positionsOf(lock.packages);
  const starts = new Set(
    at.file.subjects.flatMap((subject) => (subject.lock?.releases ?? []).flatMap((entry) => positions.get(entry) ?? [])),
  );
  const reached = new Set(starts);
  for (const index of reached) for (const next of lock.packages[index]?.dependencies ?? []) if (lock.packages[next]) reached.add(next);
  const count = reached.size - starts.size;
  counts.set(at.file, count);
  return count;
}

function hasContent({ file }: Assessed): boolean {
  return file.subjects.length > 0 || file.findings.length > 0;
}

function worstFirst(nodes: readonly DependencyNode[]): DependencyNode[] {
  return [...nodes].sort((a, b) => rankOf(a.severity) - rankOf(b.severity) || order(a.label, b.label) || order(a.id, b.id));
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** In slices, between which a cancellation is heard. */
async function eachOf<T, R>(items: readonly T[], work: (item: T) => R, token: CancellationToken): Promise<R[]> {
  const results: R[] = [];
  const slices = createSlices();
  for (const item of items) {
    if (slices.over()) await slices.next();
    if (token.isCancellationRequested) throw new ResponseError(LSPErrorCodes.RequestCancelled, 'the request was cancelled');
    results.push(work(item));
  }
  return results;
}

/** Each line by itself is made harmless, so that none can pass for two. */
function lines(...texts: readonly string[]): string {
  return texts.filter(Boolean).map(printable).join('\n');
}

function lastPart(uri: string): string {
  const last = uri.slice(uri.lastIndexOf('/') + 1);
  try {
    return decodeURIComponent(last);
  } catch {
    return last;
  }
}
