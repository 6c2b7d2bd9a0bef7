/** A folder that holds installed packages: `node_modules` of the project, of a member, or of another package. */
export interface Place {
  readonly parent: Place | undefined;
  readonly depth: number;
  readonly held: Map<string, number>;
}

export interface InstallTree {
  /** Says that the place inside `container` holds a package under this name. `false` where it is nested deeper than any tool would. */
  add(container: string, name: string, index: number): boolean;
  /** Where the package at `key` searches first: its own place, or the nearest above it. */
  placeFor(key: string): Place | undefined;
}

/** Real trees are seldom ten deep. The limit keeps every search short, so that reading stays linear. */
const deepest = 64;

/**
 * Installed packages by where they lie. `above` says in whose place a key stands (`node_modules/a` in that of `''`, `a/b` in that of
 * `a`), and `undefined` for the outermost.
 */
export function installTree(above: (key: string) => string | undefined): InstallTree {
  const places = new Map<string, Place | undefined>();

  function placeOf(key: string): Place | undefined {
    // Not by recursion: a hostile key names thousands of folders.
    const missing: string[] = [];
    let parent: Place | undefined;
    for (let at: string | undefined = key; at !== undefined; at = above(at)) {
      if (places.has(at)) {
        parent = places.get(at);
        if (parent === undefined) return undefined;
        break;
      }
      missing.push(at);
      if (missing.length > deepest) return undefined;
    }
    for (const one of missing.reverse()) {
      const depth = (parent?.depth ?? 0) + 1;
      const place: Place | undefined = depth > deepest ? undefined : { parent, depth, held: new Map() };
      places.set(one, place);
      if (place === undefined) return undefined;
      parent = place;
    }
    return parent;
  }

  return {
    add(container, name, index) {
      const place = placeOf(container);
      place?.held.set(name, index);
      return place !== undefined;
    },
    placeFor(key) {
      // Most packages hold nothing, and so have no place of their own.
      let at: string | undefined = key;
      for (let steps = 0; at !== undefined && steps <= deepest; steps++, at = above(at)) {
        const place = places.get(at);
        if (place) return place;
      }
      return undefined;
    },
  };
}

/** What a package gets that asks for a name: upwards, the first place that holds it. */
export function find(from: Place | undefined, name: string): number | undefined {
  for (let place = from; place; place = place.parent) {
    const index = place.held.get(name);
    if (index !== undefined) return index;
  }
  return undefined;
}
