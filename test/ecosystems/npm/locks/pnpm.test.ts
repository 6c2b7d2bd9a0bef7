import assert from 'node:assert/strict';
import { pnpm } from '../../../../server/src/ecosystems/npm/locks/pnpm';
import { entryOf, places, problem, roots } from '../../../support/lockFacts';
import { rows, sha512 } from './facts';

const sound = `lockfileVersion: '9.0'

settings:
  autoInstallPeers: true
  excludeLinksFromLockfile: false

catalogs:
  default:
    child:
      specifier: ^1.2.0
      version: 1.2.3

overrides:
  plain: 1.9.0

importers:

  .:
    dependencies:
      hero:
        specifier: ^2.0.0
        version: 2.1.0(child@1.2.3)
      old-hero:
        specifier: npm:hero@^1
        version: hero@1.0.0
      tools:
        specifier: workspace:*
        version: link:packages/tools
    devDependencies:
      scribe:
        specifier: ~1.1.0
        version: 1.1.1

  packages/tools:
    dependencies:
      child:
        specifier: 'catalog:'
        version: 1.2.3
      outside:
        specifier: link:../../../outside
        version: link:../../../outside
    optionalDependencies:
      hero:
        specifier: ^2.0.0
        version: 2.1.0

packages:

  '@kin/plain@1.9.0':
    resolution: {integrity: ${sha512('a')}}
    engines: {node: '>=18'}
    os: [darwin, linux]

  archive@https://files.example/archive.tgz:
    resolution: {integrity: ${sha512('b')}, tarball: https://files.example/archive.tgz}
    version: 3.0.0

  boxed@work:1.0.0:
    resolution: {integrity: ${sha512('c')}}

  child@1.2.3:
    resolution: {integrity: ${sha512('d')}, tarball: https://mirror.example/child-1.2.3.tgz}
    deprecated: |-
      Two lines: one,
        and two.
    peerDependencies:
      hero: '*'

  hero@1.0.0:
    resolution: {integrity: ${sha512('e')}}
    deprecated: 'it''s old'

  hero@2.1.0:
    resolution:
      integrity: ${sha512('f')}
    hasBin: true

  local@file:local:
    resolution: {directory: local, type: directory}

  repo@https://codeload.github.com/kin/repo/tar.gz/0123456789012345678901234567890123456789:
    resolution: {tarball: https://codeload.github.com/kin/repo/tar.gz/0123456789012345678901234567890123456789}
    version: 0.1.0

  quill@1.0.0:
    resolution: {integrity: ${sha512('h')}}

  scribe@1.1.1:
    resolution: {integrity: ${sha512('g')}}

snapshots:

  '@kin/plain@1.9.0': {}

  archive@https://files.example/archive.tgz: {}

  boxed@work:1.0.0: {}

  child@1.2.3:
    dependencies:
      '@kin/plain': 1.9.0
    transitivePeerDependencies:
    - supports-color

  hero@1.0.0: {}

  hero@2.1.0:
    dependencies:
      archive: https://files.example/archive.tgz
      repo: https://codeload.github.com/kin/repo/tar.gz/0123456789012345678901234567890123456789

  hero@2.1.0(child@1.2.3):
    dependencies:
      boxed: work:1.0.0
      child: 1.2.3
    optionalDependencies:
      renamed: '@kin/plain@1.9.0'

  local@file:local: {}

  repo@https://codeload.github.com/kin/repo/tar.gz/0123456789012345678901234567890123456789:
    optional: true

  quill@1.0.0: {}

  scribe@1.1.1:
    dependencies:
      hero: 1.0.0
      quill: 1.0.0
`;

describe('pnpm-lock.yaml', () => {
  const lock = pnpm.read(sound);
  const repo = 'repo@https://codeload.github.com/kin/repo/tar.gz/0123456789012345678901234567890123456789';

  it('lists packages of version 9 with source, flags and edges, one for each set of peers', () => {
    assert.equal(lock.format, 'pnpm-lock 9.0');
    assert.deepEqual(lock.problems, []);
    assert.deepEqual(
      rows(lock).map((row) => row.replaceAll(repo, 'REPO')),
      [
        '@kin/plain@1.9.0 = @kin/plain@1.9.0 registry',
        'archive@https://files.example/archive.tgz = archive@3.0.0 url',
        'boxed@work:1.0.0 = boxed@1.0.0 registry',
        'child@1.2.3 = child@1.2.3 registry → @kin/plain@1.9.0',
        'hero@1.0.0 = hero@1.0.0 registry',
        'hero@2.1.0 = hero@2.1.0 registry → archive@https://files.example/archive.tgz, REPO',
        'hero@2.1.0(child@1.2.3) = hero@2.1.0 registry → boxed@work:1.0.0, child@1.2.3, @kin/plain@1.9.0',
        'local@file:local = local@ path',
        'REPO = repo@0.1.0 git optional',
        'quill@1.0.0 = quill@1.0.0 registry dev',
        'scribe@1.1.1 = scribe@1.1.1 registry dev → hero@1.0.0, quill@1.0.0',
        'link:packages/tools = tools@ workspace own → child@1.2.3, link:../outside, hero@2.1.0',
        'link:../outside = outside@ path own',
      ],
    );
  });

  it('gives registries, digests and deprecations', () => {
    assert.equal(entryOf(lock, 'boxed@work:1.0.0').registry, 'work');
    assert.equal(entryOf(lock, 'child@1.2.3').registry, 'mirror.example');
    assert.equal(entryOf(lock, 'child@1.2.3').deprecated, 'Two lines: one,\n  and two.');
    assert.equal(entryOf(lock, 'hero@1.0.0').deprecated, "it's old");
    assert.deepEqual(entryOf(lock, 'hero@2.1.0(child@1.2.3)').hashes, [sha512('f')]);
  });

  it('says who asks for what', () => {
    assert.deepEqual(lock.importers, ['', 'packages/tools']);
    assert.deepEqual(roots(lock), [
      '. dependencies hero ^2.0.0 = hero@2.1.0(child@1.2.3)',
      '. dependencies old-hero ^1 = hero@1.0.0',
      '. dependencies tools workspace:* = link:packages/tools',
      '. devDependencies scribe ~1.1.0 = scribe@1.1.1',
      'packages/tools dependencies child catalog: = child@1.2.3',
      'packages/tools dependencies outside link:../../../outside = link:../outside',
      'packages/tools optionalDependencies hero ^2.0.0 = hero@2.1.0',
    ]);
  });

  it('finds entries where their release stands', () => {
    const lines = sound.split('\n');
    const at = (key: string) => `${lines.findIndex((line) => line.replaceAll("'", '') === `  ${key}:`) + 1}:${key}`;
    assert.deepEqual(places(pnpm, sound), [
      ...lock.packages.slice(0, 11).map(({ key }) => at(key.replace('(child@1.2.3)', ''))),
      at('packages/tools'),
      'link:../outside: nowhere',
    ]);
  });

  it('reads the same whoever formatted it', () => {
    const twins: Readonly<Record<string, string>> = {
      CRLF: sound.replaceAll('\n', '\r\n'),
      'a byte order mark': `\uFEFF${sound}`,
      'double quotes': sound.replaceAll("'9.0'", '"9.0"').replaceAll("'@kin/plain@1.9.0':", '"@kin/plain@1.9.0":'),
      'flow maps over lines': sound.replaceAll(/resolution: \{(integrity: \S+)\}/g, 'resolution:\n      {\n        $1,\n      }'),
      'long keys': sound.replace('  hero@2.1.0:\n    dependencies:', '  ? hero@2.1.0\n  : dependencies:'),
      'another document before it': `lockfileVersion: '9.0'\n\nimporters:\n\n  .:\n    configDependencies: {}\n\n---\n${sound}`,
      'a comment': sound.replace('\nsnapshots:', '\n# by hand\nsnapshots:'),
      'the library, since a scalar is folded': `${sound}\nnote: >-\n  some\n  text\n`,
      'the library, since a comment ends a line': sound.replace('    hasBin: true', '    hasBin: true # yes'),
    };
    for (const [how, text] of Object.entries(twins)) assert.deepEqual(pnpm.read(text), lock, how);
  });

  const six = `lockfileVersion: '6.0'

dependencies:
  '@kin/hero':
    specifier: ^2.0.0
    version: 2.1.0(@kin/peer@1.0.0)
  local:
    specifier: file:local
    version: file:local
  repo:
    specifier: github:kin/repo
    version: github.com/kin/repo/0123456789

devDependencies:
  renamed:
    specifier: npm:@kin/peer@1
    version: /@kin/peer@1.0.0

packages:

  /@kin/hero@2.1.0(@kin/peer@1.0.0):
    resolution: {integrity: ${sha512('a')}}
    requiresBuild: true
    dependencies:
      '@kin/peer': 1.0.0
      mirrored: mirror.example/mirrored@1.0.0
    dev: false

  /@kin/peer@1.0.0:
    resolution: {integrity: ${sha512('b')}}
    dev: true

  mirror.example/mirrored@1.0.0:
    resolution: {integrity: ${sha512('c')}, registry: https://mirror.example/, tarball: https://mirror.example/mirrored.tgz}
    name: mirrored
    version: 1.0.0
    dev: false
    optional: true

  file:local:
    resolution: {directory: local, type: directory}
    name: local
    version: 0.1.0
    dev: false

  github.com/kin/repo/0123456789:
    resolution: {tarball: https://codeload.github.com/kin/repo/tar.gz/0123456789}
    name: repo
    version: 3.0.0
    dev: false
`;

  const rowsOf6 = [
    '/@kin/hero@2.1.0(@kin/peer@1.0.0) = @kin/hero@2.1.0 registry installScript → /@kin/peer@1.0.0, mirror.example/mirrored@1.0.0',
    '/@kin/peer@1.0.0 = @kin/peer@1.0.0 registry dev',
    'mirror.example/mirrored@1.0.0 = mirrored@1.0.0 registry optional',
    'file:local = local@0.1.0 path',
    'github.com/kin/repo/0123456789 = repo@3.0.0 git',
  ];
  const rootsOf6 = [
    '. dependencies @kin/hero ^2.0.0 = /@kin/hero@2.1.0(@kin/peer@1.0.0)',
    '. dependencies local file:local = file:local',
    '. dependencies repo github:kin/repo = github.com/kin/repo/0123456789',
    '. devDependencies renamed 1 = /@kin/peer@1.0.0',
  ];

  it('reads version 6', () => {
    const read = pnpm.read(six);
    assert.deepEqual(read.problems, []);
    assert.deepEqual(rows(read), rowsOf6);
    assert.deepEqual(roots(read), rootsOf6);
    assert.equal(entryOf(read, 'mirror.example/mirrored@1.0.0').registry, 'mirror.example');
    assert.equal(places(pnpm, six)[0], '21:/@kin/hero@2.1.0(@kin/peer@1.0.0)');
  });

  it('reads version 5, whose specifiers stand apart', () => {
    const five = six
      .replace("'6.0'", '5.4')
      .replaceAll(/\n {4}specifier: .*\n {4}version: /g, ' ')
      .replace(
        'dependencies:',
        `specifiers:\n  '@kin/hero': ^2.0.0\n  local: file:local\n  repo: github:kin/repo\n  renamed: npm:@kin/peer@1\n\ndependencies:`,
      )
      .replaceAll('2.1.0(@kin/peer@1.0.0)', '2.1.0_@kin+peer@1.0.0')
      .replaceAll('/@kin/hero@', '/@kin/hero/')
      .replaceAll('/@kin/peer@', '/@kin/peer/')
      .replaceAll('mirrored@', 'mirrored/');
    const old = (row: string) =>
      row
        .replaceAll(/\/@kin\/hero@2.1.0\(@kin\/peer@1.0.0\)/g, '/@kin/hero/2.1.0_@kin+peer@1.0.0')
        .replaceAll('/@kin/peer@', '/@kin/peer/')
        .replaceAll('mirror.example/mirrored@', 'mirror.example/mirrored/');
    const read = pnpm.read(five);
    assert.deepEqual(read.problems, []);
    assert.equal(read.format, 'pnpm-lock 5.4');
    assert.deepEqual(rows(read), rowsOf6.map(old));
    assert.deepEqual(roots(read), rootsOf6.map(old));
    const older =
      'lockfileVersion: 5.1\npackages:\n  /a/1.0.0_b@2.0.0+c@3.0.0:\n    resolution: {integrity: x}\n  /a/1.0.1_b@2.0.0/c/3.0.0:\n    resolution: {integrity: x}\n';
    assert.deepEqual(
      pnpm.read(older).packages.map(({ package: { name }, version }) => `${name}@${version}`),
      ['a@1.0.0', 'a@1.0.1'],
    );
  });

  it('reads upload times where they stand', () => {
    const timed = `${six}\ntime:\n  /@kin/peer@1.0.0: '2024-01-02T03:04:05.000Z'\n  /@kin/hero@2.1.0: 'no time'\n`;
    const read = pnpm.read(timed);
    assert.deepEqual(entryOf(read, '/@kin/peer@1.0.0').uploadedAt, new Date('2024-01-02T03:04:05.000Z'));
    assert.equal(read.packages[0]!.uploadedAt, undefined);
  });

  it('says what it cannot read, and keeps what is sure', () => {
    assert.match(problem(pnpm, sound.replaceAll('  scribe@1.1.1:', '  scribe:')), /^unreadable \d+: .*this entry names no release$/);
    assert.match(problem(pnpm, ''), /^unreadable 1: pnpm-lock cannot be read in full \(line 1\): it has no lockfileVersion$/);
    assert.match(problem(pnpm, 'packages:\n'), /it has no lockfileVersion$/);
    assert.match(
      problem(pnpm, "lockfileVersion: '6.0'\n\nsettings:\n  autoInstallPeers: true\n"),
      /it holds neither importers nor packages$/,
    );
    assert.match(problem(pnpm, 'lockfileVersion: 5.4\n\nspecifiers:\n  a: ^1\n'), /it says of a only what was asked for$/);
    const cuts: readonly (readonly [at: string, further: number, fault: RegExp])[] = [
      ['packages:\n', 10, /it holds no entry for hero$/],
      ["  '@kin/plain@1", 10, /^unreadable \d+: /],
      ['snapshots:\n', 0, /it says what this is, but not what it brings$/],
      ['snapshots:\n', 11, /it says what this is, but not what it brings$/],
      ['  hero@1.0.0: {}', 0, /it says what this is, but not what it brings$/],
      ['  hero@1.0.0: {}', 10, /it is not YAML: /],
      ['integrity: sha512-eee', 20, /^unreadable \d+: /],
    ];
    for (const [at, further, fault] of cuts) {
      const text = sound.slice(0, sound.indexOf(at) + further);
      assert.match(problem(pnpm, text), fault);
      assert.ok(pnpm.read(text).roots.length > 0, at);
    }
    const half = pnpm.read(sound.slice(0, sound.indexOf(sha512('f')) + 9));
    assert.ok(half.packages.every(({ key }) => key !== 'scribe@1.1.1'));
    assert.deepEqual(entryOf(half, 'hero@1.0.0').hashes, [sha512('e')]);
    assert.deepEqual(entryOf(half, 'hero@2.1.0').hashes, []);
    assert.match(
      problem(pnpm, sound.replace("'9.0'", "'10.0'")),
      /^unreadable 1: pnpm-lock.yaml has lockfile version 10.0, which is not known here \(5 to 9 are\)/,
    );
    assert.equal(pnpm.read(sound.replace("'9.0'", "'10.0'")).packages.length, lock.packages.length);
    assert.match(problem(pnpm, sound.replace("'9.0'", '4')), /version 4, which is not known/);
    const merged = sound.replace(
      '  scribe@1.1.1:\n    res',
      '<<<<<<< HEAD\n  scribe@1.1.1:\n=======\n  scribe@1.1.2:\n>>>>>>> other\n    res',
    );
    assert.match(problem(pnpm, merged), /^unreadable \d+: .*a merge conflict was left in it$/);
    assert.deepEqual(pnpm.read(merged).packages, []);
    assert.match(
      problem(pnpm, sound.replace('packages:\n', 'packages:\n\n  scribe@1.1.1:\n    version: 1.1.1\n')),
      /^unreadable \d+: .*each key once$/,
    );
    assert.match(
      problem(pnpm, sound.replace('child: 1.2.3\n', 'child: 1.2.4\n')),
      /^invalid \d+: .*contradicts itself.*it holds no entry for child 1.2.4$/,
    );
    assert.match(
      problem(pnpm, six.replace("'@kin/peer': 1.0.0", "'@kin/peer': 2.0.0")),
      /^unreadable \d+: .*no entry for @kin\/peer 2.0.0$/,
    );
    assert.deepEqual(pnpm.read("lockfileVersion: '9.0'\n\nimporters:\n\n  .: {}\n").problems, []);
  });
});
