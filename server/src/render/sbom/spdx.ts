import { licenseOf } from './license';
import { inOrder, type Sbom, type SbomComponent, type SbomHash, type SbomProperty } from './model';
import { vexElements } from './spdxVex';

/** An element of an SPDX 3 graph. */
export interface SpdxElement {
  readonly type: string;
  readonly spdxId?: string;
  readonly [property: string]: unknown;
}

export interface SpdxDocument {
  readonly '@context': 'https://spdx.org/rdf/3.0.1/spdx-context.jsonld';
  readonly '@graph': readonly SpdxElement[];
}

/** Makes the id of an element from what it is about; and what all elements hold. */
export interface SpdxGraph {
  id(kind: string, about: string): string;
  element(type: string, id: string, rest: Readonly<Record<string, unknown>>): SpdxElement;
  packageId(ref: string): string;
}

const creationInfo = '_:creationInfo';

const algorithms: Readonly<Record<SbomHash['algorithm'], string>> = {
  MD5: 'md5',
  'SHA-1': 'sha1',
  'SHA-256': 'sha256',
  'SHA-384': 'sha384',
  'SHA-512': 'sha512',
};

const completeness = { complete: 'complete', incomplete: 'incomplete', unknown: 'noAssertion' } as const;

/**
 * SPDX 3.0.1 as one JSON-LD graph: the profiles core, software, security and simpleLicensing, and CycloneDX's properties by the
 * extension that SPDX has for them. No claim of the AI profile is made: it wants suppliers and dates of release that no manifest tells.
 */
export function spdx(sbom: Sbom, serial: string, canonical: (id: string) => string | undefined): SpdxDocument {
  const graph = graphOf(serial);
  const agent = graph.id('agent', sbom.tool.name);
  const tool = graph.id('tool', sbom.tool.name);
  const packages = [sbom.project, ...sbom.components];
  const elements = [
    graph.element('SoftwareAgent', agent, { name: sbom.tool.name }),
    graph.element('Tool', tool, { name: `${sbom.tool.name} ${sbom.tool.version}` }),
    ...packages.map((component) => packageOf(component, graph)),
    ...packages.flatMap((component) => dependsOn(component, graph)),
    ...licenses(sbom.components, graph, canonical),
    ...vexElements(sbom, graph),
  ];
  const own = elements.map(({ spdxId }) => spdxId!);
  const bill = graph.element('software_Sbom', graph.id('sbom', ''), {
    name: `Bill of materials of ${sbom.project.name}`,
    profileConformance: profiles,
    rootElement: [graph.packageId(sbom.project.ref)],
    element: own,
    software_sbomType: ['source'],
  });
  const document = graph.element('SpdxDocument', graph.id('document', ''), {
    name: sbom.project.name,
    profileConformance: profiles,
    dataLicense: 'https://spdx.org/licenses/CC0-1.0',
    rootElement: [bill.spdxId],
    element: [bill.spdxId, ...own],
    ...extensionOf(sbom.properties),
    ...(!sbom.complete && { comment: 'Not everything could be read or asked: merlon:gap says what.' }),
  });
  const creation: SpdxElement = {
    type: 'CreationInfo',
    '@id': creationInfo,
    specVersion: '3.0.1',
    created: `${sbom.created.toISOString().slice(0, 19)}Z`,
    createdBy: [agent],
    createdUsing: [tool],
  };
  return { '@context': 'https://spdx.org/rdf/3.0.1/spdx-context.jsonld', '@graph': [creation, document, bill, ...elements] };
}

const profiles = ['core', 'software', 'security', 'simpleLicensing', 'extension'];

function graphOf(serial: string): SpdxGraph {
  const id = (kind: string, about: string) => `urn:uuid:${serial}#${kind}${about === '' ? '' : `/${encodeURIComponent(about)}`}`;
  return {
    id,
    packageId: (ref) => id('package', ref),
    element: (type, spdxId, rest) => ({ type, spdxId, creationInfo, ...rest }),
  };
}

function packageOf(component: SbomComponent, graph: SpdxGraph): SpdxElement {
  const { ref, kind, name, group, version, purl, hashes, occurrences, properties } = component;
  const places = occurrences.map(({ file, line }) => (line === undefined ? file : `${file}:${line}`));
  return graph.element('software_Package', graph.packageId(ref), {
    name: group === undefined ? name : `${group}/${name}`,
    ...(version !== undefined && { software_packageVersion: version }),
    ...(purl !== undefined && {
      software_packageUrl: purl,
      externalIdentifier: [{ type: 'ExternalIdentifier', externalIdentifierType: 'packageUrl', identifier: purl }],
    }),
    software_primaryPurpose: kind,
    ...(places.length > 0 && { software_sourceInfo: `Found in ${places.join(', ')}` }),
    ...(hashes.length > 0 && {
      verifiedUsing: hashes.map(({ algorithm, content }) => ({ type: 'Hash', algorithm: algorithms[algorithm], hashValue: content })),
    }),
    ...extensionOf(properties),
  });
}

/** CycloneDX's properties, as SPDX 3 takes them over (Extension profile, CdxPropertiesExtension). */
function extensionOf(properties: readonly SbomProperty[]): { readonly extension?: readonly object[] } {
  if (!properties.length) return {};
  const entries = properties.map(({ name, value }) => ({
    type: 'extension_CdxPropertyEntry',
    extension_cdxPropName: name,
    extension_cdxPropValue: value,
  }));
  return { extension: [{ type: 'extension_CdxPropertiesExtension', extension_cdxProperty: entries }] };
}

/** No edges, where the graph is known whole, is said as well: it depends on nothing. */
function dependsOn({ ref, dependsOn: targets, edges }: SbomComponent, graph: SpdxGraph): SpdxElement[] {
  if (!targets.length && edges !== 'complete') return [];
  return [
    graph.element('Relationship', graph.id('dependsOn', ref), {
      relationshipType: 'dependsOn',
      from: graph.packageId(ref),
      to: targets.length ? targets.map(graph.packageId) : ['https://spdx.org/rdf/3.0.1/terms/Core/NoneElement'],
      completeness: completeness[edges],
    }),
  ];
}

function licenses(components: readonly SbomComponent[], graph: SpdxGraph, canonical: (id: string) => string | undefined): SpdxElement[] {
  const found = new Map<string, { readonly license: SpdxElement; readonly of: string[] }>();
  for (const { ref, license: written } of components) {
    if (written === undefined) continue;
    const license = licenseOf(written, canonical);
    const text = license.kind === 'id' ? license.id : license.kind === 'expression' ? license.expression : license.name;
    const key = `${license.kind === 'name' ? 'text' : 'expression'}/${text}`;
    const known = found.get(key);
    if (known) known.of.push(ref);
    else found.set(key, { license: licenseElement(license.kind === 'name', text, graph), of: [ref] });
  }
  return [...found]
    .sort(([a], [b]) => inOrder(a, b))
    .flatMap(([key, { license, of }]) => [
      license,
      ...of.map((ref) =>
        graph.element('Relationship', graph.id('license', `${key} ${ref}`), {
          relationshipType: 'hasDeclaredLicense',
          from: graph.packageId(ref),
          to: [license.spdxId],
        }),
      ),
    ]);
}

/** A text that is no expression is still what stands in the license's place. */
function licenseElement(isName: boolean, text: string, graph: SpdxGraph): SpdxElement {
  return isName
    ? graph.element('simplelicensing_SimpleLicensingText', graph.id('license-text', text), { simplelicensing_licenseText: text })
    : graph.element('simplelicensing_LicenseExpression', graph.id('license-expression', text), {
        simplelicensing_licenseExpression: text,
      });
}
