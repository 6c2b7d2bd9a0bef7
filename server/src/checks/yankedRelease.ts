import type { Check, DeclarationSubject } from '../core/check';
import { ownLockLine } from '../fixes/brought';
import { culprit } from '../fixes/culprit';
import { compromiseOf } from '../fixes/exposure';
import { movesOff, ranked } from '../fixes/moves';
import { answerOf, asOfText, isOutOfReach, registryName, speaks, type RegistryAnswer } from '../fixes/registryState';
import { releaseOf, releaseText, type HeldRelease } from '../fixes/releaseOf';
import { quoted } from '../fixes/wording';

export const yankedRelease: Check = {
  id: 'yanked-release',
  title: 'Pinned or locked to a release that was withdrawn',
  severity: 'warning',
  docs: {
    why: `A yanked release (PEP 592) is one that its authors, or PyPI, took back: it is broken, breaks others, or is not what it should be. Installers pass it over, unless a pin or a lockfile names it: then they take it without much ado. Their reason, where they gave one, is shown as they wrote it.

npm has no yanks, but releases are taken down there, by their authors within three days or by npm at any time: then they cannot be installed, and their date is all that is left. Most of it is a mistake that was put right; it is also what becomes of malware, hours before an advisory says so. So whoever has one installed should know. (A text of warning is \`deprecated-release\`.) Of PyPI it is not known which releases were deleted.

A range is not judged, since no installer picks such a release for it.`,
    example: `openai==1.99.0      # yanked: "broken wheel"`,
    fix: `Move to the proposed release: the lowest later one, or the last one before it, that no known advisory touches and that is not yanked itself. Then write the lockfile anew.`,
  },
  assess: {
    declaration(subject, policy) {
      const held = releaseOf(subject);
      const answer = answerOf(subject);
      if (!held || !answer || isOutOfReach(subject, policy)) return [];
      if (speaks(policy, 'compromised-release') && compromiseOf(subject)) return [];
      const what = held.release ? yanked(subject, held, answer) : removed(subject, held, answer);
      if (what === undefined) return [];
      return [
        {
          message: what,
          span: culprit(subject.declaration),
          related: ownLockLine(subject),
          fixes: () => ranked(movesOff(subject, policy, held.version, 'too')),
        },
      ];
    },
  },
};

function yanked(subject: DeclarationSubject, held: HeldRelease, answer: RegistryAnswer): string | undefined {
  const reason = held.release?.yanked;
  if (!reason) return undefined;
  const text = reason === true || reason.trim() === '' ? 'no reason was given' : quoted(reason);
  return `${releaseText(subject, held)} was yanked from ${registryName(subject)}${asOfText(answer)}: ${text}`;
}

/** Not in the list of releases, and the registry remembers it. */
function removed(subject: DeclarationSubject, { version }: HeldRelease, answer: RegistryAnswer): string | undefined {
  const release = answer.record.removed?.find((other) => subject.versions.equal(other.version, version));
  if (!release) return undefined;
  const where = registryName(subject);
  return `${releaseText(subject, { version, release })} was taken down from ${where}${asOfText(answer)}, so installs of it fail: find out why before you trust what is installed`;
}
