import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import Ajv from 'ajv';
import Ajv2020 from 'ajv/dist/2020';
import addFormats from 'ajv-formats';

// The official schemas: CycloneDX's come with its library, SPDX 3.0.1's with cdxgen, of which nothing is run.

const packages = path.join(process.env.MERLON_ROOT ?? process.cwd(), 'node_modules', '@cyclonedx');
const schemaAt = (name: string) => JSON.parse(fs.readFileSync(path.join(packages, name), 'utf8')) as object;
const library = 'cyclonedx-library/res/schema';

type Check = { (value: unknown): boolean; errors?: unknown[] | null };

let cycloneDx: Check | undefined;
let spdx: Check | undefined;

export interface CycloneDxJson {
  readonly serialNumber: string;
  readonly metadata: {
    readonly timestamp: string;
    readonly component: { readonly 'bom-ref': string; readonly name: string; readonly version?: string };
    readonly properties: readonly { readonly name: string; readonly value: string }[];
  };
  readonly components: readonly CycloneDxComponent[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn?: readonly string[] }[];
  readonly vulnerabilities?: readonly CycloneDxVulnerability[];
  readonly compositions: readonly {
    readonly aggregate: string;
    readonly assemblies?: readonly string[];
    readonly dependencies?: readonly string[];
  }[];
}

export interface CycloneDxComponent {
  readonly 'bom-ref': string;
  readonly type: string;
  readonly name: string;
  readonly group?: string;
  readonly version?: string;
  readonly purl?: string;
  readonly scope?: string;
  readonly licenses?: readonly object[];
  readonly hashes?: readonly { readonly alg: string; readonly content: string }[];
  readonly properties?: readonly { readonly name: string; readonly value: string }[];
  readonly evidence: { readonly occurrences: readonly { readonly location: string; readonly line?: number }[] };
}

export interface CycloneDxVulnerability {
  readonly id: string;
  readonly analysis: { readonly state: string; readonly justification?: string; readonly detail?: string };
  readonly affects: readonly {
    readonly ref: string;
    readonly versions: readonly { readonly version?: string; readonly status: string }[];
  }[];
}

/** Fails unless the text is CycloneDX 1.6 by the official schema, as the library's own validator sets it up, and its references hold. */
export function assertCycloneDx(text: string): CycloneDxJson {
  cycloneDx ??= cycloneDxCheck();
  const bom = JSON.parse(text) as CycloneDxJson;
  assert.ok(cycloneDx(bom), JSON.stringify(cycloneDx.errors?.slice(0, 3), undefined, 2));
  const refs = [bom.metadata.component['bom-ref'], ...bom.components.map((component) => component['bom-ref'])];
  const known = new Set(refs);
  assert.equal(known.size, refs.length, 'a bom-ref stands twice');
  const dependencies = bom.dependencies.map(({ ref }) => ref);
  assert.deepEqual([...dependencies].sort(), [...refs].sort(), 'each component is in the graph once');
  const pointed = [
    ...bom.dependencies.flatMap(({ dependsOn = [] }) => dependsOn),
    ...(bom.vulnerabilities ?? []).flatMap(({ affects }) => affects.map(({ ref }) => ref)),
    ...bom.compositions.flatMap(({ assemblies = [], dependencies: own = [] }) => [...assemblies, ...own]),
  ];
  for (const ref of pointed) assert.ok(known.has(ref), `${ref} points nowhere`);
  return bom;
}

function cycloneDxCheck(): Check {
  const schemas = {
    'http://cyclonedx.org/schema/spdx.SNAPSHOT.schema.json': schemaAt(`${library}/spdx.SNAPSHOT.schema.json`),
    'http://cyclonedx.org/schema/jsf-0.82.SNAPSHOT.schema.json': schemaAt(`${library}/jsf-0.82.SNAPSHOT.schema.json`),
  };
  const ajv = new Ajv({ strict: false, strictSchema: false, addUsedSchema: false, schemas });
  addFormats(ajv);
  // No bill holds an address of mail.
  ajv.addFormat('idn-email', true);
  ajv.addFormat('iri-reference', true);
  return ajv.compile(schemaAt(`${library}/bom-1.6.SNAPSHOT.schema.json`)) as Check;
}

export interface SpdxJson {
  readonly '@graph': readonly SpdxNode[];
}

export interface SpdxNode {
  readonly type: string;
  readonly spdxId?: string;
  readonly name?: string;
  readonly software_packageUrl?: string;
  readonly software_packageVersion?: string;
  readonly relationshipType?: string;
  readonly from?: string;
  readonly to?: readonly string[];
  readonly element?: readonly string[];
  readonly [property: string]: unknown;
}

/** Fails unless the text is SPDX 3.0.1 by the official schema, and its references hold. */
export function assertSpdx(text: string): SpdxJson {
  const document = JSON.parse(text) as SpdxJson;
  const graph = document['@graph'];
  spdx ??= new Ajv2020({ strict: false }).compile(schemaAt('cdxgen/data/spdx-export.schema.json')) as Check;
  assert.ok(spdx(document), JSON.stringify(spdx.errors?.slice(-5), undefined, 2));
  const ids = graph.flatMap(({ spdxId }) => spdxId ?? []);
  const known = new Set(ids);
  assert.equal(known.size, ids.length, 'an spdxId stands twice');
  for (const node of graph) {
    for (const id of [node.from, ...(node.to ?? []), ...(node.element ?? [])]) {
      assert.ok(id === undefined || known.has(id) || id.startsWith('https://spdx.org/rdf/3.0.1/terms/'), `${id} points nowhere`);
    }
  }
  return document;
}
