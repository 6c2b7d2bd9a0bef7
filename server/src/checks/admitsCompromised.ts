import type { Check, DeclarationSubject } from '../core/check';
import { culprit } from '../fixes/culprit';
import { rangeText } from '../fixes/effect';
import { admissionOf, type Admission } from '../fixes/exposure';
import { exclusion, pins, ranked } from '../fixes/moves';
import { listed } from '../fixes/wording';

// It speaks for every group. An override or a constraint is where a range is meant to keep bad releases out, and npm
// installs peers; a peer's range is not pinned, though, since it speaks for other people's projects.

export const admitsCompromised: Check = {
  id: 'admits-compromised',
  title: 'A range that lets a known compromised release in',
  severity: 'warning',
  docs: {
    severity: 'warning; hint where a lockfile holds a clean release',
    why: `The range includes a release that is known malware. An install without a lockfile, from a mirror or a cache that still holds that release, may take it; on the day of the attack every such range did. A bare name and a tag such as \`latest\` admit everything.

Where a lockfile holds a clean release this is only a hint: the lockfile protects those who install from it, and nobody else.`,
    example: `litellm>=1.80,<2`,
    fix: `Pin to the proposed release: the newest one that the range allows, that no known advisory touches, and that is older than \`merlon.minimumReleaseAge\`. Or exclude the compromised releases, which keeps the range open and blocks these releases alone, not the next one.`,
  },
  assess: {
    declaration(subject, policy) {
      const admission = admissionOf(subject);
      if (!admission) return [];
      return [
        {
          message: message(subject, admission),
          span: culprit(subject.declaration),
          ...(subject.resolution.version !== undefined && subject.resolution.from === 'lockfile' ? { severity: 'hint' as const } : {}),
          advisories: admission.malware,
          fixes: () => ranked([...pins(subject, policy), exclusion(subject, admission.versions)]),
        },
      ];
    },
  },
};

function message(subject: DeclarationSubject, { versions, malware }: Admission): string {
  const { declaration, resolution } = subject;
  const { source } = declaration;
  const { name } = declaration.package;
  const tag = source.kind === 'registry' ? source.tag : undefined;
  const what = tag === undefined ? rangeText(declaration) || 'without a version' : `by the tag ${tag}`;
  const releases = versions.length === 1 ? 'release' : 'releases';
  const ids = listed(malware.map((advisory) => advisory.id));
  const held =
    resolution.version === undefined ? '' : `, while ${resolution.version} is ${resolution.from === 'lockfile' ? 'locked' : 'installed'}`;
  return `${name} ${what} admits the compromised ${releases} ${listed(versions, 4)} (${ids})${held}`;
}
