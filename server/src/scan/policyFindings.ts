import type { Check, Policy, PolicyFault, PolicySubject } from '../core/check';
import type { Finding } from '../core/finding';
import { partsOf, type Report, type ScannedPolicy } from '../core/report';
import type { PolicyFile, SuppressEntry } from '../policy/policyFile';
import { loosened, silenced } from '../policy/precedence';
import { earlierEnd, isTooFar, tooFar } from '../policy/malwareSpan';
import { isOfMalware } from '../policy/suppressEntries';
import { entryRemoval } from '../policy/suppressEdit';
import type { OnFault } from './assess';
import type { Policies } from './policies';
import { createBench } from './suppress';

export interface PolicyContext {
  readonly checks: readonly Check[];
  readonly now: Date;
  /** What the policy files have decided on. */
  readonly report: Report;
  /** Whether all that lies below the policy file was looked at; only then an entry can be said to match nothing. */
  readonly isWhole: (path: string) => boolean;
  readonly onFault: OnFault;
}

/** The policy files themselves, with what is wrong with them. */
export function scanPolicies(policies: Policies, context: PolicyContext): ScannedPolicy[] {
  const { report } = context;
  const all = partsOf({ ...report, policies: [] });
  const used = all.flatMap(({ suppressed }) => suppressed.flatMap(({ suppression }) => suppression ?? []));
  const live = all.flatMap(({ findings }) => findings);
  // A source that is switched off has said nothing, and what it would have said may be just what an entry is for.
  const isComplete = report.complete && report.sources.every(({ state }) => state === 'ok' || state === 'stale');
  return policies.files().map((file) => {
    const isUsed = (entry: SuppressEntry) => used.some((one) => one.file === file.path && one.span.start === entry.span.start);
    const hushed = policies.isTrusted() ? silenced(file) : [];
    const faults: PolicyFault[] = [...file.faults, ...(policies.isTrusted() ? hushed : loosened(file, policies.settings()))];
    for (const entry of policies.isTrusted() ? file.suppressions : []) {
      const fault =
        faultOf(entry, file, context.now, live) ?? (isComplete && context.isWhole(file.path) && !isUsed(entry) ? unusedFault : undefined);
      if (fault) faults.push({ span: entry.span, fixes: () => entryRemoval(file, entry), ...fault });
    }
    faults.sort((a, b) => a.span.start - b.span.start);
    const { policy, isHushed } = policyOf(policies, file);
    const subject: PolicySubject = { kind: 'policy', file: file.path, faults: isHushed ? faults.flatMap(aloud(hushed)) : faults };
    const bench = createBench({
      checks: context.checks,
      rules: { policy, privatePackages: [] },
      versions: undefined,
      now: context.now,
      onFault: context.onFault,
    });
    bench.judge(subject);
    return { path: file.path, ecosystem: '', text: file.text, findings: bench.verdict().findings, suppressed: [] };
  });
}

/** The user may switch off what a policy file says of itself; a policy file may not. */
function policyOf(policies: Policies, file: PolicyFile): { readonly policy: Policy; readonly isHushed: boolean } {
  const { policy } = policies.rulesOf(file.path);
  const { 'policy-problem': own, ...rules } = policy.rules;
  const isHushed = own === 'off' && policies.settings().rules['policy-problem'] !== 'off';
  return { policy: isHushed ? { ...policy, rules } : policy, isHushed };
}

/** What a file still says that wants to be silent: that it hides malware, as loudly as ever, and as information what is not in force. */
function aloud(hushed: readonly PolicyFault[]): (fault: PolicyFault) => readonly PolicyFault[] {
  return (fault) => {
    if (hushed.includes(fault)) return [fault];
    return fault.severity === undefined ? [{ ...fault, severity: 'information' }] : [];
  };
}

const unusedFault = {
  severity: 'information',
  message: 'This suppression matches nothing any more; it would hide the next finding of its kind',
} as const;

/** Of an entry that no longer holds. */
function faultOf(
  entry: SuppressEntry,
  file: PolicyFile,
  now: Date,
  live: readonly Finding[],
): (Omit<PolicyFault, 'span'> & Partial<PolicyFault>) | undefined {
  const { expires, expiresSpan: span = entry.span } = entry;
  const isFar = expires !== undefined && isTooFar(expires, now);
  const sooner = { span, fixes: () => earlierEnd(file, entry, now) };
  if (isFar && isOfMalware(entry.rules, entry.advisories)) return { message: `It suppresses nothing: ${tooFar}`, ...sooner };
  if (expires && now >= expires)
    return { message: `This suppression has expired on ${expires.toISOString().slice(0, 10)}: what it suppressed counts again` };
  for (const { related, package: name, version } of live) {
    const refused = related.find(
      (one) => one.file === file.path && one.span.start === entry.span.start && one.message.startsWith('its suppression'),
    );
    if (refused)
      return {
        message: refused.message.replace(
          'its suppression',
          name ? `The suppression of ${name} ${version ?? ''}`.trim() : 'This suppression',
        ),
        ...(isFar && refused.message.endsWith(tooFar) && sooner),
      };
  }
  return undefined;
}
