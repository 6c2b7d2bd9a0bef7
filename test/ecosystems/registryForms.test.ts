import assert from 'node:assert/strict';
import { shown } from '../../server/src/core/lookup';
import { ecosystemOf } from '../../server/src/ecosystems';
import { securityHolding, startFakeRegistry, type FakeRegistry, type FakeRegistryMode } from '../support/fakeRegistry';
import { hour, realHttp, registryWorld, type RegistryWorld } from '../support/registryWorld';

const old = '2026-01-01T00:00:00Z';

describe('registries, over HTTP', function () {
  this.timeout(20_000);
  let fake: FakeRegistry;
  let world: RegistryWorld;
  const npm = (of = world) => ecosystemOf('npm')!.registry(fake.url, of.context);
  const pypi = (of = world, address = fake.url) => ecosystemOf('PyPI')!.registry(address, of.context);
  const paths = () => fake.requests.splice(0);

  beforeEach(async () => {
    fake = await startFakeRegistry({
      pypi: { tool: [['1.0', old]], other: [['2.0', old]] },
      npm: { tool: [['1.0.0', old]], other: [['2.0.0', old]], '@s/tool': [['3.0.0', old]] },
    });
    world = registryWorld();
  });
  afterEach(() => fake.close());

  describe('npm', () => {
    it('are asked for the full document alone where they have it', async () => {
      assert.equal(shown(await npm().recordOf('@s/tool'))?.releases[0]?.publishedAt?.toISOString(), '2026-01-01T00:00:00.000Z');
      assert.equal(shown(await npm().recordOf('nothing'))?.exists, false);
      assert.deepEqual(paths(), ['/@s%2ftool', '/nothing']);
    });

    it('give the abbreviated document where they have nothing else, which is remembered and revalidated', async () => {
      fake.can.npm = { full: false, abbreviated: true };
      const registry = npm();
      const record = shown(await registry.recordOf('tool'))!;
      assert.deepEqual(record.releases[0]!.publishedAt, undefined);
      assert.equal(record.releases.length, 1);
      await registry.recordOf('other');
      assert.deepEqual(paths(), ['/tool', '/tool', '/other']);
      world.clock.time += hour + 1;
      await registry.recordOf('tool');
      assert.equal(fake.log.at(-1)!.status, 304);
    });

    it('are asked for the abbreviated document where they answer 404 as a server does that has no such form', async () => {
      const registry = npm();
      fake.answers['/page'] = { status: 404, type: 'text/html', body: '<h1>Not Found</h1>' };
      assert.equal(shown(await registry.recordOf('page'))?.exists, false);
      assert.deepEqual(paths(), ['/page', '/page']);
      fake.can.npm = { full: true, abbreviated: false };
      assert.equal((await registry.recordOf('tool')).state, 'known', 'and nothing was concluded from that');
    });

    it('show the security holding when it comes', async () => {
      const registry = npm();
      await registry.recordOf('tool');
      fake.npm.tool = securityHolding('2026-06-01T12:30:00Z');
      world.clock.time += hour + 1;
      assert.equal(shown(await registry.recordOf('tool'))?.status, 'quarantined');
    });

    it('are not asked for names that are no names', async () => {
      for (const name of ['..', '.', '.x', '@s/..', 'a'.repeat(215)]) assert.equal(shown(await npm().recordOf(name))?.exists, false, name);
      assert.deepEqual(paths(), []);
    });

    it('list the file of a release by a small document, or by the whole one', async () => {
      fake.npm.tool = { releases: [{ version: '1.0.0', published: old, attested: true, signatures: [{ keyid: 'k', sig: 's' }] }] };
      const small = shown(await npm().filesOf!('tool', '1.0.0'))!;
      assert.equal(small[0]!.attestationUrl, `${fake.url}/-/npm/v1/attestations/tool%401.0.0`);
      assert.deepEqual(paths(), ['/tool/1.0.0']);
      fake.answers['/tool/1.0.0'] = { status: 405, body: '{}' };
      assert.deepEqual(shown(await npm().filesOf!('tool', '1.0.0')), small);
      const none = await npm().filesOf!('tool', '9.9.9');
      assert.equal(none.state === 'unavailable' && none.reason, 'npm-registry lists no file of tool 9.9.9');
    });
  });

  describe('PyPI', () => {
    it('tell of quarantine, which is not the same as absence', async () => {
      fake.pypi.tool = { releases: [['1.0', old]], status: 'quarantined' };
      assert.deepEqual(shown(await pypi().recordOf('tool')), { exists: true, releases: [], status: 'quarantined' });
      assert.deepEqual(shown(await pypi().recordOf('nothing')), { exists: false, releases: [] });
      assert.deepEqual(paths(), ['/simple/tool/', '/simple/nothing/']);
    });

    it('may be given by the address of the simple API', async () => {
      assert.equal((await pypi(world, `${fake.url}/simple/`).recordOf('tool')).state, 'known');
      assert.deepEqual(paths(), ['/simple/tool/']);
    });

    it('that answer in HTML are asked in their own JSON, which is remembered', async () => {
      fake.can.pypi = { ...fake.can.pypi, json: false };
      const registry = pypi();
      assert.ok(shown(await registry.recordOf('tool'))?.releases[0]?.publishedAt);
      assert.equal(shown(await registry.recordOf('nothing'))?.exists, false);
      assert.deepEqual(paths(), ['/simple/tool/', '/pypi/tool/json', '/pypi/nothing/json']);
      world.clock.time += hour + 1;
      await registry.recordOf('tool');
      assert.equal(fake.log.at(-1)!.status, 304);
      const files = shown(await registry.filesOf!('tool', '1.0'))!;
      assert.deepEqual([files.length, files[0]!.hashes.length], [2, 1]);
    });

    it('that have HTML alone are read, without times', async () => {
      fake.can.pypi = { ...fake.can.pypi, json: false, legacy: false };
      const registry = pypi();
      const record = shown(await registry.recordOf('tool'))!;
      assert.deepEqual(record.releases.map(({ version, publishedAt, hashes }) => [version, publishedAt, hashes?.length]), [['1.0', undefined, 2]]); // prettier-ignore
      await registry.recordOf('other');
      assert.equal(shown(await registry.recordOf('nothing'))?.exists, false);
      assert.deepEqual(paths(), ['/simple/tool/', '/pypi/tool/json', '/simple/other/', '/simple/nothing/']);
      world.clock.time += hour + 1;
      await registry.recordOf('tool');
      assert.equal(fake.log.at(-1)!.status, 304);
    });

    it('refuse JSON with 406, and then it is the same', async () => {
      fake.answers['/simple/tool/'] = { status: 406, type: 'text/plain', body: '' };
      assert.ok(shown(await pypi().recordOf('tool'))?.releases[0]?.publishedAt);
      fake.can.pypi = { ...fake.can.pypi, legacy: false };
      const neither = await pypi(registryWorld()).recordOf('tool');
      assert.equal(neither.state === 'unavailable' && neither.reason, 'pypi has no list of releases that can be read');
    });

    it('that have answered in JSON once are not taken for others because of a page between', async () => {
      const registry = pypi();
      await registry.recordOf('tool');
      fake.mode = 'portal';
      const answer = await registry.recordOf('other');
      assert.equal(answer.state === 'unavailable' && answer.reason, 'pypi answered with a page that is not the index’s'.replace('’', "'"));
      assert.equal((await pypi(registryWorld()).recordOf('other')).state, 'unavailable');
      fake.mode = 'ok';
      assert.equal((await pypi(registryWorld()).recordOf('other')).state, 'known', 'a new start');
    });

    it('list the files of a release with their provenance', async () => {
      fake.pypi.tool = { releases: [{ version: '1.0', published: old, attested: true }] };
      const files = shown(await pypi().filesOf!('Tool', '1'))!;
      assert.deepEqual(files.map(({ name }) => name), ['tool-1.0-py3-none-any.whl', 'tool-1.0.tar.gz']); // prettier-ignore
      const document = await fetch(files[0]!.attestationUrl!);
      assert.equal(document.status, 200);
      assert.match(await document.text(), /"repository":"owner\/tool"/);
      const none = await pypi().filesOf!('tool', '2');
      assert.equal(none.state === 'unavailable' && none.reason, 'pypi lists no file of tool 2');
    });
  });

  for (const [id, name] of [
    ['npm', 'tool'],
    ['PyPI', 'tool'],
  ] as const) {
    const client = () => ecosystemOf(id)!.registry(fake.url, world.context);
    const modes: readonly FakeRegistryMode[] = ['error', 'busy', 'garbage', 'portal', 'truncated', 'never', 'stalled', 'huge', 'reset'];
    for (const mode of modes) {
      it(`${id}: ${mode} is neither a list nor an absence`, async () => {
        fake.mode = mode;
        world = registryWorld(realHttp(100));
        const registry = client();
        const [record, exists] = [await registry.recordOf(name), await registry.knowExistence(name)];
        assert.deepEqual([record.state, exists.state], ['unavailable', 'unavailable']);
        assert.ok(record.state !== 'known' && record.reason !== '' && !record.reason.includes(fake.url));
        assert.equal(world.disk.size, 0, 'nothing is kept of it');
        assert.equal((await registry.filesOf!(name, '1.0.0')).state, 'unavailable');
      });
    }

    it(`${id}: 401 and 403 want credentials`, async () => {
      for (const status of [401, 403]) {
        const path = id === 'npm' ? `/s${status}` : `/simple/s${status}/`;
        fake.answers[path] = { status, body: '{}' };
        const answer = await client().recordOf(`s${status}`);
        assert.match(answer.state === 'unavailable' ? answer.reason : '', new RegExp(`wants credentials \\(${status}\\)`));
      }
    });

    it(`${id}: credentials do not follow to another host, and none is followed to a plain one`, async () => {
      const elsewhere = await startFakeRegistry();
      try {
        const path = id === 'npm' ? '/tool' : '/simple/tool/';
        fake.answers[path] = { status: 302, headers: { location: `${elsewhere.url}${path}` } };
        const answer = await ecosystemOf(id)!.registry(fake.url.replace('//', '//me:pw@'), world.context).recordOf('tool');
        assert.equal(answer.state, 'unavailable');
        assert.deepEqual(elsewhere.requests, []);
      } finally {
        await elsewhere.close();
      }
    });
  }
});
