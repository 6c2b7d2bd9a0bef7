import assert from 'node:assert/strict';
import { lockKindOf } from '../../../../server/src/ecosystems';
import { bun, bunBinary } from '../../../../server/src/ecosystems/npm/locks/bun';
import { entryOf, places, problem, roots } from '../../../support/lockFacts';
import { rows, sha512 } from './facts';

const text = `{
  "lockfileVersion": 1,
  "configVersion": 1,
  "workspaces": {
    "": {
      "name": "story",
      "dependencies": {
        "hero": "^2.0.0",
        "old-hero": "npm:hero@^1",
        "tools": "workspace:*",
      },
      "devDependencies": {
        "scribe": "~1.1.0",
      },
    },
    "packages/tools": {
      "name": "tools",
      "version": "0.1.0",
      "dependencies": {
        "archive": "https://files.example/archive.tgz",
        "hero": "^3.0.0",
      },
    },
  },
  "trustedDependencies": ["hero"],
  "packages": {
    "@kin/child": ["@kin/child@1.0.0", "", { "optionalDependencies": { "never": "1" } }, "${sha512('a')}"],

    "archive": ["archive@https://files.example/archive.tgz", { "dependencies": { "@kin/child": "1" } }],

    "boxed": ["boxed@1.0.0", "https://u:p@mirror.example/boxed/-/boxed-1.0.0.tgz", { "bundled": true }, "${sha512('b')}"],

    "hero": ["hero@2.1.0", "", { "dependencies": { "@kin/child": "2", "boxed": "*" }, "peerDependencies": { "scribe": "*", "local": "*" }, "optionalPeers": ["scribe"], "bin": "a,]b" }, "${sha512('c')}"],

    "hero/@kin/child": ["@kin/child@2.0.0", "", { "dependencies": { "repo": "*", "boxed": "*" } }, "${sha512('d')}"],

    "hero/@kin/child/boxed": ["boxed@2.0.0", "", {}, "${sha512('e')}"],

    "local": ["local@file:local", {}],

    "old-hero": ["hero@1.0.0", "", {}, "${sha512('f')}"],

    "repo": ["repo@github:kin/repo#0123456", {}, "kin-repo-0123456"],

    "scribe": ["scribe@1.1.1", "", {}, "${sha512('g')}"],

    "tools": ["tools@workspace:packages/tools"],

    "tools/hero": ["hero@3.0.0", "", {}, "${sha512('h')}"],
  }
}
`;

describe('bun.lock', () => {
  const lock = bun.read(text);

  it('lists packages with source, flags and edges', () => {
    assert.equal(lock.format, 'bun.lock 1');
    assert.deepEqual(lock.problems, []);
    assert.deepEqual(rows(lock), [
      '@kin/child = @kin/child@1.0.0 registry',
      'archive = archive@ url → @kin/child',
      'boxed = boxed@1.0.0 registry bundled',
      'hero = hero@2.1.0 registry → hero/@kin/child, boxed, local',
      'hero/@kin/child = @kin/child@2.0.0 registry → repo, hero/@kin/child/boxed',
      'hero/@kin/child/boxed = boxed@2.0.0 registry',
      'local = local@ path',
      'old-hero = hero@1.0.0 registry',
      'repo = repo@ git',
      'scribe = scribe@1.1.1 registry dev',
      'tools = tools@0.1.0 workspace own → archive, tools/hero',
      'tools/hero = hero@3.0.0 registry',
    ]);
    assert.equal(entryOf(lock, 'boxed').registry, 'mirror.example');
    assert.equal(entryOf(lock, 'archive').registry, 'files.example');
    assert.deepEqual(entryOf(lock, 'hero').hashes, [sha512('c')]);
  });

  it('says who asks for what', () => {
    assert.deepEqual(lock.importers, ['', 'packages/tools']);
    assert.deepEqual(roots(lock), [
      '. dependencies hero ^2.0.0 = hero',
      '. dependencies old-hero ^1 = old-hero',
      '. dependencies tools workspace:* = tools',
      '. devDependencies scribe ~1.1.0 = scribe',
      'packages/tools dependencies archive https://files.example/archive.tgz = archive',
      'packages/tools dependencies hero ^3.0.0 = tools/hero',
    ]);
  });

  it('finds entries, and reads the same with CRLF or with comments', () => {
    const expected = lock.packages.map(
      ({ key }) => `${text.split('\n').findIndex((line) => line.startsWith(`    "${key}": [`)) + 1}:${key}`,
    );
    assert.deepEqual(places(bun, text), expected);
    assert.deepEqual(bun.read(text.replaceAll('\n', '\r\n')), lock);
    assert.deepEqual(bun.read(text.replace('  "packages"', '  // by hand\n  "packages"')), lock);
  });

  it('says what it cannot read, and keeps what is sure', () => {
    for (const empty of ['', '[]', 'null']) assert.match(problem(bun, empty), /^unreadable 1: bun.lock cannot be read in full/);
    assert.match(problem(bun, '{}'), /it holds no "workspaces"$/);
    assert.match(problem(bun, text.replace('"lockfileVersion": 1,', '')), /it has no lockfileVersion$/);
    assert.match(
      problem(bun, text.replace('"lockfileVersion": 1', '"lockfileVersion": 3')),
      /^unreadable 2: bun.lock has lockfile version 3, which/,
    );
    const cut = text.slice(0, text.indexOf('"local@file') + 4);
    assert.match(problem(bun, cut), /^unreadable \d+: bun.lock 1 cannot be read in full/);
    assert.deepEqual(
      bun.read(cut).packages.map(({ key }) => key),
      ['@kin/child', 'archive', 'boxed', 'hero', 'hero/@kin/child', 'hero/@kin/child/boxed'],
    );
    assert.match(problem(bun, text.replace('["scribe@1.1.1"', '["scribe"')), /^unreadable 45: .*this entry is not finished$/);
    assert.match(problem(bun, text.replace('    "local"', '<<<<<<< HEAD\n    "local"')), /a merge conflict was left in it$/);
  });

  it('asks for the text form of the binary lockfile', () => {
    assert.equal(lockKindOf('a/bun.lockb')?.reader.id, 'bun-binary');
    assert.equal(lockKindOf('bun.lock')?.reader.id, 'bun');
    assert.match(problem(bunBinary, '#!/usr/bin/env bun\nbun-lockfile-format-v0\n\0'), /`bun install --save-text-lockfile`/);
    assert.deepEqual(bunBinary.read('').packages, []);
  });
});
