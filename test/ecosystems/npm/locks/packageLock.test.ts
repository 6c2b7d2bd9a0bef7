import assert from 'node:assert/strict';
import { lockKindOf } from '../../../../server/src/ecosystems';
import { installedPackageLock, packageLock } from '../../../../server/src/ecosystems/npm/locks/packageLock';
import { entryOf, places, problem, roots } from '../../../support/lockFacts';
import { rows, sha512 } from './facts';

const tarball = (name: string, version: string) => `https://registry.npm.example/${name}/-/${name.replace(/^.*\//, '')}-${version}.tgz`;
const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;

const flat = {
  name: 'story',
  version: '1.0.0',
  lockfileVersion: 3,
  requires: true,
  packages: {
    '': {
      name: 'story',
      version: '1.0.0',
      workspaces: ['packages/*'],
      dependencies: { hero: '^2.0.0', 'old-hero': 'npm:hero@1', archive: 'https://files.example/archive.tgz', tools: '*' },
      devDependencies: { scribe: '~1.1.0' },
    },
    'node_modules/archive': { version: '3.0.0', resolved: 'https://files.example/archive.tgz', integrity: sha512('a') },
    'node_modules/grandchild': { version: '1.0.0', resolved: tarball('grandchild', '1.0.0'), integrity: sha512('b'), optional: true },
    'node_modules/hero': {
      version: '2.1.0',
      resolved: tarball('hero', '2.1.0'),
      integrity: sha512('c'),
      hasInstallScript: true,
      deprecated: 'use heroine',
      dependencies: { child: '^1.0.0' },
      optionalDependencies: { missing: '1' },
      peerDependencies: { scribe: '1', shy: '1' },
      peerDependenciesMeta: { scribe: { optional: true } },
    },
    'node_modules/hero/node_modules/child': { version: '1.5.0', inBundle: true, dependencies: { grandchild: '*' } },
    'node_modules/old-hero': {
      name: 'hero',
      version: '1.0.0',
      resolved: tarball('hero', '1.0.0'),
      integrity: `sha1-${'A'.repeat(27)}= ${sha512('d')}`,
      dependencies: { child: '1' },
    },
    'node_modules/child': { version: '1.0.0', resolved: 'git+ssh://git@github.com/x/child.git#abc', peer: true },
    'node_modules/scribe': { version: '1.1.1', resolved: `http://user:secret@mirror.example:8080/scribe/-/scribe-1.1.1.tgz`, dev: true },
    'node_modules/shy': { version: '1.0.0', devOptional: true },
    'node_modules/tools': { resolved: 'packages/tools', link: true },
    'node_modules/beside': { resolved: '../beside', link: true },
    'packages/tools': { version: '0.1.0', dependencies: { child: '1', hero: '3' } },
    'packages/tools/node_modules/hero': { version: '3.0.0', dependencies: { child: '1' } },
  },
};

describe('package-lock.json', () => {
  const text = json(flat);
  const lock = packageLock.read(text);

  it('lists packages with source, flags and edges', () => {
    assert.equal(lock.format, 'package-lock 3');
    assert.deepEqual(lock.problems, []);
    assert.deepEqual(rows(lock), [
      '. = story@1.0.0 workspace own → node_modules/hero, node_modules/old-hero, node_modules/archive, packages/tools, node_modules/scribe',
      'node_modules/archive = archive@3.0.0 url',
      'node_modules/grandchild = grandchild@1.0.0 registry optional',
      'node_modules/hero = hero@2.1.0 registry installScript → node_modules/hero/node_modules/child, node_modules/shy',
      'node_modules/hero/node_modules/child = child@1.5.0 registry bundled → node_modules/grandchild',
      'node_modules/old-hero = hero@1.0.0 registry → node_modules/child',
      'node_modules/child = child@1.0.0 git peer',
      'node_modules/scribe = scribe@1.1.1 registry dev',
      'node_modules/shy = shy@1.0.0 registry',
      'packages/tools = tools@0.1.0 workspace own → node_modules/child, packages/tools/node_modules/hero',
      'packages/tools/node_modules/hero = hero@3.0.0 registry → node_modules/child',
      'node_modules/beside = beside@ path own',
    ]);
  });

  it('says who asks for what', () => {
    assert.deepEqual(lock.importers, ['', 'packages/tools']);
    assert.deepEqual(roots(lock), [
      '. dependencies hero ^2.0.0 = node_modules/hero',
      '. dependencies old-hero 1 = node_modules/old-hero',
      '. dependencies archive https://files.example/archive.tgz = node_modules/archive',
      '. dependencies tools * = packages/tools',
      '. devDependencies scribe ~1.1.0 = node_modules/scribe',
      'packages/tools dependencies child 1 = node_modules/child',
      'packages/tools dependencies hero 3 = packages/tools/node_modules/hero',
    ]);
  });

  it('gives hosts without credentials, digests one by one, and what was said of a release', () => {
    assert.equal(entryOf(lock, 'node_modules/scribe').registry, 'mirror.example:8080');
    assert.equal(entryOf(lock, 'node_modules/hero').registry, 'registry.npm.example');
    assert.equal(entryOf(lock, 'node_modules/hero').deprecated, 'use heroine');
    assert.deepEqual(entryOf(lock, 'node_modules/old-hero').hashes, [`sha1-${'A'.repeat(27)}=`, sha512('d')]);
    assert.deepEqual(entryOf(lock, 'node_modules/shy').hashes, []);
  });

  it('finds entries by structure', () => {
    const twisted = text.replace(
      '"requires": true',
      '"requires": {"packages": {"node_modules/hero": {}}, "x": ["packages", "node_modules/hero"]}',
    );
    assert.deepEqual(
      places(packageLock, twisted).map((place) => place.replace(/^\d+:/, '')),
      lock.packages.map(({ key }) => key),
    );
    const line = twisted.split('\n').findIndex((one) => one.startsWith('    "node_modules/hero"')) + 1;
    assert.equal(places(packageLock, twisted)[3], `${line}:node_modules/hero`);
  });

  it('reads the same with CRLF, a byte order mark, or on one line', () => {
    for (const twin of [text.replaceAll('\n', '\r\n'), `\uFEFF${text}`, JSON.stringify(flat)]) {
      assert.deepEqual(packageLock.read(twin), lock);
      assert.ok(places(packageLock, twin).every((place) => !place.includes('nowhere')));
    }
  });

  it('takes `packages` of version 2, and names what it matches', () => {
    const both = packageLock.read(json({ ...flat, lockfileVersion: 2, dependencies: { ghost: { version: '1.0.0' } } }));
    assert.deepEqual(rows(both), rows(lock));
    for (const path of ['a/npm-shrinkwrap.json', 'package-lock.json']) assert.equal(lockKindOf(path)?.reader.id, 'package-lock');
    for (const path of ['a/node_modules/.package-lock.json', 'my-package-lock.json']) assert.equal(lockKindOf(path), undefined);
  });

  it('reads what npm noted about an installed tree', () => {
    const { '': _, ...installed } = flat.packages;
    const read = installedPackageLock.read(json({ name: 'story', lockfileVersion: 3, requires: true, packages: installed }));
    assert.deepEqual(read.problems, []);
    assert.deepEqual(
      read.packages.map(({ key }) => key),
      lock.packages.map(({ key }) => key).filter((key) => key !== ''),
    );
  });

  it('reads version 1 by its nesting', () => {
    const nested = {
      name: 'story',
      version: '1.0.0',
      lockfileVersion: 1,
      requires: true,
      dependencies: {
        child: { version: '1.0.0', resolved: tarball('child', '1.0.0'), integrity: sha512('a'), dev: true },
        hero: {
          version: '2.1.0',
          bundled: true,
          requires: { child: '^1.0.0', missing: '1' },
          dependencies: { child: { version: '1.5.0', requires: { grandchild: '*', hero: '2' } } },
        },
        grandchild: { version: 'npm:@kin/real@4.0.0', optional: true },
        repo: { version: 'git+ssh://git@github.com/x/repo.git#abc', from: 'git+ssh://git@github.com/x/repo.git' },
        archive: { version: 'https://user@files.example/a.tgz', integrity: sha512('b') },
        folder: { version: 'file:../folder' },
      },
    };
    const read = packageLock.read(json(nested));
    assert.equal(read.format, 'package-lock 1');
    assert.deepEqual(rows(read), [
      'node_modules/child = child@1.0.0 registry dev',
      'node_modules/hero = hero@2.1.0 registry bundled → node_modules/hero/node_modules/child',
      'node_modules/grandchild = @kin/real@4.0.0 registry optional',
      'node_modules/repo = repo@ git',
      'node_modules/archive = archive@ url',
      'node_modules/folder = folder@ path',
      'node_modules/hero/node_modules/child = child@1.5.0 registry → node_modules/grandchild, node_modules/hero',
    ]);
    assert.equal(entryOf(read, 'node_modules/archive').registry, 'files.example');
    assert.deepEqual(roots(read).slice(0, 2), ['. - child ? = node_modules/child', '. - hero ? = node_modules/hero']);
    assert.deepEqual(places(packageLock, json(nested)).slice(-1), ['21:child']);
    assert.deepEqual(packageLock.read(json({ name: 'x', lockfileVersion: 1 })).problems, []);
  });

  it('says what it cannot read, and keeps what is sure', () => {
    const cut = text.slice(0, text.indexOf('"version": "1.5.0"') + 14);
    assert.match(problem(packageLock, cut), /^unreadable \d+: package-lock 3 cannot be read in full \(line \d+\): /);
    assert.deepEqual(
      packageLock.read(cut).packages.map(({ key }) => key),
      ['', 'node_modules/archive', 'node_modules/grandchild', 'node_modules/hero'],
    );
    const newer = json({ ...flat, lockfileVersion: 4 });
    assert.equal(
      problem(packageLock, newer),
      'unreadable 4: package-lock 4 has lockfile version 4, which is not known here (1 to 3 are): what it holds may be missing or wrong',
    );
    assert.equal(packageLock.read(newer).packages.length, lock.packages.length);
    const merged = text.replace(
      '    "node_modules/hero": {\n',
      '<<<<<<< HEAD\n    "node_modules/hero": {\n=======\n    "node_modules/her": {\n>>>>>>> x\n',
    );
    assert.match(
      problem(packageLock, merged),
      /^unreadable \d+: package-lock 3? ?cannot be read in full \(line \d+\): a merge conflict was left in it$/,
    );
    assert.deepEqual(packageLock.read(merged).packages, []);
    for (const empty of ['', ' \n', '{}', '[]', 'null', '"x"', '{"lockfileVersion": 3}', '{"lockfileVersion": 2, "dependencies": {}}']) {
      assert.match(problem(packageLock, empty), /^unreadable 1: package-lock/, empty);
    }
    assert.match(problem(packageLock, json({ lockfileVersion: 3, packages: { 'node_modules/a': 'x' } })), /this entry is no object/);
    assert.match(
      problem(packageLock, json({ lockfileVersion: 3, packages: { 'node_modules/': { version: '1' } } })),
      /this entry has no name/,
    );
  });

  it('follows nesting as deep as any tool goes, and says where it stops', () => {
    const at = (depth: number) => Array.from({ length: depth }, () => 'node_modules/a').join('/');
    const packages = Object.fromEntries(
      [1, 60, 80, 200].map((depth) => [at(depth), { version: `${depth}.0.0`, dependencies: { a: '1' } }]),
    );
    const deep = json({ lockfileVersion: 3, packages: { '': { dependencies: { a: '1' } }, ...packages } });
    assert.match(problem(packageLock, deep), /this entry is nested too deep to be followed$/);
    const { packages: read } = packageLock.read(deep);
    assert.deepEqual(
      read.map(({ version, dependencies }) => [version, ...dependencies.map((index) => read[index]!.version)]),
      [['', '1.0.0'], ['1.0.0', '1.0.0'], ['60.0.0', '60.0.0'], ['80.0.0', '60.0.0'], ['200.0.0']],
    );
  });
});
