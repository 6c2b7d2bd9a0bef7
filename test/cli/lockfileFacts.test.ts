import assert from 'node:assert/strict';
import { merlon, report, scratch, type FindingJson } from '../support/cli';

// What a lockfile tells by itself, to the built command line that asks nobody: when a release was uploaded, and from where it comes.

type Told = FindingJson & { readonly via: readonly string[] };

async function check(files: Readonly<Record<string, string>>, ...more: string[]) {
  const result = await merlon(['check', '--offline', '--no-registries', '--format', 'json', ...more], { cwd: scratch(files) });
  assert.ok(result.stdout !== '', result.stderr);
  return report(result).findings as readonly Told[];
}

const uvLock = (name: string, version: string, uploaded: string) => `version = 1
revision = 3

[[package]]
name = "app"
version = "1"
source = { virtual = "." }
dependencies = [{ name = "dspy" }]

[package.metadata]
requires-dist = [{ name = "dspy", specifier = ">=3" }]

[[package]]
name = "dspy"
version = "3.0.3"
source = { registry = "https://pypi.org/simple" }
dependencies = [{ name = "${name}" }]
sdist = { url = "https://files.pythonhosted.org/packages/dspy-3.0.3.tar.gz", hash = "sha256:aa", size = 1, upload-time = "2025-08-31T18:49:30Z" }

[[package]]
name = "${name}"
version = "${version}"
source = { registry = "https://pypi.org/simple" }
wheels = [
    { url = "https://files.pythonhosted.org/packages/x-py3-none-any.whl", hash = "sha256:bb", size = 1, upload-time = "${uploaded}" },
]
`;
const pyproject = '[project]\nname = "app"\nversion = "1"\ndependencies = ["dspy>=3"]\n';

describe('merlon on what a lockfile tells by itself', function () {
  this.timeout(60_000);

  it('does not say that nothing was read, where a lockfile lies alone', async () => {
    const cwd = scratch({ 'uv.lock': uvLock('litellm', '1.99.7', '2026-03-24T10:39:00Z') });
    const { stderr } = await merlon(['check', '--offline', '--format', 'json'], { cwd });
    assert.equal(stderr, '');
  });

  it('names a transitive release of twenty minutes, with the way to it', async () => {
    const lock = uvLock('litellm', '1.99.7', '2026-03-24T10:39:00Z');
    const found = await check({ 'pyproject.toml': pyproject, 'uv.lock': lock }, '--now', '2026-03-24T10:59:00Z');
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
        'lodash 1.0.0 is locked to packages.evil.example: no setting names it as a registry; an install takes whatever lies there',
      ],
    ]);
  });
});
