import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { CacheEntry, HttpRequest, HttpResponse } from '../../../server/src/core/io';
import { pypi } from '../../../server/src/ecosystems/pypi';
import { parseDistributionFile } from '../../../server/src/ecosystems/pypi/distributionFile';
import { recordInIndex } from '../../../server/src/ecosystems/pypi/simpleIndex';

describe('distribution files', () => {
  it('say project and version', () => {
    for (const [file, expected] of [
      ['foo_bar-1.0-py3-none-any.whl', 'wheel foo-bar 1.0'],
      ['Foo.Bar-1.0+cu_121-1a-cp312-cp312-manylinux_2_28_x86_64.whl', 'wheel foo-bar 1.0+cu.121'],
      ['foo-bar-1.0.post1.tar.gz', 'sdist foo-bar 1.0.post1'],
      ['foo-1.0rc1.zip', 'sdist foo 1.0rc1'],
      ['foo-1.0.whl', undefined],
      ['foo-x-py3-none-any.whl', undefined],
      ['fo__o-1.0-py3-none-any.whl', undefined],
      ['foo-1.0-x-py3-none-any.whl', undefined],
      ['foo.tar.gz', undefined],
      ['foo-1.0.exe', undefined],
      ['', undefined],
    ] as const) {
      const read = parseDistributionFile(file);
      assert.equal(read && `${read.kind} ${read.name} ${read.version}`, expected, file);
    }
    // Only the project's name tells where it ends.
    assert.equal(parseDistributionFile('foo-2-1.0-1.tar.gz', 'foo-2')?.version, '1.0.post1');
    assert.equal(parseDistributionFile('foo-2-1.0.tar.gz', 'other')?.version, '1.0');
  });

  it('never make the parser throw', () => {
    fc.assert(
      fc.property(fc.string(), fc.constantFrom('.whl', '.tar.gz', ''), (stem, suffix) => void parseDistributionFile(stem + suffix, 'a')),
    );
  });
});

describe('project pages of the simple API', () => {
  const file = (filename: string, time?: string, yanked: unknown = false) => ({
    filename,
    'upload-time': time,
    yanked,
    url: 'u',
    hashes: {},
  });
  const page = (files: unknown[], versions?: unknown[]) => ({ meta: { 'api-version': '1.4' }, name: 'foo', versions, files });

  it('give versions in order, with the time of the first file and yanks of whole releases', () => {
    const record = recordInIndex(
      page(
        [
          file('foo-1.10-py3-none-any.whl', '2026-02-02T00:00:00.5Z'),
          file('foo-1.10.tar.gz', '2026-02-01T00:00:00Z', 'broken'),
          file('foo-1.2.tar.gz', '2026-01-01T00:00:00Z', 'leaks'),
          file('foo-1.2-py3-none-any.whl', '2026-01-01T00:00:01Z', true),
          file('foo-1.3.0.tar.gz', undefined, ''),
          file('foo-0.1-py2.7.egg', '2010-01-01T00:00:00Z'),
          file('foo-1.4a1.tar.gz', 'no time'),
          file('README.txt', '2001-01-01T00:00:00Z'),
        ],
        ['1.10', '1.2', '1.3', '0.1', '9', 'legacy-one'],
      ),
    );
    assert.deepEqual(record?.releases, [
      { version: 'legacy-one' },
      { version: '0.1', publishedAt: new Date('2010-01-01T00:00:00Z') },
      { version: '1.2', publishedAt: new Date('2026-01-01T00:00:00Z'), yanked: 'leaks' },
      { version: '1.3', yanked: true },
      { version: '1.4a1' },
      { version: '1.10', publishedAt: new Date('2026-02-01T00:00:00Z') },
      { version: '9' },
    ]);
  });

  it('may list no versions, or no files (quarantine)', () => {
    assert.deepEqual(recordInIndex(page([file('foo-1.tar.gz')]))?.releases, [{ version: '1' }]);
    assert.deepEqual(recordInIndex({ ...page([], []), 'project-status': { status: 'quarantined' } })?.releases, []);
  });

  it('are nothing else', () => {
    for (const other of [
      undefined,
      null,
      1,
      '',
      [],
      {},
      { files: [] },
      { meta: { 'api-version': '2.0' }, files: [] },
      { meta: { 'api-version': '1.0' }, files: {} },
    ]) {
      assert.equal(recordInIndex(other), undefined, JSON.stringify(other));
    }
    assert.deepEqual(recordInIndex(page([null, 1, {}, { filename: 2 }], [null, 3]))?.releases, []);
    fc.assert(fc.property(fc.jsonValue(), (value) => void recordInIndex(page([value], [value]))));
  });
});

describe('the PyPI client', () => {
  it('asks the simple API in JSON, once an hour, under the normalized name', async () => {
    const world = stubbed(() => ok({ meta: { 'api-version': '1.1' }, files: [{ filename: 'foo_bar-1.0.tar.gz' }] }));
    const registry = pypi.registry('https://index.example/', world.context);
    assert.equal(registry.held('Foo_Bar').state, 'pending');
    const [first, second] = await Promise.all([registry.recordOf('Foo_Bar'), registry.recordOf('foo.bar')]);
    assert.deepEqual(first, { state: 'known', value: { exists: true, releases: [{ version: '1.0' }] }, asOf: world.now() });
    assert.deepEqual(second, first);
    assert.deepEqual(registry.held('foo-bar'), first);
    world.pass(61 * 60_000);
    await registry.recordOf('foo-bar');
    assert.deepEqual(
      world.requests.map(({ url, headers, purpose, names }) => [url, headers, purpose, names]),
      Array.from({ length: 2 }, () => [
        'https://index.example/simple/foo-bar/',
        { accept: 'application/vnd.pypi.simple.v1+json, text/html;q=0.2' },
        'releases',
        ['foo-bar'],
      ]),
    );
  });

  it('is honest where it got no answer', async () => {
    let answer: HttpResponse = ok({ meta: { 'api-version': '1.1' }, files: [], versions: ['1'] });
    const world = stubbed(() => answer);
    const registry = pypi.registry('https://index.example', world.context);
    await registry.recordOf('foo');
    const asOf = world.now();
    world.pass(2 * 60 * 60_000);
    for (const failure of [
      { ok: false, message: 'timed out' },
      { ...answer, body: '<html>' },
    ] as HttpResponse[]) {
      answer = failure;
      world.pass(2 * 60_000);
      const lookup = await registry.recordOf('foo');
      assert.equal(lookup.state, 'unavailable');
      assert.deepEqual(lookup.last, { value: { exists: true, releases: [{ version: '1' }] }, asOf });
    }
    assert.equal((await registry.recordOf('other')).state, 'unavailable');
  });
});

describe('the PyPI ecosystem', () => {
  it('links to pages for people', () => {
    assert.equal(pypi.packageUrl('Lite_LLM'), 'https://pypi.org/project/lite-llm/');
  });
});

function ok(body: unknown): HttpResponse {
  return { ok: true, status: 200, headers: {}, body: JSON.stringify(body) };
}

function stubbed(answer: () => HttpResponse) {
  const entries = new Map<string, CacheEntry>();
  const requests: HttpRequest[] = [];
  let time = Date.parse('2026-06-01T00:00:00Z');
  const now = () => new Date(time);
  return {
    requests,
    now,
    pass: (ms: number) => void (time += ms),
    context: {
      clock: { now },
      cache: {
        get: (key: string) => Promise.resolve(entries.get(key)),
        put: (key: string, value: unknown) => Promise.resolve(void entries.set(key, { storedAt: now(), value })),
        clear: () => Promise.resolve(entries.clear()),
      },
      http: {
        request(request: HttpRequest) {
          requests.push(request);
          return Promise.resolve(answer());
        },
      },
    },
  };
}
