import assert from 'node:assert/strict';
import { publicNpmRegistry } from '../../server/src/platform/npmRegistryUrl';
import { merlon, scratch } from '../support/cli';
import { startFakeOsv, type FakeOsv } from '../support/fakeOsv';
import { startFakeRegistry, type FakeRegistry } from '../support/fakeRegistry';

// A name that a project binds to an index of its own is told to nobody else. To bind it to the public one keeps nothing secret,
// and must not keep advisories away.

const record = {
  id: 'MAL-2026-90001',
  modified: '2026-06-01T00:00:00Z',
  affected: [{ package: { ecosystem: 'npm', name: '@ctrl/deluge-thing' }, versions: ['7.2.3'] }],
};
const flaw = {
  id: 'PYSEC-2026-90002',
  modified: '2026-06-01T00:00:00Z',
  affected: [
    {
      package: { ecosystem: 'PyPI', name: 'torch-thing' },
      ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed: '2.6.0' }] }],
    },
  ],
};
const manifest = JSON.stringify({ name: 'app', private: true, dependencies: { '@ctrl/deluge-thing': '7.2.3' } });

describe('merlon on names that are bound', function () {
  this.timeout(60_000);
  let osv: FakeOsv;
  let registry: FakeRegistry;
  before(async () => {
    osv = await startFakeOsv([record, flaw]);
    registry = await startFakeRegistry({ npm: { '@ctrl/deluge-thing': [['7.2.3', '2026-05-01T00:00:00Z']] } });
  });
  after(async () => {
    await osv.close();
    await registry.close();
  });

  async function check(files: Readonly<Record<string, string>>, env: Readonly<Record<string, string>> = {}, more: readonly string[] = []) {
    const asked = osv.requests.length;
    const args = [
      'check',
      '--osv-url',
      osv.url,
      '--npm-registry',
      registry.url,
      '--pypi-url',
      registry.url,
      '--now',
      '2026-10-15T12:00:00Z',
      ...more,
    ];
    const { code, stdout } = await merlon(args, { cwd: scratch({ 'package.json': manifest, ...files }), env });
    return { code, stdout, asked: osv.requests.length - asked };
  }

  it('asks feeds about a scope that is bound to the public registry', async () => {
    for (const address of [publicNpmRegistry, `${publicNpmRegistry}/`, publicNpmRegistry.toUpperCase()]) {
      const { code, stdout } = await check({ '.npmrc': `@ctrl:registry=${address}\n` });
      assert.match(stdout, /malware \(MAL-2026-90001\)/, address);
      assert.equal(code, 1);
      assert.doesNotMatch(stdout, /not asked/);
    }
  });

  it('asks them about torch, which most projects bind to PyTorch’s own index', async () => {
    const pytorch = 'https://download.pytorch.org/whl/cu121';
    const index = `[[tool.uv.index]]\nname = "pytorch"\nurl = "${pytorch}"\nexplicit = true\n`;
    const project = `[project]\nname = "p"\nversion = "1"\ndependencies = ["torch-thing==2.4.0"]\n[tool.uv.sources]\ntorch-thing = { index = "pytorch" }\n${index}`;
    const lock = `version = 1\n[[package]]\nname = "p"\nversion = "1"\nsource = { virtual = "." }\ndependencies = [{ name = "torch-thing" }]\n[[package]]\nname = "torch-thing"\nversion = "2.4.0+cu121"\nsource = { registry = "${pytorch}" }\n[[package]]\nname = "six"\nversion = "1.16.0"\nsource = { registry = "https://pypi.org/simple" }\n`;
    for (const locks of [{}, { 'uv.lock': lock }] as Readonly<Record<string, string>>[]) {
      const { stdout } = await check({ 'pyproject.toml': project, ...locks }, {}, ['--no-registries']);
      assert.match(stdout, /torch-thing 2\.4\.0[^\n]* PYSEC-2026-90002|torch-thing 2\.4\.0[^\n]*known vulnerabilit/);
      assert.doesNotMatch(stdout, /private/);
    }
    const own = await check({ 'pyproject.toml': project.replace('download.pytorch.org', 'download.pytorch.org.corp.example') }, {}, [
      '--no-registries',
    ]);
    assert.match(own.stdout, /private/);
  });

  it('asks them where the user’s own settings bind it so', async () => {
    const home = scratch({ '.npmrc': `@ctrl:registry=${publicNpmRegistry}/\n` });
    const { stdout } = await check({}, { HOME: home, USERPROFILE: home });
    assert.match(stdout, /MAL-2026-90001/);
  });

  const locked = (resolved: string) =>
    JSON.stringify({
      lockfileVersion: 3,
      packages: {
        '': { name: 'app', dependencies: { '@ctrl/deluge-thing': '7.2.3' } },
        'node_modules/@ctrl/deluge-thing': { resolved: 'own', link: true },
        own: { version: '0.0.1' },
        'own/node_modules/@ctrl/deluge-thing': { version: '7.2.3', resolved },
      },
    });

  it('asks them about what a lockfile has from the public registry, whatever a member of the workspace is called', async () => {
    const archive = '/@ctrl/deluge-thing/-/deluge-thing-7.2.3.tgz';
    const { stdout, code } = await check({ 'package-lock.json': locked(`${publicNpmRegistry}${archive}`) });
    assert.match(stdout, /MAL-2026-90001/);
    assert.equal(code, 1);
    assert.equal((await check({ 'package-lock.json': locked(`https://own.example${archive}`) })).asked, 0);
  });

  it('tells no feed what is bound elsewhere, however alike the address looks, and says so', async () => {
    const { host } = new URL(publicNpmRegistry);
    for (const address of [
      registry.url,
      `https://${host}@127.0.0.1:9/`,
      `https://${host}.internal.example/`,
      `https://127.0.0.1:9/${host}`,
    ]) {
      const { stdout, asked } = await check({ '.npmrc': `@ctrl:registry=${address}\n` });
      assert.equal(asked, 0, address);
      assert.match(stdout, /1 name not asked: private\n {2}@ctrl\/deluge-thing: bound to an index of its own by \.npmrc\n/);
    }
  });

  it('names those that went nowhere, well-known ones first, with the file or the setting that keeps them back', async () => {
    const files = {
      'packages/a/package.json': JSON.stringify({ name: 'a', dependencies: { '@corp/x': '1.0.0' } }),
      'packages/a/.npmrc': '@corp:registry=https://npm.corp.example/\n',
      'py/pyproject.toml':
        '[project]\nname = "p"\nversion = "1"\ndependencies = ["litellm==1.82.7", "acme-a==1", "own-lib==1"]\n' +
        '[tool.uv.sources]\nlitellm = { index = "corp" }\nacme-a = { index = "corp" }\n' +
        '[[tool.uv.index]]\nname = "corp"\nurl = "https://pypi.corp.example/simple"\n',
      'merlon.toml': 'private-packages = ["own-*"]\n',
    };
    const { stdout } = await check(files);
    const by = 'bound to an index of its own by';
    assert.ok(
      stdout.includes(
        `4 names not asked: private\n  litellm, acme-a: ${by} py/pyproject.toml\n  own-lib: listed in private-packages of merlon.toml\n  @corp/x: ${by} packages/a/.npmrc\n`,
      ),
      stdout,
    );
    const { stdout: text } = await check(files, {}, ['--format', 'json']);
    const json = JSON.parse(text) as { withheld: number; withheldNames: object[] };
    assert.equal(json.withheld, 4);
    assert.deepEqual(json.withheldNames[0], {
      ecosystem: 'PyPI',
      package: 'litellm',
      reason: `${by} py/pyproject.toml`,
      wellKnown: true,
    });
    const { stdout: sarif } = await check(files, {}, ['--format', 'sarif']);
    assert.match(sarif, /4 private names were not asked about: litellm, acme-a: bound/);
  });

  it('names those that a lockfile has from elsewhere, and cuts long lists short', async () => {
    const names = Array.from({ length: 9 }, (_, i) => `own-${i}`);
    const entries = names.map((name) => [
      `node_modules/${name}`,
      { version: '1.0.0', resolved: `https://npm.corp.example/${name}/-/${name}-1.0.0.tgz` },
    ]);
    const open = ['node_modules/axios', { version: '1.14.0', resolved: `${publicNpmRegistry}/axios/-/axios-1.14.0.tgz` }];
    const lock = { lockfileVersion: 3, packages: { '': { name: 'app' }, ...(Object.fromEntries([...entries, open]) as object) } };
    const { stdout } = await check({ 'package.json': '{"name":"app"}', 'package-lock.json': JSON.stringify(lock) });
    assert.match(
      stdout,
      /9 names not asked: private\n {2}own-0, own-1, own-2, own-3, own-4, own-5 and 3 more: package-lock\.json has it from another index than the public one\n/,
    );
  });
});
