import type { Advisory, AdvisorySeverity } from '../../core/advisory';
import type { Brought, DeclarationSubject, Policy } from '../../core/check';
import type { Severity } from '../../core/finding';
import type { LockedPackage } from '../../core/lockfile';
import type { LockDocument } from '../../scan/lockDocument';
import { lockGraph } from '../../scan/lockGraph';

/** What is known of a release of a lockfile. */
export interface Standing {
  /** Of the worst; absent where nothing is known, or where its rule is off. */
  readonly severity?: Severity;
  /** In a few words each: `malware`, `2 advisories`, `brings litellm 1.82.7 (malware)`. */
  readonly words: readonly string[];
  readonly advisories: readonly Advisory[];
}

const order: readonly (Severity | undefined)[] = ['error', 'warning', 'information', 'hint', undefined];

/** Lower is worse. */
export function rankOf(severity: Severity | undefined): number {
  return order.indexOf(severity);
}

export function worst(severities: readonly (Severity | undefined)[]): Severity | undefined {
  return severities.reduce((a, b) => (rankOf(b) < rankOf(a) ? b : a), undefined);
}

/** Of a release itself, and of what it brings along, as far as its declaration knows. */
export function standingOf(entry: LockedPackage, subject: DeclarationSubject, lock: LockDocument, policy: Policy): Standing {
  const own = advisoriesOf(entry, subject);
  const brings = broughtBy(entry, subject, lock);
  const severity = worst([...own, ...brings.flatMap(({ advisories }) => advisories)].map((advisory) => severityOf(advisory, policy)));
  return { ...(severity && { severity }), words: [...(own.length ? [wordOf(own)] : []), ...broughtWords(brings)], advisories: own };
}

/** What is wrong with a declaration's own release, in a few words. */
export function ownWords({ resolution, known }: DeclarationSubject): string[] {
  const { version } = resolution;
  const own = version === undefined ? [] : known.filter((advisory) => advisory.affects(version));
  return own.length ? [wordOf(own)] : [];
}

/** The worst by its name, the others counted. */
export function broughtWords(brings: readonly Brought[]): string[] {
  const [first, ...others] = brings;
  if (!first) return [];
  return [
    `brings ${first.package.name} ${first.version} (${wordOf(first.advisories)})${others.length ? ` and ${others.length} more` : ''}`,
  ];
}

/** Those that affect a release that is the declaration's own, or that comes along with it. */
function advisoriesOf(entry: LockedPackage, { brings, known, lock }: DeclarationSubject): readonly Advisory[] {
  const brought = brings.find((one) => one.entry === entry);
  if (brought) return brought.advisories;
  return lock?.releases.includes(entry) ? known.filter((advisory) => advisory.affects(entry.version)) : [];
}

function broughtBy(entry: LockedPackage, { brings }: DeclarationSubject, { lock }: LockDocument): Brought[] {
  if (!brings.length) return [];
  const positions = positionsOf(lock.packages);
  const from = positions.get(entry);
  const graph = lockGraph(lock);
  return brings.filter((one) => {
    const to = positions.get(one.entry);
    return one.entry !== entry && from !== undefined && to !== undefined && graph.path(from, to) !== undefined;
  });
}

const positionsByPackages = new WeakMap<readonly LockedPackage[], ReadonlyMap<LockedPackage, number>>();

/** Where each release stands in its lock. */
export function positionsOf(packages: readonly LockedPackage[]): ReadonlyMap<LockedPackage, number> {
  let positions = positionsByPackages.get(packages);
  if (!positions) positionsByPackages.set(packages, (positions = new Map(packages.map((entry, index) => [entry, index]))));
  return positions;
}

function wordOf(advisories: readonly Advisory[]): string {
  if (advisories[0]?.kind === 'malware') return 'malware';
  if (advisories[0]?.kind === 'unmaintained') return 'no longer maintained';
  return advisories.length === 1 ? '1 advisory' : `${advisories.length} advisories`;
}

const bySeverity: Readonly<Record<AdvisorySeverity, Severity>> = {
  critical: 'error',
  high: 'error',
  medium: 'warning',
  low: 'information',
};

/** As the rules weigh a declaration, so that a release is as bad as what is said of the line that brings it. */
function severityOf({ kind, severity }: Advisory, { rules }: Policy): Severity | undefined {
  const rule = kind === 'malware' ? 'compromised-release' : 'vulnerable-release';
  const setting = Object.hasOwn(rules, rule) ? rules[rule] : undefined;
  if (setting !== undefined) return setting === 'off' ? undefined : setting;
  if (kind === 'malware') return 'error';
  return kind === 'vulnerability' && severity ? bySeverity[severity] : 'information';
}
