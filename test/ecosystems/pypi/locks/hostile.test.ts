import assert from 'node:assert/strict';
import fc from 'fast-check';
import { pypi } from '../../../../server/src/ecosystems/pypi/index';
import { checkLock } from './wellFormed';

const release = (name: string, rest = ''): string => `[[package]]\nname = "${name}"\nversion = "1"\n${rest}\n`;
const registry = 'source = { registry = "https://pypi.org/simple" }\n';
const footer = '[metadata]\nlock-version = "2.1"\nlock_version = "4.5.0"\n';

/** Texts that ask for more than their length. */
const hostile: Readonly<Record<string, string>> = {
  'deep arrays': `version = 1\na = ${'['.repeat(50_000)}`,
  'deep tables': `version = 1\na = ${'{a='.repeat(50_000)}`,
  'a deep key': `version = 1\n${'a.'.repeat(50_000)}a = 1\n[package`,
  'deep JSON': `{"_meta": {"pipfile-spec": 6}, "default": ${'['.repeat(50_000)}`,
  'deep JSON objects': `{"_meta": {"pipfile-spec": 6}, "default": ${'{"a":'.repeat(50_000)}`,
  'one name, many releases that all need it': `version = 1\n${release('a', `${registry}dependencies = [{ name = "a" }]`).repeat(4000)}`,
  'one name, many releases, in Poetry and PDM': release('a', 'dependencies = ["a"]\n').repeat(4000) + footer,
  'one entry that needs one name often': `version = 1\n${release('a', `${registry}dependencies = [${'{ name = "a" },'.repeat(30_000)}]`)}`,
  cycles: `version = 1\n${release('a', `${registry}dependencies = [{ name = "b" }]`)}${release('b', `${registry}dependencies = [{ name = "a" }, { name = "b" }]`)}`,
  'one long line of quotes': `version = 1\n${'"'.repeat(100_000)}`,
  'many conflicts': 'version = 1\n' + '<<<<<<< a\n=======\n>>>>>>> b\n'.repeat(4000),
  'open conflicts': '<<<<<<< a\n'.repeat(20_000),
  'a list of via': `a==1\n    # via\n${'    #   b\n'.repeat(20_000)}`,
  'one line of via': `a==1 # via ${'b,'.repeat(50_000)}`,
  'continued lines': `a==1 \\\n${'    --hash=sha256:00 \\\n'.repeat(10_000)}`,
  'hashes and quotes': `a==1 ${"--hash='".repeat(10_000)}`,
  'spaces behind via': `a==1 # via${' '.repeat(100_000)}x`,
};

describe("Python's lockfile readers", () => {
  it('have ids of their own and agree with their patterns', () => {
    const ids = pypi.lockfiles.map(({ id }) => id);
    assert.deepEqual(ids, ['uv', 'poetry', 'pdm', 'pipfile', 'pylock', 'compiled']);
    for (const { patterns, matches } of pypi.lockfiles) {
      for (const pattern of patterns) assert.ok(matches(`a/${pattern.replace('**/', '').replace('*', 'x')}`), pattern);
    }
  });

  for (const [title, text] of Object.entries(hostile)) {
    it(`stand ${title}`, () => {
      for (const reader of pypi.lockfiles) {
        const lock = reader.read(text);
        checkLock(lock, text);
        const last = lock.packages.at(-1);
        if (last) reader.locate(text, last);
      }
    });
  }

  it('make no edges without end', () => {
    const [uv, poetry] = pypi.lockfiles;
    const many = uv!.read(hostile['one name, many releases that all need it']!);
    assert.ok(many.packages.length === 4000 && many.packages.every(({ dependencies }) => dependencies.length === 30));
    const versions = Array.from(
      { length: 300 },
      (_, i) => `[[package]]\nname = "a"\nversion = "${i}"\n[package.dependencies]\na = ">=0"\n`,
    );
    const read = poetry!.read(versions.join('') + footer);
    assert.ok(read.packages.length === 300 && read.packages.every(({ dependencies }) => dependencies.length === 30));
  });

  it('take __proto__ and its like for names', () => {
    const [uv, poetry, pdm, pipfile] = pypi.lockfiles;
    const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty'];
    const toml = names.map((name) => release(name, `${registry}__proto__ = { version = "2" }`)).join('');
    assert.equal(uv!.read(`version = 1\n${toml}`).packages.length, names.length);
    const dependent = release('a', `[package.dependencies]\n${names.map((name) => `${name} = "*"`).join('\n')}`);
    const read = poetry!.read(toml + dependent + footer);
    assert.deepEqual(read.packages.at(-1)!.dependencies, [0, 1, 2, 3]);
    assert.equal(pdm!.read(toml + footer).packages.length, names.length);
    const json = `{"_meta": {"pipfile-spec": 6},\n"__proto__": {\n${names.map((name) => `"${name}": {"version": "==1"}`).join(',\n')}\n}\n}`;
    assert.equal(pipfile!.read(json).packages.length, names.length);
    assert.equal(pipfile!.read(json.slice(0, -1)).packages.length, names.length);
    assert.equal(({} as Record<string, unknown>).version, undefined);
  });

  it('never throw, on any string', () => {
    fc.assert(
      fc.property(fc.constantFrom(...pypi.lockfiles), fc.string({ unit: 'binary' }), (reader, text) => checkLock(reader.read(text), text)),
    );
  });
});
