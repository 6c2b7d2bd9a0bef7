import type { Declaration, PackageId } from '../core/declaration';

/** Only what comes from a registry is asked about: the name of a local package or of a fork is nobody's business. */
export function isFromRegistry(declaration: Declaration): boolean {
  return declaration.source.kind === 'registry' && declaration.package.name !== '';
}

export function packageKey(pkg: PackageId): string {
  return `${pkg.ecosystem} ${pkg.name}`;
}

/** The packages that come from a registry, each once. */
export function registryPackages(declarations: readonly Declaration[]): Map<string, PackageId> {
  const packages = new Map<string, PackageId>();
  for (const declaration of declarations)
    if (isFromRegistry(declaration)) packages.set(packageKey(declaration.package), declaration.package);
  return packages;
}
