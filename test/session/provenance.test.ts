import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import type { ScannedFile } from '../../server/src/core/report';
import type { VerifiedRelease } from '../../server/src/core/provenance';
import { kindOf, lockKindOf } from '../../server/src/ecosystems';
import { createLedger } from '../../server/src/platform/ledger';
import { readSettings } from '../../server/src/policy/settings';
import { provenanceLines, verdictText } from '../../server/src/render/provenanceText';
import { plainStyle } from '../../server/src/render/text';
import { createLockStore, readLock } from '../../server/src/scan/lockStore';
import { createProject } from '../../server/src/scan/project';
import { verifyProvenance, type ProvenanceOptions } from '../../server/src/session/provenance';
import { createSession, type Session, type Switches } from '../../server/src/session/session';
import { inventedDigest, startFakeRegistry, type FakeNpmRelease, type FakeRegistry } from '../support/fakeRegistry';
import { mockSigstore, type AttestedFile, type MockSigstore } from '../support/sigstore';

const wheel = 'thing-1.0-py3-none-any.whl';
const publisher = { kind: 'GitHub', repository: 'someone/thing', workflow: 'release.yml' };
const sha512 = (text: string) => createHash('sha512').update(text).digest();
const integrity = `sha512-${sha512('left 2.0.0').toString('base64')}`;

describe('verifying provenance', () => {
  let sigstore: MockSigstore;
  let registry: FakeRegistry;
  before(async () => (sigstore = await mockSigstore()));
  beforeEach(async () => (registry = await startFakeRegistry()));
  afterEach(() => registry.close());

  const attested = async (file: Partial<AttestedFile> = {}, by: object = publisher) => {
    const { pep740 } = await sigstore.attest({ name: wheel, digest: inventedDigest(wheel), ...file });
    return { version: 1, attestation_bundles: [{ publisher: by, attestations: [pep740] }] };
  };
  /** `thing 1.0`, of one file with this provenance. */
  const serve = (provenance?: object | string) =>
    (registry.pypi['thing'] = {
      releases: [
        { version: '1.0', files: [{ filename: wheel, sha256: inventedDigest(wheel), ...(provenance !== undefined && { provenance }) }] },
      ],
    });

  const open = (switches: Partial<Switches> = {}): Session =>
    createSession({
      settings: readSettings({ http: { timeout: 1 }, rules: { 'release-age-setting': 'off' } }),
      switches: { offline: false, noRegistries: false, noCache: true, osvUrl: 'http://127.0.0.1:9', pypiUrl: registry.url, npmRegistry: registry.url, ...switches }, // prettier-ignore
      network: { noProxy: ['127.0.0.1'], strictSsl: true },
      ledger: createLedger(),
      log: (text) => assert.fail(text),
      trust: sigstore.trust,
    });
  const read = async (texts: Readonly<Record<string, string>>) => {
    const files = { read: (path: string) => Promise.resolve(Object.hasOwn(texts, path) ? { state: 'text', text: texts[path]! } as const : { state: 'absent' } as const) }; // prettier-ignore
    const project = createProject({ files, top: '' });
    await project.load(Object.keys(texts).flatMap((path) => (kindOf(path) ? [{ path, kind: kindOf(path)! }] : [])));
    const locks = createLockStore(async (path, kind) => readLock(await files.read(path), kind));
    await locks.load(Object.keys(texts).flatMap((path) => (lockKindOf(path) ? [{ path, kind: lockKindOf(path)! }] : [])));
    return (session: Session): ScannedFile[] => {
      const { policy, privatePackages } = readSettings({ rules: { 'release-age-setting': 'off' } });
      return project.documents().map((document) => session.engine.assess(document, { policy, privatePackages }, locks.documents()));
    };
  };
  const verify = async (texts: Readonly<Record<string, string>>, session = open(), options: ProvenanceOptions = {}) => {
    const assess = await read(texts);
    const { releases, source } = await verifyProvenance(session, assess(session), options);
    const findings = assess(session).flatMap((file) => file.findings.filter(({ rule }) => rule === 'provenance-lost'));
    return { releases, source, findings, all: assess(session) };
  };
  const one = async (texts: Readonly<Record<string, string>> = { 'requirements.txt': 'thing==1.0\n' }, session = open()) => {
    const result = await verify(texts, session);
    assert.equal(result.releases.length, 1);
    return { ...result.releases[0]!, source: result.source.state, findings: result.findings };
  };
  const unverified = async (reason: RegExp) => {
    const { state, reason: said = '', source, findings } = await one();
    assert.equal(state, 'unverified');
    assert.match(said, reason);
    assert.equal(source, 'unavailable', 'what could not be asked leaves the check incomplete');
    assert.deepEqual(findings, [], 'that nobody could say is no finding');
  };

  it('names who built what is verified', async () => {
    serve(await attested());
    const { state, publisher: by, files, source, findings } = await one();
    assert.deepEqual({ state, by, files, source }, { state: 'verified', by: { trusted: 'GitHub', repository: 'someone/thing', workflow: 'release.yml' }, files: [wheel], source: 'ok' }); // prettier-ignore
    assert.deepEqual(findings, []);
    const asked = registry.log.find(({ path }) => path.startsWith('/integrity/'))!;
    assert.equal(asked.headers.accept, 'application/vnd.pypi.integrity.v1+json');
  });

  it('is an error of provenance-lost where it does not hold, and the hover says so', async () => {
    const tampered = JSON.parse(JSON.stringify(await attested()).replace(/("signature":")[^"]{8}/, '$1AAAAAAAA')) as object;
    const late = await attested({ loggedAt: new Date(Date.now() + 3_600_000) });
    for (const [what, provenance, reason] of [
      ['tampered', tampered, /./],
      ['logged after its certificate had ended', late, /./],
      ['of another digest', await attested({ digest: 'ef'.repeat(32) }), /its sha256 is not that of the file which the registry lists/],
      ['of another file', await attested({ name: 'other-1.0.tar.gz' }), /speaks of other-1\.0\.tar\.gz/],
      [
        'by another publisher',
        await attested({ repository: 'mallory/thing' }),
        /signed in mallory\/thing, where the registry names someone\/thing/,
      ],
      ['no attestation at all', { version: 1 }, /is none/],
    ] as const) {
      serve(provenance);
      const { state, reason: said = '', findings, source } = await one();
      assert.equal(state, 'failed', what);
      assert.match(said, reason, what);
      assert.equal(source, 'ok', 'it was asked, and answered');
      assert.deepEqual(
        findings.map(({ severity }) => severity),
        ['error'],
        what,
      );
      assert.match(findings[0]!.message, /^thing 1\.0 does not stand up to verification: /);
      assert.equal(findings[0]!.subject!.provenance?.state, 'failed');
    }
  });

  it('could not be verified where nothing usable is answered', async () => {
    const path = `/integrity/thing/1.0/${wheel}/provenance`;
    serve(await attested());
    for (const [status, reason] of [
      [404, /pypi lists it and does not serve it \(404\)/],
      [403, /refuses to serve it at present \(403\)/],
      [500, /answered 500/],
    ] as const) {
      registry.answers = { [path]: { status, body: '{}' } };
      await unverified(reason);
    }
    const elsewhere = await startFakeRegistry();
    registry.answers = { [path]: { status: 302, headers: { location: `${elsewhere.url}/x` } } };
    await unverified(/redirects to/);
    assert.equal(elsewhere.log.length, 0);
    await elsewhere.close();
    registry.answers = {};
    for (const [mode, reason] of [
      ['huge', /\b4 M/],
      ['garbage', /not JSON/],
      ['truncated', /./],
    ] as const) {
      registry.modeOf = (asked) => (asked === path ? mode : undefined);
      await unverified(reason);
    }
  }).timeout(30_000);

  it('asks nobody but the index itself', async () => {
    serve('http://127.0.0.1:9/integrity/x/provenance');
    await unverified(/names attestations at another host, which is not asked/);
  });

  it('rests on no log that this build does not know', async () => {
    const stranger = await mockSigstore();
    const { pep740 } = await stranger.attest({ name: wheel, digest: inventedDigest(wheel) });
    serve({ version: 1, attestation_bundles: [{ publisher, attestations: [pep740] }] });
    await unverified(/transparency log that this version of Merlon does not know/);
  });

  it('is none where the index has none, which is no finding; and not known where it has no such field', async () => {
    serve();
    const none = await one();
    assert.deepEqual([none.state, none.source, none.findings.length], ['none', 'ok', 0]);
    assert.match(verdictText(none), /^not attested: /);
    registry.can = { ...registry.can, pypi: { ...registry.can.pypi, provenance: false } };
    const untold = await one();
    assert.deepEqual([untold.state, untold.reason, untold.source], ['unverified', 'its index does not tell of attestations', 'ok']);
  });

  it('does not take the attestation of one file for that of another', async () => {
    const provenance = await attested();
    const sdist = { filename: 'thing-1.0.tar.gz', sha256: inventedDigest('thing-1.0.tar.gz') };
    registry.pypi['thing'] = {
      releases: [{ version: '1.0', files: [{ filename: wheel, sha256: inventedDigest(wheel), provenance }, sdist] }],
    };
    const { state, reason } = await one();
    assert.deepEqual([state, reason], ['unverified', 'thing-1.0.tar.gz has no attestation, while other files of the release have']);
  });

  it('fails where the project is held to a digest that its index does not list', async () => {
    serve(await attested());
    const entry = (digest: string) => ({ 'requirements.txt': `thing==1.0 --hash=sha256:${digest}\n` });
    assert.equal((await one(entry(inventedDigest(wheel)))).state, 'verified');
    const { state, reason, findings } = await one(entry('ab'.repeat(32)));
    assert.equal(state, 'failed');
    assert.match(reason!, /^the project holds it to sha256:abab/);
    assert.equal(findings.length, 1);
  });

  it('asks about each release once, and nobody about what is private or when offline', async () => {
    serve(await attested());
    const texts: Record<string, string> = { 'requirements.txt': 'thing==1.0\n', 'a/requirements.txt': 'thing==1.0\nflexible>=1\n' };
    const seen: string[] = [];
    texts['b/requirements.txt'] = `thing==1.0 --hash=sha256:${'ab'.repeat(32)}\n`;
    const { releases } = await verify(texts, open(), { onProgress: (done, all) => seen.push(`${done}/${all}`) });
    assert.deepEqual(
      releases.map(({ package: name }) => name),
      ['thing'],
    );
    assert.equal(releases[0]!.state, 'failed', 'one of them is held to another digest');
    assert.deepEqual(seen, ['0/2', '1/2', '2/2']);
    assert.equal(registry.requests.filter((path) => path.startsWith('/integrity/')).length, 1);
    registry.requests.length = 0;
    const offline = await verify({ 'requirements.txt': 'thing==1.0\n' }, open({ offline: true }));
    assert.deepEqual([offline.source, registry.requests], [{ id: 'provenance', state: 'disabled', reason: 'offline' }, []]);
    assert.deepEqual(
      offline.releases.map(({ state, reason }) => [state, reason]),
      [['unverified', 'not asked: offline']],
    );
    const scoped = { '.npmrc': '@work:registry=https://npm.work.example\n', 'package.json': '{"dependencies":{"@work/a":"1.0.0"}}' };
    await verify(scoped);
    assert.deepEqual(registry.requests, []);
  });

  it('ends when it is told to', async () => {
    serve(await attested());
    registry.mode = 'never';
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 50);
    const started = Date.now();
    await assert.rejects(verify({ 'requirements.txt': 'thing==1.0\n' }, open(), { signal: controller.signal }), { name: 'AbortError' });
    assert.ok(Date.now() - started < 2000);
  });

  it('warns of a repository that is not the one before', async () => {
    const before = 'thing-0.9-py3-none-any.whl';
    const file = async (filename: string, repository: string) => ({
      filename,
      sha256: inventedDigest(filename),
      provenance: await attested({ name: filename, digest: inventedDigest(filename), repository }, { ...publisher, repository }),
    });
    registry.pypi['thing'] = {
      releases: [
        { version: '0.9', published: '2026-01-01T00:00:00Z', files: [await file(before, 'someone/thing')] },
        { version: '1.0', published: '2026-02-01T00:00:00Z', files: [await file(wheel, 'mallory/thing')] },
      ],
    };
    const session = open();
    await (await read({ 'requirements.txt': 'thing==1.0\n' }))(session)[0]!.subjects[0]!.place!.registry.recordOf('thing');
    const { releases, findings } = await verify({ 'requirements.txt': 'thing==1.0\n' }, session);
    assert.equal(releases[0]!.before?.publisher.repository, 'someone/thing');
    assert.deepEqual(
      findings.map(({ severity, message }) => [severity, message]),
      [
        [
          'warning',
          'thing 1.0 was built in the repository mallory/thing, while 0.9 before it came from someone/thing: both attestations are verified',
        ],
      ],
    );
  });

  describe('of npm', () => {
    const manifest = { 'package.json': '{"name":"x","version":"1.0.0","dependencies":{"left":"2.0.0"}}' };
    const release = (more: Partial<FakeNpmRelease> = {}) =>
      (registry.npm['left'] = { releases: [{ version: '2.0.0', integrity, ...more }] });
    const bundle = async (file: Partial<AttestedFile> = {}) => {
      const { bundle: signed } = await sigstore.attest({ name: 'pkg:npm/left@2.0.0', digest: sha512('left 2.0.0').toString('hex'), algorithm: 'sha512', predicateType: 'https://slsa.dev/provenance/v1', ...file }); // prettier-ignore
      return { attestations: [{ predicateType: 'https://slsa.dev/provenance/v1', bundle: signed }] };
    };

    it('holds against the digest of the tarball, and the lockfile against that', async () => {
      release({ attested: await bundle() });
      assert.equal((await one(manifest)).state, 'verified');
      const lock = (held: string) => JSON.stringify({ name: 'x', version: '1.0.0', lockfileVersion: 3, packages: { '': { name: 'x', version: '1.0.0', dependencies: { left: '2.0.0' } }, 'node_modules/left': { version: '2.0.0', resolved: `${registry.url}/left/-/left-2.0.0.tgz`, integrity: held } } }); // prettier-ignore
      assert.equal((await one({ ...manifest, 'package-lock.json': lock(integrity) })).state, 'verified');
      const held = `sha512-${sha512('another').toString('base64')}`;
      const failed = await one({ ...manifest, 'package-lock.json': lock(held) });
      assert.equal(failed.state, 'failed');
      assert.match(failed.reason!, /the project holds it to sha512-/);
    });

    it('fails of another digest, and is asked of a mirror at the mirror', async () => {
      release({ attested: await bundle({ digest: 'ab'.repeat(64) }) });
      const failed = await one(manifest);
      assert.deepEqual([failed.state, failed.findings.length], ['failed', 1]);
      release({ attested: await bundle() });
      const own = '/left/2.0.0';
      const body = { name: 'left', version: '2.0.0', dist: { tarball: `${registry.url}/left/-/left-2.0.0.tgz`, integrity, attestations: { url: 'http://127.0.0.1:9/-/npm/v1/attestations/left@2.0.0' } } }; // prettier-ignore
      registry.answers = { [own]: { status: 200, body: JSON.stringify(body) } };
      registry.requests.length = 0;
      assert.equal((await one(manifest)).state, 'verified');
      assert.deepEqual(registry.requests, [own, '/-/npm/v1/attestations/left@2.0.0']);
    });

    it('tells of the registry’s own signature, by whose word the key is', async () => {
      const { generateKeyPairSync, sign } = await import('node:crypto');
      const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
      const sig = sign('sha256', Buffer.from(`left@2.0.0:${integrity}`), privateKey).toString('base64');
      release({ signatures: [{ keyid: 'SHA256:mine', sig }] });
      const unknown = await one(manifest);
      assert.deepEqual([unknown.state, unknown.signature?.state, unknown.source], ['none', 'unverified', 'ok']);
      assert.equal(registry.requests.at(-1), '/-/npm/v1/keys');
      registry.npmKeys = [
        { keyid: 'SHA256:mine', key: publicKey.export({ format: 'der', type: 'spki' }).toString('base64'), expires: null },
      ];
      const told = await one(manifest);
      assert.deepEqual([told.state, told.signature], ['none', { state: 'verified', key: 'registry' }]);
      assert.match(verdictText(told), /by a key that it told itself$/);
      release({
        signatures: [{ keyid: 'SHA256:mine', sig: sig.replace(/^..../, 'MEUC') + 'A' }],
        integrity: `sha512-${sha512('swapped').toString('base64')}`,
      });
      assert.equal((await one(manifest)).state, 'failed');
    });
  });

  it('never reads as safe', () => {
    const row = { ecosystem: 'PyPI', package: 'thing', version: '1.0', files: [] };
    const rows: VerifiedRelease[] = [
      { ...row, state: 'verified', publisher: { trusted: 'GitHub', repository: 'a/b' } },
      { ...row, state: 'none', reason: 'it has none' },
      { ...row, state: 'failed', reason: 'bad\u001b[31m' },
    ];
    const text = provenanceLines(rows, plainStyle).join('\n');
    assert.match(text, /^Provenance\n {2}failed {10}thing 1\.0: bad/);
    assert.match(text, /1 failed, 1 not attested, 1 verified\n.*not that it does no harm/);
    assert.doesNotMatch(text, /\u001b|\bsafe\b/);
  });
});
