import type { Check, DeclarationSubject, Policy } from '../core/check';
import type { Observation } from '../core/finding';
import { mapLookup } from '../core/lookup';
import { ownLockLine } from '../fixes/brought';
import { culprit, nameOf } from '../fixes/culprit';
import { compromiseOf } from '../fixes/exposure';
import { speaksOfMalware } from '../fixes/malwareWords';
import { movesOff, ranked } from '../fixes/moves';
import { answerOf, asOfText, isOutOfReach, registryName, speaks } from '../fixes/registryState';
import { releaseOf, releaseText } from '../fixes/releaseOf';
import { quoted } from '../fixes/wording';

export const deprecatedRelease: Check = {
  id: 'deprecated-release',
  title: 'The release, or the whole project, is marked as deprecated or archived',
  severity: 'information',
  docs: {
    severity: 'information; warning where the text speaks of malware',
    why: `Whoever publishes a release to npm can mark it as deprecated, with a text that says why; a project of PyPI can be archived or deprecated as a whole (PEP 792). Nothing is repaired there any more, and a flaw that is found tomorrow stays. The text is shown as its authors wrote it, and the entry is struck through in the editor.

Maintainers also use the text to warn of malware, hours before an advisory says so. A text that speaks of malware, of a stolen key or of a compromised account, in one of several languages, makes the finding a warning. It is somebody's word and no proof; \`compromised-release\` speaks where there is one.`,
    example: `"request": "2.88.2"      // deprecated on npm`,
    fix: `Move to the proposed release, which is not deprecated; where the whole package is, none is proposed. Read the text: it often names what took its place.`,
  },
  assess: {
    declaration(subject, policy) {
      if (isOutOfReach(subject, policy) || (speaks(policy, 'compromised-release') && compromiseOf(subject))) return [];
      const found = release(subject, policy) ?? project(subject);
      return found ? [found] : [];
    },
  },
};

/** By the registry, or where that was not asked by the lockfile, which npm tells of it too. */
function release(subject: DeclarationSubject, policy: Policy): Observation | undefined {
  const held = releaseOf(subject);
  if (!held) return undefined;
  const locked = subject.lock?.releases.find((entry) => subject.versions.equal(entry.version, held.version));
  const text = held.release ? held.release.deprecated : locked?.deprecated;
  if (text === undefined) return undefined;
  const answer = answerOf(subject);
  const by = held.release && answer ? `on ${registryName(subject)}${asOfText(answer)}` : `by ${subject.lock!.file}`;
  const suspect = speaksOfMalware(text);
  return {
    message: `${releaseText(subject, held)} is deprecated ${by}: ${text.trim() === '' ? 'no reason was given' : quoted(text)}${suspect ? ', which speaks of malware' : ''}`,
    span: culprit(subject.declaration),
    ...(suspect && { severity: 'warning' as const }),
    tags: ['deprecated'],
    related: ownLockLine(subject),
    fixes: () => ranked(movesOff(withoutDeprecated(subject), policy, held.version, 'instead')),
  };
}

/** A move to another deprecated release would cure nothing. */
function withoutDeprecated(subject: DeclarationSubject): DeclarationSubject {
  const releases = mapLookup(subject.releases, (all) => all.filter(({ deprecated }) => deprecated === undefined));
  return { ...subject, releases };
}

/** The project as a whole, whatever the release. */
function project(subject: DeclarationSubject): Observation | undefined {
  const answer = answerOf(subject);
  const status = answer?.record.status;
  if (!answer || (status !== 'archived' && status !== 'deprecated') || subject.declaration.source.kind !== 'registry') return undefined;
  const { statusReason } = answer.record;
  const suspect = statusReason !== undefined && speaksOfMalware(statusReason);
  const reason = statusReason === undefined || statusReason.trim() === '' ? '' : `: ${quoted(statusReason)}`;
  const { name } = subject.declaration.package;
  const what = status === 'archived' ? 'is archived, so that no new release is to be expected,' : 'is marked as deprecated';
  return {
    message: `${name} ${what} on ${registryName(subject)}${asOfText(answer)}${reason}${suspect ? ', which speaks of malware' : ''}`,
    span: nameOf(subject.declaration),
    ...(suspect && { severity: 'warning' as const }),
    tags: ['deprecated'],
  };
}
