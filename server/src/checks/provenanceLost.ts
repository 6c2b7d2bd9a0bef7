import type { Check, DeclarationSubject, Policy } from '../core/check';
import type { Observation, Related } from '../core/finding';
import { shown } from '../core/lookup';
import type { Publisher, Release } from '../core/release';
import { releaseAtHand } from '../fixes/atHand';
import { ownLockLine } from '../fixes/brought';
import { culprit } from '../fixes/culprit';
import { rangeText } from '../fixes/effect';
import { ranked, retreat } from '../fixes/moves';
import { evidenceOf, releasesBefore, type Evidence } from '../fixes/provenance';
import { named, publisherText, repositoryName } from '../fixes/publisher';
import { isSpokenFor } from '../fixes/silence';
import { counted, listed, quoted } from '../fixes/wording';

export const provenanceLost: Check = {
  id: 'provenance-lost',
  title: 'Earlier releases show where they come from, this one does not',
  severity: 'warning',
  docs: {
    why: `An attestation ties a release to the repository and the workflow that built it (npm's provenance, PEP 740), and a trusted publisher uploads without a token that could be stolen. Where releases of a package have carried that and the next one does not, somebody published it another way: with a stolen token, as axios 1.14.1 and the second round of ultralytics in 2024, or by hand, for once. The same holds where the repository or the workflow behind the releases changes. pnpm's \`trustPolicy: no-downgrade\` refuses such releases.

The measure is the last two or three releases before it, by version and time, without pre-releases: all of them must have carried the evidence. Nothing is said of a package whose registry tells nothing, or whose earlier releases were not attested either.

**Presence is no sign of safety, and Merlon never reads it as one.** TanStack, keyv and ultralytics were compromised in releases with valid attestations: the workflow itself had been taken over. Whether an attestation holds is looked at only by \`merlon check --provenance\` and the command *Merlon: Verify provenance*; one that does not is an error of this rule, whatever earlier releases had.`,
    example: `"axios": "1.14.1"      // no attestation; 1.14.0 and those before came from a trusted publisher`,
    fix: `Go back to the proposed release: the last one with the evidence that no known advisory touches. Then ask the project whether it has changed how it publishes. Where it has, the finding goes by itself after two releases.`,
  },
  assess: {
    declaration(subject, policy) {
      const judged = verdictOn(subject, policy);
      if (judged) return [judged];
      const atHand = releaseAtHand(subject);
      const loss = atHand && (lossAt(subject, atHand.release) ?? demanded(subject, atHand.release, policy));
      if (!loss || isSpokenFor(subject, policy)) return [];
      const { release, by } = atHand;
      const { name } = subject.declaration.package;
      const which =
        by === 'resolved'
          ? `${name} ${release.version}`
          : `${name} ${rangeText(subject.declaration) || 'without a version'} takes ${release.version}, which`;
      return [
        {
          message: `${which} ${loss.message}`,
          span: culprit(subject.declaration),
          related: [...ownLockLine(subject), ...(loss.related ?? [])],
          fixes: () => ranked(retreat(subject, policy, release.version, loss.isBetter)),
        },
      ];
    },
  },
};

/** What verifying has found: an attestation that does not hold is graver than none, and a builder that has changed as grave. */
function verdictOn(subject: DeclarationSubject, policy: Policy): Observation | undefined {
  const { provenance, declaration, resolution } = subject;
  if (!provenance || resolution.version === undefined) return undefined;
  const release = `${declaration.package.name} ${resolution.version}`;
  const base = { span: culprit(declaration), related: ownLockLine(subject) };
  const back = (isBetter?: (release: Release) => boolean) => () => ranked(retreat(subject, policy, resolution.version, isBetter));
  if (provenance.state === 'failed')
    return {
      ...base,
      severity: 'error',
      message: `${release} does not stand up to verification: ${quoted(provenance.reason ?? '', 300).slice(1, -1)}`,
      fixes: back(),
    };
  const { before, publisher } = provenance;
  if (provenance.state !== 'verified' || !publisher?.repository || !before?.publisher.repository) return undefined;
  const [here, there] = [publisher.repository, before.publisher.repository];
  if (repositoryName(here) === repositoryName(there)) return undefined;
  const message = `${release} was built in the repository ${named(here)}, while ${named(before.version)} before it came from ${named(there)}: both attestations are verified`;
  return { ...base, message, fixes: back(({ version }) => subject.versions.equal(version, before.version)) };
}

interface Loss {
  readonly message: string;
  /** Whether a release has what this one lacks. */
  readonly isBetter: (release: Release) => boolean;
  readonly related?: readonly Related[];
}

/** The team demands an attestation of every release of the package, whatever earlier ones had. */
function demanded({ declaration }: DeclarationSubject, release: Release, { team }: Policy): Loss | undefined {
  const match = evidenceOf(release) === 'none' ? team?.demandsProvenance(declaration.package) : undefined;
  if (!match) return undefined;
  const message = `carries no attestation, which the team's policy demands of ${match.pattern}`;
  return { message, isBetter: hasEvidence, related: [{ ...match.place, message: 'the policy says so here' }] };
}

/** Of each release found out once, unless malware among its forerunners changes the measure. */
const found = new WeakMap<readonly Release[], Map<Release, Loss | undefined>>();

function lossAt(subject: DeclarationSubject, release: Release): Loss | undefined {
  const releases = shown(subject.releases);
  if (!releases || evidenceOf(release) === undefined) return undefined;
  if (subject.known[0]?.kind === 'malware') return lossAmong(subject, release);
  let byRelease = found.get(releases);
  if (!byRelease) found.set(releases, (byRelease = new Map<Release, Loss | undefined>()));
  if (!byRelease.has(release)) byRelease.set(release, lossAmong(subject, release));
  return byRelease.get(release);
}

function lossAmong(subject: DeclarationSubject, release: Release): Loss | undefined {
  const before = releasesBefore(subject, release);
  return before.length < 2 ? undefined : lossOf(release, before);
}

function lossOf(release: Release, before: readonly Release[]): Loss | undefined {
  const own = evidenceOf(release);
  const theirs = before.map(evidenceOf);
  if (own === undefined || theirs.some((evidence) => evidence === undefined || evidence === 'none')) return undefined;
  const all = wordsOf(before);
  const allTrusted = theirs.every((evidence) => evidence === 'trusted');
  if (own === 'none') {
    const who = release.publisher?.trusted === undefined ? publisherText(release.publisher) : '';
    const had = allTrusted ? `came ${publisherText(before[0]!.publisher).replace(/^by/, 'from')}` : 'carry one';
    return { message: `carries no attestation${who && ` and was published ${who}`}, while ${all} ${had}`, isBetter: hasEvidence };
  }
  if (own === 'attested' && release.publisher && allTrusted) {
    const who = publisherText(release.publisher) || 'with a token';
    return {
      message: `was published ${who}, while ${all} came ${publisherText(before[0]!.publisher).replace(/^by/, 'from')}`,
      isBetter: (other) => evidenceOf(other) === 'trusted',
    };
  }
  return moved(release, before, all);
}

function hasEvidence(release: Release): boolean {
  return (['attested', 'trusted'] as (Evidence | undefined)[]).includes(evidenceOf(release));
}

/** Built elsewhere than all those before, as far as the registry tells where. */
function moved({ publisher }: Release, before: readonly Release[], all: string): Loss | undefined {
  for (const [what, part, form] of [
    ['repository', 'repository', repositoryName],
    ['workflow', 'workflow', (text: string) => text],
  ] as const) {
    const here = publisher?.[part];
    const theirs = before.map((release) => release.publisher?.[part]);
    const [first] = theirs;
    if (here === undefined || first === undefined) continue;
    const isOne = theirs.every((text) => text !== undefined && form(text) === form(first));
    if (!isOne || form(here) === form(first)) continue;
    const isBetter = ({ publisher: other }: { readonly publisher?: Publisher }) =>
      other?.[part] !== undefined && form(other[part]) === form(first);
    return { message: `was built by the ${what} ${named(here)}, while ${all} came from ${named(first)}`, isBetter };
  }
  return undefined;
}

/** `the three releases before it (1.2.2, 1.2.1 and 1.2.0)`. */
function wordsOf(before: readonly Release[]): string {
  return `the ${counted(before.length, 'release', 'releases')} before it (${listed(before.map(({ version }) => version))})`;
}
