import type { Declaration, PackageId } from '../core/declaration';
import type { Lookup } from '../core/lookup';
import type { WithheldName } from '../core/report';
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
export function withheldBy(
  { manifest, ecosystem, path }: Pick<ManifestDocument, 'manifest' | 'ecosystem' | 'path'>,
  privacy: Privacy,
): WithheldNames {
  const withheld = new Map<string, string>();
  for (const declaration of manifest.declarations) {
    if (!isFromRegistry(declaration)) continue;
    const bound = privacy.ofIndex(declaration.boundAddress ?? declaration.boundIndex);
    const reason = bound === undefined ? privacy.withheld(declaration) : `${bound} by ${declaration.boundBy ?? path}`;
    if (reason === undefined) continue;
    withheld.set(packageKey(declaration.package), reason);
    const scope = bound === undefined ? undefined : scopeKey(declaration.package);
    if (scope !== undefined) withheld.set(scope, reason);
  }
  for (const { scope, index, by } of manifest.boundScopes ?? []) {
    const bound = privacy.ofIndex(index);
    if (bound !== undefined) withheld.set(`${ecosystem.id} ${scope}/`, by === undefined ? bound : `${bound} by ${by}`);
  }
  return withheld;
}

/** Of these declarations the packages that are withheld, by themselves or since their workspace knows more. */
export function withheldPackages(declarations: readonly Declaration[], privacy: Privacy, workspace: WithheldNames): WithheldNames {
  const withheld = new Map<string, string>();
  for (const declaration of declarations) {
    if (!isFromRegistry(declaration)) continue;
    // What is known of the workspace says who has bound it.
    const reason = withheldName(declaration.package, workspace) ?? privacy.withheld(declaration);
    if (reason !== undefined) withheld.set(packageKey(declaration.package), reason);
  }
  return withheld;
}

/** The names of a report that went nowhere, each once: those that everybody knows first, since to keep these is hardly meant. */
export function withheldNames(
  answers: Iterable<{ readonly package: PackageId; readonly answer: Lookup<unknown> }>,
  isFamiliar: (pkg: PackageId) => boolean = () => false,
): readonly WithheldName[] {
  const names = new Map<string, WithheldName>();
  for (const { package: pkg, answer } of answers)
    if (answer.state === 'withheld') names.set(packageKey(pkg), { package: pkg, reason: answer.reason, wellKnown: isFamiliar(pkg) });
  return [...names]
    .sort(([a, one], [b, other]) => Number(other.wellKnown) - Number(one.wellKnown) || (a < b ? -1 : 1))
    .map(([, name]) => name);
}

export function withheldName(pkg: PackageId, workspace: WithheldNames): string | undefined {
  return workspace.get(packageKey(pkg)) ?? workspace.get(scopeKey(pkg) ?? '');
}

function scopeKey(pkg: PackageId): string | undefined {
  return pkg.name.startsWith('@') && pkg.name.includes('/') ? packageKey(pkg).slice(0, packageKey(pkg).indexOf('/') + 1) : undefined;
}
