import type { CodeLens, Command } from 'vscode-languageserver';
import type { DeclarationSubject } from '../../core/check';
import type { Finding } from '../../core/finding';
import type { Span } from '../../core/span';
import { pinnable } from '../../fixes/pinning';
import { codeLenses, type SectionCounts } from '../../render/codeLens';
import type { Assessed } from '../folder';

const pinCommand = 'merlon.pinAiInFile';

/** On the head of each section: how many packages, how many of them AI, what is wrong with them, and what pins them. Judges nothing anew. */
export function codeLens({ file, document, folder, path }: Assessed, pins: boolean): CodeLens[] {
  const bySection = new Map<string, DeclarationSubject[]>();
  for (const subject of file.subjects) {
    const { section, group } = subject.declaration;
    // What overrides others is no list of dependencies.
    if (group === 'override') continue;
    const own = bySection.get(section);
    if (own) own.push(subject);
    else bySection.set(section, [subject]);
  }
  const findings = new Map<DeclarationSubject | undefined, Finding[]>();
  for (const finding of file.findings) {
    const own = findings.get(finding.subject);
    if (own) own.push(finding);
    else findings.set(finding.subject, [finding]);
  }
  const names = [...bySection.keys()];
  const heads = document.reader.sectionHeads?.(file.text, names);
  const counted = names.flatMap((section, index): SectionCounts[] => {
    const head = heads ? heads[index] : firstLine;
    return head ? [{ section, head, ...countsOf(bySection.get(section)!, findings) }] : [];
  });
  const uri = folder.uriOf(path);
  const command = (section: string): Command => ({ title: 'Pin all', command: pinCommand, arguments: [{ scope: uri, section }] });
  return codeLenses(file, counted, pins ? command : undefined);
}

const firstLine: Span = { start: 0, end: 0 };

function countsOf(
  subjects: readonly DeclarationSubject[],
  findings: ReadonlyMap<DeclarationSubject | undefined, readonly Finding[]>,
): Omit<SectionCounts, 'section' | 'head'> {
  const own = subjects.map((subject) => findings.get(subject) ?? []);
  const having = (fits: (finding: Finding) => boolean) => own.filter((some) => some.some(fits)).length;
  const states = new Set(subjects.flatMap(({ advisories }) => advisories.map(({ answer }) => answer.state)));
  const open = states.has('unavailable') ? 'unavailable' : states.has('pending') ? 'pending' : undefined;
  return {
    packages: subjects.length,
    ai: subjects.filter(({ roles }) => roles.length > 0).length,
    malware: having(({ rule }) => rule === 'compromised-release'),
    vulnerable: having(({ rule }) => rule === 'vulnerable-release'),
    unpinned: having((finding) => pinnable(finding, 'all')),
    ...(open && { open }),
  };
}
