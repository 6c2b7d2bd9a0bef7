import type { DeclarationSubject, Policy } from '../core/check';
import type { Declaration } from '../core/declaration';
import { guardsInstalls, limitFor } from '../core/releaseAge';

/** How old a release must be, and who says so. */
export interface AgeInForce {
  readonly ageMs: number;
  /** For people: `exclude-newer in pyproject.toml`. */
  readonly whose: string;
  /** The installing tool passes over what is younger than this. */
  readonly guardedMs: number;
}

/**
 * The least age of one release of a declaration, or of a package that it brings (`name`): by the project's own setting where it has one, else by
 * `merlon.minimumReleaseAge`. `undefined` where any age will do. A fixed day says nothing of an age, and a tool's default is
 * no choice of the project: what these let in is measured by Merlon's own setting.
 */
export function ageInForce(
  subject: Pick<DeclarationSubject, 'releaseAge' | 'versions'> & { readonly declaration: Pick<Declaration, 'package'> },
  policy: Policy,
  version: string,
  name = subject.declaration.package.name,
): AgeInForce | undefined {
  const { releaseAge: setting, versions } = subject;
  const own = setting && limitFor(setting, name, version, versions);
  if (setting && !own) return undefined;
  const guardedMs = own && 'ageMs' in own && guardsInstalls(setting) ? own.ageMs : 0;
  if (own && 'ageMs' in own && !setting.byDefault) return { ageMs: own.ageMs, whose: `${setting.key} in ${setting.file}`, guardedMs };
  return policy.minimumReleaseAgeMs > 0 ? { ageMs: policy.minimumReleaseAgeMs, whose: 'merlon.minimumReleaseAge', guardedMs } : undefined;
}

/** Releases after this moment are not let in, by the project's own setting. */
export function latestMoment({ releaseAge, declaration, versions }: DeclarationSubject): Date | undefined {
  const own = releaseAge && guardsInstalls(releaseAge) ? limitFor(releaseAge, declaration.package.name, '', versions) : undefined;
  return own && 'until' in own ? own.until : undefined;
}

/** What a proposed release must have behind it, at the least. */
export function minimumAge({ releaseAge }: DeclarationSubject, policy: Policy): number {
  const limit = releaseAge?.byDefault ? undefined : releaseAge?.limit;
  return limit && 'ageMs' in limit ? limit.ageMs : policy.minimumReleaseAgeMs;
}
