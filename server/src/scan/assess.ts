import type { Check, Policy, Subjects } from '../core/check';
import type { Finding, Fix, Observation, Severity } from '../core/finding';
import { withoutSecrets } from '../core/withoutSecrets';

/** Told of a check that threw: the others still speak, and the report says that this one did not. */
export type OnFault = (check: Check, error: unknown) => void;

type Subject = Subjects[keyof Subjects];

/** A check as it is asked of one kind of subject. */
interface Asked {
  readonly check: Check;
  readonly setting: Severity | undefined;
  readonly observe: (subject: Subject, policy: Policy) => readonly Observation[];
}

/** Finds what one subject deserves. Pure but for `onFault`. */
export type Assess = (subject: Subject) => Finding[];

/** Every check under a policy. Which of them speak of a kind of subject is worked out once: there may be thousands of subjects. */
export function assessor(checks: readonly Check[], policy: Policy, onFault: OnFault): Assess {
  const byKind = new Map<Subject['kind'], readonly Asked[]>();
  const askedOf = (kind: Subject['kind']): readonly Asked[] => {
    const asked = checks.flatMap((check): Asked[] => {
      const setting = Object.hasOwn(policy.rules, check.id) ? policy.rules[check.id] : undefined;
      // That the function under the subject's own kind takes this subject is more than the type system can follow.
      const observe = check.assess[kind] as Asked['observe'] | undefined;
      return setting === 'off' || !observe ? [] : [{ check, setting, observe }];
    });
    byKind.set(kind, asked);
    return asked;
  };
  return (subject) => {
    const findings: Finding[] = [];
    const asked = byKind.get(subject.kind) ?? askedOf(subject.kind);
    for (let i = 0; i < asked.length; i++) {
      const { check, setting, observe } = asked[i]!;
      const observations = run(check, observe, subject, policy, onFault);
      if (observations.length === 0) continue;
      for (const observation of observations) findings.push(toFinding(check, subject, observation, setting, policy, onFault));
    }
    return findings;
  };
}

const nothing: readonly Observation[] = [];

function run(check: Check, observe: Asked['observe'], subject: Subject, policy: Policy, onFault: OnFault): readonly Observation[] {
  try {
    return observe(subject, policy);
  } catch (error) {
    onFault(check, error);
    return nothing;
  }
}

function toFinding(
  check: Check,
  subject: Subjects[keyof Subjects],
  observation: Observation,
  setting: Severity | undefined,
  { floors }: Policy,
  onFault: OnFault,
): Finding {
  const floor = floors && Object.hasOwn(floors, check.id) ? floors[check.id] : undefined;
  let fixes: readonly Fix[] | undefined;
  const { pkg, ecosystem, ...release } = releaseOf(subject, observation);
  return {
    rule: check.id,
    severity: atLeast(setting ?? observation.severity ?? check.severity, floor),
    message: bounded(withoutSecrets(observation.message)),
    file: observation.file ?? subject.file,
    span: observation.span,
    ecosystem,
    package: pkg,
    ...release,
    via: observation.via ?? [],
    advisories: observation.advisories ?? [],
    fixable: observation.fixes !== undefined,
    get fixes() {
      return (fixes ??= fixesOf(check, observation, onFault));
    },
    related: observation.related ?? [],
    tags: observation.tags ?? [],
    ...(observation.undecided && { undecided: true as const }),
    ...(subject.kind === 'declaration' && { subject }),
  };
}

const ranks: Readonly<Record<Severity, number>> = { error: 3, warning: 2, information: 1, hint: 0 };

function atLeast(severity: Severity, floor: Severity | undefined): Severity {
  return floor && ranks[floor] > ranks[severity] ? floor : severity;
}

/** The release that a finding is about: what the check names, else the subject's own. */
function releaseOf(subject: Subjects[keyof Subjects], { package: named, version, via }: Observation) {
  const own = ownRelease(subject);
  if (!named) return own;
  const by = via?.length ? { resolvedBy: 'lockfile' as const } : 'resolvedBy' in own ? { resolvedBy: own.resolvedBy } : {};
  return { ecosystem: named.ecosystem, pkg: named.name, ...(version !== undefined && { version, ...by }) };
}

function ownRelease(subject: Subjects[keyof Subjects]) {
  switch (subject.kind) {
    case 'declaration': {
      const { package: pkg } = subject.declaration;
      const { resolution } = subject;
      const release = resolution.version === undefined ? {} : { version: resolution.version, resolvedBy: resolution.from };
      return { ecosystem: pkg.ecosystem, pkg: pkg.name, ...release };
    }
    case 'locked': {
      const { package: pkg, version } = subject.entry;
      return { ecosystem: pkg.ecosystem, pkg: pkg.name, version, resolvedBy: 'lockfile' as const };
    }
    case 'manifest':
    case 'lockfile':
      return { ecosystem: subject.ecosystem, pkg: '' };
    case 'installed': {
      const { package: pkg, version } = subject.release;
      return { ecosystem: pkg.ecosystem, pkg: pkg.name, ...installedVersion(version) };
    }
    case 'policy':
      return { ecosystem: '', pkg: '' };
    case 'installed-file':
    case 'startup':
    case 'trace':
      return { ecosystem: subject.package.ecosystem, pkg: subject.package.name, ...installedVersion(subject.version) };
  }
}

function installedVersion(version: string | undefined) {
  return version ? { version, resolvedBy: 'installed' as const } : {};
}

/** A range may be megabytes long: of such a message people read the beginning and the end. */
function bounded(message: string): string {
  return message.length <= longestMessage ? message : `${message.slice(0, longestMessage - 200)} … ${message.slice(-150)}`;
}

const longestMessage = 600;

function fixesOf(check: Check, observation: Observation, onFault: OnFault): readonly Fix[] {
  try {
    return observation.fixes?.() ?? [];
  } catch (error) {
    onFault(check, error);
    return [];
  }
}
