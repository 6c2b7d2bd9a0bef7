import type { Advisory } from '../../core/advisory';
import type { DeclarationSubject } from '../../core/check';
import type { Finding } from '../../core/finding';
import { shown, type Lookup } from '../../core/lookup';
import type { Report, ScannedFile, ScannedLock } from '../../core/report';
import type { ReportFacts } from './facts';
import { placeIn, type LinePlace } from './places';
import { advisoryTone, advisoryWords, toneRank, type Tone } from './tones';

/** One AI package at one release, wherever the project names it. */
export interface AiPackage {
  readonly ecosystem: string;
  readonly name: string;
  /** The release, or the range where no release is known. */
  readonly release: string;
  readonly roles: readonly string[];
  readonly tone: Tone;
  /** What its state is, in a few words. */
  readonly words: string;
  /** A manifest asks for it. */
  readonly direct: boolean;
  /** The first place that names it, and how many others do. */
  readonly place?: LinePlace;
  readonly others: number;
}

/** Every AI package that manifests ask for or lockfiles hold, worst first. */
export function aiPackages(report: Report, { rolesOf }: Pick<ReportFacts, 'rolesOf'>): readonly AiPackage[] {
  const found = new Map<string, AiPackage>();
  const unheard = nobodyAsked(report) ? 'OSV was not asked; the bundled incidents do not name it' : undefined;
  const add = (given: AiPackage) => {
    const one = given.tone === 'clear' && unheard !== undefined ? { ...given, tone: 'open' as const, words: unheard } : given;
    const key = `${one.ecosystem} ${one.name} ${one.release}`;
    const before = found.get(key);
    if (!before) return void found.set(key, one);
    const [first, second] = toneRank(one.tone) < toneRank(before.tone) ? [one, before] : [before, one];
    // What a lockfile holds of a declared package is no other place of it.
    const others = before.others + (one.direct ? 1 : 0);
    const place = first.place ?? second.place;
    found.set(key, { ...first, ...(place && { place }), direct: before.direct || one.direct, others });
  };
  for (const file of report.files) for (const subject of file.subjects) if (subject.roles.length) add(declared(file, subject));
  for (const lock of report.locks) for (const one of locked(lock, rolesOf)) add(one);
  return [...found.values()].sort(
    (a, b) =>
      toneRank(a.tone) - toneRank(b.tone) || order(a.name, b.name) || order(a.release, b.release) || order(a.ecosystem, b.ecosystem),
  );
}

/** Bundled incidents are some hundred: their silence about a package says little where no feed of all advisories was heard. */
function nobodyAsked({ sources }: Report): boolean {
  return !sources.some(({ id, state }) => (id === 'osv' || id === 'index') && (state === 'ok' || state === 'stale'));
}

function declared(file: ScannedFile, subject: DeclarationSubject): AiPackage {
  const { declaration, resolution, roles } = subject;
  const own = (finding: Finding) => finding.subject?.declaration === declaration;
  const { tone, words } = stateOf(subject, file.findings.filter(own), file.suppressed.filter(own));
  const { entry, range, name } = declaration.spans;
  return {
    ecosystem: declaration.package.ecosystem,
    name: declaration.package.name || declaration.writtenName,
    release:
      resolution.version ?? (declaration.specifier || (declaration.source.kind === 'registry' ? 'any release' : declaration.source.kind)),
    roles,
    tone,
    words,
    direct: true,
    place: placeIn(file, range ?? name ?? entry),
    others: 0,
  };
}

function stateOf(
  subject: DeclarationSubject,
  findings: readonly Finding[],
  suppressed: readonly Finding[],
): { readonly tone: Tone; readonly words: string } {
  const [worst] = [...findings].sort((a, b) => toneRank(a.severity) - toneRank(b.severity));
  if (worst) {
    const rules = [...new Set(findings.map(({ rule }) => rule))];
    return { tone: worst.severity, words: [...rules.slice(0, 3), ...(rules.length > 3 ? [`${rules.length - 3} more`] : [])].join(', ') };
  }
  if (suppressed.length) return { tone: 'hint', words: `${[...new Set(suppressed.map(({ rule }) => rule))].join(', ')} suppressed` };
  const silent = silenceOf(subject.advisories.map(({ answer }) => answer));
  if (silent) return { tone: 'open', words: silent };
  if (subject.declaration.source.kind !== 'registry') return { tone: 'open', words: 'not from a registry: nobody was asked' };
  if (subject.resolution.version === undefined) return { tone: 'open', words: 'which release comes is not known' };
  return { tone: 'clear', words: 'nothing known against it' };
}

/** Why silence says nothing: somebody who would know was not asked, or gave no answer. */
function silenceOf(answers: readonly Lookup<unknown>[]): string | undefined {
  if (answers.some(({ state }) => state === 'unavailable' || state === 'pending')) return 'not every source has answered';
  if (answers.some(({ state }) => state === 'withheld')) return 'private: not asked';
  if (answers.some(({ state }) => state === 'disabled')) return 'not every source was asked';
  return answers.length ? undefined : 'nobody was asked';
}

function locked({ lock, locked: answers, known, findings }: ScannedLock, rolesOf: ReportFacts['rolesOf']): AiPackage[] {
  const roles = lock.packages.map((entry) => (entry.own || entry.package.name === '' ? [] : rolesOf(entry.package)));
  const byName = new Map<string, readonly Advisory[]>();
  const lookups = new Map<string, Lookup<readonly Advisory[]>[]>();
  for (const { package: pkg, advisories } of known) byName.set(pkg.name, advisories);
  for (const { package: pkg, answer } of answers) lookups.set(pkg.name, [...(lookups.get(pkg.name) ?? []), answer]);
  return lock.packages.flatMap((entry, index) => {
    const own = roles[index]!;
    if (!own.length) return [];
    const { name, ecosystem } = entry.package;
    const asked = lookups.get(name) ?? [];
    const known = byName.get(name) ?? asked.flatMap((answer) => shown(answer) ?? []);
    const advisories = known.filter((one) => one.affects(entry.version));
    const isOpen = known.some((one) => one.undecided?.(entry.version));
    const finding = findings.find((one) => one.package === name && one.version === entry.version);
    const silent = entry.source === 'registry' ? silenceOf(asked) : 'not from a registry: nobody was asked';
    const state = advisories.length
      ? { tone: advisoryTone(advisories), words: advisoryWords(advisories) }
      : finding
        ? { tone: finding.severity, words: finding.rule }
        : silent || isOpen
          ? { tone: 'open' as const, words: silent ?? 'an advisory leaves it open' }
          : { tone: 'clear' as const, words: 'nothing known against it' };
    return [{ ecosystem, name, release: entry.version || entry.source, roles: own, ...state, direct: false, others: 0 }];
  });
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
