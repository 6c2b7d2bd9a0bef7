import assert from 'node:assert/strict';
import { shown } from '../../server/src/core/lookup';
import { ecosystems } from '../../server/src/ecosystems';
import { createRecordMemory } from '../../server/src/ecosystems/recordMemory';
import { conditions, readValidators, withoutCredentials } from '../../server/src/ecosystems/indexClient';
import { startFakeRegistry, type FakeRegistry } from '../support/fakeRegistry';
import { day, hour, registryWorld, type RegistryWorld } from '../support/registryWorld';

const old = '2026-01-01T00:00:00Z';

// The same story for both kinds of registry, over real HTTP.
for (const { id, registry: clientAt } of ecosystems) {
  describe(`what is kept of a registry’s answers: ${id}`, () => {
    let fake: FakeRegistry;
    let world: RegistryWorld;
    const client = (of = world) => clientAt(fake.url, of.context);
    const statuses = () => fake.log.splice(0).map(({ status }) => status);

    beforeEach(async () => {
      fake = await startFakeRegistry({ pypi: { tool: [['1.0', old]] }, npm: { tool: [['1.0.0', old]] } });
      world = registryWorld();
    });
    afterEach(() => fake.close());

    it('is revalidated by its tag, and dated anew', async () => {
      const first = await client().recordOf('tool');
      world.clock.time += hour + 1;
      const next = world.again();
      const second = await client(next).recordOf('tool');
      assert.deepEqual(second, { ...first, asOf: next.clock.now() });
      assert.deepEqual(statuses(), [200, 304]);
      // The date on disk is renewed too.
      next.clock.time += hour - 1;
      assert.deepEqual(await client(next.again()).recordOf('tool'), second);
      assert.deepEqual(statuses(), []);
    });

    it('gives way to what has changed', async () => {
      const registry = client();
      await registry.recordOf('tool');
      fake.pypi = { tool: [['1.0', old], ['1.1', old]] }; // prettier-ignore
      fake.npm = { tool: [['1.0.0', old], ['1.1.0', old]] }; // prettier-ignore
      world.clock.time += hour + 1;
      assert.equal(shown(await registry.recordOf('tool'))?.releases.length, 2);
      fake.pypi = {};
      fake.npm = {};
      world.clock.time += hour + 1;
      assert.equal(shown(await registry.recordOf('tool'))?.exists, false);
      assert.deepEqual(statuses(), [200, 200, 404]);
    });

    it('is asked for whole where the registry has no tags', async () => {
      fake.tags = false;
      await client().recordOf('tool');
      world.clock.time += hour + 1;
      await client().recordOf('tool');
      assert.deepEqual(
        fake.log.map(({ status, headers }) => [status, headers['if-none-match']]),
        [
          [200, undefined],
          [200, undefined],
        ],
      );
    });

    it('says for seven days that there is a package, and for one hour that there is none', async () => {
      const registry = client();
      assert.equal(registry.existence('tool').state, 'pending');
      assert.equal(shown(await registry.knowExistence('tool')), true);
      assert.equal(shown(await registry.knowExistence('nothing')), false);
      assert.deepEqual(statuses(), [200, 404]);
      assert.equal(registry.held('tool').state, 'known', 'what was learned is a whole record');
      world.clock.time += hour + 1;
      assert.deepEqual([registry.existence('tool').state, registry.existence('nothing').state], ['known', 'pending']);
      assert.equal(registry.held('tool').state, 'pending');
      world.clock.time += 7 * day - hour - 2;
      const next = world.again();
      assert.equal(shown(await client(next).knowExistence('tool')), true);
      assert.deepEqual(statuses(), []);
      next.clock.time += 1;
      assert.equal(shown(await client(next).knowExistence('tool')), true);
      assert.deepEqual(statuses(), [304]);
    });

    it('asks for the record although existence is being looked up', async () => {
      await client().recordOf('tool');
      world.clock.time += hour + 1;
      const registry = client(world.again());
      const [exists, record] = await Promise.all([registry.knowExistence('tool'), registry.recordOf('tool')]);
      assert.deepEqual([shown(exists), record.state], [true, 'known']);
      assert.deepEqual(statuses(), [200, 304]);
    });

    it('shows the last answer where the registry is down, and says why', async () => {
      const registry = client();
      const first = await registry.recordOf('tool');
      world.clock.time += 8 * day;
      fake.mode = 'reset';
      const answer = await registry.recordOf('tool');
      assert.equal(answer.state, 'unavailable');
      assert.deepEqual(answer.last, first.state === 'known' && { value: first.value, asOf: first.asOf });
      const exists = registry.existence('tool');
      assert.deepEqual([exists.state, shown(exists)], ['unavailable', true]);
      assert.equal((await registry.knowExistence('other')).state, 'unavailable');
    });

    it('is asked for again when everything is taken for old, on disk as well', async () => {
      await client().recordOf('tool');
      statuses();
      world.clock.time += 1000;
      const next = client(world.again());
      next.expire?.();
      assert.equal((await next.recordOf('tool')).state, 'known');
      assert.deepEqual(statuses(), [304]);
    });

    it('keeps no credentials, and shows none', async () => {
      fake.authorization = `Basic ${Buffer.from('me:hunter2').toString('base64')}`;
      const address = fake.url.replace('http://', 'http://me:hunter2@');
      const registry = clientAt(address, world.context);
      assert.equal((await registry.recordOf('tool')).state, 'known');
      const files = await registry.filesOf!('tool', id === 'npm' ? '1.0.0' : '1.0');
      assert.ok(shown(files)!.length > 0);
      assert.doesNotMatch(JSON.stringify([...world.disk, files]), /hunter2|bWU6aHVudGVyMg/);
      const stranger = await client().recordOf('stranger');
      assert.match(stranger.state === 'unavailable' ? stranger.reason : '', /wants credentials \(401\)/);
    });
  });
}

describe('records in memory', () => {
  const known = (hashes: number) => ({
    value: { exists: true, releases: [{ version: '1', hashes: Array.from({ length: hashes }, (_, i) => String(i)) }] },
    asOf: new Date(),
  });

  it('are bounded in number and in size, the oldest first', () => {
    const memory = createRecordMemory({ names: 3, bytes: 100_000 });
    for (const name of ['a', 'b', 'c', 'd']) memory.put(name, known(1));
    assert.deepEqual(['a', 'b', 'c', 'd'].map((name) => memory.get(name) !== undefined), [false, true, true, true]); // prettier-ignore
    memory.put('e', known(800));
    memory.put('f', known(800));
    assert.deepEqual(['d', 'e', 'f'].map((name) => memory.get(name) !== undefined), [false, false, true]); // prettier-ignore
    memory.put('g', known(80_000));
    assert.ok(memory.get('g'), 'the one that is wanted now stays, whatever its size');
    for (let i = 0; i < 100; i++) memory.put('h', known(700));
    assert.ok(memory.get('h'));
  });
});

describe('validators', () => {
  it('are sent for the document that they belong to, and hold nothing that could be another header', () => {
    assert.deepEqual(conditions({ form: 'full', etag: '"a"', lastModified: 'x' }, 'full'), { 'if-none-match': '"a"' });
    assert.deepEqual(conditions({ form: 'full', etag: '"a"' }, 'abbreviated'), {});
    const date = 'Mon, 01 Jun 2026 12:00:00 GMT';
    assert.deepEqual(conditions({ form: 'full', lastModified: date }, 'full'), { 'if-modified-since': date });
    assert.deepEqual(readValidators({ form: 'x', etag: '"a"\r\nx: y', lastModified: `${date}\r\n` }), { form: 'x' });
    assert.deepEqual(readValidators({ form: 'x', etag: 'W/"a-b"', lastModified: date }), {
      form: 'x',
      etag: 'W/"a-b"',
      lastModified: date,
    });
    for (const value of [undefined, null, 3, [], {}, { etag: '"a"' }]) assert.equal(readValidators(value), undefined);
  });

  it('belong to an address without credentials', () => {
    assert.equal(withoutCredentials('https://a:b@index.example/x'), 'https://index.example/x');
    assert.equal(withoutCredentials('https://index.example/x'), 'https://index.example/x');
  });
});
