import assert from 'node:assert/strict';
import fc from 'fast-check';
import { npm } from '../../../../server/src/ecosystems/npm';
import { installedPackageLock } from '../../../../server/src/ecosystems/npm/locks/packageLock';
import { checkLock } from './facts';

const readers = [...npm.lockfiles, installedPackageLock];
const range = (length: number) => Array.from({ length }, (_, index) => index);
const nested = (depth: number) => `${'{"a":{"version":"1.0.0","dependencies":'.repeat(depth)}{}${'}}'.repeat(depth)}`;
const modules = (depth: number) =>
  range(depth)
    .map(() => 'node_modules/a')
    .join('/');

/** Texts that ask for more than their length. */
const hostile: Readonly<Record<string, string>> = {
  'deep brackets': `{"lockfileVersion": 3, "packages": ${'['.repeat(50_000)}`,
  'deep objects': `{"lockfileVersion": 3, "packages": ${'{"a":'.repeat(50_000)}`,
  'deep nesting of version 1': `{"lockfileVersion": 1, "dependencies": ${nested(10_000)}}`,
  'deep node_modules': JSON.stringify({
    lockfileVersion: 3,
    packages: Object.fromEntries(
      range(400).map((depth) => [modules(depth * 25 + 1), { version: '1.0.0', dependencies: { a: '1', b: '1' } }]),
    ),
  }),
  'deep folders': JSON.stringify({
    lockfileVersion: 3,
    packages: { [`${'x/'.repeat(50_000)}y`]: { dependencies: { a: '1' } }, '../..': {} },
  }),
  'cycles of package-lock': JSON.stringify({
    lockfileVersion: 3,
    packages: {
      '': { dependencies: { a: '1' } },
      'node_modules/a': { version: '1.0.0', dependencies: { a: '1', b: '1' } },
      'node_modules/b': { version: '1.0.0', dependencies: { a: '1' } },
      'node_modules/c': { link: true, resolved: 'node_modules/c' },
    },
  }),
  'deep places of bun': `{"lockfileVersion": 1, "workspaces": {"": {}}, "packages": {"${'a/'.repeat(10_000)}b": ["b@1.0.0", "", {"dependencies": {"a": "1"}}, ""]}}`,
  'rows of bun that are none':
    '{"lockfileVersion": 1, "workspaces": [], "packages": {"a": [], "b": [1], "c": ["c"], "d": ["d@"], "/": ["x@1", "", {}], "": ["y@1", "", {}]}}',
  'cycles of pnpm':
    "lockfileVersion: '9.0'\nimporters:\n  .:\n    dependencies:\n      a:\n        specifier: '1'\n        version: 1.0.0\n      self:\n        specifier: '1'\n        version: link:.\npackages:\n  a@1.0.0: {}\nsnapshots:\n  a@1.0.0:\n    dependencies:\n      a: 1.0.0\n",
  'deep YAML': range(2000)
    .map((depth) => `${' '.repeat(depth)}a:\n`)
    .join(''),
  'deep flow YAML': `lockfileVersion: '9.0'\npackages: ${'{a: '.repeat(20_000)}`,
  'deep lists of YAML': `lockfileVersion: '9.0'\npackages:\n  ${'- '.repeat(20_000)}`,
  'one long key': `lockfileVersion: '9.0'\npackages:\n  ${'a@1.0.0('.repeat(20_000)}:\n    x: y\n`,
  'brackets in a key': `lockfileVersion: '9.0'\nsnapshots:\n  a@1.0.0${'(b@1.0.0)'.repeat(20_000)}: {}\n  b@1.0.0${')'.repeat(20_000)}: {}\n`,
  'hashes and colons': `a: ${'#'.repeat(50_000)}${':'.repeat(50_000)}\n`.repeat(2),
  'lines without end': `lockfileVersion: '9.0'\n${' '.repeat(100_000)}a${' '.repeat(100_000)}`,
  'quotes without end': `${"'".repeat(50_000)}\n${'"\\'.repeat(50_000)}\n`,
  'many descriptors': `# yarn lockfile v1\n\n${range(3000)
    .map((index) => `a@${index}, b@${index}`)
    .join(', ')}:\n  version "1.0.0"\n  dependencies:\n${range(3000)
    .map(() => '    a "x"\n')
    .join('')}`,
  'many entries of one name': `# yarn lockfile v1\n${range(3000)
    .map((index) => `\na@${index}:\n  version "1.0.0"\n  dependencies:\n    a "x"\n`)
    .join('')}`,
  'a long descriptor': `# yarn lockfile v1\n\n${'"a@1", '.repeat(20_000)}:\n  version "1"\n`,
  'a Berry resolution of many marks': `__metadata:\n  version: 8\n"a@npm:1":\n  version: 1.0.0\n  resolution: "a@patch:${'@#&__archiveUrl='.repeat(10_000)}"\n`,
  'a Berry key of spaces': `__metadata:\n  version: 8\n"a@npm:1${' '.repeat(50_000)},${' '.repeat(50_000)}":\n  version: 1.0.0\n  resolution: "a@npm:1"\n`,
  'many conflicts': '<<<<<<< a\n=======\n>>>>>>> b\n'.repeat(20_000),
};

describe("npm's, Yarn's, pnpm's and Bun's lockfile readers", () => {
  it('have ids of their own and agree with their patterns', () => {
    assert.deepEqual(
      npm.lockfiles.map(({ id }) => id),
      ['package-lock', 'pnpm', 'yarn', 'bun', 'bun-binary'],
    );
    for (const { patterns, matches } of npm.lockfiles) {
      for (const pattern of patterns) {
        const name = pattern.replace('**/', '');
        assert.ok(matches(name) && matches(`a/${name}`) && !matches(`a-${name}`) && !matches(`${name}.bak`), pattern);
      }
    }
  });

  for (const [title, text] of Object.entries(hostile)) {
    it(`stand ${title}`, () => {
      for (const reader of readers) {
        const lock = reader.read(text);
        checkLock(lock, text);
        for (const one of [lock.packages[0], lock.packages.at(-1)]) if (one) reader.locate(text, one);
      }
    });
  }

  it('take __proto__ and its like for names', () => {
    const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty'];
    const [packageLock, pnpm, yarn, bun] = npm.lockfiles;
    const wants = `{${names.map((name) => `"${name}": "1"`).join(', ')}}`;
    const json = `{"lockfileVersion": 3, "packages": {"": {"dependencies": ${wants}}, ${names.map((name) => `"node_modules/${name}": {"version": "1.0.0"}`).join(', ')}}}`;
    const deps = `{"lockfileVersion": 1, "dependencies": {"a": {"version": "1.0.0", "requires": ${wants}}, ${names.map((name) => `"${name}": {"version": "1.0.0"}`).join(', ')}}}`;
    const row = (name: string) => `"${name}": ["${name}@1.0.0", "", {}, ""]`;
    const rows = `{"lockfileVersion": 1, "workspaces": {"": {"dependencies": ${wants}}}, "packages": {${names.map(row).join(', ')},}}`;
    const classic = `# yarn lockfile v1\n\na@1:\n  version "1.0.0"\n  dependencies:\n${names.map((name) => `    ${name} "1"\n`).join('')}\n${names.map((name) => `${name}@1:\n  version "1.0.0"\n\n`).join('')}`;
    const wanted = names.map((name) => `      ${name}:\n        specifier: '1'\n        version: 1.0.0\n`).join('');
    const listed = names.map((name) => `  ${name}@1.0.0: {}\n`).join('');
    const yaml = `lockfileVersion: '9.0'\n\nimporters:\n\n  .:\n    dependencies:\n${wanted}\npackages:\n\n${listed}\nsnapshots:\n\n${listed}`;
    for (const [reader, text, holder] of [
      [packageLock!, json, 0],
      [packageLock!, deps, 0],
      [packageLock!, json.slice(0, -1), 0],
      [yarn!, classic, 0],
      [pnpm!, yaml, undefined],
      [bun!, rows, undefined],
    ] as const) {
      const lock = reader.read(text);
      checkLock(lock, text);
      for (const name of names)
        assert.ok(
          lock.packages.some((one) => one.package.name === name && one.version === '1.0.0'),
          name,
        );
      if (holder !== undefined) assert.equal(lock.packages[holder]!.dependencies.length, names.length, text);
      else assert.ok(lock.roots.length === names.length && lock.roots.every(({ packages }) => packages.length === 1));
    }
    assert.equal(({} as Record<string, unknown>)['version'], undefined);
  });

  it('read fifty megabytes on a line in the time that they take to read', () => {
    const long = 'x'.repeat(50_000_000);
    const [packageLock, pnpm, yarn, bun] = npm.lockfiles;
    for (const [reader, text] of [
      [packageLock!, `{"lockfileVersion": 3, "packages": {"": {"a": "${long}"}}}`],
      [packageLock!, `{"lockfileVersion": 3, "packages": {"": {"a": "${long}`],
      [bun!, `{"lockfileVersion": 1, "workspaces": {"": {"name": "${long}"},},}`],
      [yarn!, `# yarn lockfile v1\n\na@1:\n  version "${long}`],
      [pnpm!, `lockfileVersion: '9.0'\n${long}`],
    ] as const) {
      checkLock(reader.read(text), text);
    }
  }).timeout(60_000);

  it('never throw, on any string', () => {
    fc.assert(
      fc.property(fc.constantFrom(...readers), fc.string({ unit: 'binary' }), (reader, text) => checkLock(reader.read(text), text)),
    );
  });

  it('never throw, on any JSON in their shape', () => {
    const word = fc.constantFrom(
      '',
      'a',
      'b',
      'node_modules/a',
      'node_modules/a/node_modules/b',
      '..',
      '../x',
      'a/b',
      '@a/b',
      'a@1',
      'a@workspace:',
      '1.0.0',
      'npm:a@1',
      '__proto__',
    );
    const { value } = fc.letrec<{ value: unknown }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 5 },
        word,
        fc.constantFrom(1, 2, 3, true, null),
        fc.array(tie('value'), { maxLength: 4 }),
        fc.dictionary(
          fc.oneof(word, fc.constantFrom('version', 'dependencies', 'requires', 'link', 'resolved', 'peerDependenciesMeta', 'name')),
          tie('value'),
          { maxKeys: 4 },
        ),
      ),
    }));
    const root = fc.record({ lockfileVersion: value, packages: value, dependencies: value, workspaces: value }, { requiredKeys: [] });
    fc.assert(
      fc.property(fc.constantFrom(...readers), root, (reader, object) => {
        const text = JSON.stringify(object);
        const lock = reader.read(text);
        checkLock(lock, text);
        for (const one of lock.packages) reader.locate(text, one);
      }),
      { numRuns: 1000 },
    );
  });
});
