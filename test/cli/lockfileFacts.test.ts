import assert from 'node:assert/strict';
import { merlon, report, scratch, type FindingJson } from '../support/cli';
import { dspyProject, uvLockOf } from '../support/uvLock';

// What a lockfile tells by itself, to the built command line that asks nobody: when a release was uploaded, and from where it comes.

type Told = FindingJson & { readonly via: readonly string[] };

async function check(files: Readonly<Record<string, string>>, ...more: string[]) {
  const result = await merlon(['check', '--offline', '--no-registries', '--format', 'json', ...more], { cwd: scratch(files) });
  assert.ok(result.stdout !== '', result.stderr);
  return report(result).findings as readonly Told[];
}

describe('merlon on what a lockfile tells by itself', function () {
  this.timeout(60_000);

  it('does not say that nothing was read, where a lockfile lies alone', async () => {
    const cwd = scratch({ 'uv.lock': uvLockOf('litellm', '1.99.7', { wheel: '2026-03-24T10:39:00Z' }) });
    const { stderr } = await merlon(['check', '--offline', '--format', 'json'], { cwd });
    assert.equal(stderr, '');
  });

  it('names a transitive release of twenty minutes, with the way to it', async () => {
    const lock = uvLockOf('litellm', '1.99.7', { wheel: '2026-03-24T10:39:00Z' });
    const found = await check({ 'pyproject.toml': dspyProject(), 'uv.lock': lock }, '--now', '2026-03-24T10:59:00Z');
    assert.deepEqual(
      found.map(({ rule, file, package: name, version, via }) => [rule, file, name, version, via]),
      [['fresh-release', 'pyproject.toml', 'litellm', '1.99.7', ['dspy@3.0.3']]],
    );
    assert.match(
      found[0]!.message,
      /by dspy → litellm, which was published 20 minutes ago, .*, as uv\.lock says: less than the 3 days of /,
    );
  });

  it('names one changed address of a lockfile, in the lockfile', async () => {
    const at = (name: string, host: string) => `https://${host}/${name}/-/${name}-1.0.0.tgz`;
    const integrity = `sha512-${'A'.repeat(86)}==`;
    const entry = (name: string, host: string) => ({ [`node_modules/${name}`]: { version: '1.0.0', resolved: at(name, host), integrity } });
    const dependencies = { express: '^1.0.0', lodash: '^1.0.0' };
    const lock = (host: string) =>
      JSON.stringify({
        lockfileVersion: 3,
        packages: { '': { dependencies }, ...entry('express', 'registry.npm.example'), ...entry('lodash', host) },
      });
    const project = (host: string) => ({
      'package.json': JSON.stringify({ dependencies }),
      'package-lock.json': lock(host),
      '.npmrc': 'registry=https://registry.npm.example/\n',
    });
    const rules = async (host: string) =>
      (await check(project(host))).filter(({ rule }) => rule === 'insecure-source').map(({ file, message }) => [file, message]);
    assert.deepEqual(await rules('registry.npm.example'), []);
    assert.deepEqual(await rules('packages.evil.example'), [
      [
        'package-lock.json',
        "lodash 1.0.0 is locked to packages.evil.example: no setting names it as a registry; nothing but the lockfile's own hash says what it is, and whoever changes the address can change that as well",
      ],
    ]);
  });

  describe('where the lockfile alone is named', () => {
    const integrity = `sha512-${'A'.repeat(86)}==`;
    const at = (name: string, host: string) => `https://${host}/${name}/-/${name}-1.0.0.tgz`;
    const entry = (name: string, host: string) => ({ [`node_modules/${name}`]: { version: '1.0.0', resolved: at(name, host), integrity } });
    const npmLock = (host: string, packages: object) =>
      JSON.stringify({
        lockfileVersion: 3,
        packages: { ...packages, ...entry('express', 'registry.npm.example'), ...entry('lodash', host) },
      });
    const dependencies = { express: '^1.0.0', lodash: '^1.0.0' };
    const npmrc = { '.npmrc': 'registry=https://registry.npm.example/\n' };
    const told = (found: readonly Told[]) => found.map(({ rule, file, package: name }) => [rule, file, name]);

    it('names a changed address by what its manifest has set up', async () => {
      const project = { 'package.json': JSON.stringify({ dependencies }), ...npmrc };
      const lock = (host: string) => ({ ...project, 'package-lock.json': npmLock(host, { '': { dependencies } }) });
      const changed = [['insecure-source', 'package-lock.json', 'lodash']];
      assert.deepEqual(told(await check(lock('packages.evil.example'), 'package-lock.json')), changed);
      assert.deepEqual(told(await check(lock('packages.evil.example'), 'package-lock.json', 'package.json')), changed);
      assert.deepEqual(told(await check(lock('registry.npm.example'), 'package-lock.json')), []);
      const yarn = (host: string) => `# yarn lockfile v1


express@^1.0.0:
  version "1.0.0"
  resolved "${at('express', 'registry.npm.example')}#${'a'.repeat(40)}"
  integrity ${integrity}

lodash@^1.0.0:
  version "1.0.0"
  resolved "${at('lodash', host)}#${'b'.repeat(40)}"
  integrity ${integrity}
`;
      const yarnProject = { ...project, 'yarn.lock': yarn('packages.evil.example') };
      assert.deepEqual(told(await check(yarnProject, 'yarn.lock')), [['insecure-source', 'yarn.lock', 'lodash']]);
      const both = { ...lock('registry.npm.example'), 'yarn.lock': yarn('packages.evil.example') };
      assert.deepEqual(told(await check(both, 'yarn.lock')), [['insecure-source', 'yarn.lock', 'lodash']]);
    });

    it('reads the members of its workspace as well, and what the policy says of it', async () => {
      const packages = {
        '': { workspaces: ['a'] },
        a: { name: 'a', dependencies },
        'node_modules/a': { resolved: 'a', link: true },
      };
      const project = (text: string) => ({
        'ws/package.json': '{ "name": "ws", "workspaces": ["a"] }',
        'ws/a/package.json': JSON.stringify({ name: 'a', dependencies, ...JSON.parse(text) }),
        'ws/package-lock.json': npmLock('packages.evil.example', packages),
        'ws/.npmrc': npmrc['.npmrc'],
        // Nothing of this is installed by the lockfile.
        'ws/other/package.json': '{ "dependencies": { "litellm": "1.82.7" } }',
        'ws/other/package-lock.json': '{ "lockfileVersion": 3, "packages": { "": {} } }',
        'ws/other/.npmrc': 'registry=https://packages.evil.example/\n',
      });
      assert.deepEqual(told(await check(project('{}'), 'ws/package-lock.json')), [['insecure-source', 'ws/package-lock.json', 'lodash']]);
      const hushed = {
        ...project('{}'),
        'merlon.toml': '[[suppress]]\nrule = "insecure-source"\npackage = "lodash"\nreason = "it is ours"\n',
      };
      assert.deepEqual(told(await check(hushed, 'ws/package-lock.json')), []);
      const left = { ...hushed, 'merlon.toml': 'exclude = ["ws/"]\n' };
      assert.equal((await check(left, 'ws/package-lock.json')).length, 1, 'who names a file wants it judged');
    });

    it('measures ages by the limit of the project', async () => {
      const project = (setting: string) => ({
        'pyproject.toml': dspyProject(`\n[tool.uv]\n${setting}`),
        'uv.lock': uvLockOf('litellm', '1.99.7', { wheel: '2026-03-24T10:39:00Z' }),
        '.github/dependabot.yml': '',
      });
      const week = 'exclude-newer = "7 days"\n';
      const found = await check(project(week), '--now', '2026-03-28T10:39:00Z', 'uv.lock');
      assert.deepEqual(
        found.map(({ rule, file, package: name, message }) => [rule, file, name, message.replace(/.*:/, '')]),
        [['fresh-release', 'uv.lock', 'litellm', ' less than the 7 days of exclude-newer in pyproject.toml']],
      );
      const day = ['--now', '2026-03-26T10:39:00Z', 'uv.lock'] as const;
      assert.deepEqual(await check(project('exclude-newer = "1 day"\n'), ...day), []);
      assert.deepEqual(await check(project(`${week}exclude-newer-package = { litellm = false }\n`), ...day), []);
      assert.match((await check(project(''), ...day))[0]?.message ?? '', /less than the 3 days of merlon\.minimumReleaseAge$/);
    });

    it('speaks of the lockfile alone', async () => {
      const project = {
        'package.json': '{ "dependencies": { "axios": "1.14.1", "lodash": "*" } }',
        'package-lock.json': JSON.stringify({
          lockfileVersion: 3,
          packages: {
            '': { dependencies: { axios: '1.14.1', lodash: '*' } },
            'node_modules/axios': { version: '1.14.1' },
            ...entry('lodash', 'registry.npm.example'),
          },
        }),
        ...npmrc,
      };
      assert.deepEqual(told(await check(project, 'package-lock.json')), [['compromised-release', 'package-lock.json', 'axios']]);
    });
  });
});
