import type { Check } from '../core/check';
import { ownLockLine } from '../fixes/brought';
import { culprit } from '../fixes/culprit';
import { compromiseOf } from '../fixes/exposure';
import { movesOff, ranked } from '../fixes/moves';
import { answerOf, asOfText, isOutOfReach, registryName, speaks } from '../fixes/registryState';
import { releaseOf, releaseText } from '../fixes/releaseOf';
import { quoted } from '../fixes/wording';

export const yankedRelease: Check = {
  id: 'yanked-release',
  title: 'Pinned or locked to a release that its authors withdrew',
  severity: 'warning',
  docs: {
    why: `A yanked release (PEP 592) is one that its authors, or PyPI, took back: it is broken, breaks others, or is not what it should be. Installers pass it over, unless a pin or a lockfile names it: then they take it without much ado. Their reason, where they gave one, is shown as they wrote it.

A range is not judged, since no installer picks a yanked release for it. npm has no yanks; see \`deprecated-release\`.`,
    example: `openai==1.99.0      # yanked: "broken wheel"`,
    fix: `Move to the proposed release: the lowest later one, or the last one before it, that no known advisory touches and that is not yanked itself. Then write the lockfile anew.`,
  },
  assess: {
    declaration(subject, policy) {
      const held = releaseOf(subject);
      const answer = answerOf(subject);
      if (!held?.release?.yanked || !answer || isOutOfReach(subject, policy)) return [];
      if (speaks(policy, 'compromised-release') && compromiseOf(subject)) return [];
      const { yanked } = held.release;
      const reason = yanked === true || yanked.trim() === '' ? 'no reason was given' : quoted(yanked);
      return [
        {
          message: `${releaseText(subject, held)} was yanked from ${registryName(subject)}${asOfText(answer)}: ${reason}`,
          span: culprit(subject.declaration),
          related: ownLockLine(subject),
          fixes: () => ranked(movesOff(subject, policy, held.version, 'too')),
        },
      ];
    },
  },
};
