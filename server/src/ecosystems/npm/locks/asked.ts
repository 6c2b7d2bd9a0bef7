import type { Entry } from './entry';

// A lockfile that was edited by hand may have a release come from a repository or an address that nobody asks for: npm's tools take it from
// there, since they hold the version that stands in it against the range, and no more.

/** Takes down by which specifiers what comes from git or an address is asked for. */
export interface Asked {
  by(target: number, specifier: unknown): void;
  /** Marks what is asked for as a release of a registry alone. `names`: those of which the lockfile's own overrides may say otherwise. */
  mark(names?: ReadonlySet<string>): void;
}

export function createAsked(entries: readonly Entry[]): Asked {
  const release = new Set<number>();
  const address = new Set<number>();
  return {
    by(target, specifier) {
      const { source } = entries[target]!;
      if (source === 'git' || source === 'url') (isRelease(specifier) ? release : address).add(target);
    },
    mark(names) {
      for (const index of release) {
        const one = entries[index]!;
        if (!address.has(index) && !names?.has(one.package.name)) one.unasked = true;
      }
    },
  };
}

/** Whether a specifier is a range, a tag or an alias of such: whatever else there is holds a colon or a slash. */
export function isRelease(specifier: unknown): boolean {
  return typeof specifier === 'string' && (!/[/:]/.test(specifier) || specifier.startsWith('npm:'));
}

/** The names that overrides are about: of `a@1>@s/b@2` it is `@s/b`. */
export function overridden(overrides: Iterable<string>): ReadonlySet<string> {
  return new Set([...overrides].map((key) => /((?:@[^/>@]+\/)?[^/>@]+)(?:@[^>]*)?$/.exec(key.slice(-longest))?.[1] ?? key));
}

const longest = 500;
