import assert from 'node:assert/strict';
import { createPrivateKey, createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import fc from 'fast-check';
import { npmAttestations, pypiAttestations } from '../../server/src/provenance/attestation';
import { verifyRegistrySignature } from '../../server/src/provenance/registrySignature';
import { bundledTrust, keysAnswered, judgeBy, type RegistryKey } from '../../server/src/provenance/trust';
import { identityOf, verifyAttestation, type Subject } from '../../server/src/provenance/verify';
import { mockSigstore, type AttestedFile, type MockSigstore } from '../support/sigstore';

const digest = 'ab'.repeat(32);
const file: AttestedFile = { name: 'thing-1.0.tar.gz', digest };
const subject: Subject = { names: ['thing-1.0.tar.gz'], algorithm: 'sha256', digest };
const publisher = { kind: 'GitHub', repository: 'Someone/Thing', workflow: 'release.yml' };

/** As far as tests spoil it. */
interface Pep740 {
  readonly envelope: { statement: string; signature: string };
  readonly verification_material: { transparency_entries: [{ canonicalizedBody: string }] | [] };
}

describe('an attestation by PEP 740', () => {
  let sigstore: MockSigstore;
  before(async () => (sigstore = await mockSigstore()));

  const provenance = (attestation: unknown, by: unknown = publisher) => ({
    version: 1,
    attestation_bundles: [{ publisher: by, attestations: [attestation] }],
  });
  const judge = async (
    attested: AttestedFile,
    by: unknown = publisher,
    about = subject,
    spoil: (attestation: Pep740) => void = () => {},
  ) => {
    const { pep740 } = await sigstore.attest(attested);
    spoil(pep740 as Pep740);
    const [attestation] = pypiAttestations(provenance(pep740, by))!;
    return verifyAttestation(attestation!, about, judgeBy(sigstore.trust));
  };
  const refused = async (reason: RegExp, ...args: Parameters<typeof judge>) => {
    const verdict = await judge(...args);
    assert.equal(verdict.state, 'failed');
    assert.match(verdict.reason, reason);
  };

  it('is verified, with its signer', async () => {
    assert.deepEqual(await judge(file), {
      state: 'verified',
      by: { trusted: 'GitHub', repository: 'someone/thing', workflow: 'release.yml' },
      predicateType: 'https://docs.pypi.org/attestations/publish/v1',
    });
  });

  it('fails where a byte was changed: of the statement, the signature, the log', async () => {
    const flip = (text: string) => {
      const bytes = Buffer.from(text, 'base64');
      bytes[bytes.length - 3]! ^= 1;
      return bytes.toString('base64');
    };
    await refused(/./, file, publisher, subject, (it) => (it.envelope.statement = flip(it.envelope.statement)));
    await refused(/./, file, publisher, subject, (it) => (it.envelope.signature = flip(it.envelope.signature)));
    await refused(
      /./,
      file,
      publisher,
      subject,
      ({
        verification_material: {
          transparency_entries: [entry],
        },
      }) => {
        entry!.canonicalizedBody = flip(entry!.canonicalizedBody);
      },
    );
    await refused(/./, file, publisher, subject, ({ verification_material: material }) => (material.transparency_entries = []));
  });

  it("fails where it was logged outside of its certificate's life", async () => {
    await refused(/certificate/i, { ...file, loggedAt: new Date(Date.now() + 2 * 3_600_000) });
    await refused(/certificate/i, { ...file, loggedAt: new Date(Date.now() - 2 * 3_600_000) });
  });

  it('fails for another file, another digest, another signer', async () => {
    await refused(/speaks of thing-1\.0\.tar\.gz, not of other/, file, publisher, { ...subject, names: ['other-1.0.tar.gz'] });
    await refused(/sha256 is not that of the file/, file, publisher, { ...subject, digest: 'cd'.repeat(32) });
    await refused(/signed in evil\/thing, where the registry names/, { ...file, repository: 'evil/thing' });
    await refused(/by the workflow other\.yml/, { ...file, workflow: 'other.yml' });
    await refused(/no known kind of publisher/, { ...file, issuer: 'https://issuer.example' });
    await refused(/publisher at GitHub, where the registry names one at GitLab/, file, { ...publisher, kind: 'GitLab' });
  });

  it('fails under a trust root that does not know its authority', async () => {
    const { pep740 } = await sigstore.attest(file);
    const [attestation] = pypiAttestations(provenance(pep740))!;
    const { root, registryKeys } = bundledTrust();
    const { tlogs } = sigstore.trust.root;
    assert.equal(verifyAttestation(attestation!, subject, judgeBy({ registryKeys, root: { ...root, tlogs } })).state, 'failed');
    // Logs come and go: one that this build has not heard of is no forgery.
    const { state, ...rest } = verifyAttestation(attestation!, subject, judgeBy({ registryKeys, root }));
    assert.deepEqual([state, 'wants' in rest && rest.wants], ['unknown', 'log']);
  });

  it('may be anything, and nothing throws', () => {
    const trust = judgeBy(sigstore.trust);
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        pypiAttestations(value);
        for (const { bundle } of pypiAttestations(provenance(value)) ?? []) verifyAttestation({ bundle }, subject, trust);
        npmAttestations({ attestations: [value, { bundle: value }] });
        keysAnswered(value);
      }),
    );
  });

  it("npm's is a bundle as it is", async () => {
    const sha512 = 'ef'.repeat(64);
    const about: Subject = { names: ['pkg:npm/%40s/x@1.0.0'], algorithm: 'sha512', digest: sha512 };
    const { bundle } = await sigstore.attest({
      name: 'pkg:npm/%40s/x@1.0.0',
      digest: sha512,
      algorithm: 'sha512',
      predicateType: 'https://slsa.dev/provenance/v1',
    });
    const [attestation] = npmAttestations({ attestations: [{ predicateType: 'https://slsa.dev/provenance/v1', bundle }] })!;
    assert.equal(verifyAttestation(attestation!, about, judgeBy(sigstore.trust)).state, 'verified');
  });
});

describe("the registry's signature", () => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const key: RegistryKey = {
    keyId: 'SHA256:one',
    usage: 'npm:signatures',
    key: publicKey.export({ format: 'der', type: 'spki' }).toString('base64'),
    start: new Date('2026-01-01T00:00:00Z'),
  };
  const integrity = 'sha512-AA==';
  const sig = sign(
    'sha256',
    Buffer.from(`@s/x@1.0.0:${integrity}`),
    createPrivateKey(privateKey.export({ format: 'pem', type: 'pkcs8' })),
  ).toString('base64');
  const release = {
    name: '@s/x',
    version: '1.0.0',
    integrity,
    signatures: [{ keyid: 'SHA256:one', sig }],
    publishedAt: new Date('2026-02-01T00:00:00Z'),
  };

  it('holds, fails, or cannot be told', () => {
    assert.equal(verifyRegistrySignature(release, [key]).state, 'verified');
    assert.equal(verifyRegistrySignature({ ...release, integrity: 'sha512-BB==' }, [key]).state, 'failed');
    assert.equal(verifyRegistrySignature({ ...release, version: '1.0.1' }, [key]).state, 'failed');
    assert.equal(verifyRegistrySignature({ ...release, publishedAt: new Date('2025-02-01T00:00:00Z') }, [key]).state, 'failed');
    assert.equal(verifyRegistrySignature(release, [{ ...key, keyId: 'SHA256:other' }]).state, 'unknown');
    assert.equal(verifyRegistrySignature({ ...release, signatures: [] }, [key]).state, 'unknown');
    assert.equal(verifyRegistrySignature(release, [{ ...key, key: 'AAAA' }]).state, 'failed');
  });
});

describe('whom Merlon believes', () => {
  it('is sigstore, and the registry, by what the build was given', () => {
    const { root, registryKeys } = bundledTrust();
    assert.ok(root.certificateAuthorities.length > 0 && root.tlogs.length > 0 && root.ctlogs.length > 0);
    assert.ok(registryKeys.some(({ usage }) => usage === 'npm:signatures'));
    for (const { key } of registryKeys) createPublicKey({ key: Buffer.from(key, 'base64'), format: 'der', type: 'spki' });
  });

  it('reads who signed out of a certificate', () => {
    const gitHub = 'https://token.actions.githubusercontent.com';
    assert.deepEqual(identityOf('https://github.com/a/b/.github/workflows/c/d.yml@refs/heads/main', gitHub), {
      trusted: 'GitHub',
      repository: 'a/b',
      workflow: 'c/d.yml',
    });
    assert.deepEqual(identityOf('https://gitlab.com/a/b/c//.gitlab-ci.yml@refs/tags/1', 'https://gitlab.com'), {
      trusted: 'GitLab',
      repository: 'a/b/c',
      workflow: '.gitlab-ci.yml',
    });
    assert.equal(identityOf('https://github.com.evil.example/a/b/.github/workflows/c.yml@x', gitHub), undefined);
  });
});
