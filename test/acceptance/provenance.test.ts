import assert from 'node:assert/strict';
import { merlon, report, scratch } from '../support/cli';
import { startFakeOsv, type FakeOsv } from '../support/fakeOsv';
import { inventedDigest, startFakeRegistry, type FakeFile, type FakeRegistry } from '../support/fakeRegistry';
import { mockSigstore } from '../support/sigstore';

interface Row {
  readonly package: string;
  readonly version: string;
  readonly state: string;
  readonly reason?: string;
  readonly files: readonly string[];
}

// What is verified needs a signature by sigstore itself, which no test has: test/session/provenance.test.ts signs by a trust root of its own.

describe('merlon check --provenance', () => {
  let osv: FakeOsv;
  let registry: FakeRegistry;
  beforeEach(async () => {
    osv = await startFakeOsv([]);
    const file = (name: string, more: Partial<FakeFile> = {}): { releases: [{ version: string; files: FakeFile[] }] } => ({
      releases: [{ version: '1.0', files: [{ filename: `${name}-1.0.tar.gz`, sha256: inventedDigest(name), ...more }] }],
    });
    registry = await startFakeRegistry({ pypi: { bare: file('bare'), broken: file('broken', { provenance: { version: 1 } }) } });
    const { pep740 } = await (await mockSigstore()).attest({ name: 'strange-1.0.tar.gz', digest: inventedDigest('strange') });
    const publisher = { kind: 'GitHub', repository: 'someone/thing', workflow: 'release.yml' };
    const provenance = { version: 1, attestation_bundles: [{ publisher, attestations: [pep740] }] };
    registry.pypi['strange'] = file('strange', { provenance });
  });
  afterEach(() => Promise.all([osv.close(), registry.close()]));

  const check = (requirements: string, ...more: readonly string[]) =>
    merlon(['check', '--provenance', '--osv-url', osv.url, '--pypi-url', registry.url, '--npm-registry', registry.url, ...more], {
      cwd: scratch({ 'requirements.txt': requirements }),
    });
  const rows = (result: Awaited<ReturnType<typeof merlon>>) => (report(result) as unknown as { provenance: readonly Row[] }).provenance;

  it('finds what does not hold, and tells of what has none', async () => {
    const result = await check('bare==1.0\nbroken==1.0\n', '--format', 'json');
    assert.equal(result.code, 1, result.stderr);
    assert.deepEqual(
      rows(result).map(({ package: name, state, files }) => [name, state, files]),
      [
        ['bare', 'none', ['bare-1.0.tar.gz']],
        ['broken', 'failed', ['broken-1.0.tar.gz']],
      ],
    );
    const lost = report(result).findings.filter(({ rule }) => rule === 'provenance-lost');
    assert.deepEqual(
      lost.map(({ package: name, severity }) => [name, severity]),
      [['broken', 'error']],
    );
    const sarif = await check('broken==1.0\n', '--format', 'sarif');
    assert.match(sarif.stdout, /"ruleId": "provenance-lost",?\n[^]*"level": "error"/);
  });

  it('is incomplete where it cannot tell, and says why', async () => {
    const strange = await check('strange==1.0\n');
    assert.equal(strange.code, 3);
    assert.match(
      strange.stdout,
      /^ {2}not verified {4}strange 1\.0: it stands in a transparency log that this version of Merlon does not know$/m,
    );
    assert.match(strange.stdout, /^Could not ask provenance: strange 1\.0: it stands/m);
    registry.modeOf = (path) => (path.startsWith('/integrity/') ? 'error' : undefined);
    assert.equal((await check('broken==1.0\n')).code, 3);
    registry.modeOf = undefined;
    assert.equal((await check('bare==1.0\n')).code, 0);
  });

  it('asks nothing offline, and says so', async () => {
    const { code, stdout } = await check('bare==1.0\n', '--offline');
    assert.equal(code, 0);
    assert.match(stdout, /not verified {4}bare 1\.0: not asked: offline/);
    assert.match(stdout, /^Not asked: .*provenance \(offline\)/m);
    assert.deepEqual(registry.requests, []);
  });
});
