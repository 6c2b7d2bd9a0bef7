import type { ProvenanceState, ProvenanceVerdict, RegistrySignature, VerifiedRelease } from '../core/provenance';
import type { Publisher } from '../core/release';
import { withoutSecrets } from '../core/withoutSecrets';
import { printable } from './printable';
import type { Style } from './text';

/** What came of verifying one release, as a clause without its name. Plain text, parts of it by others. */
export function verdictText({ state, publisher, reason = '', signature }: ProvenanceVerdict): string {
  const why = withoutSecrets(reason);
  const signed = signature ? `; ${signatureText(signature)}` : '';
  switch (state) {
    case 'verified':
      return `verified, ${publisher ? builtBy(publisher) : 'by nobody known'}${signed}`;
    case 'failed':
      return `failed: ${why}${signed}`;
    case 'unverified':
      return `could not be verified: ${why}${signed}`;
    case 'none':
      return `not attested: ${why}${signed}`;
  }
}

/** The section of a report, worst first, with what it does not say. */
export function provenanceLines(releases: readonly VerifiedRelease[], style: Style): string[] {
  const lines = [style.bold('Provenance')];
  for (const state of order) {
    for (const release of releases.filter((one) => one.state === state)) {
      const name = `${release.package} ${release.version}`;
      lines.push(`  ${colours[state](style)(words[state].padEnd(16))}${printable(`${name}: ${detailOf(release)}`)}`);
    }
  }
  const counts = order.map((state) => [releases.filter((one) => one.state === state).length, words[state]] as const);
  const said = counts.flatMap(([count, word]) => (count ? [`${count} ${word}`] : [])).join(', ');
  lines.push(`  ${said || 'No declaration stands for one release of a registry: there was nothing to verify'}`);
  if (releases.some(({ state }) => state === 'verified')) lines.push(style.dim(`  ${whatItSays}`));
  return lines;
}

/** What people must not take it for. */
const whatItSays =
  'Verified says which repository and workflow built a file, not that it does no harm: taken-over workflows have attested malware.';

const order: readonly ProvenanceState[] = ['failed', 'unverified', 'none', 'verified'];

const words: Readonly<Record<ProvenanceState, string>> = {
  failed: 'failed',
  unverified: 'not verified',
  none: 'not attested',
  verified: 'verified',
};

const colours: Readonly<Record<ProvenanceState, (style: Style) => (text: string) => string>> = {
  failed: ({ red }) => red,
  unverified: ({ yellow }) => yellow,
  none: ({ dim }) => dim,
  verified: ({ blue }) => blue,
};

/** Without the word that stands before it already. */
function detailOf({ state, publisher, reason = '', signature, files }: VerifiedRelease): string {
  const signed = signature ? `; ${signatureText(signature)}` : '';
  const counted = files.length > 1 ? ` (${files.length} files)` : '';
  if (state === 'verified') return `${publisher ? builtBy(publisher) : ''}${counted}${signed}`;
  return `${withoutSecrets(reason)}${signed}`;
}

function builtBy({ trusted, repository, workflow, account }: Publisher): string {
  const source = [repository, workflow].filter((part) => part !== undefined).map(clipped);
  const at = trusted === undefined ? '' : ` at ${clipped(trusted)}`;
  if (source.length) return `built by ${source.join(', ')}${at}`;
  return account === undefined ? `signed${at}` : `signed by ${clipped(account)}${at}`;
}

function signatureText({ state, reason = '', key }: RegistrySignature): string {
  if (state === 'unverified') return `the registry's own signature could not be verified: ${withoutSecrets(reason)}`;
  return key === 'registry' ? "the registry's own signature holds, by a key that it told itself" : "the registry's own signature holds";
}

function clipped(text: string): string {
  const line = text.replace(/\s+/g, ' ');
  return line.length > 120 ? `${line.slice(0, 119)}…` : line;
}
