import assert from 'node:assert/strict';
import { shown } from '../../../server/src/core/lookup';
import { readUserIndexes } from '../../../server/src/platform/userIndexes';
import { createPublicRegistries } from '../../../server/src/session/publicRegistries';
import { realHttp, registryWorld } from '../../support/registryWorld';

// The one test that leaves this machine: it asks the registry that npm's own configuration names about one package, to see that real
// documents are still what the loopback registries speak. Where the registry cannot be reached it is skipped, and says so.

const wellKnown = 'semver';

describe('the registry that npm is set up with', function () {
  this.timeout(40_000);

  it('answers as the loopback registries do', async function () {
    const world = registryWorld(realHttp(10_000));
    const registries = createPublicRegistries({}, { pypi: 'https://pypi.org' }, readUserIndexes(), world.context).open();
    const registry = registries.get('npm')!;
    const answer = await registry.recordOf(wellKnown);
    if (answer.state !== 'known') {
      console.log(`      skipped: the registry could not be asked (${answer.state === 'pending' ? 'no answer' : answer.reason})`);
      return this.skip();
    }
    const { exists, releases, latest, status } = answer.value;
    assert.deepEqual([exists, status], [true, undefined]);
    const first = releases.find(({ version }) => version === '7.5.4')!;
    assert.match(first.hashes?.[0] ?? '', /^sha512-/);
    assert.deepEqual(first.dependencies, { 'lru-cache': '^6.0.0' });
    assert.ok(releases.length > 80 && releases.some(({ version }) => version === latest));
    // A mirror may leave out times and all that stands beside them, or date releases by its own clock.
    if (first.publishedAt) {
      assert.ok(first.publishedAt < new Date());
      assert.deepEqual(first.installScripts, []);
      assert.ok(answer.value.createdAt! <= first.publishedAt);
    }
    const [file] = shown(await registry.filesOf!(wellKnown, '7.5.4')) ?? [];
    assert.deepEqual(file?.hashes, first.hashes);
    assert.match(file!.name, /semver-7\.5\.4\.tgz/);
    assert.equal(shown(await registry.knowExistence('merlon-no-such-package-0b51f8')), false);
  });
});
