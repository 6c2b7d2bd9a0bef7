import type { Finding, Fix } from '../core/finding';
import type { Companion } from '../core/manifest';
import defer * as merlonToml from './merlonToml';
import { placeholderReason, policyFileName, type KnownNames } from './policyFile';
import { oneLine, suppressionEdit } from './suppressEdit';

/** How long a finding is suppressed where nobody says otherwise. */
const usualDays = 30;
/** An entry names the advisories that were weighed, so that a new one brings the finding back; beyond so many nobody has. */
const mostAdvisories = 20;

export interface SuppressRequest {
  /** The nearest policy file as it stands; absent where the workspace has none: then one is made at its root. */
  readonly policy?: Companion;
  /** The releases that the finding is about. */
  readonly versions: readonly string[];
  readonly now: Date;
  /** In the team's words; a placeholder that is told of where nobody was asked. */
  readonly reason?: string;
  readonly known: KnownNames;
}

/** Writes an entry that suppresses exactly this finding, for a time; `undefined` where it would not. */
export function suppressFix(finding: Finding, { policy, versions, now, reason, known }: SuppressRequest): Fix | undefined {
  if (finding.rule === 'policy-problem') return undefined;
  const path = policy?.path ?? policyFileName;
  const text = policy?.text ?? '';
  const base = path.slice(0, path.lastIndexOf('/') + 1);
  if (!finding.file.startsWith(base)) return undefined;
  const midnight = Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate());
  const advisories = finding.advisories.map(({ id }) => id);
  const edit = suppressionEdit(path, text, {
    rule: finding.rule,
    advisories: advisories.length <= mostAdvisories ? advisories : [],
    package: finding.package,
    ecosystem: finding.ecosystem,
    path: finding.file.slice(base.length),
    versions,
    reason: oneLine(reason ?? '').slice(0, 1000) || placeholderReason,
    expires: new Date(midnight + usualDays * 86_400_000),
  });
  // In a broken file the new entry may be swallowed by what stands before it.
  const before = merlonToml.readPolicy(text, path, known).suppressions.length;
  if (merlonToml.readPolicy(text + edit.newText, path, known).suppressions.length !== before + 1) return undefined;
  const what = [finding.package || finding.file, ...(versions.length === 1 ? versions : [])].join(' ');
  return {
    title: `Suppress ${finding.rule} for ${what} here, with a reason`,
    kind: 'suppress',
    preferred: false,
    edits: [policy ? edit : { ...edit, creates: true }],
  };
}
