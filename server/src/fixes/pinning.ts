import type { Policy } from '../core/check';
import type { Group } from '../core/declaration';
import type { Finding, Fix } from '../core/finding';

/**
 * Under this policy every declaration that is to be pinned has a finding that says so, whatever the settings say, and though
 * no release of it can be had: then it is left, and named.
 */
export function pinPolicy(policy: Policy, scope: 'ai' | 'all'): Policy {
  const graver = { 'quarantined-package': 'off', 'unknown-package': 'off' } as const;
  return { ...policy, unpinnedScope: scope, rules: { ...policy.rules, ...graver, unpinned: 'warning', 'admits-compromised': 'warning' } };
}

/** Whether this finding says of a declaration in scope that it is not pinned. */
export function pinnable(finding: Finding, scope: 'ai' | 'all'): boolean {
  if (finding.rule === 'unpinned') return true;
  const { subject } = finding;
  if (finding.rule !== 'admits-compromised' || !subject || !pinnableGroups.has(subject.declaration.group)) return false;
  return scope === 'all' || subject.roles.length > 0;
}

/** A peer's range, an override and a constraint speak for others: a range is what they are for. */
export const pinnableGroups: ReadonlySet<Group> = new Set<Group>(['runtime', 'dev', 'optional', 'build']);

/** The fix that pins; others of the finding may exclude or replace. */
export function pinOf(finding: Finding): Fix | undefined {
  return finding.fixes.find(({ kind }) => kind === 'pin');
}
