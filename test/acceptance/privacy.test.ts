import assert from 'node:assert/strict';
import { cliPackages, cliRecords } from '../cli/world';
import { builtPrograms } from '../support/built';
import { merlon, scratch } from '../support/cli';
import { startFakeOsv, type FakeOsv } from '../support/fakeOsv';
import { startFakeRegistry, type FakeRegistry } from '../support/fakeRegistry';

describe('what leaves this machine', function () {
  this.timeout(60_000);
  let osv: FakeOsv;
  let registry: FakeRegistry;
  before(async () => {
    await builtPrograms();
    osv = await startFakeOsv(cliRecords);
    registry = await startFakeRegistry(cliPackages);
  });
  after(() => Promise.all([osv.close(), registry.close()]));

  it('are names alone, and only those of public packages', async () => {
    const cwd = scratch({
      'requirements.txt':
        'litellm>=1.81.987,<2\nrequests==2.31.0\nlocal @ file:///srv/secret-wheel.whl\nforked @ git+https://git.example/secret-fork@main\n-e ./secret-folder\n',
      'package.json':
        '{"dependencies":{"@acme/langchain-secret":"^1.0.0","axios":"1.14.1","secret-workspace":"workspace:*","secret-link":"link:../x","secret-git":"acme/secret-git"}}',
      '.npmrc': '@acme:registry=https://npm.acme.example/\n',
      'pyproject.toml':
        '[project]\nname = "secret-project"\ndependencies = ["langchain-secret>=1", "openai"]\n[[tool.uv.index]]\nname = "acme"\nurl = "https://pypi.acme.example/simple"\nexplicit = true\n[tool.uv.sources]\nlangchain-secret = { index = "acme" }\n',
    });
    const result = await merlon(['check', '--osv-url', osv.url, '--pypi-url', registry.url, '--npm-registry', registry.url], { cwd });
    assert.equal(result.code, 1, 'a name that is not asked about makes nothing incomplete');
    const sent = JSON.stringify([osv.requests.map(({ path, body, headers }) => [path, body, headers]), registry.requests]);
    assert.doesNotMatch(sent, /secret|acme/i);
    assert.doesNotMatch(sent, /1\.81\.987|2\.31\.0|1\.14\.1/, 'nor versions');
    for (const name of ['litellm', 'requests', 'axios', 'openai']) assert.match(sent, new RegExp(`"${name}"`));
    assert.match(result.stdout, /^2 names not asked: private$/m);
    assert.match(result.stdout, /langchain-secret is not pinned/, 'it is judged by what is here');
  });
});
