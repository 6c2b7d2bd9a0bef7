import { hashesOf } from './hashes';
import { inOrder, type SbomComponent, type SbomOccurrence } from './model';

/** A component in the making: several files may speak of it, and each adds what it knows. */
export interface Draft {
  readonly head: Pick<SbomComponent, 'ref' | 'kind' | 'name' | 'group' | 'version' | 'purl'>;
  readonly scopes: Set<SbomComponent['scope']>;
  readonly hashes: Set<string>;
  readonly occurrences: Map<string, SbomOccurrence>;
  /** `name` and value, told apart by a NUL. */
  readonly properties: Set<string>;
  readonly dependsOn: Set<string>;
  edges: SbomComponent['edges'] | undefined;
  license: string | undefined;
}

export interface Drafts {
  /** The draft with this ref, begun where there is none. */
  take(head: Draft['head']): Draft;
  finished(): SbomComponent[];
}

export function createDrafts(): Drafts {
  const byRef = new Map<string, Draft>();
  return {
    take(head) {
      let draft = byRef.get(head.ref);
      if (!draft) byRef.set(head.ref, (draft = newDraft(head)));
      return draft;
    },
    finished: () => [...byRef.values()].map(finish).sort((a, b) => inOrder(a.ref, b.ref)),
  };
}

export function newDraft(head: Draft['head']): Draft {
  return {
    head,
    scopes: new Set(),
    hashes: new Set(),
    occurrences: new Map(),
    properties: new Set(),
    dependsOn: new Set(),
    edges: undefined,
    license: undefined,
  };
}

export function addProperty(draft: Draft, name: string, value: string | undefined): void {
  if (value !== undefined && value !== '') draft.properties.add(`merlon:${name}\0${value}`);
}

export function addOccurrence(draft: Draft, file: string, line: number | undefined): void {
  draft.occurrences.set(`${file}\0${line ?? ''}`, { file, ...(line !== undefined && { line }) });
}

/** The graph of a component is as well known as the worst lockfile that holds it was read. */
export function addEdges(draft: Draft, targets: Iterable<string>, edges: 'complete' | 'incomplete'): void {
  for (const target of targets) if (target !== draft.head.ref) draft.dependsOn.add(target);
  draft.edges = draft.edges === 'incomplete' ? 'incomplete' : edges;
}

export function finish({ head, scopes, hashes, occurrences, properties, dependsOn, edges, license }: Draft): SbomComponent {
  return {
    ...head,
    scope: scopes.has('required') || scopes.size === 0 ? 'required' : scopes.has('optional') ? 'optional' : 'excluded',
    hashes: hashesOf(hashes),
    ...(license !== undefined && { license }),
    occurrences: [...occurrences.values()].sort((a, b) => inOrder(a.file, b.file) || (a.line ?? 0) - (b.line ?? 0)),
    properties: [...properties].sort(inOrder).map((text) => {
      const at = text.indexOf('\0');
      return { name: text.slice(0, at), value: text.slice(at + 1) };
    }),
    dependsOn: [...dependsOn].sort(inOrder),
    edges: edges ?? 'unknown',
  };
}
