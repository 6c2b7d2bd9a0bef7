import type { Companion } from '../core/manifest';

/** The companions of this base name. */
export function namedCompanions(companions: readonly Companion[], name: string): Companion[] {
  return companions.filter(({ path }) => path === name || path.endsWith(`/${name}`));
}

export function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

/** What a function makes of a companion, made once: a manifest is read at every keystroke, and the files beside it stay as they are. */
export function onceEach<T>(read: (companion: Companion) => T): (companion: Companion) => T {
  const kept = new WeakMap<Companion, { readonly value: T }>();
  return (companion) => {
    let known = kept.get(companion);
    if (!known) kept.set(companion, (known = { value: read(companion) }));
    return known.value;
  };
}
