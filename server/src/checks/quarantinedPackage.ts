import type { Check, DeclarationSubject, Policy } from '../core/check';
import type { LockedPackage } from '../core/lockfile';
import { lockLines } from '../fixes/brought';
import { nameOf } from '../fixes/culprit';
import { compromiseOf } from '../fixes/exposure';
import { answerOf, asOfText, isQuarantined, registryName, speaks, type RegistryAnswer } from '../fixes/registryState';
import { ageWords, dayText, listed, quoted } from '../fixes/wording';

export const quarantinedPackage: Check = {
  id: 'quarantined-package',
  title: 'The registry has locked the package and serves none of its releases',
  severity: 'error',
  docs: {
    why: `PyPI quarantines a project, and npm puts a security holding in its place, when something in it is believed to be malicious. This comes hours before any advisory: litellm was locked two and a half hours after the bad upload, and the first record of it followed hours later. From then on every install fails, also one of a good release that is pinned.

It is not the same as a name that does not exist, nor as a registry that cannot be reached, although all three may look alike to a package manager. PyPI tells them apart only in the JSON form of its index (PEP 792), which is where Merlon asks.

Where the lockfile says when the locked release was uploaded, the message tells what follows from that. PyPI does not say since when a project is locked, nor which of its releases is the reason.`,
    example: `litellm>=1.81,<2      # while PyPI has quarantined the project`,
    fix: `No version is proposed, since none can be had. Do not work around it by another index, a mirror or a cache: they may serve the very release that was locked away. Wait for what the registry or the maintainers say, and stay with what is installed if it is older than the event. If a release of the last days was installed somewhere, take that machine for affected until you know better. If you can do without the package, remove it; what npm holds the name of does not come back.`,
  },
  assess: {
    declaration(subject, policy) {
      if (!isQuarantined(subject) || (speaks(policy, 'compromised-release') && compromiseOf(subject))) return [];
      const answer = answerOf(subject)!;
      const held = heldRelease(subject);
      return [
        {
          message: what(subject, answer) + standing(subject, answer, held, policy),
          span: nameOf(subject.declaration),
          related: held ? lockLines(subject, [{ entry: held, package: held.package, version: held.version }]) : [],
        },
      ];
    },
  },
};

/** What the registry did, what follows, and what is to be done. */
function what(subject: DeclarationSubject, answer: RegistryAnswer): string {
  const { name, ecosystem } = subject.declaration.package;
  const { statusReason, statusSince } = answer.record;
  const since = statusSince ? ` since ${dayText(statusSince)}` : '';
  const asOf = asOfText(answer);
  if (ecosystem === 'npm')
    return `npm has taken ${name} down and holds its name${since}${asOf}, so installs fail: do not take it from another registry or a mirror, remove it`;
  const reason = statusReason ? `, ${quoted(statusReason)}` : '';
  return `${registryName(subject)} has quarantined ${name}${since}${reason} and hides all of its releases${asOf}, so installs fail: do not work around it by another index or a mirror, wait for what comes to be known`;
}

/** The lockfile's entry for the release that the declaration stands for. */
function heldRelease({ lock, resolution, versions }: DeclarationSubject): LockedPackage | undefined {
  const { version } = resolution;
  return version === undefined ? undefined : lock?.releases.find((entry) => versions.equal(entry.version, version));
}

// A lasting quarantine says nothing of when it began. So an old release is said to be older than what was published since,
// and never to be good; one of the last days before the answer may be the reason itself.
const lately = 7 * 86_400_000;

/** Whether the locked release is older than the event, as far as that is known. */
function standing(subject: DeclarationSubject, answer: RegistryAnswer, held: LockedPackage | undefined, policy: Policy): string {
  if (!held) return '';
  const your = `your locked ${held.version}`;
  const bad = compromised(subject);
  if (bad.versions.length && bad.versions.every((version) => subject.versions.compare(held.version, version) < 0))
    return `; ${your} predates the compromised ${listed(bad.versions)} (${listed(bad.ids)})`;
  if (!held.uploadedAt) return '';
  const event = answer.record.statusSince ?? answer.asOf;
  const age = event.getTime() - held.uploadedAt.getTime();
  const day = dayText(held.uploadedAt);
  if (age < Math.max(lately, policy.minimumReleaseAgeMs))
    return age < 0 ? '' : `; ${your} was uploaded on ${day}, only ${ageWords(age)} before, and may be the reason`;
  return answer.record.statusSince
    ? `; ${your} predates it by ${ageWords(age)}`
    : `; ${your} predates whatever was published since ${day}, when it was uploaded`;
}

function compromised({ known, versions }: DeclarationSubject): { readonly versions: readonly string[]; readonly ids: readonly string[] } {
  const malware = known.filter(({ kind, wholePackage }) => kind === 'malware' && !wholePackage);
  const listedVersions = [...new Set(malware.flatMap((advisory) => advisory.listedVersions))];
  return { versions: listedVersions.sort((a, b) => versions.compare(a, b)), ids: malware.map(({ id }) => id) };
}
