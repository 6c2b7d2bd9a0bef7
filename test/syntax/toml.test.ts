import assert from 'node:assert/strict';
import fs from 'node:fs';
import fc from 'fast-check';
import toml from 'toml';
import { textAt } from '../../server/src/core/span';
import {
  parseToml,
  tomlEntries,
  tomlOffset,
  tomlSpan,
  type TomlTable,
  type TomlTables,
  type TomlValue,
} from '../../server/src/syntax/toml';
import { corpusPath, corpusText, describeCorpus } from '../support/corpus';
import { plainDocument, plainReferee, plainTagged } from '../support/tomlValues';

describeCorpus('toml-test', () => {
  const folder = 'conformance/toml-test';
  // Read inside the tests: the body of a skipped suite runs too.
  const named = (kind: string): string[] =>
    corpusText(`${folder}/files-toml-1.1.0`)
      .split('\n')
      .filter((name) => name.startsWith(kind) && name.endsWith('.toml'));

  it('reads every valid document, with its values', () => {
    const valid = named('valid/');
    assert.ok(valid.length > 200);
    for (const name of valid) {
      const document = parseToml(corpusText(`${folder}/${name}`));
      assert.deepEqual(document.problems, [], name);
      assert.deepEqual(plainDocument(document), plainTagged(JSON.parse(corpusText(`${folder}/${name.replace(/toml$/, 'json')}`))), name);
    }
  });

  it('has a problem for every invalid document', () => {
    const invalid = named('invalid/');
    assert.ok(invalid.length > 400);
    const accepted = invalid.filter((name) => {
      const bytes = fs.readFileSync(corpusPath(`${folder}/${name}`));
      const text = bytes.toString('utf8');
      // What is wrong with some is their bytes: no matter of a parser of text.
      return Buffer.from(text).equals(bytes) && parseToml(text).problems.length === 0;
    });
    assert.deepEqual(accepted, []);
  });
});

describe('TOML with spans', () => {
  const mixed = [
    'title = "😀 torch" # 😀',
    "a.'b.c'.\"d\\u0041\" = 'x'",
    '[ tool . "x y" ]',
    'list = [ "one", # first',
    "  'two' ,",
    '  { name = "n", deep.er = 1 },',
    ']',
    '[[tool.index]]',
    'escaped = "a\\u0042c \\"q\\""',
    'many = """',
    'first',
    'second"""',
  ].join('\n');

  it('gives UTF-16 spans of keys, headers, values and commas', () => {
    for (const text of [mixed, `\uFEFF${mixed}`, mixed.replaceAll('\n', '\r\n')]) {
      const document = parseToml(text);
      assert.deepEqual(document.problems, []);
      assert.deepEqual(
        document.sections.map((section) => textAt(text, section.header)),
        ['', '[ tool . "x y" ]', '[[tool.index]]'],
      );
      assert.deepEqual(
        document.sections[0]!.pairs.map((pair) => textAt(text, pair.span)),
        ['title = "😀 torch"', "a.'b.c'.\"d\\u0041\" = 'x'"],
      );
      const [, dotted] = document.sections[0]!.pairs;
      assert.deepEqual(
        dotted!.path.map((key) => [key.name, textAt(text, key.content), key.verbatim]),
        [
          ['a', 'a', true],
          ['b.c', 'b.c', true],
          ['dA', 'd\\u0041', false],
        ],
      );
      const [list] = tomlEntries(document.root, ['tool', 'x y', 'list']);
      assert.ok(list?.value.kind === 'array');
      assert.deepEqual(
        list.value.elements.map((element) => textAt(text, tomlSpan(element.value))),
        ['"one"', "'two'", '{ name = "n", deep.er = 1 }'],
      );
      for (const element of list.value.elements) assert.equal(text[element.comma!], ',');
    }
  });

  it('maps a decoded string back to the text', () => {
    const document = parseToml(mixed);
    const [entry] = tomlEntries(document.root, ['tool', 'index']);
    assert.ok(entry?.value.kind === 'tables');
    const [escaped, many] = entry.value.tables[0]!.entries.map((inner) => inner.value);
    assert.ok(escaped?.kind === 'string' && many?.kind === 'string');
    assert.equal(escaped.value, 'aBc "q"');
    assert.equal(mixed.slice(tomlOffset(escaped, 1), tomlOffset(escaped, 2)), '\\u0042');
    assert.equal(mixed.slice(tomlOffset(escaped, 4), tomlOffset(escaped, 7)), '\\"q\\"');
    assert.equal(textAt(mixed, many.content), 'first\nsecond');
  });

  it('keeps odd names and deep nesting harmless', () => {
    const document = parseToml('__proto__ = 1\n[constructor.__proto__]\nx = 1\n');
    assert.deepEqual(document.problems, []);
    assert.deepEqual([...document.root.byName.keys()], ['__proto__', 'constructor']);
    for (const opener of ['[', '{a=', '[{a=[']) {
      const deep = parseToml(`a = ${opener.repeat(10_000)}\n[b]\nc = 1\n`);
      assert.ok(deep.problems.length > 0);
      assert.equal(tomlEntries(deep.root, ['b', 'c']).length, 1);
    }
  });
});

describe('TOML while it is typed', () => {
  // Each text is broken in one place; the strings that are left are listed as `path=values`.
  const cases: readonly (readonly [string, string, readonly string[]])[] = [
    [
      'a quote left open in an array of lines',
      '[p]\nd = [\n  "a>=1",\n  "b>=1,\n  "c>=1",\n]\n[q]\ne = ["f"]\n',
      ['p.d=a>=1 c>=1', 'q.e=f'],
    ],
    ['a quote left open on the last line', '[p]\nd = [\n  "a>=1",\n  "b>=1\n]\n[q]\ne = ["f"]\n', ['p.d=a>=1', 'q.e=f']],
    ['a quote left open in an array on one line', 'd = ["a", "b>=1,<2, "c", "d"]\ne = "f"\n', ['d=a c d', 'e=f']],
    ['a quote left open at its end', 'd = ["a", "b]\ne = "f"\n', ['d=a', 'e=f']],
    ['a quote missing before an element', 'd = ["a", b>=1", "c"]\ne = "f"\n', ['d=a c', 'e=f']],
    ['no quotes at all', 'd = [\n  "a",\n  torch[cpu]>=2\n  "c",\n]\ne = "f"\n', ['d=a c', 'e=f']],
    ['an array left open before a header', '[p]\nd = [\n  "a",\n  "b",\n\n[q.r]\ne = ["f"]\n', ['p.d=a b', 'q.r.e=f']],
    ['an array left open before a key', '[p]\nd = [\n  "a",\n  "b"\ne = [\n  "f",\n]\n', ['p.d=a b', 'p.e=f']],
    ['a pair among the elements', 'd = [\n  "a",\n  torch = "2",\n  "c",\n]\ne = "f"\n', ['d=a c', 'e=f']],
    ['a comma missing', 'd = [\n  "a"\n  "b",\n]\ne = "f"\n', ['d=a b', 'e=f']],
    ['a comma too many', 'd = [\n  "a",,\n  "b",\n]\ne = "f"\n', ['d=a b', 'e=f']],
    ['a key alone', '[p]\nna\nd = ["a"]\n', ['p.d=a']],
    ['a key without a value', '[p]\nname =\nd = ["a"]\n', ['p.d=a']],
    ['a value behind nothing', '[p]\n= 1\nd = ["a"]\n', ['p.d=a']],
    ['a string left open', '[p]\na = "1"\nb = "^2\nc = "3"\n', ['p.a=1', 'p.c=3']],
    ['a string left open in braces', '[p]\na = "1"\nb = {version = "2\nc = "3"\n', ['p.a=1', 'p.c=3']],
    ['a string left open in braces, more behind it', '[p]\nb = {version = "2, extras = ["x"]}\nc = "3"\n', ['p.b.extras=x', 'p.c=3']],
    ['braces left open', '[p]\nb = {version = "2",\nc = "3"\n', ['p.b.version=2', 'p.c=3']],
    ['braces left open in an array', 'd = [\n  {n = "a", u = "b\n  {n = "c"},\n]\ne = "f"\n', ['d=', 'e=f']],
    ['braces over several lines beside a fault', 'a = {\n  b = "1",\n  c = "2"\n}\nd = "\ne = "f"\n', ['a.b=1', 'a.c=2', 'e=f']],
    ['a header without its bracket', '[p]\na = "1"\n[q.r\ne = "f"\n', ['p.a=1', 'q.r.e=f']],
    ['a list header without its second bracket', '[[q]\ne = "f"\n', ['q.0.e=f']],
    ['a header half written: its pairs belong nowhere', '[p]\na = "1"\n[q.\ne = "f"\n[r]\ng = "h"\n', ['p.a=1', 'r.g=h']],
    ['a long string left open', '[p]\na = """x\nd = ["a"]\n[q]\ne = "f"\n', ['p.d=a', 'q.e=f']],
    ['a long string left open before another', '[p]\na = """x\nd = ["a"]\nr = """\ny"""\n', ['p.d=a', 'p.r=y']],
    ['something behind a value', '[p]\na = "1" x\nc = "3"\n', ['p.a=1', 'p.c=3']],
    ['a table twice', '[p]\na = "1"\n[q]\nb = "2"\n[p]\nc = "3"\n', ['p.a=1', 'p.c=3', 'q.b=2']],
    ['a table of dotted keys under a header', 'p.a = "1"\n[p]\nb = "2"\n', ['p.a=1', 'p.b=2']],
    ['dotted keys into a table of headers', '[p.q]\na = "1"\n[p]\nq.b = "2"\n', ['p.q.a=1', 'p.q.b=2']],
    ['a key twice', '[p]\na = "1"\na = "2"\n', ['p.a=1', 'p.a=2']],
  ];
  for (const [title, text, left] of cases) {
    it(title, () => {
      for (const twin of [text, text.replaceAll('\n', '\r\n')]) {
        const document = parseToml(twin);
        assert.deepEqual(strings(document.root, '').sort(), [...left].sort());
        assert.equal(document.problems.length, 1, JSON.stringify(document.problems));
        const { span } = document.problems[0]!;
        assert.ok(span.end > span.start && !/[\r\n]/.test(textAt(twin, span)), 'the problem lies on one line');
      }
    });
  }

  it('says where, on as little as it can', () => {
    const at = (text: string): string[] => parseToml(text).problems.map((problem) => `${problem.kind} ${textAt(text, problem.span)}`);
    assert.deepEqual(at('d = [\n  "a",\n  "b>=1, # c\n]\n'), ['unreadable "b>=1, # c']);
    assert.deepEqual(at('d = [\n  "a"\n\n[q]\n'), ['unreadable [']);
    assert.deepEqual(at('name =  # c\n'), ['unreadable name =']);
    assert.deepEqual(at('x = 01\n'), ['invalid 01']);
    assert.deepEqual(at('x = "\\d"\n'), ['invalid \\d']);
    assert.deepEqual(at('[p]\n[p]\n'), ['invalid p']);
  });

  function strings(value: TomlValue | TomlTables | TomlTable, path: string): string[] {
    if (value.kind === 'string') return [`${path}=${value.value}`];
    if (value.kind === 'array') {
      return [`${path}=${value.elements.flatMap((element) => (element.value.kind === 'string' ? [element.value.value] : [])).join(' ')}`];
    }
    if (value.kind === 'tables') return value.tables.flatMap((table, index) => strings(table, `${path}.${index}`));
    if (value.kind !== 'table') return [];
    return value.entries.flatMap((entry) => strings(entry.value, path ? `${path}.${entry.key.name}` : entry.key.name));
  }
});

describe('TOML properties', () => {
  const fragment = fc.constantFrom(
    '[',
    ']',
    '[[',
    ']]',
    '{',
    '}',
    '=',
    ',',
    '.',
    '"',
    "'",
    '"""',
    "'''",
    '\\',
    '#',
    '\n',
    '\r\n',
    '\r',
    ' ',
    '\t',
    'a',
    'b.c',
    '[a]\n',
    'a = ',
    '1',
    'true',
    '1979-05-27',
    '07:32:00',
    '"x"',
    "'y'",
    '\\u0041',
    '😀',
    '\u0000',
    '[[b]]\n',
    'k = "v"\n',
    '{ c = 1 }',
    '["p", "q"]',
    '\uFEFF',
    '__proto__',
    '\ud800',
  );
  const soup = fc.array(fragment, { maxLength: 40 }).map((parts) => parts.join(''));

  it('reads any string, with spans inside it', () => {
    fc.assert(
      fc.property(fc.oneof(soup, fc.string({ unit: 'binary' })), (text) => {
        const document = parseToml(text);
        const inside = ({ start, end }: { start: number; end: number }): void =>
          assert.ok(0 <= start && start <= end && end <= text.length);
        document.problems.forEach((problem) => inside(problem.span));
        for (const section of document.sections) {
          inside(section.header);
          for (const pair of section.pairs) {
            inside(pair.span);
            for (const key of pair.path) {
              inside(key.span);
              if (key.verbatim) assert.equal(textAt(text, key.content), key.name);
            }
            values(pair.value, (value) => {
              inside(tomlSpan(value));
              if (value.kind === 'string' && !value.offsets) assert.equal(textAt(text, value.content), value.value);
              if (value.kind === 'string' && value.offsets) assert.equal(value.offsets.length, value.value.length);
            });
          }
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('agrees with the toml package wherever that accepts a text', () => {
    let accepted = 0;
    const line = fc.constantFrom(
      'a = 1',
      'b = "x"',
      'c.d = [1, "y", {e = 2.5}]',
      '[t]',
      '[t.u]',
      '[[v]]',
      '[[v.w]]',
      "k = '''\nl\n'''",
      'f = """a\\\n  b"""',
      'g = {h = 1, i.j = 2}',
      '# c',
      '',
      'm = 1979-05-27 07:32:00Z',
      'n = [\n"o",\n"p"]',
      '"q r" = true',
      'a.b = 1',
      '[a]',
      's = inf',
      'y = "\\U0001F600"',
      'z = {\n a = 1,\n}',
    );
    const document = fc.array(line, { maxLength: 8 }).map((lines) => lines.join('\n'));
    fc.assert(
      fc.property(fc.oneof(document, soup), (text) => {
        let expected: unknown;
        try {
          expected = toml.parse(text);
        } catch {
          return;
        }
        accepted++;
        const read = parseToml(text);
        assert.deepEqual(read.problems, []);
        assert.deepEqual(plainDocument(read), plainReferee(expected));
      }),
      { numRuns: 1000 },
    );
    assert.ok(accepted > 200, `only ${accepted} texts were accepted`);
  });

  it('agrees with the toml package on which tables may be defined', () => {
    const line = fc.constantFrom(
      'a = 1',
      'b.c = 1',
      'b = {}',
      'b.c.d = 1',
      '[a]',
      '[a.b]',
      '[b]',
      '[b.c]',
      '[[b]]',
      '[[a.b]]',
      '[b.c.d]',
      'b = []',
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 6 }), (lines) => {
        const text = lines.join('\n');
        let accepted = true;
        try {
          toml.parse(text);
        } catch {
          accepted = false;
        }
        assert.equal(parseToml(text).problems.length === 0, accepted, text);
      }),
      { numRuns: 1000 },
    );
  });

  function values(value: TomlValue, visit: (value: TomlValue) => void): void {
    visit(value);
    if (value.kind === 'array') value.elements.forEach((element) => values(element.value, visit));
    if (value.kind === 'table') value.inline!.pairs.forEach((pair) => values(pair.value, visit));
  }
});
