import type { Advisory } from '../core/advisory';
import type { Check, Subjects } from '../core/check';
import type { PackageId } from '../core/declaration';
import type { Finding, Related, Suppression } from '../core/finding';
import { shown } from '../core/lookup';
import type { TeamPolicy } from '../core/teamPolicy';
import type { Versions } from '../core/versions';
import { globMatches } from '../policy/glob';
import { matchesPackage } from '../policy/packagePattern';
import type { SuppressEntry } from '../policy/policyFile';
import { isTooFar, tooFar } from '../policy/malwareSpan';
import type { Suppressing } from '../policy/precedence';
import { holdsVersion } from '../policy/versionRange';
import { assessor, type OnFault } from './assess';
import type { Rules } from './engine';
import { saidOf, withAdvisories, type Said } from './saidOf';

type Subject = Subjects[keyof Subjects];

/** What a subject deserves. */
export interface Judged {
  readonly live: Finding[];
  readonly suppressed: Finding[];
}

export interface JudgingContext {
  readonly checks: readonly Check[];
  readonly rules: Rules;
  /** The order of the subject's ecosystem; without it no entry that names versions holds. */
  readonly versions: Versions | undefined;
  readonly now: Date;
  readonly onFault: OnFault;
}

/** Rules of mere suspicion: a package that the team vouches for gives no cause for it. */
const suspicions: ReadonlySet<string> = new Set(['lookalike-name', 'unknown-package', 'fresh-release', 'new-dependency', 'install-script']);

/** Judges the subjects of one file, one after another. */
export interface Bench {
  /** Answers whether anything was found, suppressed or not. */
  judge(subject: Subject): boolean;
  /** What was found so far, by place. */
  verdict(): { readonly findings: readonly Finding[]; readonly suppressed: readonly Finding[] };
}

export function createBench(context: JudgingContext): Bench {
  const findings: Finding[] = [];
  const hidden: Finding[] = [];
  const judge = judging(context);
  return {
    judge(subject) {
      const { live, suppressed } = judge(subject);
      for (const finding of live) findings.push(finding);
      for (const finding of suppressed) hidden.push(finding);
      return live.length + suppressed.length > 0;
    },
    verdict: () => ({ findings: findings.sort(byPlace), suppressed: hidden.sort(byPlace) }),
  };
}

function byPlace(a: Finding, b: Finding): number {
  return a.span.start - b.span.start || (a.rule < b.rule ? -1 : a.rule > b.rule ? 1 : 0);
}

/**
 * Every finding of one subject under the policy, those apart that it suppresses. An entry that names advisories takes these out of what
 * the checks are told, so that a finding goes on to speak of the others.
 */
function judging(context: JudgingContext): (subject: Subject) => Judged {
  const { checks, rules, onFault } = context;
  const { suppressions = [], policy } = rules;
  const byAdvisory = suppressions.filter(({ entry }) => entry.advisories.length > 0);
  const assess = assessor(checks, policy, onFault);
  const oneByOne = byAdvisory.length ? checks.map((check) => ({ check, assess: assessor([check], policy, onFault) })) : [];
  const sort = (findings: readonly Finding[], { live, suppressed }: Judged) => {
    for (const finding of findings) {
      const verdict = verdictOn(finding, context);
      if (verdict.suppression) suppressed.push(withExtra(finding, { suppression: verdict.suppression }));
      else live.push(verdict.refused.length ? withExtra(finding, { related: [...finding.related, ...verdict.refused] }) : finding);
    }
  };
  return (subject) => {
    const judged: Judged = { live: [], suppressed: [] };
    const said = byAdvisory.length ? saidOf(subject) : [];
    if (!said.length) {
      sort(assess(subject), judged);
      return judged;
    }
    for (const { check, assess: assessAlone } of oneByOne) {
      const accepted = new Map<Advisory, Suppressing>();
      const isAccepted = (one: Said, advisory: Advisory): boolean => {
        const by = byAdvisory.find((suppressing) => acceptance(suppressing, check.id, one, advisory, context) === true);
        if (by) accepted.set(advisory, by);
        return by !== undefined;
      };
      const rest = withAdvisories(subject, (one, advisory) => !isAccepted(one, advisory));
      sort(assessAlone(rest), judged);
      if (!accepted.size) continue;
      const taken = withAdvisories(subject, isAccepted);
      for (const finding of assessAlone(taken)) {
        const by = finding.advisories.map((advisory) => accepted.get(advisory)).find((one) => one !== undefined);
        if (by) judged.suppressed.push(withExtra(finding, { suppression: suppressionOf(by) }));
      }
    }
    return judged;
  };
}

/** Whether an entry accepts an advisory where it stands; otherwise why it no longer does, or nothing where it is about another. */
function acceptance(
  suppressing: Suppressing,
  rule: string,
  { pkg, versions, file }: Said,
  advisory: Advisory,
  context: JudgingContext,
): true | string | undefined {
  const { entry } = suppressing;
  if (entry.rules.length && !entry.rules.includes(rule)) return undefined;
  if (
    !entry.advisories.includes(advisory.id.toUpperCase()) &&
    !advisory.aliases.some((alias) => entry.advisories.includes(alias.toUpperCase()))
  )
    return undefined;
  if (!isAbout(suppressing, pkg, file) || !holdsAll(entry, versions(advisory), context)) return undefined;
  return refusal(entry, [advisory], context) ?? true;
}

function verdictOn(
  finding: Finding,
  context: JudgingContext,
): { readonly suppression?: Suppression; readonly refused: readonly Related[] } {
  const { suppressions = [], policy } = context.rules;
  const trusted = suspicions.has(finding.rule) ? trustIn(finding, policy.team) : undefined;
  if (trusted) return { suppression: trusted, refused: [] };
  const refused: Related[] = [];
  const pkg = { ecosystem: finding.ecosystem, name: finding.package };
  for (const suppressing of suppressions) {
    const { file, entry } = suppressing;
    const related = (message: string): Related => ({ file, span: entry.span, message });
    if (entry.advisories.length) {
      for (const one of finding.advisories) {
        const answer = acceptance(
          suppressing,
          finding.rule,
          { pkg, file: finding.file, versions: () => versionsOf(finding) },
          one,
          context,
        );
        if (typeof answer === 'string') refused.push(related(answer));
      }
      continue;
    }
    if (!entry.rules.includes(finding.rule) || !isAbout(suppressing, pkg, finding.file) || !holdsAll(entry, versionsOf(finding), context))
      continue;
    const reason = refusal(entry, finding.advisories, context);
    if (reason === undefined) return { suppression: suppressionOf(suppressing), refused: [] };
    refused.push(related(reason));
  }
  return { refused };
}

function isAbout({ base, entry }: Suppressing, pkg: PackageId, file: string): boolean {
  const { packages, paths } = entry;
  if (paths.length) {
    const path = file.startsWith(base) ? file.slice(base.length) : undefined;
    if (path === undefined || !paths.some((parts) => globMatches(path, parts))) return false;
    if (!packages.length) return pkg.name === '';
  }
  return packages.some((pattern) => matchesPackage(pattern, pkg));
}

function holdsAll({ versions: items }: SuppressEntry, versions: readonly string[], context: JudgingContext): boolean {
  const order = context.versions;
  return !items || (order !== undefined && versions.length > 0 && versions.every((version) => holdsVersion(items, version, order)));
}

/** Why an entry that is about it does not hold. */
function refusal({ expires, untilFixed }: SuppressEntry, advisories: readonly Advisory[], { now }: JudgingContext): string | undefined {
  if (expires && now >= expires) return `its suppression has expired on ${expires.toISOString().slice(0, 10)}`;
  const isMalware = advisories.some(({ kind }) => kind === 'malware');
  if (!expires && isMalware) return 'its suppression has no effect: malware can be suppressed for a time only';
  if (expires && isMalware && isTooFar(expires, now)) return `its suppression has no effect: ${tooFar}`;
  const fixed = untilFixed ? advisories.find(({ fixedIn }) => fixedIn.length > 0) : undefined;
  return fixed && `its suppression has ended: ${fixed.fixedIn[0]} is free of ${fixed.id}`;
}

/** The releases that a finding is about: its own, or those that a range lets in. */
export function versionsOf({ version, subject, advisories }: Finding): readonly string[] {
  if (version !== undefined) return [version];
  const source = subject?.declaration.source;
  if (source?.kind !== 'registry') return [];
  const admits = (one: string) => source.tag !== undefined || source.range === '' || subject!.versions.satisfies(one, source.range);
  return [...new Set(advisories.flatMap(({ listedVersions }) => listedVersions).filter(admits))];
}

function trustIn({ ecosystem, package: name, subject, version }: Finding, team: TeamPolicy | undefined): Suppression | undefined {
  const release = subject && version !== undefined ? shown(subject.releases)?.find((one) => one.version === version) : undefined;
  const match = team?.trusts({ ecosystem, name }, release?.publisher);
  return match && { reason: `the policy trusts ${match.pattern}`, ...match.place };
}

function suppressionOf({ file, entry: { span, reason, expires, untilFixed } }: Suppressing): Suppression {
  return { reason, file, span, ...(expires && { expires }), ...(untilFixed && { untilFixed: true as const }) };
}

/** A copy that works its fixes out as late as the finding itself would have. */
function withExtra(finding: Finding, extra: Partial<Finding>): Finding {
  return Object.defineProperties(
    {},
    { ...Object.getOwnPropertyDescriptors(finding), ...Object.getOwnPropertyDescriptors(extra) },
  ) as Finding;
}
