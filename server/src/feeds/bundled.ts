import data from '../../data/incidents.json';
import { toAdvisory } from '../advisories/advisory';
import type { OsvEvent, OsvMarks, OsvRecord } from '../advisories/osvRecord';
import type { Advisory } from '../core/advisory';
import type { PackageId } from '../core/declaration';
import type { Feed } from '../core/feed';
import type { Lookup } from '../core/lookup';
import type { Versions } from '../core/versions';

export interface BundledOptions {
  /** The order of an ecosystem's versions, by OSV's name of it. */
  readonly versionsOf: (ecosystem: string) => Versions | undefined;
}

/**
 * The incidents that ship with Merlon (server/data/incidents.json): always known, as of the day that the data names, so
 * that the worst is recognised with no network. Its rows are read as OSV records by the code that reads every other feed.
 */
export function createBundledFeed({ versionsOf }: BundledOptions): Feed {
  const asOf = new Date(`${bundle.date}T00:00:00Z`);
  const advisories = new Map<string, readonly Advisory[]>();

  function about(pkg: PackageId): readonly Advisory[] {
    const versions = versionsOf(pkg.ecosystem);
    if (!versions) return nothing;
    let known = advisories.get(keyOf(pkg));
    if (!known) {
      const records = recordsOf(pkg);
      if (records.length === 0) return nothing;
      known = records.map((record) => toAdvisory(record, pkg, versions, id)).filter((advisory) => advisory !== undefined);
      advisories.set(keyOf(pkg), known);
    }
    return known;
  }

  const held = (packages: readonly PackageId[]): Lookup<readonly Advisory[]>[] =>
    packages.map((pkg) => ({ state: 'known', value: about(pkg), asOf }));
  return { id, network: false, held, advisoriesFor: (packages) => Promise.resolve(held(packages)) };
}

const id = 'bundled';
const nothing: readonly Advisory[] = [];

interface Bundle {
  readonly date: string;
  readonly campaigns: Readonly<Record<string, Campaign>>;
  readonly incidents: readonly Incident[];
  readonly vulnerabilities: readonly Vulnerability[];
}

interface Row {
  readonly id: string;
  readonly aliases?: readonly string[];
  readonly ecosystem: string;
  readonly package: string;
  readonly published: string;
  readonly summary: string;
  readonly sources: readonly string[];
}

interface Incident extends Row {
  readonly versions?: readonly string[] | '*';
  readonly from?: string;
  readonly fixed?: string;
}

interface Vulnerability extends Row {
  readonly ranges: readonly { readonly introduced?: string; readonly fixed?: string; readonly lastAffected?: string }[];
  readonly cvss?: number;
  readonly kev?: boolean;
}

/** One with packages is a row for each of them. */
interface Campaign extends Partial<Omit<Row, 'package'>> {
  readonly packages?: Readonly<Record<string, readonly string[]>>;
}

const bundle = data as unknown as Bundle;

type Events = readonly OsvEvent[];

/** The records of one package. Made when it is asked for: a thousand of them at start-up would be felt. */
function recordsOf(pkg: PackageId): readonly OsvRecord[] {
  const { malicious, vulnerable } = rowsOf(pkg);
  const swept = Object.values(bundle.campaigns).filter(
    (campaign) => campaign.ecosystem === pkg.ecosystem && campaign.packages && Object.hasOwn(campaign.packages, pkg.name),
  );
  const inCampaigns = swept.map((campaign) => ({ ...campaign, package: pkg.name, versions: campaign.packages![pkg.name] }) as Incident);
  return [...[...malicious, ...inCampaigns].map(malware), ...vulnerable.map(vulnerability)];
}

interface Rows {
  readonly malicious: Incident[];
  readonly vulnerable: Vulnerability[];
}

let index: Map<string, Rows> | undefined;

function rowsOf(pkg: PackageId): Rows {
  if (!index) {
    index = new Map();
    for (const row of bundle.incidents) entry(index, row).malicious.push(row);
    for (const row of bundle.vulnerabilities) entry(index, row).vulnerable.push(row);
  }
  return index.get(keyOf(pkg)) ?? { malicious: [], vulnerable: [] };
}

function entry(rows: Map<string, Rows>, row: Row): Rows {
  const key = keyOf(idOf(row));
  const found = rows.get(key) ?? { malicious: [], vulnerable: [] };
  rows.set(key, found);
  return found;
}

function malware(row: Incident): OsvRecord {
  const listed = Array.isArray(row.versions) ? (row.versions as readonly string[]) : [];
  return record(row, listed, malwareEvents(row, listed), { cwe_ids: ['CWE-506'] });
}

function malwareEvents(row: Incident, listed: readonly string[]): Events[] {
  if (row.versions === '*') return [[{ introduced: '0' }]];
  if (row.from !== undefined) return [[{ introduced: row.from }]];
  // The stretch from the last bad release to the first good one affects nothing more, and names the good one.
  return row.fixed === undefined ? [] : [[{ introduced: listed.at(-1)! }, { fixed: row.fixed }]];
}

function vulnerability(row: Vulnerability): OsvRecord {
  const ranges = row.ranges.map(({ introduced = '0', fixed, lastAffected }) => [
    { introduced },
    ...(fixed === undefined ? [] : [{ fixed }]),
    ...(lastAffected === undefined ? [] : [{ last_affected: lastAffected }]),
  ]);
  const summary = row.kev ? `${row.summary} Known to be exploited.` : row.summary;
  return record({ ...row, summary }, [], ranges, row.cvss === undefined ? {} : { severity: severityWord(row.cvss) });
}

/** An OSV record (schema 1.7). Its references are the sources that have an address. */
function record(row: Row, versions: readonly string[], ranges: readonly Events[], marks: OsvMarks): OsvRecord {
  const type = row.ecosystem === 'npm' ? 'SEMVER' : 'ECOSYSTEM';
  return {
    id: row.id,
    modified: `${bundle.date}T00:00:00Z`,
    aliases: row.aliases ?? [],
    summary: row.summary,
    severity: [],
    affected: [{ package: idOf(row), versions, ranges: ranges.map((events) => ({ type, events })), severity: [], database_specific: {} }],
    references: row.sources.filter((source) => source.startsWith('https://')).map((url) => ({ type: 'WEB', url })),
    database_specific: marks,
  };
}

/** CVSS 3 and 4: "Qualitative Severity Rating Scale", in the words of the GitHub database. */
function severityWord(score: number): string {
  return score >= 9 ? 'CRITICAL' : score >= 7 ? 'HIGH' : score >= 4 ? 'MODERATE' : 'LOW';
}

function idOf(row: Row): PackageId {
  return { ecosystem: row.ecosystem, name: row.package };
}

function keyOf(pkg: PackageId): string {
  return `${pkg.ecosystem}\n${pkg.name}`;
}
