import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Declaration, Source } from '../../../server/src/core/declaration';
import type { Companion, Manifest } from '../../../server/src/core/manifest';
import { packageJson } from '../../../server/src/ecosystems/npm/packageJson';

function read(text: string, companions: Record<string, string> = {}, path = 'package.json'): Manifest {
  const files = Object.entries(companions).map(([file, content]): Companion => ({ path: file, text: content }));
  return packageJson.read(text, { path, companions: files });
}

/** A declaration in one line: section name → package source specifier. */
function sketch(d: Declaration): string {
  return `${d.group} ${d.section} ${d.writtenName} → ${d.package.name} ${sketchSource(d.source)} [${d.specifier}]`;
}

function sketchSource(source: Source): string {
  switch (source.kind) {
    case 'registry':
      return source.tag !== undefined ? `tag ${source.tag}` : `registry ${source.range}`;
    case 'git':
    case 'url':
      return `${source.kind} ${source.url}${source.revision !== undefined ? ` at ${source.revision}` : ''}`;
    case 'path':
    case 'workspace':
      return `${source.kind} ${source.path}`;
  }
}

const sketches = (manifest: Manifest) => manifest.declarations.map(sketch);
const messages = (manifest: Manifest) => manifest.problems.map(({ kind, message }) => `${kind}: ${message}`);

/** The declaration of a name. */
function one(manifest: Manifest, name: string): Declaration {
  const found = manifest.declarations.filter(({ writtenName }) => writtenName === name);
  assert.equal(found.length, 1, `${name}: ${found.length} declarations`);
  return found[0]!;
}

describe('package.json', () => {
  it('reads the direct dependencies and nothing else', () => {
    const manifest = read(`{
  "name": "n", "version": "1.0.0", "engines": { "node": ">=20" }, "packageManager": "pnpm@9.0.0", "volta": { "node": "20.0.0" },
  "devEngines": { "runtime": { "name": "node", "version": "20" } }, "peerDependenciesMeta": { "p": { "optional": true }, "q": {} },
  "scripts": { "dependencies": "x" }, "allowScripts": { "a": true }, "pnpm": { "onlyBuiltDependencies": ["a"] },
  "dependencies": { "a": "^1.0.0", "@s/b": "2.0.0", "any": "" },
  "devDependencies": { "d": "latest" },
  "optionalDependencies": { "o": "~1" },
  "peerDependencies": { "p": ">=1 || 2" }
}`);
    assert.deepEqual(sketches(manifest), [
      'runtime dependencies a → a registry ^1.0.0 [^1.0.0]',
      'runtime dependencies @s/b → @s/b registry 2.0.0 [2.0.0]',
      'runtime dependencies any → any registry  []',
      'dev devDependencies d → d tag latest [latest]',
      'optional optionalDependencies o → o registry ~1 [~1]',
      'peer peerDependencies p → p registry >=1 || 2 [>=1 || 2]',
    ]);
    assert.deepEqual(messages(manifest), []);
    assert.deepEqual(one(manifest, 'p').notes, ['An optional peer']);
    assert.equal(one(manifest, 'any').spans.range, undefined);
  });

  it('reads specs that are no range', () => {
    const manifest = read(`{ "dependencies": {
      "x": "npm:y@^1", "x2": "npm:@s/y@2.0.0", "x3": "npm:y", "x4": "npm:^3", "g": "u/r#main", "g2": "git+https://example.com/r.git#c0ffee",
      "g3": "github:u/r#semver:^1", "t": "https://example.com/t.tgz", "f": "file:../f", "l": "link:../l", "p": "portal:../p", "w": "workspace:^",
      "w2": "workspace:z@*", "j": "jsr:@s/j@^1", "pa": "patch:y@npm%3A1.2.3#./p.patch", "sp": " ^1 " } }`);
    assert.deepEqual(
      sketches(manifest).map((line) => line.replace('runtime dependencies ', '')),
      [
        'x → y registry ^1 [^1]',
        'x2 → @s/y registry 2.0.0 [2.0.0]',
        'x3 → y registry  []',
        'x4 → x4 registry ^3 [^3]',
        'g → g git u/r at main []',
        'g2 → g2 git git+https://example.com/r.git at c0ffee []',
        'g3 → g3 git github:u/r []',
        't → t url https://example.com/t.tgz []',
        'f → f path ../f []',
        'l → l path ../l []',
        'p → p path ../p []',
        'w → w workspace ^ []',
        'w2 → z workspace * []',
        'j → @jsr/s__j registry ^1 [^1]',
        'pa → y registry 1.2.3 [1.2.3]',
        'sp → sp registry ^1 [^1]',
      ],
    );
    assert.deepEqual(messages(manifest), []);
    assert.deepEqual(one(manifest, 'x').notes, ['Installs y under the name x']);
    assert.equal(one(manifest, 'j').boundIndex, 'jsr');
    assert.equal(one(manifest, 'pa').frozen, 'its patch is made for one version');
  });

  it('reads overrides by their innermost package', () => {
    const manifest = read(`{
  "dependencies": { "direct": "^1.2.0", "al": "npm:target@^2" },
  "overrides": {
    "a": "1.0.0", "b@^2": "2.1.0", "c": { ".": "3.0.0", "d": { "e": "5.0.0" } }, "@s/f@1": { "g": "$direct" }, "h": "$al", "i": "$none", "j": {}
  },
  "resolutions": { "a": "1.0.0", "k/l": "1", "@s/m/@s/n": "2", "**/o": "3", "p/**/q": "4", "r@npm:1": "5", "s@npm:1/t@npm:2": "6", "u@npm:@s/v@1": "7", "w/*": "8" },
  "pnpm": { "overrides": { "a": "1.0.0", "b>c": "2", "d@1": "3", "@s/e@>=1 <2>@s/f@>3": "4", "g@<1 || >2": "npm:h@5", "i": "-", "j": "$direct", "k": "link:../k" } }
}`);
    assert.deepEqual(
      sketches(manifest).filter((line) => line.startsWith('override')),
      [
        'override overrides a → a registry 1.0.0 [1.0.0]',
        'override overrides b@^2 → b registry 2.1.0 [2.1.0]',
        'override overrides.c c → c registry 3.0.0 [3.0.0]',
        'override overrides.c.d e → e registry 5.0.0 [5.0.0]',
        'override overrides.@s/f@1 g → g registry ^1.2.0 [$direct]',
        'override overrides h → target registry ^2 [$al]',
        'override overrides i → i registry $none [$none]',
        'override resolutions a → a registry 1.0.0 [1.0.0]',
        'override resolutions k/l → l registry 1 [1]',
        'override resolutions @s/m/@s/n → @s/n registry 2 [2]',
        'override resolutions **/o → o registry 3 [3]',
        'override resolutions p/**/q → q registry 4 [4]',
        'override resolutions r@npm:1 → r registry 5 [5]',
        'override resolutions s@npm:1/t@npm:2 → t registry 6 [6]',
        'override resolutions u@npm:@s/v@1 → u registry 7 [7]',
        'override pnpm.overrides a → a registry 1.0.0 [1.0.0]',
        'override pnpm.overrides b>c → c registry 2 [2]',
        'override pnpm.overrides d@1 → d registry 3 [3]',
        'override pnpm.overrides @s/e@>=1 <2>@s/f@>3 → @s/f registry 4 [4]',
        'override pnpm.overrides g@<1 || >2 → h registry 5 [5]',
        'override pnpm.overrides j → j registry ^1.2.0 [$direct]',
        'override pnpm.overrides k → k path ../k []',
      ],
    );
    assert.deepEqual(messages(manifest), ['invalid: "i" cannot be installed: nothing named "none" is declared here']);
  });

  it('says which override replaces a direct dependency', () => {
    const text = '{"dependencies": {"a": "^1", "b": "^1", "c": "^1"}, "pnpm": {"overrides": {"a": "1.2.3", "x>b": "2"}}}';
    const manifest = read(text, { 'pnpm-workspace.yaml': 'overrides:\n  c: 3.0.0\n' });
    assert.deepEqual(manifest.declarations.map(({ notes }) => notes).slice(0, 3), [
      ['pnpm.overrides replaces it by 1.2.3'],
      [],
      ['overrides of pnpm-workspace.yaml replaces it by 3.0.0'],
    ]);
  });

  it('takes what replaces a direct dependency for what it stands for, and writes a version there', () => {
    const followed = (manifest: Manifest) =>
      manifest.declarations
        .filter(({ group }) => group !== 'override')
        .map(({ writtenName, package: { name }, source, specifier, bounded }) =>
          [`${writtenName} ${specifier}`, name, source.kind === 'registry' ? source.range : source.kind, bounded?.by ?? 'itself'].join(
            ' | ',
          ),
        );
    const by = (overrides: string, more = '') => read(`{"dependencies": {"a": "^1", "b": "^1"}, ${overrides}${more}}`);
    assert.deepEqual(followed(by('"pnpm": {"overrides": {"a": "1.2.3", "x>b": "2"}}')), [
      'a ^1 | a | 1.2.3 | pnpm.overrides',
      'b ^1 | b | ^1 | itself',
    ]);
    assert.deepEqual(followed(by('"resolutions": {"**/a": "npm:other@2.0.0", "b": "file:../b"}')), [
      'a ^1 | other | 2.0.0 | resolutions',
      'b  | b | path | resolutions',
    ]);
    // npm refuses an override of a direct dependency that says another thing, and does not know resolutions.
    const itself = ['a ^1 | a | ^1 | itself', 'b ^1 | b | ^1 | itself'];
    assert.deepEqual(followed(by('"overrides": {"a": "1.2.3"}')), itself);
    assert.deepEqual(followed(by('"resolutions": {"a": "1.2.3"}', ', "packageManager": "npm@11.0.0"')), itself);
    assert.deepEqual(followed(by('"overrides": {"a": "1.2.3", "b": "$a"}', ', "packageManager": "bun@1.2.0"')), [
      'a ^1 | a | 1.2.3 | overrides',
      itself[1],
    ]);
    const yaml = read('{"dependencies": {"a": "^1"}}', { 'pnpm-workspace.yaml': 'overrides:\n  a: 3.0.0\n' });
    assert.deepEqual(followed(yaml), ['a ^1 | a | 3.0.0 | overrides of pnpm-workspace.yaml']);
  });

  it('hears the overrides of a workspace’s root alone', () => {
    const root = '{"workspaces": ["m"], "resolutions": {"a": "1.2.3"}}';
    const member = '{"dependencies": {"a": "^1", "b": "^1"}, "resolutions": {"b": "1.5.0"}}';
    const companions = [{ path: 'package.json', text: root }];
    const { declarations } = packageJson.read(member, { path: 'm/package.json', companions });
    assert.deepEqual(
      declarations.map(({ writtenName, source, notes }) => [writtenName, source.kind === 'registry' && source.range, ...notes]),
      [
        ['a', '1.2.3', 'resolutions of package.json replaces it by 1.2.3'],
        ['b', '^1'],
        ['b', '1.5.0'],
      ],
    );
    const document = {
      path: 'm/package.json',
      text: member,
      companions,
      manifest: packageJson.read(member, { path: 'm/package.json', companions }),
    };
    const start = root.indexOf('1.2.3');
    assert.deepEqual(packageJson.edit.pin(document, document.manifest.declarations[0]!, '1.2.4'), [
      { file: 'package.json', span: { start, end: start + 5 }, newText: '1.2.4' },
    ]);
  });

  it('takes a bundled name for a declaration only where it is declared nowhere else', () => {
    const manifest = read('{"dependencies": {"a": "1"}, "bundleDependencies": ["a", "b", 7], "bundledDependencies": ["b", "@s/c"]}');
    assert.deepEqual(sketches(manifest), [
      'runtime dependencies a → a registry 1 [1]',
      'runtime bundleDependencies b → b registry  []',
      'runtime bundledDependencies @s/c → @s/c registry  []',
    ]);
    assert.deepEqual(one(manifest, 'a').notes, ['Bundled into what is published']);
    assert.deepEqual(one(manifest, 'b').notes, ['Bundled, and declared nowhere else']);
    assert.deepEqual(messages(manifest), ['invalid: A bundled dependency is named by a string']);
    assert.deepEqual(sketches(read('{"bundleDependencies": true}')), []);
  });

  it('says that optionalDependencies wins', () => {
    const manifest = read('{"dependencies": {"a": "1"}, "optionalDependencies": {"a": "2"}}');
    assert.deepEqual(
      manifest.declarations.map(({ notes }) => notes),
      [['optionalDependencies has it too, and counts instead'], []],
    );
  });

  it('resolves catalogs', () => {
    const yaml = `packages: [a]\ncatalog:\n  react: ^18.0.0 # why\n  "@s/x": "npm:y@1.0.0"\ncatalogs:\n  next:\n    react: '19.0.0'\n  default: {vue: 3.0.0}\n`;
    const text = `{"dependencies": {"react": "catalog:", "@s/x": "catalog:default", "vue": "catalog:", "none": "catalog:"}, "devDependencies": {"react": "catalog:next"}}`;
    const manifest = read(text, { 'pnpm-workspace.yaml': yaml }, 'packages/a/package.json');
    assert.deepEqual(sketches(manifest), [
      'runtime dependencies react → react registry ^18.0.0 [catalog:]',
      'runtime dependencies @s/x → y registry 1.0.0 [catalog:default]',
      'runtime dependencies vue → vue registry 3.0.0 [catalog:]',
      'runtime dependencies none → none registry catalog: [catalog:]',
      'dev devDependencies react → react registry 19.0.0 [catalog:next]',
    ]);
    assert.deepEqual(manifest.declarations[0]?.notes, ['Stands for ^18.0.0 by the default catalog in pnpm-workspace.yaml']);
    assert.deepEqual(messages(manifest), ['invalid: "none" cannot be installed: the default catalog has no entry for it']);
    const unseen = messages(read(text));
    assert.equal(unseen.length, 5, 'nobody can say without the file that holds the catalogs, and that is said');
    assert.equal(unseen[0], 'unreadable: The version of "react" is not checked: the default catalog was not found');
    assert.equal(unseen[4], 'unreadable: The version of "react" is not checked: the catalog "next" was not found');
  });

  it('resolves catalogs of Yarn and Bun', () => {
    const text = '{"dependencies": {"a": "catalog:", "b": "catalog:x"}}';
    assert.deepEqual(sketches(read(text, { '.yarnrc.yml': 'catalog:\n  a: 1.0.0\ncatalogs:\n  x:\n    b: 2.0.0\n' })), [
      'runtime dependencies a → a registry 1.0.0 [catalog:]',
      'runtime dependencies b → b registry 2.0.0 [catalog:x]',
    ]);
    const root = '{"workspaces": {"packages": ["p"], "catalog": {"a": "1.0.0"}, "catalogs": {"x": {"b": "2.0.0"}}}}';
    assert.deepEqual(sketches(read(text, { 'p/package.json': text, 'package.json': root }, 'p/package.json')), [
      'runtime dependencies a → a registry 1.0.0 [catalog:]',
      'runtime dependencies b → b registry 2.0.0 [catalog:x]',
    ]);
    const own = `{"catalog": {"a": "3.0.0"}, ${text.slice(1)}`;
    assert.equal(sketches(read(own))[0], 'runtime dependencies a → a registry 3.0.0 [catalog:]');
  });

  it('binds the names of a scope to its registry', () => {
    const text =
      '{"dependencies": {"@acme/a": "1", "@other/b": "1", "c": "1", "x": "npm:@acme/d@1", "@acme/e": "file:../e", "f": "work:^1"}}';
    const bound = (companions: Record<string, string>) => read(text, companions).declarations.map(({ boundIndex }) => boundIndex);
    const address = 'https://packages.acme.example/';
    assert.deepEqual(
      bound({ '.npmrc': `; private\nregistry=https://mirror.example/\n@acme:registry = ${address}\r\n//x/:_authToken=\${T}\n` }).slice(
        0,
        5,
      ),
      [address, undefined, undefined, address, undefined],
    );
    assert.equal(bound({ '.npmrc': '@acme:registry=${HOST}/npm\n' })[0], '${HOST}/npm');
    assert.equal(
      bound({ '.yarnrc.yml': `npmRegistryServer: "https://m.example"\nnpmScopes:\n  acme:\n    npmRegistryServer: "${address}"\n` })[0],
      address,
    );
    assert.equal(
      bound({ 'p/.npmrc': '@acme:registry=https://near.example\n', '.npmrc': '@acme:registry=https://far.example\n' })[0],
      'https://near.example',
    );
    assert.equal(
      bound({ 'pnpm-workspace.yaml': `registries:\n  '@acme': ${address}\nnamedRegistries:\n  work: https://work.example\n` })[5],
      'https://work.example',
    );
  });

  it('says what the package manager would reject', () => {
    const manifest = read(`{
  "dependencies": { "a": 1, "Foo Bar": "1", "": "1", "b": ">=^4", "c": "gopher://x", "d": null, "e": "1", "e": "2", "f": "work:^1", "node_modules": "1" },
  "devDependencies": [], "peerDependencies": null,
  "dependencies": { "g": "1" }
}`);
    assert.deepEqual(sketches(manifest), ['runtime dependencies g → g registry 1 [1]']);
    assert.deepEqual(messages(manifest), [
      'invalid: "dependencies" is written again below, and only the last one counts',
      'invalid: "devDependencies" must be an object',
    ]);
    const inner = read(
      '{"dependencies": { "a": 1, "Foo Bar": "1", "": "1", "b": ">=^4", "c": "gopher://x", "e": "1", "e": "2", "f": "work:^1" }}',
    );
    assert.deepEqual(messages(inner), [
      'invalid: The version of "a" must be a string',
      'invalid: "Foo Bar" cannot be installed: a package name holds only letters, digits and - . _ ~',
      'invalid: "" cannot be installed: a package name cannot be empty',
      'invalid: "b" cannot be installed: it is no version, range or tag',
      'invalid: "c" cannot be installed: no package manager fetches from gopher: addresses',
      'invalid: "e" is written again below, and only the last one counts',
      'invalid: "f" cannot be installed: nothing says what work: means',
    ]);
    assert.deepEqual(sketches(inner), [
      'runtime dependencies b → b registry >=^4 [>=^4]',
      'runtime dependencies c → c url gopher://x []',
      'runtime dependencies e → e registry 2 [2]',
      'runtime dependencies f → f registry ^1 [^1]',
    ]);
  });

  it('freezes what is written with escapes, and reads it all the same', () => {
    const text = '{"dependencies": {"\\u0061": "1", "b": "npm:\\u0079@^\\u0031"}}';
    const manifest = read(text);
    assert.deepEqual(sketches(manifest), [
      'runtime dependencies \\u0061 → a registry 1 [1]',
      'runtime dependencies b → y registry ^1 [^\\u0031]',
    ]);
    assert.ok(manifest.declarations.every(({ frozen }) => frozen === 'an escape stands in it'));
  });

  it('keeps odd names apart from the language', () => {
    const manifest = read('{"dependencies": {"__proto__": "1", "constructor": "2", "toString": "3", "@s/__proto__": "4"}}');
    // A name cannot start with an underscore unless it is scoped.
    assert.deepEqual(
      manifest.declarations.map(({ writtenName }) => writtenName),
      ['constructor', 'toString', '@s/__proto__'],
    );
  });

  it('reads what is no object, no JSON, or nothing', () => {
    for (const text of ['', '[]', '"x"', 'null', 'hello', '{', '\uFEFF']) {
      const manifest = read(text);
      assert.deepEqual(manifest.declarations, []);
      assert.equal(manifest.problems.length, 1, text);
    }
  });

  it('loses one line to a line that breaks', () => {
    const text = (line: string) =>
      `{\n  "dependencies": {\n    "a": "1",\n    ${line}\n    "z": "9"\n  },\n  "devDependencies": {\n    "d": "4"\n  }\n}`;
    for (const line of ['"b": "2', '"b', '"b: "2",', 'b', '"b": {', '}', '"b":']) {
      const manifest = read(text(line));
      assert.deepEqual(
        manifest.declarations.map(({ section, writtenName }) => `${section} ${writtenName}`),
        ['dependencies a', 'dependencies z', 'devDependencies d'],
      );
      assert.ok(manifest.problems.some(({ kind }) => kind === 'unreadable') || line === '"b": {', line);
    }
  });

  it('reads LF and CRLF and BOM twins alike', () => {
    const text =
      '{\n  "dependencies": {\n    "a": "^1",\n    "b": "catalog:"\n  },\n  "overrides": {\n    "c": {\n      "d": "1"\n    }\n  }\n}\n';
    const yaml = 'catalog:\n  b: ^2\n  c: 3\n';
    const expected = sketches(read(text, { 'pnpm-workspace.yaml': yaml }));
    assert.equal(expected.length, 3);
    for (const change of [(s: string) => s.replaceAll('\n', '\r\n'), (s: string) => `\uFEFF${s}`]) {
      assert.deepEqual(sketches(read(change(text), { 'pnpm-workspace.yaml': change(yaml) })), expected);
    }
  });

  it('never throws, and its spans hold what it claims', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        '{',
        '}',
        '"dependencies": {',
        '"overrides": {',
        '"a": "^1"',
        '"x": "npm:y@^1"',
        '"b": "\\u0031"',
        ',',
        '\n',
        '"pnpm": {',
        '"resolutions": {',
        '"**/q": "1"',
        '"bundleDependencies": ["z"]',
        '[',
        ']',
        '"c": "$a"',
        '"d": "catalog:"',
        ' "e" : " 1 " ',
      ),
      fc.string({ maxLength: 4 }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 20 }), fc.string(), (pieces, other) => {
        const text = `{${pieces.join('')}`;
        const manifest = read(text, {
          'pnpm-workspace.yaml': other,
          '.npmrc': other,
          '.yarnrc.yml': `catalog:\n  ${other}`,
          'x/package.json': other,
        });
        for (const { spans, writtenName, specifier } of manifest.declarations) {
          assert.equal(spans.name && text.slice(spans.name.start, spans.name.end), writtenName);
          assert.equal(spans.range ? text.slice(spans.range.start, spans.range.end) : '', specifier);
          assert.ok(spans.entry.start <= spans.name!.start && spans.entry.end >= spans.name!.end);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('stays quick on input made to be slow', () => {
    const flood = Array.from({ length: 20_000 }, (_, i) => `"p${i}": "npm:q${i}@^1.${i}.0"`).join(',\n');
    assert.equal(read(`{"dependencies": {${flood}}}`).declarations.length, 20_000);
    const same = Array.from({ length: 20_000 }, () => '"p": "$p"').join(',\n');
    assert.equal(read(`{"dependencies": {"p": "1"}, "overrides": {${same}}}`).declarations.length, 2);
    for (const part of ['[', '{', '- ', '? ', '"', "'", '&a ', '*a ', '| ', '\t', ': ', '# ']) {
      const yaml = `catalog:\n  a: 1\n  ${part.repeat(50_000)}`;
      read('{"dependencies": {"a": "catalog:"}}', {
        'pnpm-workspace.yaml': yaml,
        '.yarnrc.yml': part.repeat(50_000),
        '.npmrc': part.repeat(50_000),
      });
    }
    const nested = `{"overrides": ${'{"a":'.repeat(10_000)}"1"${'}'.repeat(10_000)}, "dependencies": {"b": "1"}}`;
    assert.equal(one(read(nested), 'b').specifier, '1');
  });
});
