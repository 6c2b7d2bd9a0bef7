import type { ScannedLock } from '../core/report';
import type { LockedPackage } from '../core/lockfile';
import type { Span } from '../core/span';
import { ecosystemOf, ecosystems, lockKindOf } from '../ecosystems';
import { rolesOf } from '../policy/catalogue';

/** What a bill of materials wants to know of ecosystems and catalogue. */
export const sbomKnowledge = {
  rolesOf,
  purlTypeOf: (ecosystem: string): string => ecosystemOf(ecosystem)?.purlType ?? 'generic',
  satisfies: (ecosystem: string, version: string, range: string): boolean => ecosystemOf(ecosystem)!.versions.satisfies(version, range),
  placesIn,
};

/** Finds the entries of a lockfile in its text; one that was compiled from requirements has a name that says nothing. */
function placesIn({ path, ecosystem, text }: ScannedLock): (entry: LockedPackage) => Span | undefined {
  const reader =
    lockKindOf(path)?.reader ??
    ecosystems.find(({ id }) => id === ecosystem)?.lockfiles.find(({ id, patterns }) => id === 'compiled' && !patterns.length);
  if (!reader) return () => undefined;
  return reader.locator?.(text) ?? ((entry) => reader.locate(text, entry));
}
