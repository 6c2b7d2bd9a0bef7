import type { Declaration, PackageId } from '../core/declaration';
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

/**
 * The same for the lockfiles around the document, which do not always say which index an entry comes from: by package, and
 * by npm scope (`npm @scope/`) where an index serves all of it.
 */
export function withheldAround(declarations: readonly Declaration[], privacy: Privacy): ReadonlyMap<string, string> {
  const withheld = new Map(withheldPackages(declarations, privacy));
  for (const { boundIndex, package: pkg } of declarations) {
    const scope = boundIndex === undefined ? undefined : scopeKey(pkg);
    if (scope !== undefined) withheld.set(scope, 'bound to an index of its own');
  }
  return withheld;
}

export function scopeKey(pkg: PackageId): string | undefined {
  return pkg.name.startsWith('@') && pkg.name.includes('/') ? packageKey(pkg).slice(0, packageKey(pkg).indexOf('/') + 1) : undefined;
}
