import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { HashAlgorithm, PublicKeyDetails, type TrustedRoot } from '@sigstore/protobuf-specs';
import { initializeCA, initializeCTLog, initializeTLog } from '@sigstore/mock';
import type { Trust } from '../../server/src/provenance/trust';

/** What an attestation is to say, and by whom it is signed. */
export interface AttestedFile {
  readonly name: string;
  /** Lower-case hex. */
  readonly digest: string;
  readonly algorithm?: 'sha256' | 'sha512';
  /** `owner/name` of a GitHub repository. */
  readonly repository?: string;
  readonly workflow?: string;
  readonly issuer?: string;
  readonly predicateType?: string;
  /** When the log says that it was signed; the certificate lives for ten minutes from now. */
  readonly loggedAt?: Date;
}

export interface MockSigstore {
  readonly trust: Trust;
  /** An attestation as PEP 740 has it, and the sigstore bundle that npm would serve. */
  attest(file: AttestedFile): Promise<{ readonly pep740: unknown; readonly bundle: unknown }>;
}

const payloadType = 'application/vnd.in-toto+json';

/** A certificate authority and logs of this test's own, with the trust root that believes them. */
export async function mockSigstore(): Promise<MockSigstore> {
  const keys = () => generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const ctLog = await initializeCTLog(keys());
  const ca = await initializeCA(generateKeyPairSync('ec', { namedCurve: 'secp384r1' }), ctLog);
  const tlogKeys = keys();
  const url = 'https://rekor.example';
  const { publicKey } = await initializeTLog(url, tlogKeys);
  const since = { start: new Date('2020-01-01T00:00:00Z') };
  const logKey = (rawBytes: Buffer) => ({ rawBytes, keyDetails: PublicKeyDetails.PKIX_ECDSA_P256_SHA_256, validFor: since });
  const log = { hashAlgorithm: HashAlgorithm.SHA2_256, checkpointKeyId: undefined, operator: 'test' };
  const root: TrustedRoot = {
    mediaType: 'application/vnd.dev.sigstore.trustedroot+json;version=0.1',
    certificateAuthorities: [
      {
        subject: { commonName: 'sigstore', organization: 'test' },
        uri: 'https://fulcio.example',
        certChain: { certificates: [{ rawBytes: bufferOf(ca.rootCertificate) }] },
        validFor: since,
        operator: 'test',
      },
    ],
    tlogs: [{ ...log, baseUrl: url, logId: { keyId: sha256(publicKey) }, publicKey: logKey(publicKey) }],
    ctlogs: [{ ...log, baseUrl: 'https://ct.example', logId: { keyId: bufferOf(ctLog.logID) }, publicKey: logKey(ctLog.publicKey) }],
    timestampAuthorities: [],
  };

  return {
    trust: { root, registryKeys: [] },
    async attest(file) {
      const signer = keys();
      const { repository = 'someone/thing', workflow = 'release.yml', issuer = 'https://token.actions.githubusercontent.com' } = file;
      const certificate = bufferOf(
        await ca.issueCertificate({
          publicKey: signer.publicKey.export({ format: 'der', type: 'spki' }),
          subjectAltName: `https://github.com/${repository}/.github/workflows/${workflow}@refs/tags/v1`,
          extensions: [{ oid: '1.3.6.1.4.1.57264.1.8', value: issuer }],
        }),
      );
      const statement = Buffer.from(
        JSON.stringify({
          _type: 'https://in-toto.io/Statement/v1',
          subject: [{ name: file.name, digest: { [file.algorithm ?? 'sha256']: file.digest } }],
          predicateType: file.predicateType ?? 'https://docs.pypi.org/attestations/publish/v1',
          predicate: null,
        }),
      );
      // DSSE's pre-authentication encoding.
      const encoded = Buffer.concat([Buffer.from(`DSSEv1 ${payloadType.length} ${payloadType} ${statement.length} `), statement]);
      const signature = sign('sha256', encoded, signer.privateKey);
      const tlog = await initializeTLog(url, tlogKeys, file.loggedAt ?? new Date(Date.now() + 60_000));
      const logged: unknown = await tlog.log({
        apiVersion: '0.0.1',
        kind: 'dsse',
        spec: {
          envelopeHash: { algorithm: 'sha256', value: sha256(encoded).toString('hex') },
          payloadHash: { algorithm: 'sha256', value: sha256(statement).toString('hex') },
          signatures: [{ signature: signature.toString('base64'), verifier: pem(certificate) }],
        },
      });
      const entry = tlogEntry(Object.values(logged as Record<string, LoggedEntry>)[0]!);
      const bundle = {
        mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
        verificationMaterial: { certificate: { rawBytes: certificate.toString('base64') }, tlogEntries: [entry] },
        dsseEnvelope: {
          payload: statement.toString('base64'),
          payloadType,
          signatures: [{ sig: signature.toString('base64'), keyid: '' }],
        },
      };
      const pep740 = {
        version: 1,
        verification_material: { certificate: certificate.toString('base64'), transparency_entries: [entry] },
        envelope: { statement: statement.toString('base64'), signature: signature.toString('base64') },
      };
      return { pep740, bundle };
    },
  };
}

interface LoggedEntry {
  readonly body: string;
  readonly integratedTime: number;
  readonly logID: string;
  readonly logIndex: number;
  readonly verification: {
    readonly signedEntryTimestamp: string;
    readonly inclusionProof: {
      readonly logIndex: number;
      readonly treeSize: number;
      readonly rootHash: string;
      readonly hashes: readonly string[];
      readonly checkpoint: string;
    };
  };
}

/** As the log's API answers, made into what a bundle holds. */
function tlogEntry({ body, integratedTime, logID, logIndex, verification }: LoggedEntry): unknown {
  const { inclusionProof, signedEntryTimestamp } = verification;
  return {
    logIndex: String(logIndex),
    logId: { keyId: Buffer.from(logID, 'hex').toString('base64') },
    kindVersion: { kind: 'dsse', version: '0.0.1' },
    integratedTime: String(integratedTime),
    inclusionPromise: { signedEntryTimestamp },
    inclusionProof: {
      logIndex: String(inclusionProof.logIndex),
      treeSize: String(inclusionProof.treeSize),
      rootHash: Buffer.from(inclusionProof.rootHash, 'hex').toString('base64'),
      hashes: inclusionProof.hashes.map((hash) => Buffer.from(hash, 'hex').toString('base64')),
      checkpoint: { envelope: inclusionProof.checkpoint },
    },
    canonicalizedBody: body,
  };
}

function pem(certificate: Buffer): string {
  return Buffer.from(`-----BEGIN CERTIFICATE-----\n${certificate.toString('base64')}\n-----END CERTIFICATE-----\n`).toString('base64');
}

function sha256(bytes: Buffer): Buffer<ArrayBuffer> {
  return createHash('sha256').update(bytes).digest();
}

function bufferOf(view: ArrayBufferView): Buffer<ArrayBuffer> {
  return Buffer.from(new Uint8Array(view.buffer, view.byteOffset, view.byteLength));
}
