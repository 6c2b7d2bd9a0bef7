import { canonicalLicense, Enums, Models, Serialize, Spec } from './cycloneDxLibrary';
import { withMore, type Bom16 } from './cycloneDxMore';
import { licenseOf } from './license';
import type { Sbom, SbomComponent, SbomProperty, SbomVulnerability } from './model';

const severities = {
  critical: Enums.Vulnerability.Severity.Critical,
  high: Enums.Vulnerability.Severity.High,
  medium: Enums.Vulnerability.Severity.Medium,
  low: Enums.Vulnerability.Severity.Low,
  unknown: Enums.Vulnerability.Severity.Unknown,
} as const;

const states = {
  exploitable: Enums.Vulnerability.AnalysisState.Exploitable,
  in_triage: Enums.Vulnerability.AnalysisState.InTriage,
  not_affected: Enums.Vulnerability.AnalysisState.NotAffected,
} as const;

const scopes = {
  required: Enums.ComponentScope.Required,
  optional: Enums.ComponentScope.Optional,
  excluded: Enums.ComponentScope.Excluded,
} as const;

/** CycloneDX 1.6, as plain JSON. The library sorts as the machine's locale has it, so it is given what is sorted already. */
export function cycloneDx(sbom: Sbom, serial: string): Bom16 {
  const bom = new Models.Bom({ version: 1, serialNumber: `urn:uuid:${serial}` });
  bom.metadata.timestamp = sbom.created;
  bom.metadata.lifecycles.add(Enums.LifecyclePhase.PreBuild);
  const tool = new Models.Component(Enums.ComponentType.Application, sbom.tool.name, { version: sbom.tool.version });
  bom.metadata.tools.components.add(tool);
  bom.metadata.component = componentOf(sbom.project);
  for (const property of propertiesOf(sbom.properties)) bom.metadata.properties.add(property);

  const byRef = new Map(sbom.components.map((component) => [component.ref, componentOf(component)]));
  for (const component of byRef.values()) bom.components.add(component);
  for (const [component, { dependsOn }] of [
    [bom.metadata.component, sbom.project] as const,
    ...sbom.components.map((one) => [byRef.get(one.ref)!, one] as const),
  ]) {
    for (const ref of dependsOn) component.dependencies.add(byRef.get(ref)!.bomRef);
  }
  for (const vulnerability of sbom.vulnerabilities) bom.vulnerabilities.add(vulnerabilityOf(vulnerability, byRef));

  const factory = new Serialize.JSON.Normalize.Factory(Spec.Spec1dot6);
  return withMore(factory.makeForBom().normalize(bom, { sortLists: false }), sbom);
}

function componentOf(component: SbomComponent): Models.Component {
  const { kind, name, ref, group, version, purl, scope, license, properties } = component;
  const type = kind === 'application' ? Enums.ComponentType.Application : Enums.ComponentType.Library;
  const result = new Models.Component(type, name, { bomRef: ref });
  if (group !== undefined) result.group = group;
  if (version !== undefined) result.version = version;
  if (purl !== undefined) result.purl = purl;
  if (kind === 'library') result.scope = scopes[scope];
  if (license !== undefined) result.licenses.add(licenseModel(license));
  for (const property of propertiesOf(properties)) result.properties.add(property);
  return result;
}

function licenseModel(written: string): Models.License {
  const license = licenseOf(written, canonicalLicense);
  const model =
    license.kind === 'id'
      ? new Models.SpdxLicense(license.id)
      : license.kind === 'expression'
        ? new Models.LicenseExpression(license.expression)
        : new Models.NamedLicense(license.name);
  model.acknowledgement = Enums.LicenseAcknowledgement.Declared;
  return model;
}

function* propertiesOf(properties: readonly SbomProperty[]): Generator<Models.Property> {
  for (const { name, value } of properties) yield new Models.Property(name, value);
}

function vulnerabilityOf(one: SbomVulnerability, byRef: ReadonlyMap<string, Models.Component>): Models.Vulnerability.Vulnerability {
  const { id, ref, url, aliases, kind, severity, summary, fixedIn, state, details, affects } = one;
  const { Advisory, Affect, AffectedSingleVersion, AffectedVersionRange, Analysis, Rating, Reference, Source, Vulnerability } =
    Models.Vulnerability;
  const source = new Source({ name: id.startsWith('x_') ? 'Merlon' : 'OSV', ...(url !== '' && { url }) });
  const result = new Vulnerability({ bomRef: ref, id, source });
  if (summary !== '') result.description = summary;
  for (const alias of aliases) result.references.add(new Reference(alias, new Source({ name: databaseOf(alias) })));
  result.ratings.add(
    kind === 'malware'
      ? new Rating({ severity: severities.critical, method: Enums.Vulnerability.RatingMethod.Other, justification: 'known malware' })
      : new Rating({ severity: severities[severity] }),
  );
  if (url !== '') result.advisories.add(new Advisory(url, { title: id }));
  if (fixedIn.length && state !== 'not_affected') result.recommendation = `Free of it: ${fixedIn.join(', ')}.`;
  const analysis = new Analysis({ state: states[state] });
  if (state === 'not_affected') analysis.justification = Enums.Vulnerability.AnalysisJustification.CodeNotPresent;
  if (details.length) analysis.detail = details.join('\n');
  result.analysis = analysis;
  const status = state === 'not_affected' ? Enums.Vulnerability.AffectStatus.Unaffected : Enums.Vulnerability.AffectStatus.Affected;
  for (const { ref: component, versions } of affects) {
    const affect = new Affect(byRef.get(component)!.bomRef);
    for (const version of versions)
      affect.versions.add(
        version === '*'
          ? new AffectedVersionRange(`vers:${/^pkg:([^/]+)/.exec(component)?.[1] ?? 'generic'}/*`, { status })
          : new AffectedSingleVersion(version, { status }),
      );
    result.affects.add(affect);
  }
  if (kind !== 'vulnerability') result.properties.add(new Models.Property('merlon:kind', kind));
  return result;
}

/** Whose id it is, by its beginning. */
function databaseOf(id: string): string {
  if (id.startsWith('CVE-')) return 'CVE';
  return id.startsWith('GHSA-') ? 'GitHub Advisory Database' : 'OSV';
}
