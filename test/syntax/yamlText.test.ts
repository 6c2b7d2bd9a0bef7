import assert from 'node:assert/strict';
import fs from 'node:fs';
import fc from 'fast-check';
import { parse, stringify } from 'yaml';
import { readYamlLayout, type YamlMap, type YamlValue } from '../../server/src/syntax/yamlLayout';
import { locateYamlKey, readYaml, visitYaml } from '../../server/src/syntax/yamlText';
import { corpusPath, corpusText, describeCorpus } from '../support/corpus';

/** As the library's objects have it. */
function plain(value: YamlValue): unknown {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.map(plain);
  return Object.fromEntries([...(value as YamlMap)].map(([key, one]) => [key, plain(one)]));
}

/** Empty maps and values are told apart by neither reader's caller. */
function byLibrary(text: string): unknown {
  return JSON.parse(JSON.stringify(parse(text, { schema: 'failsafe', uniqueKeys: true }) ?? {}), (_, value: unknown) => value ?? '');
}

const layouts: Readonly<Record<string, readonly [text: string, value: unknown]>> = {
  'maps and text': [
    "a: 1.10\nb:\n  'c: d': \"e\\n\"\n  f-g: h:i\n\nj: 'it''s'\n",
    { a: '1.10', b: { 'c: d': 'e\n', 'f-g': 'h:i' }, j: "it's" },
  ],
  'lists at either indentation': [
    'a:\n- b\n- c: d\n  e: f\ng:\n  - h\n  -   i: j\n      k: l\n',
    { a: ['b', { c: 'd', e: 'f' }], g: ['h', { i: 'j', k: 'l' }] },
  ],
  'flow on one line and on many': [
    "a: {b: 'c', d: e f}\ng: [h, i]\nj:\n  {\n    k: l,\n  }\nm: {}\nn: []\n",
    { a: { b: 'c', d: 'e f' }, g: ['h', 'i'], j: { k: 'l' }, m: {}, n: [] },
  ],
  'literal blocks': ['a: |-\n  b\n\n    c\nd: |\n  e\nf: g\n', { a: 'b\n\n  c', d: 'e\n', f: 'g' }],
  'long keys': ['? a\n: b\n? "c"\n: d: e\n  f: g\n? h\n:\n  i: j\n', { a: 'b', c: { d: 'e', f: 'g' }, h: { i: 'j' } }],
  'empty values': ['a:\nb:\n  c:\nd:\n', { a: '', b: { c: '' }, d: '' }],
  'comments and a byte order mark': ['\uFEFF# a\na: b\n  # c\nd: e#f\n', { a: 'b', d: 'e#f' }],
  'names from JavaScript': [
    '__proto__:\n  constructor: a\ntoString: b\n',
    JSON.parse('{"__proto__": {"constructor": "a"}, "toString": "b"}') as unknown,
  ],
};

const left: readonly string[] = [
  'a: b\nc: &d e\n',
  'a: b\nc: !!str d\n',
  'a: b\nc: >-\n  d\n',
  'a: b\nc: d\n  e\n',
  'a: b\nc: "d\n  e"\n',
  'a: b\nc: d # e\n',
  'a: b\nc: {d: {e: f}}\n',
  'a: b\nc: {d: e} f\n',
  'a: b\nc:\n  d: e\n  d: f\n',
  'a: b\nc: d: e\n',
  'a: b\n c: d\n',
  'a: b\nc\n',
  'a: b\nc: |2\n    d\n',
  'a: b\n<<<<<<< c: d\n',
  'a: b\n? c\n',
  'a: b\n\tc: d\n',
  'a: b\nc: d\t# e\n',
  'a: b\nc: d\t\n',
  'a: b\nc: d\re: f\n',
  'a: b\n# c\rd: e\n',
  'a: b\nc: |-\n  d\te\n',
  'a: b\nc: "\\x41"\n',
];

describe('yamlLayout', () => {
  for (const [title, [text, value]] of Object.entries(layouts)) {
    it(`reads ${title}`, () => {
      for (const twin of [text, text.replaceAll('\n', '\r\n')]) {
        const { documents, leftAt } = readYamlLayout(twin);
        assert.equal(leftAt, undefined);
        assert.deepEqual(JSON.parse(JSON.stringify(plain(documents[0]!)).replaceAll('\\r', '')), value);
        if (title !== 'names from JavaScript') assert.deepEqual(byLibrary(text.replace('\uFEFF', '')), value, 'as the library does');
      }
    });
  }

  it('says where the layout is left, and reads no further', () => {
    for (const text of left) {
      const { documents, leftAt } = readYamlLayout(text);
      assert.ok(leftAt !== undefined && leftAt >= 5, text);
      assert.equal(documents[0]!.get('a'), 'b');
    }
  });

  it('parts documents', () => {
    assert.deepEqual(readYamlLayout('---\na: b\n---\nc: d\n').documents.map(plain), [{ a: 'b' }, { c: 'd' }]);
  });

  it('reads what the library writes as the library reads it, or leaves it', () => {
    const word = fc.oneof(
      fc.string({ maxLength: 12 }),
      fc.constantFrom('a: b', "it's", '- x', 'a #b', '{a}', '"', '1.0', 'true', '', '~', '@a/b@1', ':', '?'),
    );
    const { value } = fc.letrec<{ value: unknown; map: unknown }>((tie) => ({
      value: fc.oneof({ maxDepth: 3 }, word, tie('map'), fc.array(word, { maxLength: 3 })),
      map: fc.dictionary(
        word.filter((key) => key !== '__proto__'),
        tie('value'),
        { maxKeys: 4, noNullPrototype: true },
      ),
    }));
    let read = 0;
    fc.assert(
      fc.property(
        fc.dictionary(
          word.filter((key) => key !== '__proto__'),
          value,
          { maxKeys: 4, noNullPrototype: true },
        ),
        (object) => {
          const text = stringify(object, { lineWidth: 0, schema: 'failsafe', aliasDuplicateObjects: false });
          const { documents, leftAt } = readYamlLayout(text);
          if (leftAt !== undefined) return;
          read++;
          if (Object.keys(object).length > 0) assert.deepEqual(plain(documents[0]!), byLibrary(text), text);
        },
      ),
      { numRuns: 800 },
    );
    assert.ok(read > 300, `${read} of 800 kept to the layout`);
  });

  it('never throws, on any string', () => {
    const piece = fc.constantFrom(
      'a',
      ': ',
      ':',
      '\n',
      '  ',
      '- ',
      '? ',
      '{',
      '}',
      '[',
      ']',
      ',',
      "'",
      '"',
      '|',
      '#',
      '\\',
      '---',
      '\r\n',
      '\t',
      ' ',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.array(piece, { maxLength: 40 }).map((parts) => parts.join('')),
        ),
        (text) => {
          readYaml(text);
          visitYaml(text, () => ({ entry: () => true }));
          locateYamlKey(text, ['a', 'a']);
        },
      ),
      { numRuns: 2000 },
    );
  });
});

describe('visitYaml', () => {
  const text =
    "v: '1'\np:\n  a:\n    x: 1\n    y:\n      z: 2\n    w: [3]\n  b:\n    y:\n    - 4\n    x: 5\n  c: 6\nq:\n  d:\n    y: 7\n  e: {}\n";
  const gather = (source: string, wanted?: ReadonlySet<string>) => {
    const told: unknown[] = [];
    const { documents, fault } = visitYaml(source, () => {
      told.length = 0;
      return {
        entry: (section, key, value) => (told.push([section, key, plain(value)]), true),
        wanted: (section) => (section === 'p' ? wanted : undefined),
      };
    });
    return { told, documents, fault };
  };

  it('tells the entries of the maps at the top, and keeps the rest', () => {
    const { told, documents } = gather(text);
    assert.deepEqual(told, [
      ['p', 'a', { x: '1', y: { z: '2' }, w: ['3'] }],
      ['p', 'b', { y: ['4'], x: '5' }],
      ['p', 'c', '6'],
      ['q', 'd', { y: '7' }],
      ['q', 'e', {}],
    ]);
    assert.deepEqual(plain(documents[0]!), { v: '1', p: {}, q: {} });
  });

  it('passes over what is not wanted, by its indentation', () => {
    assert.deepEqual(gather(text, new Set(['x'])).told, [
      ['p', 'a', { x: '1' }],
      ['p', 'b', { x: '5' }],
      ['p', 'c', '6'],
      ['q', 'd', { y: '7' }],
      ['q', 'e', {}],
    ]);
  });

  it('starts anew where the library takes over, and tells no entry that was cut', () => {
    assert.deepEqual(gather(`${text}n: >-\n  o\n`).told, gather(text).told);
    const cut = gather(text.slice(0, text.indexOf('5')).replace('x: ', "x: '"));
    assert.ok(cut.fault);
    assert.deepEqual(
      cut.told.map((one) => (one as string[])[1]),
      ['a'].slice(0, cut.told.length),
    );
  });

  it('is stopped by a key that stands twice', () => {
    const keys = new Set<string>();
    const { fault } = visitYaml('p:\n  a: 1\n  a: 2\n', () => ({ entry: (_, key) => !keys.has(key) && !!keys.add(key) }));
    assert.ok(fault);
  });
});

describe('readYaml', () => {
  it('turns to the library, and says why not even that reads it', () => {
    assert.deepEqual(plain(readYaml('a: >-\n  b\n  c\n').documents[0]!), { a: 'b c' });
    assert.deepEqual(plain(readYaml('{a: {b: [c]}}').documents[0]!), { a: { b: ['c'] } });
    const faults: readonly (readonly [text: string, message: RegExp])[] = [
      ['a: b\nc: "d\n', /^it is not YAML: /],
      ['a: &b c\nd: *b\n', /each key once$/],
      ['a: b\na: c\n', /each key once$/],
      ['- a\n', /each key once$/],
      [`a: ${'['.repeat(10_000)}`, /too large or too deep/],
      [`a: b\nc: "${'x'.repeat(20_000)}\n`, /too large or too deep/],
      [`${'- '.repeat(10_000)}a`, /too large or too deep/],
    ];
    for (const [text, message] of faults) assert.match(readYaml(text).fault?.message ?? '', message, text.slice(0, 20));
  });

  it('finds keys by structure', () => {
    const text = "b:\n  a: 1\nx: |-\n  p:\n    a: no\np:\n\n  # a: no\n  'q:r':\n    a: no\n  ? a\n  : 2\n";
    const span = locateYamlKey(text, ['p', 'a'])!;
    assert.deepEqual([text.slice(span.start, span.end), text.slice(span.start - 2, span.start)], ['a', '? ']);
    const quoted = locateYamlKey(text, ['p', 'q:r'])!;
    assert.equal(text.slice(quoted.start, quoted.end), 'q:r');
    assert.equal(locateYamlKey(text, ['p', 'b']), undefined);
    assert.equal(locateYamlKey(text, ['q']), undefined);
  });
});

describeCorpus('the YAML of real lockfiles', () => {
  const files = fs
    .readdirSync(corpusPath('manifests'), { recursive: true, encoding: 'utf8' })
    .filter((file) => /(?:^|[\\/])(?:pnpm-lock\.yaml|yarn\.lock)$/.test(file))
    .map((file) => [file, corpusText(`manifests/${file}`)] as const)
    .filter(([file, text]) => file.endsWith('.yaml') || text.includes('__metadata:'));

  it('is read by the line reader as by the library', function () {
    this.timeout(60_000);
    assert.ok(files.length >= 20, `${files.length} files`);
    for (const [file, text] of files) {
      const { documents, leftAt } = readYamlLayout(text);
      assert.equal(leftAt, undefined, file);
      // The library takes a second for a megabyte.
      if (text.length < 250_000) assert.deepEqual(plain(documents[0]!), byLibrary(text), file);
    }
  });
});
