import type { AdvisorySeverity } from '../../core/advisory';
import type { Check } from '../../core/check';
import type { Finding, Severity } from '../../core/finding';

// GitHub takes `security-severity` of a rule, never of a result: above 9 it is critical, from 7 high, from 4 medium.

const byWord: Readonly<Record<AdvisorySeverity, number>> = { critical: 9.5, high: 8, medium: 5.5, low: 2 };
const bySeverity: Readonly<Record<Severity, number>> = { error: 8, warning: 5, information: 2, hint: 1 };
const order: readonly AdvisorySeverity[] = ['critical', 'high', 'medium', 'low'];

/** Rules whose severity among our own says too little of the danger, or too much. `undefined`: it is about no danger at all. */
const own = new Map<string, number | undefined>([
  ['compromised-release', 10],
  ['blocked-release', 10],
  ['incident-trace', 9.5],
  ['quarantined-package', 9.5],
  ['tampered-install', 9],
  ['unpinned', 3],
  ['invalid-requirement', undefined],
  ['policy-problem', undefined],
]);

/** `security-severity` of a rule. Of vulnerabilities it is that of the worst in this log, since one number must stand for all. */
export function ruleRisk(check: Pick<Check, 'id' | 'severity'>, findings: readonly Finding[]): number | undefined {
  if (check.id === 'vulnerable-release') return Math.max(0, ...findings.map((finding) => flawRisk(finding) ?? 0)) || byWord.high;
  return own.has(check.id) ? own.get(check.id) : bySeverity[check.severity];
}

/** What the worst advisory of a finding says. */
export function flawRisk({ advisories }: Finding): number | undefined {
  if (advisories.some(({ kind }) => kind === 'malware')) return 10;
  const worst = order.find((word) => advisories.some(({ severity }) => severity === word));
  if (worst) return byWord[worst];
  // Not rated: nobody has said that it is harmless.
  return advisories.some(({ kind }) => kind === 'vulnerability') ? byWord.medium : advisories.length ? byWord.low : undefined;
}
