import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { builtPrograms } from '../support/built';
import { merlon, report, scratch } from '../support/cli';

const lock = (packages: object) => JSON.stringify({ name: 'x', lockfileVersion: 3, packages });
const bad = {
  '': { name: 'x', workspaces: ['p/*'] },
  'p/a': { name: 'a', dependencies: { foo: '1.0.0' } },
  'node_modules/a': { resolved: 'p/a', link: true },
  'node_modules/foo': { version: '1.0.0', integrity: 'sha1-AAAAAAAAAAAAAAAAAAAAAAAAAAA=', dependencies: { axios: '1.14.1' } },
  'node_modules/axios': { version: '1.14.1', integrity: 'sha1-AAAAAAAAAAAAAAAAAAAAAAAAAAA=' },
};

describe('what a check must not pass over', () => {
  before(async function () {
    this.timeout(60_000);
    await builtPrograms();
  });

  it('malware in the lockfile of the checkout, from inside a member, and the settings beside it', async () => {
    const cwd = scratch({
      'package.json': '{"name":"x","private":true,"workspaces":["p/*"]}',
      'p/a/package.json': '{"name":"a","private":true,"dependencies":{"foo":"1.0.0","@corp/a":"1.0.0"}}',
      'package-lock.json': lock(bad),
      '.npmrc': '@corp:registry=https://npm.corp.example/\n',
    });
    fs.mkdirSync(path.join(cwd, '.git'));
    const run = await merlon(['check', '--offline', '--format', 'json'], { cwd: path.join(cwd, 'p', 'a') });
    assert.equal(run.code, 1);
    // Nobody answers there: what counts is whose name would not have been sent.
    const asking = await merlon(['check', '--no-registries', '--osv-url', 'http://127.0.0.1:9', '--format', 'json'], {
      cwd: path.join(cwd, 'p', 'a'),
    });
    assert.equal((JSON.parse(asking.stdout) as { withheld: number }).withheld, 1);
    const found = report(run).findings.find(({ file }) => file === '../../package-lock.json')!;
    assert.deepEqual([found.rule, found.package, found.version], ['compromised-release', 'axios', '1.14.1']);
    const whole = await merlon(['check', '--offline', '--format', 'json'], { cwd });
    const brought = report(whole).findings.find(({ file }) => file === 'p/a/package.json')!;
    assert.deepEqual([brought.package, brought.version, brought.resolvedBy], ['axios', '1.14.1', 'lockfile']);
  });

  it('a vulnerable release in a lockfile without a manifest', async () => {
    const entry = { hashes: ['sha256:aa'], version: '==1.82.6' };
    const cwd = scratch({
      'Pipfile.lock': JSON.stringify({ _meta: { hash: {}, 'pipfile-spec': 6 }, default: { litellm: entry }, develop: {} }),
    });
    const run = await merlon(['check', '--offline'], { cwd });
    assert.equal(run.code, 1);
    assert.match(run.stdout, /litellm 1\.82\.6 is locked and has/);
  });
});
