import type { Check, DeclarationSubject, ManifestSubject } from '../core/check';
import type { Observation } from '../core/finding';
import { shown } from '../core/lookup';
import type { Similar } from '../core/similar';
import { nameOf } from '../fixes/culprit';
import { compromiseOf } from '../fixes/exposure';
import { replacements } from '../fixes/replacing';
import { answerOf, asOfText, registryName, speaks } from '../fixes/registryState';
import { ageWords, counted, dayText, listed, quoted } from '../fixes/wording';

export const lookalikeName: Check = {
  id: 'lookalike-name',
  title: 'A name that looks like a known package, and something else against it',
  severity: 'warning',
  docs: {
    why: `A squat waits under a name that people and language models write by mistake: \`openaii\`, \`langgrap\`, \`langchain-core-mcp\`. It often does what the real package does, and something more. Such names are one letter away from a known one, have letters or words exchanged, letters of another script, a digit in the place of a letter, or an ending such as \`-mcp\`, \`-sdk\` or \`-api\` behind the name of an AI package.

To be near a known name is no fault: hundreds of honest packages of PyPI are one letter away from an AI package. So a second sign is needed: the package was first published less than 90 days ago, has one or two releases, does not exist, or is quarantined; an advisory or an incident calls it malware; or it is written with letters that only look like those of the known name. The message names the sign. Where the registry could not be asked, only the last two can be known, and without them nothing is said. Popular packages and those of Merlon's catalogue are never named, nor is what stands under an npm scope that one of them has.`,
    example: `openaii>=1.55`,
    fix: `Write the name that was meant, after a look at both packages. The range is left as it is: a squat often copies the versions of what it imitates, but not always.`,
  },
  assess: {
    declaration(subject, policy) {
      if (speaks(policy, 'compromised-release') && compromiseOf(subject)) return [];
      const told = signs(subject);
      if (!told.length && !mayTell(subject)) return [];
      const similar = subject.similar?.();
      if (!similar) return [];
      const all = [...new Set([...told, ...alone(similar, told)])];
      if (!all.length) return [];
      return [
        {
          message: `${subject.declaration.package.name} ${likeness(subject, similar)}: ${listed(all, 4)}`,
          span: nameOf(subject.declaration),
          ...(similar.meant !== undefined && { fixes: () => replacements(subject, similar) }),
        },
      ];
    },
    manifest: confusables,
  },
};

const young = 90 * 86_400_000;
const few = 2;

/** What speaks against the package, apart from its name. */
function signs(subject: DeclarationSubject): string[] {
  const { known, now } = subject;
  const answer = answerOf(subject);
  const incident = known[0]?.kind === 'malware' ? incidentSigns(subject) : [];
  if (!answer) return incident;
  const { exists, createdAt, releases, status } = answer.record;
  if (!exists) return [`${registryName(subject)}${asOfText(answer)} has no such package`, ...incident];
  if (status === 'quarantined') return [`${registryName(subject)}${asOfText(answer)} has quarantined it`, ...incident];
  const age = createdAt && now.getTime() - createdAt.getTime();
  const isNew = createdAt !== undefined && age !== undefined && age >= 0 && age < young;
  return [
    ...(isNew ? [`it was first published on ${dayText(createdAt)}, ${ageWords(age)} ago`] : []),
    ...(releases.length > 0 && releases.length <= few ? [`it has ${counted(releases.length, 'release', 'releases')}`] : []),
    ...incident,
  ];
}

/** What advisories say; one bad release of many is what happens to honest packages. */
function incidentSigns({ known, releases }: DeclarationSubject): string[] {
  const malware = known.filter(({ kind }) => kind === 'malware');
  const isFree = shown(releases)?.some(({ version }) => !malware.some((advisory) => advisory.affects(version)));
  return isFree === true ? [] : [`${listed(malware.map(({ id }) => id))} calls it malware`];
}

/** Whether the likeness may be its own second sign. Of nearly all packages it is not, and is then not worked out. */
function mayTell({ declaration, known }: DeclarationSubject): boolean {
  return known[0]?.kind === 'malware' || isForeign(declaration.package.name);
}

/** What the name alone says, if it is not told already. */
function alone({ by, incident }: Similar, told: readonly string[]): string[] {
  const isTold = incident !== undefined && told.some((sign) => sign.includes(incident));
  return [
    ...(by === 'confusable' ? [otherLetters] : []),
    ...(incident === undefined || isTold ? [] : [`the incident ${incident} calls it a lookalike`]),
  ];
}

const otherLetters = 'some of its letters are not those that they look like';

/** No package manager takes a name with letters beyond ASCII, so no declaration is made of it. Somebody wrote it nevertheless. */
function confusables({ manifest, text, similarTo }: ManifestSubject): Observation[] {
  return manifest.problems.flatMap(({ kind, span }) => {
    const [, before, name] = /^(["']?)([^\s"'<>=!~;,[\]()]{1,214})/.exec(text.slice(span.start, span.end).slice(0, 300)) ?? [];
    const similar = kind === 'invalid' && name !== undefined && isForeign(name) ? similarTo?.(name) : undefined;
    if (similar?.by !== 'confusable') return [];
    const start = span.start + before!.length;
    return [{ message: `${quoted(name!)} looks like ${similar.name}: ${otherLetters}`, span: { start, end: start + name!.length } }];
  });
}

function isForeign(name: string): boolean {
  return /[^\0-\x7f]/.test(name);
}

function likeness({ declaration }: DeclarationSubject, { name, by, meant, suffix }: Similar): string {
  const owner = meant === undefined || meant === name ? '' : `, whose package is ${meant}`;
  switch (by) {
    case 'letter':
      return `is one letter away from ${name}${owner}`;
    case 'spelling':
      return `is another spelling of ${name}${owner}`;
    case 'confusable':
      return `looks like ${name}${owner}`;
    case 'order':
      return `has the words of ${name} in another order`;
    case 'suffix':
      return `is ${name} with "${suffix}" behind it${owner}`;
    case 'scope':
      return `is ${meant ?? name} without its scope`;
    case 'brand':
      return declaration.package.name === name && meant !== undefined
        ? `is the name of a brand, whose package is ${meant}`
        : 'is the name of a brand';
  }
}
