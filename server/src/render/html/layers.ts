import type { PathStep, RiskPath } from './riskPaths';
import { toneRank, type Tone } from './tones';

/** A picture of ways, merged where they meet: what stands where, in units of its own. */
export interface Picture {
  readonly nodes: readonly PictureNode[];
  readonly edges: readonly { readonly from: PictureNode; readonly to: PictureNode; readonly tone: Tone }[];
  readonly width: number;
  readonly height: number;
}

export interface PictureNode {
  readonly step: PathStep;
  readonly layer: number;
  /** Of what ends here; absent for what is only on the way. */
  readonly fault?: { readonly tone: Tone; readonly words: string };
  readonly x: number;
  readonly y: number;
  readonly width: number;
}

export const nodeHeight = 42;
const rowGap = 14;
const columnGap = 56;
const margin = 2;
export const letter = 7.3;
const widest = 200;
const narrowest = 96;

interface Draft {
  readonly step: PathStep;
  layer: number;
  fault?: { readonly tone: Tone; readonly words: string };
  x: number;
  y: number;
  readonly width: number;
}

/**
 * Lays ways out from left to right, in layers: each step stands right of all that come before it. Ways of a lockfile may lead in circles
 * when they are merged; then an edge leads back. Within a layer a node stands near what it hangs on.
 */
export function layOut(paths: readonly RiskPath[]): Picture {
  const drafts = new Map<string, Draft>();
  const tones = new Map<string, { readonly from: Draft; readonly to: Draft; tone: Tone }>();
  for (const { steps, tone, words } of paths) {
    const nodes = steps.map((step, index) => draftOf(drafts, step, index));
    const end = nodes.at(-1)!;
    if (!end.fault || toneRank(tone) < toneRank(end.fault.tone)) end.fault = { tone, words };
    for (const [index, to] of nodes.entries()) {
      const from = nodes[index - 1];
      if (!from) continue;
      const key = `${from.step.key}\n${to.step.key}`;
      const edge = tones.get(key);
      if (!edge) tones.set(key, { from, to, tone });
      else if (toneRank(tone) < toneRank(edge.tone)) edge.tone = tone;
    }
  }
  const edges = [...tones.values()];
  // Each round moves what stands too far left; more rounds than nodes there are in circles alone.
  for (let round = 0, moved = true; moved && round < drafts.size; round++) {
    moved = false;
    for (const { from, to } of edges)
      if (to.layer <= from.layer && from.layer < drafts.size) {
        to.layer = from.layer + 1;
        moved = true;
      }
  }
  const layers = layersOf([...drafts.values()]);
  const width = placeColumns(layers);
  const height = placeRows(layers, edges);
  // The objects are the nodes' own from here on, so that edges and nodes are one.
  const nodes: readonly PictureNode[] = layers.flat();
  return { nodes, edges, width, height };
}

function draftOf(drafts: Map<string, Draft>, step: PathStep, layer: number): Draft {
  let draft = drafts.get(step.key);
  if (!draft) {
    const letters = Math.max(step.name.length, step.release.length + 12);
    const width = Math.min(widest, Math.max(narrowest, Math.round(letters * letter + 26)));
    drafts.set(step.key, (draft = { step, layer, x: 0, y: 0, width }));
  }
  draft.layer = Math.max(draft.layer, layer);
  return draft;
}

/** Layers that nothing stands in are left out. */
function layersOf(nodes: readonly Draft[]): Draft[][] {
  const numbers = [...new Set(nodes.map(({ layer }) => layer))].sort((a, b) => a - b);
  return numbers.map((number, index) => {
    const layer = nodes.filter((node) => node.layer === number);
    for (const node of layer) node.layer = index;
    return layer;
  });
}

function placeColumns(layers: readonly (readonly Draft[])[]): number {
  let x = margin;
  for (const layer of layers) {
    for (const node of layer) node.x = x;
    x += Math.max(...layer.map(({ width }) => width)) + columnGap;
  }
  return Math.round(x - columnGap + margin);
}

/** Some sweeps: each node goes to the middle of its neighbours, and makes room for the next. */
function placeRows(layers: Draft[][], edges: readonly { readonly from: Draft; readonly to: Draft }[]): number {
  const pitch = nodeHeight + rowGap;
  for (const layer of layers) layer.forEach((node, index) => (node.y = index * pitch));
  const before = neighbours(edges, 'to', 'from');
  const after = neighbours(edges, 'from', 'to');
  for (let sweep = 0; sweep < 6; sweep++) {
    const isForward = sweep % 2 === 0;
    for (const layer of isForward ? layers : [...layers].reverse()) settle(layer, isForward ? before : after, pitch);
  }
  const top = Math.min(...layers.flat().map(({ y }) => y));
  for (const node of layers.flat()) node.y = Math.round(node.y - top + margin);
  return Math.max(...layers.flat().map(({ y }) => y)) + nodeHeight + margin;
}

function settle(layer: Draft[], beside: ReadonlyMap<Draft, readonly Draft[]>, pitch: number): void {
  const wish = new Map(
    layer.map((node) => {
      const near = beside.get(node);
      return [node, near ? near.reduce((sum, { y }) => sum + y, 0) / near.length : node.y] as const;
    }),
  );
  layer.sort((a, b) => wish.get(a)! - wish.get(b)! || (a.step.key < b.step.key ? -1 : 1));
  const wishes = layer.map((node) => wish.get(node)!);
  layer.forEach((node, index) => (node.y = index === 0 ? wishes[0]! : Math.max(wishes[index]!, layer[index - 1]!.y + pitch)));
  // Room was made downwards alone: the layer as a whole goes back by half of it.
  const drift = layer.reduce((sum, { y }, index) => sum + y - wishes[index]!, 0) / layer.length;
  for (const node of layer) node.y -= drift;
}

function neighbours(
  edges: readonly { readonly from: Draft; readonly to: Draft }[],
  of: 'from' | 'to',
  other: 'from' | 'to',
): ReadonlyMap<Draft, readonly Draft[]> {
  const found = new Map<Draft, Draft[]>();
  for (const edge of edges) found.set(edge[of], [...(found.get(edge[of]) ?? []), edge[other]]);
  return found;
}
