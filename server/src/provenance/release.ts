import type { Lookup } from '../core/lookup';
import type { ProvenanceVerdict, RegistrySignature } from '../core/provenance';
import type { Publisher, ReleaseFile } from '../core/release';
import { npmAttestations, pypiAttestations } from './attestation';
import { sha256Of, sha512Of } from './digests';
import { verifyRegistrySignature } from './registrySignature';
import { judgeBy, keysAnswered, type Judge, type RegistryKey, type Trust } from './trust';
import { verifyAttestation, type Subject } from './verify';

/** One release, with all that its registry has answered about it. */
export interface AskedRelease {
  readonly ecosystem: string;
  readonly name: string;
  readonly version: string;
  readonly publishedAt?: Date;
  readonly files: readonly AskedFile[];
  /** The registry's own keys, where somebody has asked for them. */
  readonly keys?: Lookup<unknown>;
}

export interface AskedFile {
  readonly file: ReleaseFile;
  /** Absent where the registry lists no attestation of it. */
  readonly attestations?: Lookup<unknown>;
}

/** `wantsKeys`: another verdict is possible with the keys that the registry itself tells. */
export type ReleaseVerdict = ProvenanceVerdict & { readonly wantsKeys?: true };

/**
 * What the answers about one release come to. Asks nobody, and never throws. A file costs some milliseconds, and a release may have a
 * hundred: `pause` is waited for after each.
 */
export async function judgeRelease(
  release: AskedRelease,
  trust: Trust,
  pause: () => Promise<void> = () => Promise.resolve(),
): Promise<ReleaseVerdict> {
  const asked = release.keys?.state === 'known' ? keysAnswered(release.keys.value) : [];
  const known = new Set(trust.registryKeys.map(({ keyId }) => keyId));
  const added = asked.filter(({ keyId }) => !known.has(keyId));
  const judge = added.length ? judgeBy({ ...trust, registryKeys: [...trust.registryKeys, ...added] }) : judgeOf(trust);
  const files = release.files.map(({ file }) => file.name);
  const signed = signatureOf(release, trust.registryKeys, added);
  const base = { files, ...(signed?.signature && { signature: signed.signature }) };
  if (signed?.failed !== undefined) return { ...base, state: 'failed', reason: signed.failed };

  const each: (FileVerdict & { readonly name: string })[] = [];
  for (const one of release.files) {
    each.push({ name: one.file.name, ...judgeFile(one, release, judge) });
    await pause();
  }
  const wantsKeys = !release.keys && (signed?.wantsKeys || each.some((one) => one.wantsKeys)) ? { wantsKeys: true as const } : {};
  const naming = (one: { readonly name: string; readonly reason?: string }) =>
    each.length > 1 ? `${one.name}: ${one.reason ?? ''}` : (one.reason ?? '');
  const first = (state: FileVerdict['state']) => each.find((one) => one.state === state);
  const failed = first('failed');
  if (failed) return { ...base, state: 'failed', reason: naming(failed) };
  const unverified = each.find((one) => one.state === 'unverified' && one.unanswered) ?? first('unverified');
  if (unverified) {
    const { unanswered } = unverified;
    return { ...base, ...wantsKeys, state: 'unverified', reason: naming(unverified), ...(unanswered && { unanswered }) };
  }
  const verified = each.filter((one) => one.state === 'verified');
  const bare = first('none');
  if (!verified.length || !bare) {
    const publisher = verified[0]?.publisher;
    if (publisher) {
      const other = verified.find((one) => !isSame(one.publisher, { ...publisher, ...workflowOf(one.publisher) }));
      if (other)
        return {
          ...base,
          state: 'unverified',
          reason: `its files are of several publishers: ${other.name} has another one than the first`,
        };
      // Wheels of one release may come from several workflows of its repository.
      const { workflow, ...place } = publisher;
      const isOne = verified.every((one) => one.publisher?.workflow === workflow);
      return { ...base, ...wantsKeys, state: 'verified', publisher: isOne ? publisher : place };
    }
    return { ...base, ...wantsKeys, state: 'none', reason: bare?.reason ?? 'its registry lists no file of it' };
  }
  // Files can be added to a release that is there already: the others' attestations say nothing of them.
  return { ...base, state: 'unverified', reason: `${bare.name} has no attestation, while other files of the release have` };
}

const judges = new WeakMap<Trust, Judge>();

/** The certificates of a trust root are read once. */
function judgeOf(trust: Trust): Judge {
  let judge = judges.get(trust);
  if (!judge) judges.set(trust, (judge = judgeBy(trust)));
  return judge;
}

interface FileVerdict {
  readonly state: ProvenanceVerdict['state'];
  readonly publisher?: Publisher;
  readonly reason?: string;
  readonly unanswered?: true;
  readonly wantsKeys?: true;
}

function judgeFile({ file, attestations }: AskedFile, release: AskedRelease, judge: Judge): FileVerdict {
  if (file.attestationsUntold) return { state: 'unverified', reason: 'its index does not tell of attestations' };
  if (!attestations) return { state: 'none', reason: 'its registry has no attestation of it' };
  if (attestations.state !== 'known') return { state: 'unverified', reason: attestations.reason, unanswered: true };
  const isNpm = release.ecosystem === 'npm';
  const given = isNpm ? npmAttestations(attestations.value) : pypiAttestations(attestations.value);
  if (!given) return { state: 'failed', reason: 'what is served for its attestation is none' };
  if (!given.length) return { state: 'unverified', reason: 'its registry lists attestations and serves none', unanswered: true };
  if (given.length > mostAttestations) return { state: 'unverified', reason: `it has more than ${mostAttestations} attestations` };
  const subject = subjectOf(file, release);
  if (!subject) return { state: 'unverified', reason: 'its registry tells no digest that an attestation could be held against' };
  const verdicts = given.map((attestation) => verifyAttestation(attestation, subject, judge));
  const failed = verdicts.find((verdict) => verdict.state === 'failed');
  if (failed) return { state: 'failed', reason: failed.reason };
  const unknown = verdicts.find((verdict) => verdict.state === 'unknown');
  if (unknown)
    return {
      state: 'unverified',
      reason: unknown.reason,
      unanswered: true,
      ...(unknown.wants === 'key' && { wantsKeys: true as const }),
    };
  const publishers = verdicts.flatMap((verdict) => (verdict.state === 'verified' && verdict.by !== 'registry' ? [verdict.by] : []));
  const [publisher] = publishers;
  // The registry's own statement says that it took the file in, not where that was built.
  if (!publisher) return { state: 'none', reason: 'its registry attests that it was published there, and nobody where it was built' };
  if (publishers.some((other) => !isSame(other, publisher))) return { state: 'failed', reason: 'its attestations name several publishers' };
  return { state: 'verified', publisher };
}

/** More than any registry keeps of a file; each costs some signatures. */
const mostAttestations = 50;

function subjectOf({ name, hashes }: ReleaseFile, release: AskedRelease): Subject | undefined {
  if (release.ecosystem !== 'npm') {
    const digest = sha256Of(hashes);
    return digest === undefined ? undefined : { names: [name], algorithm: 'sha256', digest };
  }
  const digest = sha512Of(hashes);
  const path = `${release.name.replace(/^@/, '%40')}@${release.version}`;
  return digest === undefined
    ? undefined
    : { names: [`pkg:npm/${path}`, `pkg:npm/${release.name}@${release.version}`], algorithm: 'sha512', digest };
}

interface Signed {
  readonly signature?: RegistrySignature;
  readonly failed?: string;
  readonly wantsKeys?: true;
}

function signatureOf(release: AskedRelease, own: readonly RegistryKey[], added: readonly RegistryKey[]): Signed | undefined {
  const [file] = release.files;
  if (release.ecosystem !== 'npm' || !file?.file.hashes[0]) return undefined;
  const { name, version, publishedAt } = release;
  const signatures = file.file.signatures ?? [];
  const signed = { name, version, integrity: file.file.hashes[0], signatures, ...(publishedAt && { publishedAt }) };
  for (const [key, keys] of [
    ['bundled', own],
    ['registry', added],
  ] as const) {
    const verdict = verifyRegistrySignature(signed, keys);
    if (verdict.state === 'verified') return { signature: { state: 'verified', key } };
    if (verdict.state === 'failed') return { failed: verdict.reason };
    if (key === 'registry') {
      const reason = release.keys && release.keys.state !== 'known' ? `${verdict.reason}; ${release.keys.reason}` : verdict.reason;
      return { signature: { state: 'unverified', reason }, ...(signatures.length > 0 && { wantsKeys: true as const }) };
    }
  }
  return undefined;
}

function workflowOf(publisher: Publisher | undefined): Pick<Publisher, 'workflow'> {
  return publisher?.workflow === undefined ? {} : { workflow: publisher.workflow };
}

function isSame(a: Publisher | undefined, b: Publisher): boolean {
  return a?.repository === b.repository && a?.workflow === b.workflow && a?.account === b.account && a?.trusted === b.trusted;
}
