import type { Finding } from '../core/finding';
import type { ScannedFile, ScannedSettings } from '../core/report';

type Verdict = Pick<ScannedFile, 'findings' | 'suppressed'>;

/** What was found in a manifest itself, apart from what points into its companions. */
export function apart({ findings, suppressed }: Verdict, path: string): Verdict & Pick<ScannedFile, 'elsewhere'> {
  if (findings.every(({ file }) => file === path) && suppressed.every(({ file }) => file === path)) return { findings, suppressed };
  const isOwn = ({ file }: Finding): boolean => file === path;
  return {
    findings: findings.filter(isOwn),
    elsewhere: [...findings, ...suppressed].filter((finding) => !isOwn(finding)),
    suppressed: suppressed.filter(isOwn),
  };
}

/** The files of settings that something is wrong with, each finding once, however many manifests lie beside it. */
export function settingsOf(files: readonly ScannedFile[]): ScannedSettings[] {
  const byPath = new Map<string, { readonly text: string; readonly findings: Finding[]; readonly suppressed: Finding[] }>();
  for (const { elsewhere = [], companions } of files) {
    for (const finding of elsewhere) {
      let file = byPath.get(finding.file);
      if (!file) {
        const text = companions.find(({ path }) => path === finding.file)?.text;
        if (text === undefined) continue;
        byPath.set(finding.file, (file = { text, findings: [], suppressed: [] }));
      }
      const own = finding.suppression ? file.suppressed : file.findings;
      if (!own.some((other) => isSame(other, finding))) own.push(finding);
    }
  }
  return [...byPath]
    .map(([path, { text, findings, suppressed }]): ScannedSettings => ({
      path,
      ecosystem: '',
      text,
      findings: findings.sort((a, b) => a.span.start - b.span.start),
      // One manifest's policy may suppress what another's does not: then it counts.
      suppressed: suppressed.filter((finding) => !findings.some((other) => isSame(other, finding))),
    }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

function isSame(a: Finding, b: Finding): boolean {
  return a.rule === b.rule && a.span.start === b.span.start && a.span.end === b.span.end;
}
