import { overlap, sameEdit } from './applyEdits';
import type { DeclarationSubject } from './check';
import type { Finding, Fix } from './finding';
import type { Edit } from './manifest';
import type { ScannedFile } from './report';

/** Which fixes are taken together, and what stays as it is. */
export interface FixPlan {
  readonly taken: readonly { readonly finding: Finding; readonly fix: Fix }[];
  readonly edits: readonly Edit[];
  readonly left: readonly { readonly finding: Finding; readonly reason: string }[];
}

/**
 * Takes a fix for each of the wanted findings. Fixes that write the same text at the same place are taken once (two
 * declarations of one catalog entry); one that would touch what another changes is left for the next round.
 */
export function planFixes(
  files: readonly Pick<ScannedFile, 'findings'>[],
  wanted: (finding: Finding) => boolean,
  choose: (finding: Finding) => Fix | undefined = preferredFix,
): FixPlan {
  const taken: { finding: Finding; fix: Fix }[] = [];
  const left: { finding: Finding; reason: string }[] = [];
  const set = createEditSet();
  for (const file of files) {
    for (const finding of file.findings) {
      if (!wanted(finding)) continue;
      const fix = choose(finding);
      if (!fix) {
        left.push({ finding, reason: whyNoFix(finding) });
        continue;
      }
      const fresh = fix.edits.filter((edit) => !set.has(edit));
      if (fresh.some((edit) => set.touches(edit))) {
        left.push({ finding, reason: 'another fix changes the same place' });
        continue;
      }
      for (const edit of fresh) set.add(edit);
      taken.push({ finding, fix });
    }
  }
  return { taken, edits: set.all(), left };
}

/** Edits that do not overlap, by file and in order of place: only its neighbours can touch a new one, however many there are. */
function createEditSet() {
  const byFile = new Map<string, Edit[]>();
  const neighbours = (edit: Edit): { held: Edit[]; at: number } => {
    let held = byFile.get(edit.file);
    if (!held) byFile.set(edit.file, (held = []));
    let low = 0;
    let high = held.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const { span } = held[middle]!;
      if (span.start < edit.span.start || (span.start === edit.span.start && span.end < edit.span.end)) low = middle + 1;
      else high = middle;
    }
    return { held, at: low };
  };
  const near = (edit: Edit): Edit[] => {
    const { held, at } = neighbours(edit);
    return held.slice(Math.max(0, at - 1), at + 2);
  };
  return {
    has: (edit: Edit) => near(edit).some((other) => sameEdit(edit, other)),
    touches: (edit: Edit) => near(edit).some((other) => overlap(edit, other)),
    add(edit: Edit) {
      const { held, at } = neighbours(edit);
      held.splice(at, 0, edit);
    },
    all: () => [...byFile.values()].flat(),
  };
}

export function preferredFix(finding: Finding): Fix | undefined {
  return finding.fixes.find(({ preferred }) => preferred);
}

/** Whether the finding's fix wants a list of releases that nobody could be asked for. */
export function lacksReleases({ subject, via, fixable }: Finding): boolean {
  return fixable && via.length === 0 && subject !== undefined && whyNotWritten(subject) === undefined && subject.releases.state !== 'known';
}

/** Why a finding has no fix, as a clause for people. */
export function whyNoFix(finding: Finding): string {
  const { subject, via } = finding;
  if (finding.fixes.length > 0 && !preferredFix(finding)) return 'its fix is a guess, which a person has to confirm';
  if (finding.resolvedBy === 'lockfile' && !subject) return 'the manifest decides on it; then the lockfile has to be written anew';
  if (!finding.fixable || !subject) return 'it is mended by hand';
  if (via.length) return subject.lock ? `after a change, run ${subject.lock.relock}` : 'what brings it along decides';
  const { releases } = subject;
  const notWritten = whyNotWritten(subject);
  if (notWritten !== undefined) return notWritten;
  if (releases.state !== 'known' && subject.declaration.hashes.length > 0)
    return `its hashes would have to be renewed, and those of other releases are not known: ${releases.reason}`;
  if (releases.state !== 'known') return `its releases are not known: ${releases.reason}`;
  if (releases.value.length === 0) return 'the registry has no release of it';
  return 'no release is known that its range admits, that is free of all advisories and that is old enough';
}

/** Why no release whatever could be written in the entry's place. */
function whyNotWritten({ declaration, releases }: DeclarationSubject): string | undefined {
  if (declaration.frozen !== undefined) return declaration.frozen;
  if (declaration.source.kind !== 'registry') return 'it does not come from a registry';
  const lacksHashes = declaration.hashes.length > 0 && releases.state === 'known' && !releases.value.some(({ hashes }) => hashes?.length);
  return lacksHashes ? 'its hashes would have to be renewed, and the index gives none' : undefined;
}
