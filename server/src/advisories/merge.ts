import type { Advisory, AdvisoryKind } from '../core/advisory';
import { advisoryOver, osvUrl } from './advisory';
import { isAssignedMalwareId } from './kind';
import { once } from './once';
import { compareSeverity, worstSeverity } from './severity';

/**
 * One advisory for each flaw. Two are the same flaw if one names the other's id, or both name a third, and so on
 * (OSV schema: aliases are symmetric and transitive). All of `list` must be about one package.
 * Order: malware first, then by severity, worst first, then by id.
 */
export function mergeAdvisories(list: readonly Advisory[]): Advisory[] {
  return groups(list).map(mergeGroup).sort(compare);
}

/** A merged advisory is as severe as the worst of its parts says, and affects what any of them affects, over-broad ranges of malware apart. */
function mergeGroup(parts: readonly Advisory[]): Advisory {
  if (parts.length === 1 && hasBestId(parts[0]!)) return parts[0]!;
  const ids = new Set(parts.flatMap((part) => [part.id, ...part.aliases]));
  const kind = worstKind(parts);
  const id = bestId(parts, ids, kind);
  const only = parts[0]!;
  if (parts.length === 1 && id === only.id) return only;
  const speakers = [...parts].sort((a, b) => Number(b.id === id) - Number(a.id === id));
  const head = {
    id,
    aliases: [...ids].filter((other) => other !== id).sort(),
    kind,
    summary: speakers.find((part) => part.summary !== '')?.summary ?? '',
    url: speakers[0]!.id === id || id.startsWith('x_') ? speakers[0]!.url : osvUrl(id),
    sources: [...new Set(parts.flatMap((part) => part.sources))],
  };
  const severity = once(() => (kind === 'malware' ? undefined : worstSeverity(parts.map((part) => part.severity))));
  return advisoryOver(parts, head, severity) ?? sumOf(parts, head, severity());
}

function worstKind(parts: readonly Advisory[]): AdvisoryKind {
  const kinds = new Set(parts.map((part) => part.kind));
  return kinds.has('malware') ? 'malware' : kinds.has('vulnerability') ? 'vulnerability' : 'unmaintained';
}

/** Whether an advisory by itself goes by its own id, as most do: see {@link bestId}. */
function hasBestId({ id, kind, aliases }: Advisory): boolean {
  return aliases.length === 0 || (kind === 'malware' ? isAssignedMalwareId(id) : !id.startsWith('x_'));
}

/**
 * The name under which a flaw is shown. Malware goes by its MAL id, since that is the database that is about it. A
 * vulnerability goes by an id whose record was seen, so that its page tells what the verdict rests on; among those GHSA
 * comes first (reviewed, by package, with severity), then CVE, then the others. Our own ids give way to any published one.
 */
function bestId(parts: readonly Advisory[], ids: ReadonlySet<string>, kind: AdvisoryKind): string {
  const seen = new Set(parts.map((part) => part.id));
  const rank = (id: string): number => {
    if (kind === 'malware' && isAssignedMalwareId(id)) return seen.has(id) ? 0 : 1;
    if (id.startsWith('x_')) return 12;
    const database = id.startsWith('GHSA-') ? 0 : id.startsWith('CVE-') ? 1 : id.startsWith('PYSEC-') ? 2 : 3;
    return database + (seen.has(id) ? 2 : 6);
  };
  let best: { readonly id: string; readonly rank: number } | undefined;
  for (const id of ids) {
    const own = rank(id);
    if (!best || own < best.rank || (own === best.rank && id < best.id)) best = { id, rank: own };
  }
  return best!.id;
}

/** Advisories that were not made of records are told apart by their verdicts alone. */
function sumOf(
  parts: readonly Advisory[],
  head: Pick<Advisory, 'id' | 'aliases' | 'kind' | 'summary' | 'url' | 'sources'>,
  severity: Advisory['severity'],
): Advisory {
  const listedVersions = [...new Set(parts.flatMap((part) => part.listedVersions))];
  const exact = parts.filter((part) => !part.wholePackage);
  const overBroad = parts.some((part) => part.overBroad) || (listedVersions.length > 0 && exact.length < parts.length);
  const heard = overBroad ? exact : parts;
  const affects = (version: string) => heard.some((part) => part.affects(version));
  return {
    ...head,
    ...(severity && { severity }),
    affects,
    unreadable: heard.some((part) => part.unreadable),
    undecided: (version) => !affects(version) && heard.some((part) => part.undecided?.(version)),
    wholePackage: heard.some((part) => part.wholePackage),
    listedVersions,
    fixedIn: [...new Set(parts.flatMap((part) => part.fixedIn))].filter((version) => !affects(version)),
    overBroad,
  };
}

/**
 * Whether a published malware record speaks of what one of our own ids (`x_MERLON-…`) does: it affects every release that
 * ours lists. They share no id, since ours was given where none was published yet.
 */
function isSameIncident(own: Advisory, published: Advisory): boolean {
  if (!own.id.startsWith('x_') || own.kind !== 'malware' || published.kind !== 'malware' || published.id.startsWith('x_')) return false;
  return own.listedVersions.length > 0 && own.listedVersions.every((version) => published.affects(version));
}

/** The connected components of "shares an id", and of what is the same incident under an id of our own. */
function groups(list: readonly Advisory[]): Advisory[][] {
  const parent = list.map((_, i) => i);
  const root = (i: number): number => {
    while (parent[i] !== i) i = parent[i] = parent[parent[i]!]!;
    return i;
  };
  const firstWith = new Map<string, number>();
  const note = (id: string, i: number) => {
    const other = firstWith.get(id);
    if (other === undefined) firstWith.set(id, i);
    else parent[root(i)] = root(other);
  };
  list.forEach(({ id, aliases }, i) => {
    note(id, i);
    for (const alias of aliases) note(alias, i);
  });
  list.forEach((advisory, i) => {
    if (!advisory.id.startsWith('x_')) return;
    const published = list.findIndex((other) => isSameIncident(advisory, other));
    if (published >= 0) parent[root(i)] = root(published);
  });
  const found = new Map<number, Advisory[]>();
  list.forEach((advisory, i) => {
    const key = root(i);
    const group = found.get(key);
    if (group) group.push(advisory);
    else found.set(key, [advisory]);
  });
  return [...found.values()];
}

function compare(a: Advisory, b: Advisory): number {
  const malware = Number(b.kind === 'malware') - Number(a.kind === 'malware');
  return malware || compareSeverity(a.severity, b.severity) || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}
