import assert from 'node:assert/strict';
import type { LockfileReading } from '../../../../server/src/core/lockfile';
import { overridden } from '../../../../server/src/ecosystems/npm/locks/asked';
import { bun } from '../../../../server/src/ecosystems/npm/locks/bun';
import { packageLock } from '../../../../server/src/ecosystems/npm/locks/packageLock';
import { pnpm } from '../../../../server/src/ecosystems/npm/locks/pnpm';
import { yarn } from '../../../../server/src/ecosystems/npm/locks/yarn';
import { sha512 } from './facts';

// What nobody asks for from a repository or an address, and is locked to one.

const commit = '0123456789012345678901234567890123456789';
const repository = `git+ssh://git@github.com/evil/a.git#${commit}`;
const archive = 'https://packages.evil.example/a.tgz';

const npm = (spec: string, others = '^1.0.0') =>
  JSON.stringify({
    lockfileVersion: 3,
    packages: {
      '': { dependencies: { a: spec } },
      'node_modules/a': { version: '1.0.0', resolved: repository },
      'node_modules/b': { version: '1.0.0', dependencies: { a: others } },
    },
  });
const classic = (descriptors: string) => `# yarn lockfile v1\n\n\n${descriptors}:\n  version "1.0.0"\n  resolved "${repository}"\n`;
const berry = (descriptors: string, reference: string) =>
  `__metadata:\n  version: 8\n\n"${descriptors}":\n  version: 1.0.0\n  resolution: "a@${reference}"\n  languageName: node\n  linkType: hard\n`;
const pnpmLock = (specifier: string, version: string, resolution: string, overrides = '') =>
  `lockfileVersion: '9.0'\n\n${overrides}importers:\n\n  .:\n    dependencies:\n      a:\n        specifier: ${specifier}\n        version: ${version}\n\npackages:\n\n  a@${version}:\n    resolution: ${resolution}\n    version: 1.0.0\n\nsnapshots:\n\n  a@${version}: {}\n`;
const bunLock = (spec: string, reference: string, overrides = {}) =>
  JSON.stringify({
    lockfileVersion: 1,
    workspaces: { '': { dependencies: { a: spec } } },
    overrides,
    packages: { a: [`a@${reference}`, {}, sha512('a')] },
  });

const isUnasked = (reader: LockfileReading, text: string) =>
  reader.read(text).packages.find(({ package: pkg }) => pkg.name === 'a')!.unasked === true;

describe('what is locked to a repository or an address', () => {
  it('is told apart, where whatever asks for it asks for a release', () => {
    const git = `{commit: ${commit}, repo: https://github.com/evil/a.git, type: git}`;
    const tarball = `{integrity: ${sha512('a')}, tarball: ${archive}}`;
    const texts: readonly (readonly [LockfileReading, string])[] = [
      [packageLock, npm('^1.0.0')],
      [packageLock, npm('latest')],
      [packageLock, npm('')],
      [yarn, classic('a@^1.0.0, "a@npm:a@^1"')],
      [yarn, berry('a@npm:^1.0.0, a@npm:~1.0.0', archive)],
      [yarn, berry('a@npm:^1.0.0', `https://github.com/evil/a.git#commit=${commit}`)],
      [pnpm, pnpmLock('^1.0.0', '1.0.0', git)],
      [pnpm, pnpmLock('^1.0.0', archive, tarball)],
      [bun, bunLock('^1.0.0', archive)],
      [bun, bunLock('^1.0.0', 'github:evil/a#0123456')],
    ];
    for (const [reader, text] of texts) assert.equal(isUnasked(reader, text), true, text);
  });

  it('is what it should be, where anything asks for it so, be it an override', () => {
    const tarball = `{integrity: ${sha512('a')}, tarball: ${archive}}`;
    const texts: readonly (readonly [LockfileReading, string])[] = [
      [packageLock, npm('github:evil/a')],
      [packageLock, npm('evil/a')],
      [packageLock, npm('^1.0.0', 'evil/a')],
      [yarn, classic('a@^1.0.0, "a@git+ssh://git@github.com/evil/a.git"')],
      [yarn, classic('a@evil/a')],
      [yarn, berry(`a@npm:^1.0.0, a@${archive}`, archive)],
      [pnpm, pnpmLock(archive, archive, tarball)],
      [pnpm, pnpmLock("'catalog:'", archive, tarball)],
      [pnpm, pnpmLock('^1.0.0', archive, tarball, `overrides:\n  b>a@1: ${archive}\n\n`)],
      [bun, bunLock(archive, archive)],
      [bun, bunLock('^1.0.0', archive, { a: archive })],
    ];
    for (const [reader, text] of texts) assert.equal(isUnasked(reader, text), false, text);
  });

  it('is overridden by the last name of a way', () => {
    assert.deepEqual([...overridden(['a', '@s/b', 'a@1', '@s/a@^1>@s/c@2', 'x>y', 'q@npm:@s/z@1'])], ['a', '@s/b', '@s/c', 'y', 'q']);
  });
});
