import type { Check } from '../core/check';

export const policyProblem: Check = {
  id: 'policy-problem',
  title: 'A policy file that does not say what it was meant to',
  severity: 'warning',
  docs: {
    severity: 'warning; information for what is merely no longer needed',
    why: `A wrong key, a rule that does not exist, a suppression without a reason or past its day has no effect, and nobody would notice: a deny-list with a typing error blocks nothing. So whatever of a \`merlon.toml\` is not in force is told on its own characters, and the rest of the file holds.

A suppression that matches nothing any more is told too, after a check that was complete: it would hide the next finding of that kind without anybody having weighed it.`,
    example: `[[suppress]]
rule = "vulnerable-release"
package = "litellm"
versions = "1.82.6"
reason = "not reachable from our code"
expires = 2026-01-31`,
    fix: `Change the entry, or remove it: there is a quick fix where the intention is clear. docs/policy.md has every key.`,
  },
  assess: {
    policy: ({ faults }) =>
      faults.map(({ span, message, severity, fixes }) => ({ span, message, ...(severity && { severity }), ...(fixes && { fixes }) })),
  },
};
