import type { Advisory } from '../core/advisory';
import type { PackageId } from '../core/declaration';
import type { Versions } from '../core/versions';
import { evaluate, type AffectedReleases, type Evaluation } from './evaluate';
import { isUnassignedMalware, kindOf } from './kind';
import { once } from './once';
import { readOsvRecord, type OsvRecord } from './osvRecord';
import { severityOf } from './severity';

/** What an advisory was made of, so that merged ones are judged as one record and not as a sum of verdicts. */
interface Origin {
  readonly affected: AffectedReleases;
  readonly versions: Versions;
}

const origins = new WeakMap<Advisory, Origin>();

/** What a record says about one package, worked out as far as the ecosystem's order of versions is not needed. */
export interface AdvisoryFacts extends Pick<Advisory, 'id' | 'aliases' | 'kind' | 'summary' | 'url'> {
  readonly affected: AffectedReleases;
  /** Rates the record, each time it is called. */
  severity(): Advisory['severity'];
}

/**
 * What an OSV record, as parsed JSON, says about one package. `undefined` where it says nothing: it is withdrawn, calls itself malware without an
 * assigned id, or names no release of the package. `source` is the id of the feed. Never throws.
 */
export function toAdvisory(json: unknown, pkg: PackageId, versions: Versions, source: string): Advisory | undefined {
  const record = readOsvRecord(json);
  const facts = record && factsOf(record, pkg);
  return facts && advisoryFrom(facts, versions, source);
}

/** What a record says about one package; `undefined` where it says nothing, as {@link toAdvisory} has it. */
export function factsOf(record: OsvRecord, pkg: PackageId): AdvisoryFacts | undefined {
  if (record.withdrawn || isUnassignedMalware(record.id)) return undefined;
  const entries = record.affected.filter((entry) => isAbout(entry.package, pkg));
  const affected = {
    versions: entries.flatMap((entry) => entry.versions),
    ranges: entries.flatMap((entry) => entry.ranges),
  };
  if (affected.versions.length === 0 && affected.ranges.every((range) => range.events.length === 0)) return undefined;
  const marks = [record.database_specific, ...entries.map((entry) => entry.database_specific)];
  const kind = kindOf(record, marks);
  const vectors = [...record.severity, ...entries.flatMap((entry) => entry.severity)];
  return {
    id: record.id,
    aliases: [...new Set(record.aliases)].filter((alias) => alias !== record.id).sort(),
    kind,
    summary: record.summary,
    url: urlOf(record),
    affected,
    severity: () => (kind === 'malware' ? undefined : severityOf(vectors, marks)),
  };
}

/** The advisory that these facts make. `source` is the id of the feed. */
export function advisoryFrom(facts: AdvisoryFacts, versions: Versions, source: string): Advisory {
  const { id, aliases, kind, summary, url, affected } = facts;
  return advisoryOf(
    { id, aliases, kind, summary, url, sources: [source] },
    once(() => facts.severity()),
    { affected, versions },
  );
}

/** An advisory over the releases that several others name; `undefined` where one of them was not made of a record. */
export function advisoryOver(
  parts: readonly Advisory[],
  head: Pick<Advisory, 'id' | 'aliases' | 'kind' | 'summary' | 'url' | 'sources'>,
  severity: () => Advisory['severity'],
): Advisory | undefined {
  const known = parts.map((part) => origins.get(part));
  const first = known[0];
  if (!first || known.some((origin) => !origin)) return undefined;
  const affected = {
    versions: known.flatMap((origin) => origin!.affected.versions),
    ranges: known.flatMap((origin) => origin!.affected.ranges),
  };
  return advisoryOf(head, severity, { affected, versions: first.versions });
}

/** The page about an id. */
export function osvUrl(id: string): string {
  return `https://osv.dev/vulnerability/${encodeURIComponent(id)}`;
}

/** Everything that costs time is worked out when it is first looked at: most advisories of a package never are. */
function advisoryOf(
  head: Pick<Advisory, 'id' | 'aliases' | 'kind' | 'summary' | 'url' | 'sources'>,
  severity: () => Advisory['severity'],
  origin: Origin,
): Advisory {
  const evaluation: () => Evaluation = once(() => evaluate(origin.affected, head.kind === 'malware', origin.versions));
  const advisory: Advisory = {
    ...head,
    get severity() {
      return severity();
    },
    affects: (version) => evaluation().affects(version),
    get wholePackage() {
      return evaluation().wholePackage;
    },
    get listedVersions() {
      return evaluation().listedVersions;
    },
    get fixedIn() {
      return evaluation().fixedIn;
    },
    get overBroad() {
      return evaluation().overBroad;
    },
  };
  origins.set(advisory, origin);
  return advisory;
}

/** Local ids have no page at OSV: the record's first reference stands for it. */
function urlOf(record: OsvRecord): string {
  return record.id.startsWith('x_') ? (record.references[0]?.url ?? '') : osvUrl(record.id);
}

/** An ecosystem may carry a suffix (`PyPI:…`). PyPI names are compared as PEP 503 has them, whatever the record wrote. */
export function isAbout(written: { readonly ecosystem: string; readonly name: string }, pkg: PackageId): boolean {
  if (written.ecosystem.split(':', 1)[0] !== pkg.ecosystem) return false;
  if (written.name === pkg.name) return true;
  return pkg.ecosystem === 'PyPI' && normalized(written.name) === normalized(pkg.name);
}

function normalized(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/g, '-');
}
