import type { Declaration, PackageId } from '../core/declaration';
import type { Privacy } from '../policy/privacy';
import type { ManifestDocument } from './document';
import { isFromRegistry, packageKey } from './packages';

/**
 * The packages whose names are sent nowhere, with the reason. By name and not by entry, over all manifests of a workspace: a
 * package that one entry binds to an index of its own is private wherever else its name stands. An npm scope stands as
 * `npm @scope/`.
 */
export type WithheldNames = ReadonlyMap<string, string>;

/** What one document adds to them. */
export function withheldBy({ manifest, ecosystem }: Pick<ManifestDocument, 'manifest' | 'ecosystem'>, privacy: Privacy): WithheldNames {
  const withheld = new Map<string, string>();
  for (const declaration of manifest.declarations) {
    if (!isFromRegistry(declaration)) continue;
    const reason = privacy.withheld(declaration);
    if (reason === undefined) continue;
    withheld.set(packageKey(declaration.package), reason);
    const scope = privacy.ofIndex(declaration.boundIndex) === undefined ? undefined : scopeKey(declaration.package);
    if (scope !== undefined) withheld.set(scope, reason);
  }
  for (const { scope, index } of manifest.boundScopes ?? []) {
    const reason = privacy.ofIndex(index);
    if (reason !== undefined) withheld.set(`${ecosystem.id} ${scope}/`, reason);
  }
  return withheld;
}

/** Of these declarations the packages that are withheld, by themselves or since their workspace knows more. */
export function withheldPackages(declarations: readonly Declaration[], privacy: Privacy, workspace: WithheldNames): WithheldNames {
  const withheld = new Map<string, string>();
  for (const declaration of declarations) {
    if (!isFromRegistry(declaration)) continue;
    const reason = privacy.withheld(declaration) ?? withheldName(declaration.package, workspace);
    if (reason !== undefined) withheld.set(packageKey(declaration.package), reason);
  }
  return withheld;
}

export function withheldName(pkg: PackageId, workspace: WithheldNames): string | undefined {
  return workspace.get(packageKey(pkg)) ?? workspace.get(scopeKey(pkg) ?? '');
}

function scopeKey(pkg: PackageId): string | undefined {
  return pkg.name.startsWith('@') && pkg.name.includes('/') ? packageKey(pkg).slice(0, packageKey(pkg).indexOf('/') + 1) : undefined;
}
