import type { PackageId } from '../core/declaration';
import { isListed } from './catalogue';
import { isPopular } from './popular';

/** Whether there is such a package for sure: many people use it, or the catalogue lists it. */
export function isFamiliar(pkg: PackageId): boolean {
  return isListed(pkg) || isPopular(pkg);
}
