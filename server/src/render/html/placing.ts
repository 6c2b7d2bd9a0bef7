/** Something that takes room in a picture of layers: a node, or a place where an edge passes by. */
export interface Spot {
  readonly key: string;
  layer: number;
  x: number;
  /** Of its middle. */
  y: number;
  readonly width: number;
  readonly height: number;
}

export interface Edge {
  readonly from: Spot;
  readonly to: Spot;
}

const gap = 14;
const columnGap = 48;
const margin = 2;
const sweeps = 8;

/** Puts each layer right of the one before it. → the width of all */
export function placeColumns(layers: readonly (readonly Spot[])[]): number {
  let x = margin;
  for (const layer of layers) {
    for (const spot of layer) spot.x = x;
    x += Math.max(...layer.map(({ width }) => width)) + columnGap;
  }
  return Math.round(x - columnGap + margin);
}

/** Sweeps over the layers, there and back: each spot goes to the middle of its neighbours, and makes room for the next. → the height of all */
export function placeRows(layers: readonly Spot[][], edges: readonly Edge[]): number {
  const before = neighbours(edges, 'to', 'from');
  const after = neighbours(edges, 'from', 'to');
  for (const layer of layers)
    spread(
      layer,
      layer.map((_, index) => index),
    );
  for (let sweep = 0; sweep < sweeps; sweep++) {
    const isForward = sweep % 2 === 0;
    for (const layer of isForward ? layers : [...layers].reverse()) settle(layer, isForward ? before : after);
  }
  const spots = layers.flat();
  closeGaps(spots);
  const top = Math.min(...spots.map(({ y, height }) => y - height / 2));
  for (const spot of spots) spot.y = Math.round(spot.y - top + margin);
  return Math.ceil(Math.max(...spots.map(({ y, height }) => y + height / 2)) + margin);
}

/** Bands in which nothing stands part what does not belong together; they need be no wider than two gaps. */
function closeGaps(spots: readonly Spot[]): void {
  const sorted = [...spots].sort((a, b) => a.y - a.height / 2 - (b.y - b.height / 2));
  let bottom = -Infinity;
  let shift = 0;
  for (const spot of sorted) {
    const top = spot.y - spot.height / 2;
    if (bottom > -Infinity && top - bottom > 2 * gap) shift += top - bottom - 2 * gap;
    bottom = Math.max(bottom, top + spot.height);
    spot.y -= shift;
  }
}

function settle(layer: Spot[], beside: ReadonlyMap<Spot, readonly Spot[]>): void {
  const wishes = new Map(
    layer.map((spot) => {
      const near = beside.get(spot);
      return [spot, near ? near.reduce((sum, { y }) => sum + y, 0) / near.length : spot.y] as const;
    }),
  );
  layer.sort((a, b) => wishes.get(a)! - wishes.get(b)! || (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  spread(
    layer,
    layer.map((spot) => wishes.get(spot)!),
  );
}

/** As near to their wishes as they can stand in this order, the layer as a whole neither too high nor too low. */
function spread(layer: readonly Spot[], wishes: readonly number[]): void {
  for (const [index, spot] of layer.entries()) {
    const above = layer[index - 1];
    const least = above ? above.y + (above.height + spot.height) / 2 + gap : -Infinity;
    spot.y = Math.max(wishes[index]!, least);
  }
  const drift = layer.reduce((sum, { y }, index) => sum + y - wishes[index]!, 0) / Math.max(1, layer.length);
  for (const spot of layer) spot.y -= drift;
}

function neighbours(edges: readonly Edge[], of: 'from' | 'to', other: 'from' | 'to'): ReadonlyMap<Spot, readonly Spot[]> {
  const found = new Map<Spot, Spot[]>();
  for (const edge of edges) {
    const own = found.get(edge[of]);
    if (own) own.push(edge[other]);
    else found.set(edge[of], [edge[other]]);
  }
  return found;
}
