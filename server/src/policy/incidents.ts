import data from '../../data/incidents.json';
import type { PackageId } from '../core/declaration';
import type { Incident } from '../core/incident';

interface Indicators {
  readonly files?: readonly string[];
  readonly sha256?: Readonly<Record<string, string>>;
  readonly hosts?: readonly string[];
}

interface Row {
  readonly id?: string;
  readonly ecosystem?: string;
  readonly kind?: string;
  readonly package?: string;
  readonly campaign?: string;
  readonly sources?: readonly string[];
  readonly indicators?: Indicators;
}

interface Bundle {
  readonly date: string;
  readonly campaigns: Readonly<Record<string, Row>>;
  readonly incidents: readonly Row[];
}

const bundle = data as unknown as Bundle;

/** The incidents of the bundled data that leave something behind by which they can be known. */
export function bundledIncidents(): readonly Incident[] {
  return (known ??= [
    ...bundle.incidents.flatMap((row) => incident(row.id!, `the compromise of ${row.package}`, row)),
    ...Object.entries(bundle.campaigns).flatMap(([name, row]) =>
      incident(row.id ?? name, `the campaign ${name}`, { ...row, ...withSource(name, row) }),
    ),
  ]);
}

let known: readonly Incident[] | undefined;

/** The id of the incident that calls this package a lookalike of another, made for the purpose. */
export function squatId({ ecosystem, name }: PackageId): string | undefined {
  squats ??= new Map(
    bundle.incidents.filter(({ kind }) => kind === 'lookalike').map((row) => [`${row.ecosystem} ${row.package}`, row.id!]),
  );
  return squats.get(`${ecosystem} ${name}`);
}

let squats: ReadonlyMap<string, string> | undefined;

/** The day whose events the data has weighed. */
export const incidentsAsOf = new Date(`${bundle.date}T00:00:00Z`);

function incident(id: string, title: string, { indicators, sources }: Row): Incident[] {
  if (!indicators) return [];
  const url = sources?.find((source) => source.startsWith('https://')) ?? '';
  return [{ id, title, url, files: indicators.files ?? [], sha256: indicators.sha256 ?? {}, hosts: indicators.hosts ?? [] }];
}

/** A campaign without sources of its own is told of by its incidents. */
function withSource(name: string, { sources }: Row): Pick<Row, 'sources'> {
  return sources ? {} : { sources: bundle.incidents.find(({ campaign }) => campaign === name)?.sources ?? [] };
}
