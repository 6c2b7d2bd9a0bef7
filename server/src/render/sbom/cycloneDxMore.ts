import type { Serialize } from '@cyclonedx/cyclonedx-library';
import type { Sbom, SbomComponent } from './model';

// What CycloneDX 1.6 has and its library's models do not: which evidence there is, how complete the graph is, and several
// hashes of one algorithm (a release of Python is many files). It is added to the normalized JSON, here and nowhere else.

type Normalized = Serialize.JSON.Types.Normalized.Bom;
type NormalizedComponent = Serialize.JSON.Types.Normalized.Component;

export interface Identity {
  readonly field: 'purl' | 'name';
  readonly confidence: number;
  readonly methods: readonly { readonly technique: 'manifest-analysis'; readonly confidence: number }[];
}

export interface Occurrence {
  readonly location: string;
  readonly line?: number;
}

export interface Composition {
  readonly aggregate: 'complete' | 'incomplete' | 'unknown';
  readonly assemblies?: readonly string[];
  readonly dependencies?: readonly string[];
  readonly vulnerabilities?: readonly string[];
}

export type Component16 = Omit<NormalizedComponent, 'evidence' | 'components'> & {
  readonly evidence?: { readonly identity: readonly Identity[]; readonly occurrences: readonly Occurrence[] };
};

export type Bom16 = Omit<Normalized, 'components'> & {
  readonly components: readonly Component16[];
  readonly compositions: readonly Composition[];
};

/** `normalized` is of this very bill, its components in their order. */
export function withMore(normalized: Normalized, sbom: Sbom): Bom16 {
  const components = (normalized.components ?? []).map((component, index) => moreOf(component, sbom.components[index]!));
  return { ...normalized, components, compositions: compositionsOf(sbom) };
}

function moreOf(component: NormalizedComponent, { version, purl, hashes, occurrences }: SbomComponent): Component16 {
  const identity: Identity = {
    // Without a release, the name is all that is sure.
    field: purl !== undefined && version !== undefined ? 'purl' : 'name',
    confidence: 1,
    methods: [{ technique: 'manifest-analysis', confidence: 1 }],
  };
  return {
    ...component,
    ...(hashes.length > 0 && {
      hashes: hashes.map(({ algorithm, content }) => ({
        alg: algorithm as NonNullable<NormalizedComponent['hashes']>[number]['alg'],
        content,
      })),
    }),
    evidence: {
      identity: [identity],
      occurrences: occurrences.map(({ file, line }) => ({ location: file, ...(line !== undefined && { line }) })),
    },
  };
}

/** Silence must not read as safe: what is known in part is said to be so. */
function compositionsOf({ project, components, vulnerabilities, complete, heard }: Sbom): Composition[] {
  const all = [project, ...components];
  const byEdges = (edges: SbomComponent['edges']): Composition[] => {
    const dependencies = all.filter((component) => component.edges === edges).map(({ ref }) => ref);
    return dependencies.length ? [{ aggregate: edges, dependencies }] : [];
  };
  const whole = complete && components.every(({ edges }) => edges === 'complete');
  return [
    { aggregate: whole ? 'complete' : 'incomplete', assemblies: [project.ref] },
    ...byEdges('complete'),
    ...byEdges('incomplete'),
    ...byEdges('unknown'),
    ...(vulnerabilities.length
      ? [{ aggregate: heard ? ('complete' as const) : ('incomplete' as const), vulnerabilities: vulnerabilities.map(({ ref }) => ref) }]
      : []),
  ];
}
