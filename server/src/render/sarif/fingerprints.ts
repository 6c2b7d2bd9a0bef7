import type { Finding } from '../../core/finding';
import { textAt } from '../../core/span';

/**
 * What a finding is known by from one log to the next. Lines have no part in it: what is moved stays the same finding. Its
 * release and its advisories have: somebody who dismissed a flaw has said nothing of the next one. Where no release is known,
 * the address that it comes from, or the very words at fault, stand in its place.
 */
export function identityOf(finding: Finding, text: string): string {
  const declaration = finding.subject?.declaration;
  const source = declaration?.source;
  const parts = [
    finding.rule,
    finding.file,
    finding.ecosystem,
    finding.package,
    finding.version ?? '',
    declaration?.section ?? '',
    source && source.kind !== 'registry' ? JSON.stringify(source) : '',
    finding.package === '' ? textAt(text, finding.span) : '',
    ...finding.advisories.map(({ id }) => id).sort(),
  ];
  return JSON.stringify(parts);
}

/** Numbers what is otherwise alike in the order in which it is asked for. */
export function createFingerprints(digest: (text: string) => string): (finding: Finding, text: string) => Readonly<Record<string, string>> {
  const seen = new Map<string, number>();
  return (finding, text) => {
    const identity = identityOf(finding, text);
    const ordinal = (seen.get(identity) ?? 0) + 1;
    seen.set(identity, ordinal);
    const value = `${digest(identity).slice(0, 32)}:${ordinal}`;
    // GitHub goes by the second name alone, and would work it out from the line without it.
    return { 'merlonFinding/v1': value, primaryLocationLineHash: value };
  };
}
