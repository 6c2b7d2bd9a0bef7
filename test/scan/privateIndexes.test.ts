import assert from 'node:assert/strict';
import { ownIndexes } from '../../server/src/scan/lockPackages';
import { readLock } from '../../server/src/scan/lockStore';
import { isReadable } from '../../server/src/scan/lockDocument';
import { withIncludeFaults } from '../../server/src/scan/includes';
import { lockKindOf } from '../../server/src/ecosystems';

const hosts = new Set(['pypi.org', 'registry.npm.example']);
const entries = (ecosystem: string, ...registries: (string | undefined)[]) =>
  registries.map((registry) => ({ package: { ecosystem, name: 'x' }, ...(registry !== undefined && { registry }) }));

describe('indexes of a lockfile', () => {
  it('are private beside a public one, however many entries they serve', () => {
    const corp = 'https://corp.example/simple';
    const isOwn = ownIndexes(entries('PyPI', 'https://pypi.org/simple', corp, corp, corp), hosts);
    assert.deepEqual([isOwn(corp), isOwn('https://pypi.org/simple'), isOwn(undefined)], [true, false, false]);
  });

  it('are private where what comes from PyPI names none, as Poetry and PDM write it', () => {
    const isOwn = ownIndexes(entries('PyPI', undefined, undefined, 'https://corp.example/simple'), hosts);
    assert.equal(isOwn('https://corp.example/simple'), true);
  });

  it('are a mirror where nothing else is named, and Yarn’s host is npm’s', () => {
    const isOwn = ownIndexes(entries('npm', 'mirror.example', 'mirror.example', 'corp.example'), hosts);
    assert.deepEqual([isOwn('mirror.example'), isOwn('corp.example')], [false, true]);
    const both = ownIndexes(entries('npm', 'registry.npm.example', 'registry.yarnpkg.com'), hosts);
    assert.deepEqual([both('registry.yarnpkg.com'), both('registry.npm.example')], [false, false]);
  });
});

describe('a lockfile with a version that cannot be judged', () => {
  it('says so, and is believed in the rest', () => {
    const packages = { '': {}, 'node_modules/axios': { version: 'banana' }, 'node_modules/left': { version: '1.0.0' } };
    const text = JSON.stringify({ lockfileVersion: 3, packages });
    const reading = readLock({ state: 'text', text }, lockKindOf('package-lock.json')!);
    assert.ok(reading && 'lock' in reading);
    const { lock } = reading;
    assert.deepEqual(
      lock.problems.map(({ kind, message }) => [kind, message]),
      [['unreadable', 'The version of axios cannot be judged: "banana"']],
    );
    assert.equal(isReadable({ path: 'package-lock.json', ...lockKindOf('package-lock.json')!, text, lock }), true);
  });
});

describe('an include that is an address', () => {
  it('is named without its password', () => {
    const target = 'https://user:s3cr3t@h.example/r.txt';
    const manifest = {
      declarations: [],
      problems: [],
      indexes: [],
      includes: [{ kind: 'requirements', target, span: { start: 0, end: 1 } }],
    } as const;
    const [problem] = withIncludeFaults(manifest, new Map([[target, 'no']])).problems;
    assert.equal(problem!.message, 'https://h.example/r.txt is not checked: no');
  });
});
