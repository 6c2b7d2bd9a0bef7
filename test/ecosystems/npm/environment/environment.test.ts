import assert from 'node:assert/strict';
import path from 'node:path';
import fc from 'fast-check';
import { textAt } from '../../../../server/src/core/span';
import { madeIncident, readModules, sha256 } from '../../../support/environments';
import { canLink, temporaryFolder, temporaryFolders } from '../../../support/temporaryFolder';

const manifest = (name: string, version: string) => `{\n  "name": "${name}",\n  "version": "${version}"\n}\n`;

describe('an installed node_modules', () => {
  const make = temporaryFolders();
  const releases = (root: string, folder?: string) =>
    readModules(root, [], folder)
      .releases.map(({ package: pkg, version, file }) => `${pkg.name} ${version} ${file}`)
      .sort();

  it('finds packages, scopes and nested ones', () => {
    const root = make({
      'node_modules/a/package.json': manifest('a', '1.0.0'),
      'node_modules/a/node_modules/b/package.json': manifest('b', '2.0.0'),
      'node_modules/@s/c/package.json': manifest('@s/c', '3.0.0'),
      'node_modules/alias/package.json': manifest('real', '4.0.0'),
      'node_modules/.bin/tool': '',
      'node_modules/.cache/x/package.json': manifest('cached', '1.0.0'),
      'node_modules/a/esm/package.json': '{"type":"module"}',
    });
    assert.deepEqual(releases(root), [
      '@s/c 3.0.0 node_modules/@s/c/package.json',
      'a 1.0.0 node_modules/a/package.json',
      'b 2.0.0 node_modules/a/node_modules/b/package.json',
      'real 4.0.0 node_modules/alias/package.json',
    ]);
    for (const { head, span, version } of readModules(root).releases) assert.equal(textAt(head, span), version);
  });

  it('follows pnpm’s links into its store, each package once, and no link that leads out', function () {
    if (!canLink) this.skip();
    const outside = make({ 'package.json': manifest('outside', '9.9.9') });
    const store = 'node_modules/.pnpm';
    const root = make({
      [`${store}/a@1.0.0/node_modules/a/package.json`]: manifest('a', '1.0.0'),
      [`${store}/a@1.0.0/node_modules/b`]: { link: '../../b@2.0.0/node_modules/b' },
      [`${store}/b@2.0.0/node_modules/b/package.json`]: manifest('b', '2.0.0'),
      [`${store}/node_modules/b`]: { link: '../b@2.0.0/node_modules/b' },
      'node_modules/a': { link: '.pnpm/a@1.0.0/node_modules/a' },
      'node_modules/out': { link: outside },
      'node_modules/member': { link: '../packages/member' },
      'packages/member/package.json': manifest('member', '0.0.0'),
    });
    assert.deepEqual(releases(root), [
      `a 1.0.0 ${store}/a@1.0.0/node_modules/a/package.json`,
      `b 2.0.0 ${store}/b@2.0.0/node_modules/b/package.json`,
    ]);
    const notes = readModules(root).coverage.notLooked.map(({ path: at, reason }) => `${at}: ${reason}`);
    assert.ok(notes.includes('node_modules/out: a link that leads out of the environment, or nowhere'), notes.join('\n'));
    assert.ok(notes.includes('node_modules/member: a link to packages/member, which is no installed package'));
  });

  it('does not go in circles', function () {
    if (!canLink) this.skip();
    const root = make({
      'node_modules/a/package.json': manifest('a', '1.0.0'),
      'node_modules/a/node_modules/a': { link: '..' },
      'node_modules/b': { link: 'b' },
    });
    assert.equal(readModules(root).releases.length, 1);
  });

  it('reads the stores of yarn and bun', () => {
    const root = make({
      'node_modules/.store/a-npm-1.0.0-abc/package/package.json': manifest('a', '1.0.0'),
      'node_modules/.bun/b@2.0.0/node_modules/b/package.json': manifest('b', '2.0.0'),
    });
    assert.deepEqual(
      readModules(root).releases.map(({ package: pkg }) => pkg.name),
      ['b', 'a'],
    );
  });

  it('takes integrity, registry and source from what npm wrote down', () => {
    const integrity = `sha512-${'A'.repeat(86)}==`;
    const locked = {
      lockfileVersion: 3,
      packages: {
        'node_modules/a': { version: '1.0.0', resolved: 'https://registry.npm.example/a/-/a-1.0.0.tgz', integrity },
        'node_modules/b': { version: '2.0.0', resolved: 'git+ssh://git@git.example/b.git#0123456789012345678901234567890123456789' },
      },
    };
    const root = make({
      'node_modules/.package-lock.json': JSON.stringify(locked),
      'node_modules/a/package.json': manifest('a', '1.0.0'),
      'node_modules/b/package.json': manifest('b', '2.0.0'),
    });
    const { releases: found, installerList } = readModules(root);
    assert.deepEqual(
      found.map(({ package: pkg, source, integrity, registry }) => [pkg.name, source, integrity, registry]),
      [
        ['a', 'registry', integrity, 'registry.npm.example'],
        ['b', 'git', undefined, found[1]!.registry],
      ],
    );
    assert.equal(installerList?.locked.length, 2);
  });

  it('tells what came from no registry, and what is private', () => {
    const root = make({
      'node_modules/.pnpm/a@file+packages+a/node_modules/a/package.json': manifest('a', '1.0.0'),
      'node_modules/.pnpm/b@https+++host.example+b.tgz/node_modules/b/package.json': manifest('b', '1.0.0'),
      'node_modules/.pnpm/@s+c@git+ssh+++git@host+c/node_modules/@s/c/package.json': manifest('@s/c', '1.0.0'),
      'node_modules/.pnpm/d@1.0.0_file@1.0.0/node_modules/d/package.json': manifest('d', '1.0.0'),
      'node_modules/e/package.json': '{"name":"e","version":"1.0.0","private":true}',
    });
    assert.deepEqual(
      readModules(root)
        .releases.map(({ package: pkg, source, private: own }) => `${pkg.name} ${source} ${own ?? false}`)
        .sort(),
      ['@s/c git false', 'a path false', 'b url false', 'd registry false', 'e registry true'],
    );
  });

  it('is incomplete where package.json or the list of npm cannot be read', () => {
    const root = make({
      'node_modules/a/package.json': '{"name":',
      'node_modules/.package-lock.json': '{',
      'node_modules/b/index.js': '',
      'node_modules/c/d/x': '',
    });
    const { notLooked } = readModules(root).coverage;
    assert.deepEqual(
      notLooked.filter(({ fault }) => fault).map(({ path: at }) => at),
      ['node_modules/.package-lock.json', 'node_modules/a/package.json'],
    );
    assert.ok(notLooked.some(({ path: at, reason }) => at === 'node_modules/b' && reason === 'it has no package.json'));
  });

  it('finds a binding.gyp without native sources, and none beside some', () => {
    const gyp = `{ "targets": [{ "target_name": "x", "type": "none", "sources": ["<!(node index.js)"] }] }`;
    const root = make({
      'node_modules/bare/package.json': manifest('bare', '1.0.0'),
      'node_modules/bare/binding.gyp': gyp,
      'node_modules/bare/node_modules/native/package.json': manifest('native', '1.0.0'),
      'node_modules/bare/node_modules/native/binding.gyp': gyp,
      'node_modules/bare/node_modules/native/src/a.cc': '',
    });
    const { traces } = readModules(root);
    assert.deepEqual(
      traces.map(({ kind, path: at, owner, command }) => [kind, at, owner, command]),
      [['bare-gyp', 'node_modules/bare/binding.gyp', 'bare', 'node index.js']],
    );
    assert.equal(textAt(traces[0]!.text, traces[0]!.span), '<!(node index.js)');
  });

  it('hashes files of a name that an incident gives', () => {
    const root = make({ 'node_modules/a/package.json': manifest('a', '1.0.0'), 'node_modules/a/router_init.js': 'evil' });
    assert.deepEqual(
      readModules(root, [madeIncident({ files: ['router_init.js'] })]).traces.map(({ kind, owner, sha256: hash }) => [kind, owner, hash]),
      [['named-file', 'a', sha256('evil')]],
    );
  });

  it('never throws, whatever package.json holds', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        const folder = temporaryFolder({ [path.join('node_modules', 'a', 'package.json')]: text });
        readModules(folder.path);
        folder.remove();
      }),
      { numRuns: 150 },
    );
  });
});
