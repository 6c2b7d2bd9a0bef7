import type { Advisory } from '../../core/advisory';
import type { DeclarationSubject } from '../../core/check';
import type { Finding } from '../../core/finding';
import type { Report, ScannedFile } from '../../core/report';
import { advisoryMark, advisoryTone, advisoryWords, toneRank, type Tone } from './tones';

/** What stands on a way: the manifest first, the release at fault last. */
export interface PathStep {
  readonly key: string;
  /** A file, or a package's name. */
  readonly name: string;
  /** The release, or the range that admits it. */
  readonly release: string;
}

/** A way by which a bad release comes into the project. */
export interface RiskPath {
  readonly steps: readonly PathStep[];
  readonly tone: Tone;
  /** What is wrong with the release at its end. */
  readonly words: string;
  /** The same in a word or two, for the picture. */
  readonly mark: string;
}

/** Every way from a manifest to a release with advisories, or on the deny-list, that a finding speaks of: worst first, then shortest. */
export function riskPaths(report: Report): readonly RiskPath[] {
  const paths = new Map<string, RiskPath>();
  const add = (path: RiskPath) => {
    const key = path.steps.map((step) => step.key).join('\n');
    const before = paths.get(key);
    if (!before || toneRank(path.tone) < toneRank(before.tone)) paths.set(key, path);
  };
  for (const file of report.files) for (const finding of file.findings) for (const path of ofFinding(file, finding)) add(path);
  const ends = new Set([...paths.values()].map(({ steps }) => steps.at(-1)!.key));
  for (const lock of report.locks)
    for (const finding of lock.findings) {
      const end = releaseStep(lock.ecosystem, finding.package, finding.version ?? '');
      if (finding.advisories.length && !ends.has(end.key)) add({ steps: [fileStep(lock.path), end], ...faultOf(finding.advisories) });
    }
  return [...paths.values()].sort(
    (a, b) => toneRank(a.tone) - toneRank(b.tone) || a.steps.length - b.steps.length || (textOf(a) < textOf(b) ? -1 : 1),
  );
}

/** `requirements.txt → dspy 3.0.3 → litellm 1.82.7`: a way in words. */
export function textOf({ steps }: RiskPath): string {
  return steps.map(({ name, release }) => `${name} ${release}`.trim()).join(' → ');
}

function ofFinding(file: ScannedFile, finding: Finding): RiskPath[] {
  const { subject, rule, via } = finding;
  const isBlocked = rule === 'blocked-release';
  if (!subject || (!finding.advisories.length && !isBlocked)) return [];
  const start = fileStep(file.path);
  const { ecosystem } = subject.declaration.package;
  if (via.length === 0) {
    const release = finding.version ?? subject.resolution.version ?? (subject.declaration.specifier || 'any release');
    const fault = isBlocked ? { tone: finding.severity, words: 'on the deny-list', mark: 'blocked' } : ownFault(finding);
    return [{ steps: [start, releaseStep(ecosystem, finding.package, release)], ...fault }, ...(isBlocked ? [] : brought(start, subject))];
  }
  if (isBlocked) {
    const steps = [...via.map((step) => viaStep(ecosystem, step)), releaseStep(ecosystem, finding.package, finding.version ?? '')];
    return [{ steps: [start, ...steps], tone: finding.severity, words: 'on the deny-list', mark: 'blocked' }];
  }
  return brought(start, subject);
}

/** A range that lets malware in is not malware itself. */
function ownFault(finding: Finding): Omit<RiskPath, 'steps'> {
  if (finding.rule === 'admits-compromised') return { tone: finding.severity, words: 'admits malware', mark: 'admits malware' };
  return { ...faultOf(finding.advisories), tone: finding.severity };
}

function brought(start: PathStep, { brings }: DeclarationSubject): RiskPath[] {
  return brings.map(({ path, advisories, package: pkg }) => ({
    steps: [start, ...path.map((step) => pathStep(pkg.ecosystem, step))],
    ...faultOf(advisories),
  }));
}

function faultOf(advisories: readonly Advisory[]): Omit<RiskPath, 'steps'> {
  return { tone: advisoryTone(advisories), words: advisoryWords(advisories), mark: advisoryMark(advisories) };
}

function fileStep(path: string): PathStep {
  return { key: `file ${path}`, name: path, release: '' };
}

function releaseStep(ecosystem: string, name: string, release: string): PathStep {
  return { key: `${ecosystem} ${name} ${release}`, name, release };
}

function pathStep(ecosystem: string, step: string): PathStep {
  const at = step.indexOf(' ');
  return at < 0 ? releaseStep(ecosystem, step, '') : releaseStep(ecosystem, step.slice(0, at), step.slice(at + 1));
}

/** `@scope/name@1.0.0`: the last `@` is the one before the release. */
function viaStep(ecosystem: string, step: string): PathStep {
  const at = step.lastIndexOf('@');
  return at <= 0 ? releaseStep(ecosystem, step, '') : releaseStep(ecosystem, step.slice(0, at), step.slice(at + 1));
}
