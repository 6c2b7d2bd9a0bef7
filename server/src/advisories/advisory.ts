import type { Advisory } from '../core/advisory';
import type { PackageId } from '../core/declaration';
import type { Versions } from '../core/versions';
import { evaluate, type AffectedReleases, type Evaluation } from './evaluate';
import { isUnassignedMalware, kindOf } from './kind';
import { readOsvRecord, unreadableRange, type OsvAffected, type OsvRecord } from './osvRecord';
import { severityOf } from './severity';

/** What a record says about one package, worked out as far as the ecosystem's order of versions is not needed. */
export interface AdvisoryFacts extends Pick<Advisory, 'id' | 'aliases' | 'kind' | 'summary' | 'url'> {
  readonly affected: AffectedReleases;
  /** Rates the record, each time it is called. */
  severity(): Advisory['severity'];
  /** Whether this release is affected, where that is known without evaluating `affected`. */
  verdictOn?(version: string): boolean | undefined;
  /** Nothing in `affected` is unreadable, as is known without looking. */
  readonly readable?: boolean;
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
  // What may be about another package says nothing of this one, and that it may be about this one is not to be forgotten.
  const isSure = ({ package: { ecosystem, name } }: OsvAffected) => ecosystem !== '' && name !== '';
  const affected = {
    versions: entries.flatMap((entry) => (isSure(entry) ? entry.versions : [])),
    ranges: entries.flatMap((entry) => (isSure(entry) ? entry.ranges : [unreadableRange])),
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
  return new RecordAdvisory(facts, versions, [source]);
}

/** An advisory over the releases that several others name; `undefined` where one of them was not made of a record. */
export function advisoryOver(
  parts: readonly Advisory[],
  head: Pick<Advisory, 'id' | 'aliases' | 'kind' | 'summary' | 'url' | 'sources'>,
  severity: () => Advisory['severity'],
): Advisory | undefined {
  const known = parts.map((part) => RecordAdvisory.originOf(part));
  const first = known[0];
  if (!first || known.some((origin) => !origin)) return undefined;
  const affected = {
    versions: known.flatMap((origin) => origin!.facts.affected.versions),
    ranges: known.flatMap((origin) => origin!.facts.affected.ranges),
  };
  return new RecordAdvisory({ ...head, affected, severity }, first.versions, head.sources);
}

/** The page about an id. */
export function osvUrl(id: string): string {
  return `https://osv.dev/vulnerability/${encodeURIComponent(id)}`;
}

/**
 * Everything that costs time is worked out when it is first looked at: most advisories of a package never are. A class, since
 * thousands are made at a time, and objects with accessors of their own cost ten times as much.
 */
class RecordAdvisory implements Advisory {
  readonly #facts: AdvisoryFacts;
  readonly #versions: Versions;
  readonly sources: readonly string[];
  #evaluation: Evaluation | undefined;
  #severity: { readonly value: Advisory['severity'] } | undefined;

  constructor(facts: AdvisoryFacts, versions: Versions, sources: readonly string[]) {
    this.#facts = facts;
    this.#versions = versions;
    this.sources = sources;
  }

  /** What an advisory was made of, so that merged ones are judged as one record and not as a sum of verdicts. */
  static originOf(advisory: Advisory): { readonly facts: AdvisoryFacts; readonly versions: Versions } | undefined {
    return advisory instanceof RecordAdvisory ? { facts: advisory.#facts, versions: advisory.#versions } : undefined;
  }

  get id() {
    return this.#facts.id;
  }
  get aliases() {
    return this.#facts.aliases;
  }
  get kind() {
    return this.#facts.kind;
  }
  get summary() {
    return this.#facts.summary;
  }
  get url() {
    return this.#facts.url;
  }
  get severity() {
    return (this.#severity ??= { value: this.#facts.severity() }).value;
  }
  affects(version: string) {
    return this.#facts.verdictOn?.(version) ?? this.#evaluated().affects(version);
  }
  get unreadable() {
    return this.#facts.readable !== true && this.#evaluated().unreadable;
  }
  undecided(version: string) {
    return this.unreadable && this.#evaluated().undecided(version);
  }
  get wholePackage() {
    return this.#evaluated().wholePackage;
  }
  get listedVersions() {
    return this.#evaluated().listedVersions;
  }
  get fixedIn() {
    return this.#evaluated().fixedIn;
  }
  get overBroad() {
    return this.#evaluated().overBroad;
  }

  #evaluated(): Evaluation {
    return (this.#evaluation ??= evaluate(this.#facts.affected, this.#facts.kind === 'malware', this.#versions));
  }
}

/** Local ids have no page at OSV: the record's first reference stands for it. */
function urlOf(record: OsvRecord): string {
  return record.id.startsWith('x_') ? (record.references[0]?.url ?? '') : osvUrl(record.id);
}

/**
 * An ecosystem may carry a suffix (`PyPI:…`). PyPI names are compared as PEP 503 has them, whatever the record wrote. Where either
 * could not be read (`''`) it may be about any.
 */
export function isAbout(written: { readonly ecosystem: string; readonly name: string }, pkg: PackageId): boolean {
  if (written.ecosystem !== '' && written.ecosystem.split(':', 1)[0] !== pkg.ecosystem) return false;
  if (written.name === pkg.name || written.name === '') return true;
  return pkg.ecosystem === 'PyPI' && normalized(written.name) === normalized(pkg.name);
}

function normalized(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/g, '-');
}
