import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { ecosystems, lockKindOf } from '../../server/src/ecosystems';
import { corpusPath, describeCorpus } from '../support/corpus';

// Whoever wants the places of all entries of a lockfile gets the same places as who asks for one.

const texts: readonly (readonly [string, string])[] = [
  [
    'package-lock.json',
    '{"lockfileVersion":3,"packages":{"":{"name":"p"},"node_modules/a":{"version":"1"},"node_modules/a\\u002fb":{"version":"2"}},' +
      '"packages":{"":{},"node_modules/a":{"version":"3"},"node_modules/c":{"version":"4","x":{"packages":{"node_modules/a":{}}}}}}',
  ],
  [
    'package-lock.json',
    '{"lockfileVersion":1,"dependencies":{"a":{"version":"1.0.0","dependencies":{"b":{"version":"2.0.0"}}},"b":{"version":"1.0.0"}}}',
  ],
  ['bun.lock', '{"lockfileVersion":1,"workspaces":{"":{"name":"p"}},"packages":{"a":["a@1.0.0","",{},"x"],"a/b":["b@2.0.0","",{},"y"],}}'],
  ['yarn.lock', '# yarn lockfile v1\r\n\r\n"@a/b@^1", "@a/b@^1.2":\r\n  version "1.2.0"\r\n\r\nc@npm:d@1:\r\n  version "1.0.0"\r\n'],
  ['yarn.lock', '__metadata:\n  version: 8\n\n"a@npm:^1.0.0":\n  version: 1.0.0\n  resolution: "a@npm:1.0.0"\n'],
  [
    'pnpm-lock.yaml',
    "lockfileVersion: '9.0'\nimporters:\n  .:\n    dependencies:\n      a:\n        specifier: ^1\n        version: 1.0.0(b@2.0.0)\npackages:\n" +
      "  a@1.0.0:\n    resolution: {integrity: x}\n  '@s/b@2.0.0':\n    resolution: {integrity: y}\nsnapshots:\n  a@1.0.0(b@2.0.0):\n    dependencies:\n      '@s/b': 2.0.0\n  '@s/b@2.0.0': {}\n",
  ],
  [
    'uv.lock',
    'version = 1\n[[package]]\nname = "a"\nversion = "1.0"\n\n[[package]]\nname = "A"\nversion = "1.0"\nsource = { editable = "." }\n',
  ],
  [
    'poetry.lock',
    '[[package]]\nname = "a"\nversion = "1.0"\ndescription = """\n[[package]]\n"""\n\n[[package]]\nversion = "2"\nname = "b"\n',
  ],
  ['poetry.lock', 'package = [{ name = "a", version = "1.0" }]\n'],
  [
    'Pipfile.lock',
    '{"_meta":{"pipfile-spec":6},"default":{"a":{"version":"==1.0"}},"develop":{"a":{"version":"==1.0"},"B_c":{"version":"==2"}}}',
  ],
];

function compare(name: string, text: string, step = 1): number {
  const { reader } = lockKindOf(name)!;
  const { packages } = reader.read(text);
  const place = reader.locator!(text);
  for (let i = 0; i < packages.length; i += step)
    assert.deepEqual(place(packages[i]!), reader.locate(text, packages[i]!), `${name}: ${packages[i]!.key}`);
  return packages.length;
}

describe('the places of all entries of a lockfile', () => {
  for (const [name, text] of texts) {
    it(`are those of each: ${name}, ${text.slice(0, 40).replaceAll(/\s+/g, ' ')}`, () => assert.ok(compare(name, text) > 0));
  }

  it('are found in requirements that were compiled', () => {
    const reader = ecosystems.flatMap(({ lockfiles }) => lockfiles).find(({ id }) => id === 'compiled')!;
    const text = 'a==1.0 \\\n    --hash=sha256:aa\nb==2\n';
    const { packages } = reader.read(text);
    assert.deepEqual(
      packages.map((entry) => text.slice(...spanOf(reader.locator!(text)(entry)))),
      ['a', 'b'],
    );
  });

  it('are those of each in a text that is cut anywhere', () => {
    fc.assert(
      fc.property(fc.constantFrom(...texts), fc.double({ min: 0, max: 1, noNaN: true }), ([name, text], share) => {
        compare(name, text.slice(0, Math.floor(text.length * share)));
      }),
      { numRuns: 300 },
    );
  });
});

function spanOf(span: { readonly start: number; readonly end: number } | undefined): [number, number] {
  return span ? [span.start, span.end] : [0, 0];
}

describeCorpus('the places of all entries of a lockfile', () => {
  it('are those of each', () => {
    const root = corpusPath('manifests');
    let compared = 0;
    for (const name of fs.readdirSync(root, { recursive: true, encoding: 'utf8' })) {
      const slashed = name.split(path.sep).join('/');
      if (!lockKindOf(slashed)?.reader.locator) continue;
      const text = fs.readFileSync(path.join(root, name), 'utf8');
      // One by one it takes long; some of each say enough.
      compared += compare(slashed, text, Math.max(1, Math.floor(text.length / 8000)));
    }
    assert.ok(compared > 1000, `${compared}`);
  }).timeout(60_000);
});
