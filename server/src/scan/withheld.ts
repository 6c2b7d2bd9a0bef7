import type { Declaration } from '../core/declaration';
import type { Privacy } from '../policy/privacy';
import { isFromRegistry, packageKey } from './packages';

/**
 * Of one document, the packages whose names are sent nowhere, with the reason. By name and not by entry: a package that one
 * entry binds to an index of its own is private in the others as well.
 */
export function withheldPackages(declarations: readonly Declaration[], privacy: Privacy): ReadonlyMap<string, string> {
  const withheld = new Map<string, string>();
  for (const declaration of declarations) {
    if (!isFromRegistry(declaration)) continue;
    const reason = privacy.withheld(declaration);
    if (reason !== undefined) withheld.set(packageKey(declaration.package), reason);
  }
  return withheld;
}
