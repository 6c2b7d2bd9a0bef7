import type { X509Certificate } from '@sigstore/core';
import { bundleFromJSON, isBundleWithDsseEnvelope } from '@sigstore/bundle';
import { toSignedEntity, Verifier, type Signer } from '@sigstore/verify';
import type { Publisher } from '../core/release';
import type { Attestation } from './attestation';
import type { Judge } from './trust';

/** What an attestation must speak of: a file of this name (`a-1.0.tar.gz`, npm's purl) with this digest. */
export interface Subject {
  readonly names: readonly string[];
  readonly algorithm: 'sha256' | 'sha512';
  /** Lower-case hex. */
  readonly digest: string;
}

/** What came of one attestation. */
export type Verdict =
  /** Signature, certificate, log and digest hold; it was signed by this identity. `registry`: with the registry's own key. */
  | { readonly state: 'verified'; readonly by: Publisher | 'registry'; readonly predicateType: string }
  /** It was looked at, and something does not hold. */
  | { readonly state: 'failed'; readonly reason: string }
  /** It rests on a key or a log that nobody here knows, which proves nothing and refutes nothing. */
  | { readonly state: 'unknown'; readonly reason: string; readonly wants: 'key' | 'log' };

/**
 * Verifies one attestation: the signature over its statement, the certificate at the moment of signing, its entry in the
 * transparency log, the digest of the file, and that the certificate names the publisher whom the registry names. Never throws.
 */
export function verifyAttestation(attestation: Attestation, subject: Subject, { material, knowsKey, knowsLog }: Judge): Verdict {
  let signer: Signer;
  let build: BuildClaims = {};
  let statement: Statement;
  try {
    const bundle = bundleFromJSON(attestation.bundle);
    if (!isBundleWithDsseEnvelope(bundle)) return failed('it holds no statement');
    const { content, tlogEntries } = bundle.verificationMaterial;
    if (content.$case === 'publicKey' && !knowsKey(content.publicKey.hint))
      return { state: 'unknown', reason: `nobody here knows the key ${content.publicKey.hint.slice(0, 80)} that signed it`, wants: 'key' };
    if (tlogEntries.length > 0 && !tlogEntries.some(({ logId }) => logId && knowsLog(logId.keyId)))
      return { state: 'unknown', reason: 'it stands in a transparency log that this version of Merlon does not know', wants: 'log' };
    const entity = toSignedEntity(bundle);
    signer = new Verifier(material).verify(entity);
    if (entity.key.$case === 'certificate') build = claimsOf(entity.key.certificate);
    const { payload, payloadType } = bundle.content.dsseEnvelope;
    if (payloadType !== 'application/vnd.in-toto+json') return failed(`its statement is of an unknown type (${payloadType.slice(0, 80)})`);
    statement = statementOf(JSON.parse(payload.toString('utf8')));
  } catch (error) {
    return failed(error instanceof Error ? error.message : String(error));
  }
  const wrong = wrongSubject(statement, subject);
  if (wrong !== undefined) return failed(wrong);
  if (!signer.identity) return { state: 'verified', by: 'registry', predicateType: statement.predicateType };
  const by = identityOf(signer.identity.subjectAlternativeName ?? '', signer.identity.extensions?.issuer ?? '', build);
  if (!by) return failed(`it was signed by ${signer.identity.subjectAlternativeName ?? 'nobody'}, which is no known kind of publisher`);
  const other = attestation.claimed && differs(attestation.claimed, by);
  if (other !== undefined) return failed(other);
  return { state: 'verified', by, predicateType: statement.predicateType };
}

interface Statement {
  readonly predicateType: string;
  readonly subjects: readonly { readonly name: string; readonly digest: Readonly<Record<string, unknown>> }[];
}

/** in-toto Statement v1 (and v0.1, whose subject has the same form). */
function statementOf(value: unknown): Statement {
  const { predicateType, subject } = (value ?? {}) as Record<string, unknown>;
  const subjects = (Array.isArray(subject) ? (subject as unknown[]) : []).flatMap((one) => {
    const { name, digest } = (one ?? {}) as Record<string, unknown>;
    return typeof name === 'string' && typeof digest === 'object' && digest !== null
      ? [{ name, digest: digest as Record<string, unknown> }]
      : [];
  });
  return { predicateType: typeof predicateType === 'string' ? predicateType : '', subjects };
}

function wrongSubject({ subjects }: Statement, { names, algorithm, digest }: Subject): string | undefined {
  const about = subjects.filter(({ name }) => names.includes(name));
  if (about.length === 0) return `it speaks of ${subjects[0]?.name.slice(0, 120) ?? 'nothing'}, not of ${names[0]}`;
  const written = about.map((one) => (Object.hasOwn(one.digest, algorithm) ? one.digest[algorithm] : undefined));
  return written.some((value) => typeof value === 'string' && value.toLowerCase() === digest)
    ? undefined
    : `its ${algorithm} is not that of the file which the registry lists`;
}

const gitHub = 'https://token.actions.githubusercontent.com';
const gitLab = 'https://gitlab.com';

/** What a certificate says of the build, where it does: the name alone is that of a workflow which others may call. */
interface BuildClaims {
  /** Fulcio's 1.3.6.1.4.1.57264.1.12, "Source Repository URI". */
  readonly source?: string;
  /** Fulcio's 1.3.6.1.4.1.57264.1.18, "Build Config URI": the workflow that was started. */
  readonly config?: string;
}

function claimsOf(certificate: X509Certificate): BuildClaims {
  const text = (oid: string) => certificate.extension(oid)?.valueObj.subs[0]?.value.toString('utf8');
  const [source, config] = [text('1.3.6.1.4.1.57264.1.12'), text('1.3.6.1.4.1.57264.1.18')];
  return { ...(source !== undefined && { source }), ...(config !== undefined && { config }) };
}

/** The publisher that a certificate of sigstore's names: the URI of a workflow at a revision, or an address. */
export function identityOf(san: string, issuer: string, { source, config }: BuildClaims = {}): Publisher | undefined {
  const name = config !== undefined && source !== undefined && config.startsWith(`${source}/`) ? config : san;
  if (issuer === gitHub) {
    const [, repository, workflow] = /^https:\/\/github\.com\/([^/]+\/[^/]+)\/\.github\/workflows\/([^@]+)@/.exec(name) ?? [];
    return repository === undefined ? undefined : { trusted: 'GitHub', repository, workflow: workflow! };
  }
  if (issuer === gitLab) {
    const [, repository, workflow] = /^https:\/\/gitlab\.com\/(.+?)\/\/([^@]+)@/.exec(name) ?? [];
    return repository === undefined ? undefined : { trusted: 'GitLab', repository, workflow: workflow! };
  }
  return issuer === 'https://accounts.google.com' && name.includes('@') ? { trusted: 'Google', account: name } : undefined;
}

/** What the certificate says otherwise than the registry. Names of repositories are the same in any case. */
function differs(claimed: NonNullable<Attestation['claimed']>, { trusted, repository, workflow, account }: Publisher): string | undefined {
  const same = (a: string | undefined, b: string | undefined) => a === undefined || a.toLowerCase() === b?.toLowerCase();
  if (!same(claimed.kind, trusted)) return `it was signed by a publisher at ${trusted}, where the registry names one at ${claimed.kind}`;
  if (!same(claimed.repository, repository)) return `it was signed in ${repository}, where the registry names ${claimed.repository}`;
  // The registry gives a file name or a path.
  if (claimed.workflow !== undefined && workflow?.split('/').pop() !== claimed.workflow.split('/').pop())
    return `it was signed by the workflow ${workflow}, where the registry names ${claimed.workflow}`;
  return same(claimed.account, account) ? undefined : `it was signed by ${account}, where the registry names ${claimed.account}`;
}

function failed(reason: string): Verdict {
  return { state: 'failed', reason };
}
