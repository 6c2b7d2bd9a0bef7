import { placeColumns, placeRows, type Edge, type Spot } from './placing';
import type { PathStep, RiskPath } from './riskPaths';
import { toneRank, type Tone } from './tones';

/** A picture of ways, merged where they meet: what stands where, in units of its own. */
export interface Picture {
  readonly nodes: readonly PictureNode[];
  readonly edges: readonly PictureEdge[];
  readonly width: number;
  readonly height: number;
}

export interface PictureNode {
  readonly step: PathStep;
  /** Of what ends here; absent for what is only on the way. */
  readonly fault?: Fault;
  readonly x: number;
  /** Of its middle. */
  readonly y: number;
  readonly width: number;
}

export interface PictureEdge {
  readonly tone: Tone;
  /** From the right side of one node to the left side of another, by the gaps between those that lie between. */
  readonly points: readonly (readonly [x: number, y: number])[];
}

type Fault = Pick<RiskPath, 'tone' | 'words' | 'mark'>;

export const nodeHeight = 42;
export const letter = 7.3;
const widest = 190;
const narrowest = 96;

interface Node extends Spot {
  readonly step: PathStep;
  fault?: Fault;
}

interface Way {
  readonly from: Node;
  readonly to: Node;
  tone: Tone;
}

/**
 * Lays ways out from left to right, in layers: each step stands right of all that come before it. Ways of a lockfile may lead in circles
 * when they are merged; then an edge leads back. Where an edge passes a layer by, room is kept for it there.
 */
export function layOut(paths: readonly RiskPath[]): Picture {
  const { nodes, ways } = merged(paths);
  putInLayers(nodes, ways);
  const spots: Spot[] = [...nodes];
  const edges: Edge[] = [];
  const drawn = ways.map((way) => {
    const chain: Spot[] = [way.from];
    for (let layer = way.from.layer + 1; layer < way.to.layer; layer++) {
      const bend: Spot = { key: `${way.from.key} ${way.to.key}`, layer, x: 0, y: 0, width: 0, height: 8 };
      spots.push(bend);
      chain.push(bend);
    }
    chain.push(way.to);
    for (const [index, to] of chain.entries()) if (index > 0) edges.push({ from: chain[index - 1]!, to });
    return { tone: way.tone, chain };
  });
  const layers = layersOf(spots);
  const width = placeColumns(layers);
  const height = placeRows(layers, edges);
  return { nodes, edges: drawn.map(({ tone, chain }) => ({ tone, points: pointsOf(chain, layers) })), width, height };
}

/** Each step and each edge once, as bad as the worst way through it. */
function merged(paths: readonly RiskPath[]): { readonly nodes: Node[]; readonly ways: Way[] } {
  const nodes = new Map<string, Node>();
  const ways = new Map<string, Way>();
  for (const path of paths) {
    const own = path.steps.map((step, index) => nodeOf(nodes, step, index));
    const end = own.at(-1)!;
    if (!end.fault || toneRank(path.tone) < toneRank(end.fault.tone)) end.fault = path;
    for (const [index, to] of own.entries()) {
      const from = own[index - 1];
      if (!from || from === to) continue;
      const key = `${from.key}\n${to.key}`;
      const way = ways.get(key);
      if (!way) ways.set(key, { from, to, tone: path.tone });
      else if (toneRank(path.tone) < toneRank(way.tone)) way.tone = path.tone;
    }
  }
  return { nodes: [...nodes.values()], ways: [...ways.values()] };
}

function nodeOf(nodes: Map<string, Node>, step: PathStep, layer: number): Node {
  let node = nodes.get(step.key);
  if (!node) {
    const letters = Math.max(Math.min(step.name.length, isFile(step) ? 22 : 60), step.release.length + 10);
    const width = Math.min(widest, Math.max(narrowest, Math.round(letters * letter + 26)));
    nodes.set(step.key, (node = { key: step.key, step, layer, x: 0, y: 0, width, height: nodeHeight }));
  }
  node.layer = Math.max(node.layer, layer);
  return node;
}

/** A file, as against a release. */
export function isFile({ key }: PathStep): boolean {
  return key.startsWith('file ');
}

/** Each round moves what stands too far left. In a circle that would never end, and after so many rounds it does. */
function putInLayers(nodes: readonly Node[], ways: readonly Way[]): void {
  for (let round = 0, moved = true; moved && round < nodes.length; round++) {
    moved = false;
    for (const { from, to } of ways)
      if (to.layer <= from.layer && from.layer < nodes.length) {
        to.layer = from.layer + 1;
        moved = true;
      }
  }
  // Layers in which nothing stands are no layers.
  const taken = [...new Set(nodes.map(({ layer }) => layer))].sort((a, b) => a - b);
  for (const node of nodes) node.layer = taken.indexOf(node.layer);
}

function layersOf(spots: readonly Spot[]): Spot[][] {
  const count = Math.max(...spots.map(({ layer }) => layer)) + 1;
  return Array.from({ length: count }, (_, layer) => spots.filter((spot) => spot.layer === layer));
}

function pointsOf(chain: readonly Spot[], layers: readonly (readonly Spot[])[]): (readonly [number, number])[] {
  return chain.flatMap((spot, index): (readonly [number, number])[] => {
    if (index === 0) return [[spot.x + spot.width, spot.y]];
    if (index === chain.length - 1) return [[spot.x, spot.y]];
    // Straight through, for as long as what stands in that layer is wide.
    const width = Math.max(...layers[spot.layer]!.map((other) => other.width));
    return [
      [spot.x, spot.y],
      [spot.x + width, spot.y],
    ];
  });
}
