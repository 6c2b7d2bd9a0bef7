import type { DeclarationSubject } from '../core/check';
import type { ProvenanceVerdict } from '../core/provenance';

/** What came of verifying releases, as long as the session lasts. A release never changes; whether it can be asked about does. */
export interface ProvenanceVerdicts {
  of(subject: DeclarationSubject): ProvenanceVerdict | undefined;
  /** By {@link keyOf}. */
  put(key: string, verdict: ProvenanceVerdict): void;
  /** What sets one release, at the indexes that may be asked about it and under the digests it is held to, apart from others. */
  keyOf(subject: DeclarationSubject): string | undefined;
}

const mostVerdicts = 20_000;

export function createProvenanceVerdicts(): ProvenanceVerdicts {
  const held = new Map<string, ProvenanceVerdict>();
  const numbers = new WeakMap<object, number>();
  let count = 0;
  const numberOf = (registry: object): number => {
    let number = numbers.get(registry);
    if (number === undefined) numbers.set(registry, (number = count++));
    return number;
  };

  const keyOf = (subject: DeclarationSubject): string | undefined => {
    const { place, declaration, resolution } = subject;
    if (!place || resolution.version === undefined) return undefined;
    const { ecosystem, name } = declaration.package;
    return JSON.stringify([place.parts.map(numberOf), ecosystem, name, resolution.version, [...heldDigests(subject)].sort()]);
  };

  return {
    keyOf,
    of(subject) {
      // Nobody has asked yet: a keystroke need not pay for it.
      const key = held.size ? keyOf(subject) : undefined;
      return key === undefined ? undefined : held.get(key);
    },
    put(key, verdict) {
      held.delete(key);
      held.set(key, verdict);
      const oldest = held.size > mostVerdicts ? held.keys().next() : undefined;
      if (oldest && !oldest.done) held.delete(oldest.value);
    },
  };
}

/** The digests to which the lockfile, or the entry itself, holds the release. */
export function heldDigests({ declaration, lock, resolution, versions }: DeclarationSubject): readonly string[] {
  const { version } = resolution;
  const locked = lock?.releases.filter((one) => one.source === 'registry' && version !== undefined && versions.equal(one.version, version));
  return [...new Set([...declaration.hashes, ...(locked ?? []).flatMap(({ hashes }) => hashes)])];
}
