import assert from 'node:assert/strict';
import { lockKindOf } from '../../../../server/src/ecosystems';
import { pylock } from '../../../../server/src/ecosystems/pypi/locks/pylock';
import { entryOf, places, problem } from '../../../support/lockFacts';
import { edges, keys } from './facts';

const text = `lock-version = "1.0"
environments = ["sys_platform == 'win32'", "sys_platform == 'linux'"]
requires-python = "==3.12"
created-by = "tool"

[[packages]]
name = "app"
[packages.directory]
path = "."
editable = true

[[packages]]
name = "Attrs"
version = "25.1.0"
requires-python = ">=3.8"
wheels = [
  {name = "attrs-25.1.0-py3-none-any.whl", upload-time = 2025-01-25T11:30:10.164985+00:00, url = "https://files.example/attrs.whl", size = 63152, hashes = {sha256 = "aa", sha512 = "bb"}},
]
[[packages.attestation-identities]]
environment = "release"
kind = "GitHub"

[[packages]]
name = "cattrs"
version = "24.1.2"
index = "https://me:pw@pypi.corp.example/simple"
dependencies = [
    {name = "attrs"},
    {name = "num", version = "2.0"},
    {name = "pick", vcs = {type = "git", url = "https://git.example/pick"}},
]
[packages.sdist]
name = "cattrs-24.1.2.tar.gz"
upload-time = 2024-09-22T14:58:34Z
path = "cattrs-24.1.2.tar.gz"
hashes = {sha256 = "cc"}
[[packages.wheels]]
name = "cattrs-24.1.2-py3-none-any.whl"
upload-time = 2024-09-22T14:58:36.377Z
path = "cattrs-24.1.2-py3-none-any.whl"
hashes = {sha256 = "dd"}

[[packages]]
name = "num"
version = "1.0"
marker = "python_version < '3.12'"

[[packages]]
name = "num"
version = "2.0"
marker = "'dev' in dependency_groups"

[[packages]]
name = "pick"
version = "1.0"
archive = {url = "https://dl.example/pick-1.0.zip", hashes = {sha256 = "ee"}}

[[packages]]
name = "pick"
marker = "'x' in extras"
vcs = {type = "git", url = "https://git.example/pick", commit-id = "0123456789abcdef"}
`;

describe('pylock.toml', () => {
  const lock = pylock.read(text);

  it('holds every entry', () => {
    assert.equal(lock.format, 'pylock.toml 1.0');
    assert.deepEqual(lock.problems, []);
    assert.deepEqual(keys(lock), ['app', 'attrs 25.1.0', 'cattrs 24.1.2', 'num 1.0', 'num 2.0', 'pick 1.0', 'pick']);
  });

  it('follows dependencies to the entry they tell apart', () => {
    assert.deepEqual(
      edges(lock).filter((edge) => !edge.endsWith('→')),
      ['cattrs 24.1.2 → attrs 25.1.0, num 2.0, pick'],
    );
  });

  it('has hashes and the earliest upload', () => {
    assert.deepEqual(entryOf(lock, 'attrs 25.1.0').hashes, ['sha256:aa', 'sha512:bb']);
    assert.equal(entryOf(lock, 'attrs 25.1.0').uploadedAt?.toISOString(), '2025-01-25T11:30:10.164Z');
    assert.deepEqual(entryOf(lock, 'cattrs 24.1.2').hashes, ['sha256:cc', 'sha256:dd']);
    assert.equal(entryOf(lock, 'cattrs 24.1.2').uploadedAt?.toISOString(), '2024-09-22T14:58:34.000Z');
  });

  it('tells sources and flags apart', () => {
    assert.deepEqual(
      lock.packages.map(({ key, source, registry, own, dev, optional }) =>
        [key, source, registry ?? '-', own, dev ?? '-', optional ?? '-'].join(' '),
      ),
      [
        'app workspace - true - -',
        'attrs 25.1.0 registry - false - -',
        'cattrs 24.1.2 registry https://pypi.corp.example/simple false - -',
        'num 1.0 registry - false - -',
        'num 2.0 registry - false true -',
        'pick 1.0 url https://dl.example false - -',
        'pick git https://git.example false - true',
      ],
    );
  });

  it('finds the name of each entry', () => {
    assert.deepEqual(places(pylock, text), ['7:app', '13:Attrs', '24:cattrs', '44:num', '49:num', '54:pick', '59:pick']);
  });

  it('matches the names that PEP 751 allows', () => {
    for (const path of ['pylock.toml', 'a/pylock.toml', 'pylock.dev.toml', 'a/pylock.my-env.toml'])
      assert.equal(lockKindOf(path)?.reader.id, 'pylock', path);
    for (const path of ['pylock.a.b.toml', 'my-pylock.toml', 'pylock..toml', 'pylock.lock', 'pylock.a/b.toml'])
      assert.equal(lockKindOf(path), undefined, path);
  });

  it('says what cannot be read', () => {
    assert.equal(
      problem(pylock, text.replace('"1.0"', '"2.0"')),
      'unreadable 1: pylock.toml 2.0 is of a newer version than Merlon knows (1.x)',
    );
    assert.equal(pylock.read(text.replace('"1.0"', '"1.7"')).problems.length, 0);
    assert.match(problem(pylock, text.replace('lock-version = "1.0"\n', '')), /does not say its lock-version/);
    assert.match(problem(pylock, 'lock-version = "1.0"\n'), /cut off/);
    assert.match(problem(pylock, text.replace('name = "num"\nversion = "1.0"', 'name = "num"')), /entries without/);
    assert.match(
      problem(pylock, text.replace('path = "."', 'path = ".')),
      /cannot be read in full \(line 9\): this string lacks its closing quote/,
    );
    assert.match(problem(pylock, ''), /^unreadable/);
  });
});
