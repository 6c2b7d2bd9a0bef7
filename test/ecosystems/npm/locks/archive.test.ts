import assert from 'node:assert/strict';
import type { LockfileReading } from '../../../../server/src/core/lockfile';
import { bun } from '../../../../server/src/ecosystems/npm/locks/bun';
import { packageLock } from '../../../../server/src/ecosystems/npm/locks/packageLock';
import { pnpm } from '../../../../server/src/ecosystems/npm/locks/pnpm';
import { yarn } from '../../../../server/src/ecosystems/npm/locks/yarn';
import { sha512 } from './facts';

// What is installed is what an entry's address brings, whatever the entry calls it.

const host = 'https://registry.npm.example';

const flat = (name: string, version: string, resolved: string, spec = '^1.0.0') =>
  JSON.stringify({
    lockfileVersion: 3,
    packages: {
      '': { name: 'app', dependencies: { [name]: spec } },
      [`node_modules/${name}`]: { version, resolved, integrity: sha512('a') },
    },
  });
const nested = (name: string, version: string, resolved: string) =>
  JSON.stringify({ lockfileVersion: 1, dependencies: { [name]: { version, resolved, integrity: sha512('a') } } });
const classic = (name: string, version: string, resolved: string) =>
  `# yarn lockfile v1\n\n\n"${name}@^1.0.0":\n  version "${version}"\n  resolved "${resolved}#0123"\n`;
const bunLock = (name: string, version: string, resolved: string) =>
  JSON.stringify({
    lockfileVersion: 1,
    workspaces: { '': { dependencies: { [name]: '^1.0.0' } } },
    packages: { [name]: [`${name}@${version}`, resolved, {}, sha512('a')] },
  });
const berry = (name: string, version: string, resolved: string) =>
  `__metadata:\n  version: 8\n\n"${name}@npm:^1.0.0":\n  version: ${version}\n  resolution: "${name}@npm:${version}::__archiveUrl=${encodeURIComponent(resolved)}"\n  languageName: node\n  linkType: hard\n\n"app@workspace:.":\n  version: 0.0.0-use.local\n  resolution: "app@workspace:."\n  dependencies:\n    "${name}": "npm:^1.0.0"\n  languageName: unknown\n  linkType: soft\n`;
const pnpmLock = (name: string, version: string, resolved: string) =>
  `lockfileVersion: '9.0'\n\nimporters:\n\n  .:\n    dependencies:\n      '${name}':\n        specifier: ^1.0.0\n        version: ${version}\n\npackages:\n\n  '${name}@${version}':\n    resolution: {integrity: ${sha512('a')}, tarball: ${JSON.stringify(resolved)}}\n\nsnapshots:\n\n  '${name}@${version}': {}\n`;

const ways: readonly (readonly [string, LockfileReading, typeof nested])[] = [
  ['package-lock 3', packageLock, flat],
  ['package-lock 1', packageLock, nested],
  ['yarn.lock 1', yarn, classic],
  ['bun.lock', bun, bunLock],
  ['yarn.lock 8', yarn, berry],
  ['pnpm-lock 9', pnpm, pnpmLock],
];

function read(reader: LockfileReading, text: string) {
  const lock = reader.read(text);
  const one = lock.packages.find(({ own }) => !own)!;
  return { holds: `${one.package.name}@${one.version}`, problems: lock.problems.map(({ message }) => message) };
}

describe('the address of a locked release', () => {
  for (const [format, reader, text] of ways) {
    it(`says in ${format} what is installed, and that the entry names something else`, () => {
      const other = read(reader, text('fine', '1.0.1', `${host}/evil-js/-/evil-js-1.0.0.tgz`));
      assert.equal(other.holds, 'evil-js@1.0.0');
      assert.match(other.problems.join(), /it names fine 1\.0\.1, and its address brings evil-js 1\.0\.0/);
      const older = read(reader, text('fine', '1.0.1', `${host}/fine/-/fine-1.0.0.tgz`));
      assert.equal(older.holds, 'fine@1.0.0');
      assert.match(older.problems.join(), /its address brings fine 1\.0\.0/);
      assert.equal(
        read(reader, text('fine', '1.0.1', `${host}/%65vil-js/-/evil-js-1.0.0.tgz?x=/fine/-/fine-1.0.1.tgz`)).holds,
        'evil-js@1.0.0',
      );
      assert.equal(read(reader, text('fine', '1.0.1', `${host}/@s/evil/-/evil-1.0.0.tgz#/fine/-/fine-1.0.1.tgz`)).holds, '@s/evil@1.0.0');
    });

    it(`is in ${format} no release of the same name that lies in somebody’s scope`, () => {
      for (const address of [
        `${host}/@evil/fine/-/fine-1.0.1.tgz`,
        `${host}/%40evil/fine/-/fine-1.0.1.tgz`,
        `${host}/@evil/%66ine/-/fine-1.0.1.tgz`,
        `${host}/@evil/x/../fine/-/fine-1.0.1.tgz`,
        `${host}/@evil/./fine/-/fine-1.0.1.tgz`,
        `${host}/@evil/x/%2e%2E/fine/-/fine-1.0.1.tgz`,
        `${host}/${'x/'.repeat(3000)}@evil/fine/-/fine-1.0.1.tgz`,
        `${host}\\@evil\\fine/-/fine-1.0.1.tgz`,
      ])
        // A backslash is no part of a text that Yarn 1 writes.
        if (format !== 'yarn.lock 1' || !address.includes('\\'))
          assert.equal(read(reader, text('fine', '1.0.1', address)).holds, '@evil/fine@1.0.1', address);
    });

    it(`is in ${format} no contradiction in the forms of mirrors, nor where it has no form that is known`, () => {
      for (const address of [
        `${host}/@s/fine/-/fine-1.0.1.tgz`,
        `${host}/@s%2ffine/-/fine-1.0.1.tgz`,
        `${host}/api/npm/all/@s/fine/-/@s/fine-1.0.1.tgz`,
        `${host}/%40s%2Ffine/-/1.0.1/fine-1.0.1.tgz`,
        `${host}/download/@s/fine/1.0.1/0123456789abcdef`,
        `${host}/@s/fine/-/fine-1.0.1+build.7.tgz`,
        `${host}/@s/fine/-/%zz-1.0.1.tgz`,
      ])
        assert.deepEqual(read(reader, text('@s/fine', '1.0.1', address)), { holds: '@s/fine@1.0.1', problems: [] }, address);
    });
  }

  it('is what somebody asked for, where the manifest says so', () => {
    const address = `${host}/other/-/other-1.0.0.tgz`;
    assert.deepEqual(read(packageLock, flat('fine', '1.0.1', address, address)).problems, []);
  });

  it('may be another’s that takes its place by resolutions', () => {
    const text = `# yarn lockfile v1\n\n\nlodash@^4.0.0, "lodash@npm:lodash-es@4":\n  version "4.17.21"\n  resolved "${host}/lodash-es/-/lodash-es-4.17.21.tgz#01"\n`;
    assert.deepEqual(read(yarn, text), { holds: 'lodash-es@4.17.21', problems: [] });
  });
});
