import type { Check, DeclarationSubject, ManifestSubject, Policy, Subjects } from '../core/check';
import type { Finding, Fix, Observation } from '../core/finding';

/** Told of a check that threw: the others still speak, and the report says that this one did not. */
export type OnFault = (check: Check, error: unknown) => void;

/** Every finding of one subject, under the policy. Pure but for `onFault`. */
export function assess(
  subject: DeclarationSubject | ManifestSubject,
  checks: readonly Check[],
  policy: Policy,
  onFault: OnFault,
): Finding[] {
  const findings: Finding[] = [];
  for (const check of checks) {
    const setting = Object.hasOwn(policy.rules, check.id) ? policy.rules[check.id] : undefined;
    if (setting === 'off') continue;
    for (const observation of run(check, subject, policy, onFault)) {
      findings.push(toFinding(check, subject, observation, setting, onFault));
    }
  }
  return findings;
}

function run(check: Check, subject: Subjects[keyof Subjects], policy: Policy, onFault: OnFault): Observation[] {
  try {
    // That the function under the subject's own kind takes this subject is more than the type system can follow.
    const judge = check.assess[subject.kind] as ((subject: Subjects[keyof Subjects], policy: Policy) => Observation[]) | undefined;
    return judge?.(subject, policy) ?? [];
  } catch (error) {
    onFault(check, error);
    return [];
  }
}

function toFinding(
  check: Check,
  subject: DeclarationSubject | ManifestSubject,
  observation: Observation,
  setting: Finding['severity'] | undefined,
  onFault: OnFault,
): Finding {
  const ofDeclaration = subject.kind === 'declaration' ? subject : undefined;
  let fixes: readonly Fix[] | undefined;
  const resolution = ofDeclaration?.resolution;
  return {
    rule: check.id,
    severity: setting ?? observation.severity ?? check.severity,
    message: observation.message,
    file: subject.file,
    span: observation.span,
    ecosystem: ofDeclaration ? ofDeclaration.declaration.package.ecosystem : (subject as ManifestSubject).ecosystem,
    package: ofDeclaration?.declaration.package.name ?? observation.package?.name ?? '',
    ...(resolution?.version !== undefined && { version: resolution.version, resolvedBy: resolution.from }),
    via: [],
    advisories: observation.advisories ?? [],
    get fixes() {
      return (fixes ??= fixesOf(check, observation, onFault));
    },
    related: observation.related ?? [],
    tags: observation.tags ?? [],
    ...(ofDeclaration && { subject: ofDeclaration }),
  };
}

function fixesOf(check: Check, observation: Observation, onFault: OnFault): readonly Fix[] {
  try {
    return observation.fixes?.() ?? [];
  } catch (error) {
    onFault(check, error);
    return [];
  }
}
