import type { LockedPackage } from '../../core/lockfile';
import { lineIndexOf } from '../../render/positions';
import { printable } from '../../render/printable';
import type { LockDocument } from '../../scan/lockDocument';
import { lockGraph } from '../../scan/lockGraph';
import type { DependencyLocation, DependencyParams, DependencyResult } from '../messages';
import { createSlices } from '../slices';
import type { Workspace } from '../workspace';
import { locationOf, nameOf } from './dependencies';
import { lockOf, placeAt, type Place } from './dependencyIds';
import { positionsOf, standingOf } from './standing';

/** npm may give one release many places; ways to the first of these say enough. */
const mostPlaces = 12;
const mostWays = 40;

/** Where a node stands and by which ways manifests come to it. Asked for one node at a time. */
export async function whyHere({ id }: DependencyParams, workspace: Workspace): Promise<DependencyResult | null> {
  const place = typeof id === 'string' ? placeAt(id, workspace) : undefined;
  if (!place) return null;
  const { at, subject, lock, way } = place;
  const entry = way.at(-1);
  if (!subject)
    return { name: printable(at.path), location: locationOf(at), why: `${printable(at.path)} is a manifest of the workspace.\n` };
  if (!entry || !lock) {
    const { declaration, lock: declared, resolution } = subject;
    const [only] = declared?.releases ?? [];
    const name = only ? nameOf(only) : `${declaration.writtenName || '(no name)'} ${resolution.version ?? ''}`.trim();
    const direct = `${declaration.writtenName} ${declaration.specifier}`.trim();
    const text =
      only && lock
        ? await whyLines(only, place, lock, workspace)
        : [`${at.path} asks for ${direct}.`, '', 'No lockfile that was read holds it, so what else brings it is not known.'];
    return { name: printable(name), location: locationOf(at, subject), why: joined(text) };
  }
  const location = lockLocation(entry, place);
  return { name: printable(nameOf(entry)), ...(location && { location }), why: joined(await whyLines(entry, place, lock, workspace)) };
}

async function whyLines(entry: LockedPackage, place: Place, lock: LockDocument, workspace: Workspace): Promise<string[]> {
  const ways = await waysTo(entry, place, lock, workspace);
  const { advisories } = standingOf(entry, place.subject!, lock, workspace.rulesOf(place.at.folder).policy);
  const text = [`Why is ${nameOf(entry)} here?`, '', `${lock.path} holds it, since`, ''];
  let manifest = '';
  for (const way of ways.slice(0, mostWays)) {
    if (way.manifest !== manifest) text.push(`${(manifest = way.manifest)} asks for`);
    text.push(`  ${way.names.join(' → ')}`);
  }
  if (ways.length > mostWays) text.push(`  and ${ways.length - mostWays} more that bring it`);
  if (!ways.length) text.push('nothing that Merlon has read asks for it');
  text.push('', 'Of each declaration the shortest way is shown.');
  if (advisories.length) text.push('', 'What is known of it', '', ...advisories.map(({ id, summary }) => `  ${id}: ${summary}`));
  return text;
}

interface Way {
  readonly manifest: string;
  readonly names: readonly string[];
}

/** From every declaration that the lockfile speaks for; those of the node's own manifest first, and the shortest of each. */
async function waysTo(entry: LockedPackage, { at }: Place, lock: LockDocument, workspace: Workspace): Promise<Way[]> {
  const { packages } = lock.lock;
  const positions = positionsOf(packages);
  const graph = lockGraph(lock.lock);
  const same = packages.flatMap((other, index) =>
    other.package.name === entry.package.name && other.version === entry.version ? [index] : [],
  );
  const own = positions.get(entry);
  const targets = [...same].sort((a, b) => Number(b === own) - Number(a === own)).slice(0, mostPlaces);
  const ways: Way[] = [];
  const slices = createSlices();
  for (const other of workspace.all()) {
    if (other.folder !== at.folder) continue;
    for (const subject of other.file.subjects) {
      if (lockOf(other, subject) !== lock) continue;
      if (slices.over()) await slices.next();
      const starts = subject.lock!.releases.flatMap((release) => positions.get(release) ?? []);
      const paths = starts
        .flatMap((start) => targets.flatMap((target) => [graph.path(start, target) ?? []]))
        .filter(({ length }) => length);
      const shortest = paths.sort((a, b) => a.length - b.length)[0];
      if (shortest) ways.push({ manifest: other.path, names: shortest.map((index) => nameOf(packages[index]!)) });
    }
  }
  const rank = ({ manifest }: Way) => (manifest === at.path ? '' : manifest);
  return ways.sort((a, b) => order(rank(a), rank(b)) || a.names.length - b.names.length || order(a.names.join(), b.names.join()));
}

function lockLocation(entry: LockedPackage, { at, subject, lock }: Place): DependencyLocation | undefined {
  const span = subject?.lock?.locate(entry);
  return span && lock && { uri: at.folder.uriOf(lock.path), range: lineIndexOf(lock).range(span) };
}

function joined(text: readonly string[]): string {
  return `${text.map((line) => printable(line)).join('\n')}\n`;
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
