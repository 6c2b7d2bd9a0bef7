import assert from 'node:assert/strict';
import fc from 'fast-check';
import { applyEdits } from '../../../server/src/core/applyEdits';
import type { Companion, Edit, EditedDocument } from '../../../server/src/core/manifest';
import type { Declaration } from '../../../server/src/core/declaration';
import type { EntryDetail } from '../../../server/src/ecosystems/npm/declare';
import { excluding } from '../../../server/src/ecosystems/npm/excluding';
import { packageJson } from '../../../server/src/ecosystems/npm/packageJson';
import { npmVersions } from '../../../server/src/ecosystems/npm/versions';
import { corpusJson, describeCorpus } from '../../support/corpus';

function open(text: string, companions: Record<string, string> = {}, path = 'package.json'): EditedDocument {
  const files = Object.entries(companions).map(([file, content]): Companion => ({ path: file, text: content }));
  return { path, text, companions: files, manifest: packageJson.read(text, { path, companions: files }) };
}

function named(document: EditedDocument, name: string): Declaration {
  const found = document.manifest.declarations.find(({ writtenName }) => writtenName === name);
  assert.ok(found, name);
  return found;
}

/** The document's text after the edits, or of the file they lie in. */
function applied(document: EditedDocument, edits: Edit[] | undefined): string | undefined {
  if (!edits) return undefined;
  const file = edits[0]?.file;
  assert.ok(edits.every((edit) => edit.file === file));
  const text = file === document.path ? document.text : document.companions.find(({ path }) => path === file)!.text;
  return applyEdits(text, edits);
}

const pinned = (spec: string, version = '1.2.3', section = 'dependencies') => {
  const document = open(`{ "${section}": { "x": ${JSON.stringify(spec)} } }`);
  const text = applied(document, packageJson.edit.pin(document, named(document, 'x'), version));
  return text && (JSON.parse(text) as Record<string, Record<string, string>>)[section]?.['x'];
};

describe('package.json: pin', () => {
  const rows: readonly (readonly [spec: string, pinned: string | undefined])[] = [
    ['^1', '1.2.3'],
    [' ^1 ', ' 1.2.3 '],
    ['>=1 <2 || 3', '1.2.3'],
    ['latest', '1.2.3'],
    ['', '1.2.3'],
    ['*', '1.2.3'],
    ['npm:y@^1', 'npm:y@1.2.3'],
    ['npm:@s/y@^1', 'npm:@s/y@1.2.3'],
    ['npm:@s/y', 'npm:@s/y@1.2.3'],
    ['npm:y@', 'npm:y@1.2.3'],
    ['npm:^1', 'npm:1.2.3'],
    ['jsr:@s/y@^1', 'jsr:@s/y@1.2.3'],
    ['>=^4', '1.2.3'],
    ['u/r', undefined],
    ['https://example.com/x.tgz', undefined],
    ['file:../x', undefined],
    ['workspace:*', undefined],
    ['catalog:', undefined],
    ['patch:x@npm%3A1.0.0#./p', undefined],
  ];
  for (const [spec, expected] of rows)
    it(`turns ${JSON.stringify(spec)} into ${JSON.stringify(expected)}`, () => assert.equal(pinned(spec), expected));

  it('writes nothing that is no version, and nothing into what is frozen', () => {
    assert.equal(pinned('^1', '1.2.3", "evil": "'), undefined);
    assert.equal(pinned('^1', 'latest'), undefined);
    assert.equal(pinned('^1', '1.0.0-rc.1+b'), '1.0.0-rc.1+b');
    const escaped = open('{"dependencies": {"x": "\\u0031"}}');
    assert.equal(packageJson.edit.pin(escaped, named(escaped, 'x'), '1.2.3'), undefined);
    const referring = open('{"dependencies": {"x": "1"}, "overrides": {"y": "$x"}}');
    assert.equal(packageJson.edit.pin(referring, named(referring, 'y'), '1.2.3'), undefined);
    const bundled = open('{"bundleDependencies": ["x"]}');
    assert.equal(packageJson.edit.pin(bundled, named(bundled, 'x'), '1.2.3'), undefined);
  });

  it('edits a catalog where it stands', () => {
    const pin = (yaml: string) => {
      const document = open('{"dependencies": {"x": "catalog:"}}', { '../pnpm-workspace.yaml': yaml, 'pnpm-workspace.yaml': yaml });
      return applied(document, packageJson.edit.pin(document, named(document, 'x'), '1.2.3'));
    };
    assert.equal(pin('catalog:\n  x: ^1.0.0 # why\n  y: 2\n'), 'catalog:\n  x: 1.2.3 # why\n  y: 2\n');
    assert.equal(pin('catalog:\r\n  "x": \'^1.0.0\'\r\n'), 'catalog:\r\n  "x": \'1.2.3\'\r\n');
    assert.equal(pin('catalog: { y: 1, x: "npm:z@^1" }\n'), 'catalog: { y: 1, x: "npm:z@1.2.3" }\n');
    assert.equal(pin('catalog:\n  x: "\\x31"\n'), undefined);
    assert.equal(pin('catalog:\n  x: >-\n    ^1\n'), undefined);
    assert.equal(pin('catalog:\n  bad: "1\n  x: ^1\n'), 'catalog:\n  bad: "1\n  x: 1.2.3\n');
  });

  it('does not write into a catalog that has changed since', () => {
    const document = open('{"dependencies": {"x": "catalog:"}}', { 'pnpm-workspace.yaml': 'catalog:\n  x: ^1\n' });
    const later = { ...document, companions: [{ path: 'pnpm-workspace.yaml', text: '# new\ncatalog:\n  x: ^1\n' }] };
    assert.equal(packageJson.edit.pin(later, named(document, 'x'), '1.2.3'), undefined);
    assert.equal(packageJson.edit.pin({ ...document, companions: [] }, named(document, 'x'), '1.2.3'), undefined);
  });

  it('edits a catalog of the manifest itself', () => {
    const document = open('{"catalog": {"x": "^1"}, "dependencies": {"x": "catalog:"}}');
    assert.equal(
      applied(document, packageJson.edit.pin(document, named(document, 'x'), '1.2.3')),
      '{"catalog": {"x": "1.2.3"}, "dependencies": {"x": "catalog:"}}',
    );
  });
});

describe('package.json: exclude', () => {
  const rows: readonly (readonly [range: string, bad: readonly string[], result: string | undefined])[] = [
    ['^1.14.0', ['1.14.1'], '^1.14.0 <1.14.1 || ^1.14.0 >1.14.1'],
    ['^1.14.0', ['1.14.0'], '^1.14.0 >1.14.0'],
    ['^1.0.0', ['1.2.0', '1.1.0', '3.0.0'], '^1.0.0 <1.1.0 || ^1.0.0 >1.1.0 <1.2.0 || ^1.0.0 >1.2.0'],
    ['1.x || 2.5.0', ['1.2.0'], '1.x <1.2.0 || 1.x >1.2.0 || 2.5.0'],
    ['1.0.0 - 1.5.0', ['1.2.0'], '>=1.0.0 <=1.5.0 <1.2.0 || >=1.0.0 <=1.5.0 >1.2.0'],
    ['*', ['1.2.0'], '<1.2.0 || >1.2.0'],
    ['', ['1.2.0'], '<1.2.0 || >1.2.0'],
    ['1.2.0', ['1.2.0'], undefined],
    ['^1', ['2.0.0'], undefined],
    ['^1', ['1.0.1', '1.0.2', '1.0.3', '1.0.4'], undefined],
    ['no range at all', ['1.0.0'], undefined],
  ];
  for (const [range, bad, result] of rows)
    it(`takes ${bad.join(', ')} out of ${JSON.stringify(range)}`, () => assert.equal(excluding(range, bad), result));

  it('writes it in place', () => {
    const document = open('{"dependencies": {"x": "npm:y@^1.0.0", "t": "latest", "g": "u/r"}}');
    const exclude = (name: string) => applied(document, packageJson.edit.exclude(document, named(document, name), ['1.2.0']));
    assert.equal(exclude('x'), '{"dependencies": {"x": "npm:y@^1.0.0 <1.2.0 || ^1.0.0 >1.2.0", "t": "latest", "g": "u/r"}}');
    assert.equal(exclude('t'), undefined);
    assert.equal(exclude('g'), undefined);
  });

  it('leaves a bare text of YAML alone', () => {
    const exclude = (yaml: string) => {
      const document = open('{"dependencies": {"x": "catalog:"}}', { 'pnpm-workspace.yaml': yaml });
      return applied(document, packageJson.edit.exclude(document, named(document, 'x'), ['1.0.0']));
    };
    assert.equal(exclude('catalog:\n  x: ">=1.0.0"\n'), 'catalog:\n  x: ">=1.0.0 >1.0.0"\n');
    assert.equal(exclude('catalog:\n  x: ^1.0.0\n'), undefined);
  });
});

describeCorpus('package.json: exclude', () => {
  it('takes out exactly the releases it is told, for every range and version of node-semver', () => {
    const { versions, rows } = corpusJson<{ versions: string[]; rows: { range: string }[] }>('conformance/vectors/node-semver-matrix.json');
    let checked = 0;
    for (const { range } of rows) {
      for (const bad of versions) {
        const result = excluding(range, [bad]);
        if (result === undefined) continue;
        checked++;
        for (const version of versions) {
          const expected = npmVersions.satisfies(version, range) && !npmVersions.equal(version, bad);
          assert.equal(npmVersions.satisfies(version, result), expected, `${version} in ${range} without ${bad}: ${result}`);
        }
      }
    }
    assert.ok(checked > 1000, `${checked} ranges`);
  });
});

describe('package.json: remove', () => {
  const removed = (text: string, name: string) => {
    const document = open(text);
    return applied(document, packageJson.edit.remove(document, named(document, name)));
  };

  it('takes the entry with its comma, wherever it stands', () => {
    const text = '{\n  "dependencies": {\n    "a": "1",\n    "b": "2",\n    "c": "3"\n  }\n}\n';
    assert.equal(removed(text, 'a'), text.replace('    "a": "1",\n', ''));
    assert.equal(removed(text, 'b'), text.replace('    "b": "2",\n', ''));
    assert.equal(removed(text, 'c'), text.replace(',\n    "c": "3"', ''));
    assert.equal(removed(text.replaceAll('\n', '\r\n'), 'b'), text.replace('    "b": "2",\n', '').replaceAll('\n', '\r\n'));
    assert.equal(removed('{"dependencies":{"a":"1","b":"2"}}', 'a'), '{"dependencies":{"b":"2"}}');
    assert.equal(removed('{"dependencies":{"a":"1","b":"2"}}', 'b'), '{"dependencies":{"a":"1"}}');
    assert.equal(removed('{\n  "dependencies": {\n    "a": "1"\n  }\n}', 'a'), '{\n  "dependencies": {}\n}');
    assert.equal(removed('{"overrides": {"a": {"b": "1"}, "c": "2"}}', 'b'), '{"overrides": {"a": {}, "c": "2"}}');
    assert.equal(removed('{"bundleDependencies": ["a", "b"]}', 'b'), '{"bundleDependencies": ["a"]}');
  });

  it('takes the name out of bundleDependencies too, where it would be left alone', () => {
    assert.equal(
      removed('{"dependencies": {"a": "1", "b": "2"}, "bundleDependencies": ["a", "b"]}', 'a'),
      '{"dependencies": {"b": "2"}, "bundleDependencies": ["b"]}',
    );
    assert.equal(
      removed('{"dependencies": {"a": "1"}, "optionalDependencies": {"a": "1"}, "bundleDependencies": ["a"]}', 'a'),
      '{"dependencies": {}, "optionalDependencies": {"a": "1"}, "bundleDependencies": ["a"]}',
    );
  });

  it('does not remove what it cannot remove cleanly', () => {
    assert.equal(removed('{"dependencies": {"a": "1"}, "overrides": {"b": "$a"}}', 'a'), undefined);
    assert.equal(removed('{"dependencies": {"a": "1" /* why */, "b": "2"}}', 'a'), undefined);
    assert.equal(removed('{"dependencies": {"a": "1" "b": "2"}}', 'a'), undefined);
    assert.equal(removed('{"dependencies": {"\\u0061": "1"}}', '\\u0061'), undefined);
  });
});

describe('package.json: any edit', () => {
  const name = fc.constantFrom('a', 'b', '@s/c', 'd-e', 'f.g', 'constructor');
  const spec = fc.constantFrom(
    '^1.0.0',
    '1.2.3',
    '*',
    '',
    'latest',
    'npm:y@^1',
    'npm:@s/z',
    'u/r#v1',
    'file:../x',
    'workspace:*',
    'catalog:',
    'catalog:old',
    ' ~1 ',
    '$a',
    '>=1 <2',
  );
  const specs = fc.dictionary(name, spec, { maxKeys: 4, noNullPrototype: true });
  const overrides = fc.dictionary(fc.constantFrom('a', 'b@1', '@s/c@^2', '.'), fc.oneof(spec, specs), {
    maxKeys: 3,
    noNullPrototype: true,
  });
  const manifest = fc.record(
    {
      dependencies: specs,
      devDependencies: specs,
      optionalDependencies: specs,
      peerDependencies: specs,
      bundleDependencies: fc.uniqueArray(name, { maxLength: 3 }),
      overrides,
      resolutions: fc.dictionary(fc.constantFrom('**/a', 'x/b', 'a@npm:1'), spec, { maxKeys: 2, noNullPrototype: true }),
      pnpm: fc.record({ overrides: fc.dictionary(fc.constantFrom('x>a', 'b@1', '@s/c'), spec, { maxKeys: 2, noNullPrototype: true }) }),
    },
    { requiredKeys: [], noNullPrototype: true },
  );
  const yaml = 'catalog:\n  a: ^1\n  "@s/c": "npm:y@^1"\n  b: file:../b\ncatalogs:\n  old:\n    a: \'0.1.0\'\n';
  const layout = fc.record({ indent: fc.constantFrom(0, 2, '\t'), crlf: fc.boolean(), bom: fc.boolean() });

  /** All that is read of an entry but where it stands. */
  const essence = ({ writtenName, specifier, source, group, section, package: id, frozen }: Declaration) =>
    JSON.stringify([group, section, writtenName, specifier, source, id, frozen ?? null]);

  /** Whether a version for one is written where it is written for the other. */
  const sameSpot = (a: Declaration, b: Declaration) => {
    const [one, other] = [a, b].map(({ detail }) => (detail as EntryDetail).pin);
    return one !== undefined && one.span.start === other?.span.start && (one.file ?? 'package.json') === (other.file ?? 'package.json');
  };

  it('leaves every other declaration as it was, and the file valid JSON', () => {
    let pins = 0;
    let removals = 0;
    fc.assert(
      fc.property(manifest, layout, fc.nat(), (value, { indent, crlf, bom }, pick) => {
        const plain = JSON.stringify(value, null, indent);
        const text = `${bom ? '\uFEFF' : ''}${crlf ? plain.replaceAll('\n', '\r\n') : plain}`;
        const document = open(text, { 'pnpm-workspace.yaml': yaml });
        const { declarations } = document.manifest;
        if (declarations.length === 0) return;
        const at = pick % declarations.length;
        const declaration = declarations[at]!;
        const pin = packageJson.edit.pin(document, declaration, '9.8.7');
        if (pin && pin[0]?.file === document.path) {
          pins++;
          const after = reread(document, pin);
          assert.equal(after.length, declarations.length);
          const changed = after[at]!;
          assert.equal(npmVersions.exact(changed.source.kind === 'registry' ? changed.source.range : ''), '9.8.7');
          assert.equal(changed.package.name, declaration.package.name);
          after.forEach((other, i) => {
            // What refers to the entry follows it, and an override and what it replaces are one.
            if (i === at || other.specifier === `$${declaration.writtenName}` || sameSpot(declarations[i]!, declaration)) return;
            assert.equal(essence(other), essence(declarations[i]!));
          });
        }
        const removal = packageJson.edit.remove(document, declaration);
        if (!removal) return;
        removals++;
        const isOther = (_: unknown, i: number) => i !== at && (declaration.group !== 'override' || declarations[i]!.bounded === undefined);
        const indices = declarations.map((_, i) => i).filter((i) => i !== at);
        const left = reread(document, removal).filter((_, i) => isOther(_, indices[i]!));
        assert.deepEqual(left.map(essence), declarations.filter(isOther).map(essence));
      }),
      { numRuns: 1000 },
    );
    assert.ok(pins > 200 && removals > 200, `${pins} pins, ${removals} removals`);
  });

  function reread(document: EditedDocument, edits: Edit[]): readonly Declaration[] {
    const text = applyEdits(document.text, edits);
    JSON.parse(text.replace(/^\uFEFF/, ''));
    return packageJson.read(text, { path: document.path, companions: document.companions }).declarations;
  }
});
