import type { Declaration } from '../core/declaration';
import type { Registry } from '../core/ecosystem';
import type { Place } from '../core/indexes';
import type { Privacy } from '../policy/privacy';
import type { ManifestDocument } from './document';
import { packageKey } from './packages';
import type { WithheldNames } from './withheld';

/** Why nobody is asked, as a clause. */
export interface Nowhere {
  readonly reason: string;
}

/** Where packages are looked up: by what the project and the user have set up. */
export interface Indexes {
  of(document: ManifestDocument, declaration: Declaration): Place | Nowhere;
  /** The hosts of all indexes that the project or the user has set up around a document; `undefined` where one of them cannot be told. */
  hosts?(document: ManifestDocument): ReadonlySet<string> | undefined;
}

/** Every package at its ecosystem's public registry; bound ones nowhere. */
export function publicIndexes(registries: ReadonlyMap<string, Registry>): Indexes {
  const places = new Map([...registries].map(([id, registry]) => [id, { registry, parts: [registry], private: false }]));
  return {
    of: ({ ecosystem }, { boundIndex }) =>
      boundIndex === undefined
        ? (places.get(ecosystem.id) ?? { reason: 'registries are switched off' })
        : { reason: 'bound to an index of its own' },
  };
}

/** Why a package is looked up nowhere. */
export interface Unasked {
  readonly state: 'withheld' | 'disabled';
  readonly reason: string;
}

/**
 * Who may be asked about each declaration of a document. What a pattern of the settings makes private nobody is; what is bound to
 * an index of its own is looked up there alone.
 */
export function placesFor(
  document: ManifestDocument,
  indexes: Indexes,
  secret: WithheldNames,
  privacy: Privacy,
): (declaration: Declaration) => Place | Unasked {
  return (declaration) => {
    const reason = secret.get(packageKey(declaration.package));
    const listed = privacy.ofName(declaration.package.name) ?? privacy.ofName(declaration.writtenName);
    if (listed !== undefined) return { state: 'withheld', reason: reason ?? listed };
    const place = indexes.of(document, declaration);
    if (reason === undefined) return 'registry' in place ? place : { state: 'disabled', reason: place.reason };
    if ('registry' in place) return place.private ? place : { state: 'withheld', reason };
    return {
      state: 'withheld',
      reason: declaration.boundIndex === undefined || reason.startsWith(place.reason) ? reason : `${reason}; ${place.reason}`,
    };
  };
}
