import assert from 'node:assert/strict';
import fc from 'fast-check';
import { recordInPackument } from '../../../server/src/ecosystems/npm/packument';
import { releaseFiles } from '../../../server/src/ecosystems/npm/releaseFiles';
import { decodeRecord, encodeRecord } from '../../../server/src/ecosystems/releaseRecord';
import { abbreviated, packument, securityHolding, type FakeNpmPackage } from '../../support/npmForms';

const base = 'https://registry.npm.example';
const at = '2026-03-01T00:00:00.000Z';
const sri = 'sha512-AAAA';

const tool: FakeNpmPackage = {
  created: '2025-01-01T00:00:00.000Z',
  license: 'MIT',
  tags: { latest: '1.1.0' },
  removed: [['0.9.0', '2025-01-01T00:00:00.000Z']],
  releases: [
    { version: '1.0.0', published: at, integrity: sri, trusted: 'github', attested: true, dependencies: { a: '^1' } },
    { version: '1.1.0', published: at, integrity: sri, publisher: 'mallory', dependencies: { a: '^1' }, optionalDependencies: { b: '2' } },
    { version: '2.0.0-rc.1', published: at, integrity: sri, scripts: { postinstall: 'x', prepare: 'y', install: '' }, gypfile: true },
    { version: '2.0.0-rc.2', published: at, integrity: sri, scripts: { install: 'node-gyp rebuild' }, gypfile: true, deprecated: 'no' },
  ],
};

describe('package documents of npm', () => {
  it('tell who published what, from where, with which dependencies and scripts', () => {
    const record = recordInPackument(packument('tool', tool, base))!;
    const publishedAt = new Date(at);
    const common = { publishedAt, attested: false, publisher: { account: 'owner' }, hashes: [sri], dependencies: {}, installScripts: [] };
    assert.deepEqual(record, {
      exists: true,
      createdAt: new Date('2025-01-01T00:00:00.000Z'),
      license: 'MIT',
      latest: '1.1.0',
      removed: [{ version: '0.9.0', publishedAt: new Date('2025-01-01T00:00:00.000Z') }],
      releases: [
        {
          ...common,
          version: '1.0.0',
          attested: true,
          publisher: { account: 'GitHub Actions', trusted: 'github' },
          dependencies: { a: '^1' },
        },
        { ...common, version: '1.1.0', publisher: { account: 'mallory' }, dependencies: { a: '^1', b: '2' } },
        { ...common, version: '2.0.0-rc.1', installScripts: ['postinstall', 'binding.gyp'] },
        { ...common, version: '2.0.0-rc.2', installScripts: ['install'], deprecated: 'no' },
      ],
    });
    assert.deepEqual(decodeRecord(JSON.parse(JSON.stringify(encodeRecord(record)))), record, 'and the disk gives it back');
  });

  it('know no times, publishers or scripts where they are abbreviated', () => {
    const record = recordInPackument(abbreviated('tool', tool, base))!;
    assert.equal(record.createdAt, undefined);
    assert.deepEqual(record.releases[1], { version: '1.1.0', attested: false, hashes: [sri], dependencies: { a: '^1', b: '2' } });
    assert.deepEqual(record.releases[2]?.installScripts, ['install'], 'something runs');
    const plain = recordInPackument(abbreviated('plain', { releases: [{ version: '1.0.0', integrity: sri }] }, base))!;
    assert.deepEqual(plain.releases, [{ version: '1.0.0', hashes: [sri], dependencies: {} }], 'nothing says whether it is attested');
  });

  it('say nothing of attestations where a mirror leaves them out, and date a package by its first release', () => {
    const { versions, time } = packument('tool', { releases: [['1.0.0', at], ['1.1.0', '2026-02-01T00:00:00Z']] }, base) as { versions: object; time: object }; // prettier-ignore
    const stripped = Object.fromEntries(Object.keys(versions).map((version) => [version, { version, dist: { integrity: sri } }]));
    const record = recordInPackument({ versions: stripped, time: { ...time, created: undefined, modified: '2020-01-01T00:00:00Z' } })!;
    assert.deepEqual(record.releases.map(({ attested }) => attested), [undefined, undefined]); // prettier-ignore
    assert.deepEqual(record.createdAt, new Date('2026-02-01T00:00:00Z'));
    assert.deepEqual(recordInPackument({ versions, time })!.releases.map(({ attested }) => attested), [false, false]); // prettier-ignore
  });

  it('show npm’s security holding', () => {
    const held = recordInPackument(packument('evil', securityHolding(at), base))!;
    assert.deepEqual([held.status, held.releases, held.statusSince], ['quarantined', [], new Date(at)]);
    assert.match(held.statusReason!, /security holding 0\.0\.1-security/);
    for (const version of ['0.0.2-security', '0.0.1-security.0'])
      assert.equal(recordInPackument(packument('evil', { releases: [[version, at]] }, base))?.status, 'quarantined');
    assert.equal(recordInPackument(packument('good', { releases: [['0.0.1-securityfix', at]] }, base))?.status, undefined);
    const renamed = packument('evil', { releases: [{ version: '0.0.2', published: at, repository: 'npm/security-holder' }] }, base);
    assert.equal(recordInPackument(renamed)?.status, 'quarantined');
    assert.deepEqual(decodeRecord(JSON.parse(JSON.stringify(encodeRecord(held)))), held);
    // Names were given to new owners, and anybody may write a repository of that name.
    const again = packument('evil', { releases: [['0.0.1-security', at], ['1.0.0', at]] }, base); // prettier-ignore
    assert.equal(recordInPackument(again)?.status, undefined);
    const lookalike = packument('x', { releases: [{ version: '1.0.0', repository: 'not-npm/security-holder-2' }] }, base);
    assert.equal(recordInPackument(lookalike)?.status, undefined);
  });

  it('show that all of a package was unpublished', () => {
    const gone = recordInPackument(packument('gone', { releases: [['1.0.0', at]], unpublished: at }, base));
    assert.deepEqual([gone?.exists, gone?.releases, gone?.statusReason], [true, [], 'all of it was unpublished on 2026-03-01']);
  });

  it('are bounded', () => {
    const versions = Object.fromEntries(
      Array.from({ length: 5000 }, (_, i) => [
        `1.0.${i}`,
        { deprecated: 'x'.repeat(5000), dependencies: { [`dep-${i % 7}`]: '^1' }, dist: { integrity: sri } },
      ]),
    );
    const time = Object.fromEntries(Object.keys(versions).map((version, i) => [version, new Date(1.7e12 + i * 1000).toISOString()]));
    const record = recordInPackument({ versions, time })!;
    assert.equal(record.releases.length, 5000);
    assert.equal(record.releases.at(-1)!.version, '1.0.4999');
    assert.ok(record.releases.every(({ deprecated }) => deprecated!.length <= 1000));
    assert.deepEqual(record.releases.at(-1)!.hashes, [sri]);
    assert.equal(record.releases[0]!.hashes, undefined, 'of the oldest no details are kept');
    assert.equal(new Set(record.releases.map(({ dependencies }) => dependencies)).size, 8, 'equal lists are one');
    const many = Object.fromEntries(Array.from({ length: 2000 }, (_, i) => [`d${i}`, '1']));
    const crowded = recordInPackument({ versions: { '1.0.0': { dependencies: many }, '1.0.1': { dependencies: { a: {} } } } })!;
    assert.deepEqual(crowded.releases.map(({ dependencies }) => dependencies), [undefined, undefined], 'never half a list'); // prettier-ignore
    const proto = recordInPackument(JSON.parse('{"versions": {"1.0.0": {"dependencies": {"__proto__": "1"}}}}'))!;
    assert.deepEqual(Object.keys(proto.releases[0]!.dependencies!), ['__proto__']);
  });

  it('are read whatever stands in them', () => {
    const key = fc.constantFrom(
      'versions',
      'time',
      'dist-tags',
      'license',
      'dist',
      'scripts',
      '_npmUser',
      'dependencies',
      'repository',
      '1.0.0',
    );
    const tree = fc.letrec((tie) => ({
      node: fc.oneof({ depthSize: 'small' }, fc.jsonValue({ maxDepth: 1 }), fc.dictionary(key, tie('node'))),
    })).node;
    fc.assert(
      fc.property(tree, (value) => void recordInPackument(value)),
      { numRuns: 500 },
    );
    fc.assert(
      fc.property(tree, (value) => void releaseFiles(value, base)),
      { numRuns: 200 },
    );
  });
});

describe('files of npm', () => {
  it('have hashes, signatures, and the address of their attestations, without credentials', () => {
    const dist = {
      tarball: 'https://me:secret@registry.npm.example/tool/-/tool-1.0.0.tgz',
      integrity: sri,
      shasum: 'a'.repeat(40),
      signatures: [{ keyid: 'k', sig: 's' }, { keyid: 3 }],
      attestations: { url: '/-/npm/v1/attestations/tool@1.0.0' },
    };
    const expected = {
      name: 'tool-1.0.0.tgz',
      url: 'https://registry.npm.example/tool/-/tool-1.0.0.tgz',
      hashes: [sri],
      attestationUrl: 'https://registry.npm.example/-/npm/v1/attestations/tool@1.0.0',
      signatures: [{ keyid: 'k', sig: 's' }],
    };
    assert.deepEqual(releaseFiles({ dist }, `${base}/`), [expected]);
    assert.deepEqual(releaseFiles({ dist: { ...dist, integrity: undefined } }, base)![0]!.hashes, ['sha1-qqqqqqqqqqqqqqqqqqqqqqqqqqo=']);
    assert.equal(releaseFiles({ dist: { tarball: 'file:///etc/passwd' } }, base), undefined);
  });
});
