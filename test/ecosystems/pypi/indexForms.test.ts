import assert from 'node:assert/strict';
import fc from 'fast-check';
import { recordInHtml } from '../../../server/src/ecosystems/pypi/htmlIndex';
import { recordInLegacyJson } from '../../../server/src/ecosystems/pypi/legacyJson';
import { filesInIndex, recordInIndex } from '../../../server/src/ecosystems/pypi/simpleIndex';
import { decodeRecord, encodeRecord } from '../../../server/src/ecosystems/releaseRecord';
import { inventedDigest, legacyJson, simpleHtml, simpleJson, type FakePypiProject } from '../../support/pypiForms';

const base = 'https://index.example';
const can = { json: true, legacy: true, times: true, provenance: true };
const first = '2026-01-01T00:00:00Z';
const second = '2026-02-01T00:00:00Z';

const project: FakePypiProject = {
  license: 'MIT',
  releases: [
    { version: '1.0', published: first, attested: true },
    { version: '1.1', published: second, yanked: 'leaks <keys>' },
    { version: '1.10', published: second, files: [{ filename: 'my_tool-1.10.tar.gz' }] },
  ],
};

const hashes = (version: string) =>
  [`my_tool-${version}-py3-none-any.whl`, `my_tool-${version}.tar.gz`].map((file) => `sha256:${inventedDigest(file)}`);
const releases = [
  { version: '1.0', publishedAt: new Date(first), hashes: hashes('1.0') },
  { version: '1.1', publishedAt: new Date(second), hashes: hashes('1.1'), yanked: 'leaks <keys>' },
  { version: '1.10', publishedAt: new Date(second) },
];

const timeless = releases.map(({ version, hashes: own, yanked }) => ({
  version,
  ...(own && { hashes: own }),
  ...(yanked !== undefined && { yanked }),
}));

describe('the forms of Python indexes', () => {
  it('tell times, yanks, hashes and provenance in JSON', () => {
    const record = recordInIndex(simpleJson('my-tool', project, can, base))!;
    assert.deepEqual(record, {
      exists: true,
      createdAt: new Date(first),
      releases: releases.map((release, i) => ({ ...release, attested: i === 0 })),
    });
    assert.deepEqual(decodeRecord(JSON.parse(JSON.stringify(encodeRecord(record)))), record, 'and the disk gives it back');
    const silent = recordInIndex(simpleJson('my-tool', project, { ...can, provenance: false, times: false }, base))!;
    assert.deepEqual(silent, { exists: true, releases: timeless });
  });

  it('say that a file has no provenance where others of the page have one, or where the key is there', () => {
    const attested = (files: object[]) =>
      recordInIndex({ meta: { 'api-version': '1.4' }, name: 'a', files })!.releases.map((release) => release.attested);
    const file = (version: string, provenance?: unknown) => ({
      filename: `a-${version}.tar.gz`,
      ...(provenance !== undefined && { provenance }),
    });
    assert.deepEqual(attested([file('1', 'https://x'), file('2', null), file('3')]), [true, false, false]);
    assert.deepEqual(attested([file('1', null)]), [false]);
    assert.deepEqual(attested([file('1'), file('2')]), [undefined, undefined]);
    assert.deepEqual(attested([file('1', null), { ...file('1', 'https://x'), filename: 'a-1-py3-none-any.whl' }]), [true]);
  });

  it('tell the status, as an object or as a bare string', () => {
    const of = (status: FakePypiProject['status']) => recordInIndex(simpleJson('my-tool', { ...project, status: status! }, can, base))!;
    assert.deepEqual(of('quarantined'), { exists: true, releases: [], status: 'quarantined' });
    assert.equal(of({ status: 'archived', reason: 'see other-tool' }).statusReason, 'see other-tool');
    assert.equal(of({ status: 'archived' }).releases.length, 3);
    assert.equal(of('invented').status, undefined);
  });

  it('tell the same in PyPI’s own JSON, but for status and provenance', () => {
    const record = recordInLegacyJson(legacyJson('my-tool', project))!;
    assert.deepEqual(record, { exists: true, createdAt: new Date(first), license: 'MIT', releases });
    assert.equal(recordInLegacyJson(legacyJson('my-tool', project, '1.0')), undefined, 'one release is not a list of them');
  });

  it('tell no times in HTML', () => {
    const record = recordInHtml(simpleHtml('my-tool', project).replace('<keys>', '&lt;keys&gt;'), 'my-tool')!;
    assert.deepEqual(record, { exists: true, releases: timeless });
    const odd = `<A data-yanked HREF='a/my.tool-1.0.zip?x=1#md5=3'>x</A><a data-requires-python=">=3" href=my_tool-2.0.tar.gz>y</a>`;
    assert.deepEqual(recordInHtml(odd.replaceAll('A', 'a'), 'my-tool')?.releases, [{ version: '1.0', yanked: true }, { version: '2.0' }]);
  });

  it('are not any other page', () => {
    for (const page of ['', '<a href="/login">Sign in</a>', '<a href="other-1.0.tar.gz">', '<a href="my-tool-1.0.exe">'])
      assert.equal(recordInHtml(page, 'my-tool'), undefined, page);
    for (const json of [undefined, [], {}, { info: {} }, { info: {}, releases: [] }]) assert.equal(recordInLegacyJson(json), undefined);
    const piece = fc.constantFrom(
      '<a ',
      'href=',
      '"',
      "'",
      '>',
      '<',
      '#sha256=',
      'my_tool-1.0.tar.gz',
      ' data-yanked',
      '%zz',
      '&amp;',
      'x',
    );
    fc.assert(
      fc.property(fc.array(piece), (pieces) => void recordInHtml(pieces.join(''), 'my-tool')),
      { numRuns: 500 },
    );
    fc.assert(fc.property(fc.jsonValue(), (value) => void recordInLegacyJson({ info: {}, releases: { '1': [value] } })));
  });

  it('do not hold up anybody who reads a page of nothing but beginnings', () => {
    for (const part of ['<a "', "<a '", '<a href="', '<a x=', '<a <a ', '<a href=#sha256='])
      assert.equal(recordInHtml(part.repeat(100_000), 'my-tool'), undefined);
  });

  it('list the files of one release, under absolute addresses', () => {
    const page = simpleJson('my-tool', { ...project, releases: project.releases.slice(0, 2) }, can, base);
    const files = filesInIndex(page, '1.0.0', `${base}/simple/my-tool/`)!;
    assert.deepEqual(files[1], {
      name: 'my_tool-1.0.tar.gz',
      url: 'https://files.example/my_tool-1.0.tar.gz',
      hashes: [`sha256:${inventedDigest('my_tool-1.0.tar.gz')}`],
      attestationUrl: `${base}/integrity/my-tool/1.0/my_tool-1.0.tar.gz/provenance`,
    });
    assert.equal(files.length, 2);
    const relative = { meta: { 'api-version': '1.0' }, files: [{ filename: 'a-1.tar.gz', url: '../../a-1.tar.gz#sha256=x' }, { filename: 'a-1.zip', url: 'javascript:1' }] }; // prettier-ignore
    assert.deepEqual(filesInIndex(relative, '1', 'https://me:pw@index.example/simple/a/'), [
      { name: 'a-1.tar.gz', url: 'https://index.example/a-1.tar.gz', hashes: [], attestationsUntold: true },
    ]);
  });
});
