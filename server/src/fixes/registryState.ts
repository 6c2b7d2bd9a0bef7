import type { DeclarationSubject, Policy } from '../core/check';
import type { PackageRecord } from '../core/release';
import { dayText } from './wording';

// What the registry says of a package as a whole, and how it is cited. A last known answer still counts, with its date.

/** What the registry says, fresh or as it said last. */
export interface RegistryAnswer {
  readonly record: PackageRecord;
  readonly asOf: Date;
  /** It could not be asked again. */
  readonly stale: boolean;
}

export function answerOf({ registry }: DeclarationSubject): RegistryAnswer | undefined {
  if (registry.state === 'known') return { record: registry.value, asOf: registry.asOf, stale: false };
  return registry.last && { record: registry.last.value, asOf: registry.last.asOf, stale: true };
}

/** The registry by the name that people know, or the indexes that stand in its place. */
export function registryName({ declaration, index }: DeclarationSubject): string {
  if (index !== undefined) return index;
  const { ecosystem } = declaration.package;
  return ecosystem === 'npm' ? 'the npm registry' : ecosystem;
}

/** ` (as of 2026-05-30)` behind what was said then; nothing behind a fresh answer. */
export function asOfText({ stale, asOf }: RegistryAnswer): string {
  return stale ? ` (as of ${dayText(asOf)})` : '';
}

/** The registry locked the package and serves none of its releases (PEP 792; npm's security holding). */
export function isQuarantined(subject: DeclarationSubject): boolean {
  return isAsked(subject) && answerOf(subject)?.record.status === 'quarantined';
}

/**
 * No index has the name. An old answer does not count, since a name is taken in a moment; nor does a name that only bounds
 * others, or that a manifest of the workspace has.
 */
export function isUnknown(subject: DeclarationSubject): boolean {
  const { registry, declaration, member } = subject;
  if (registry.state !== 'known' || registry.value.exists || member) return false;
  return isAsked(subject) && declaration.group !== 'override' && declaration.group !== 'constraint';
}

function isAsked({ declaration, lock }: DeclarationSubject): boolean {
  return declaration.source.kind === 'registry' && declaration.package.name !== '' && lock?.exempt !== 'own';
}

/** Whether a finding says already that no release can be had: of its range, age or yanks nothing need be said then. */
export function isOutOfReach(subject: DeclarationSubject, policy: Policy): boolean {
  return (speaks(policy, 'quarantined-package') && isQuarantined(subject)) || (speaks(policy, 'unknown-package') && isUnknown(subject));
}

/** Whether the settings let a rule speak. */
export function speaks(policy: Policy, rule: string): boolean {
  return !Object.hasOwn(policy.rules, rule) || policy.rules[rule] !== 'off';
}
