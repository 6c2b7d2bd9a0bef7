import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parseJson, propertyOf, type JsonNode } from '../../server/src/syntax/json';
import { textAt } from '../../server/src/core/span';

/** A tree as a person would write it, `?` for what could not be read. */
function sketch(node: JsonNode | undefined): string {
  if (!node) return '?';
  if (node.type === 'object') return `{${node.properties.map((p) => `${p.key.value}:${sketch(p.value)}`).join(' ')}}`;
  if (node.type === 'array') return `[${node.items.map(sketch).join(' ')}]`;
  return node.type === 'string' ? node.value : node.type;
}

function valueOf(node: JsonNode, text: string): unknown {
  if (node.type === 'string') return node.value;
  if (node.type === 'array') return node.items.map((item) => valueOf(item, text));
  if (node.type !== 'object') return JSON.parse(textAt(text, node.span)) as unknown;
  return Object.fromEntries(node.properties.map((p) => [p.key.value, p.value && valueOf(p.value, text)]));
}

/** A manifest in the middle of which somebody is typing. */
const typing = (line: string) =>
  `{\n  "name": "n",\n  "dependencies": {\n    "a": "1",\n    ${line}\n    "z": "9"\n  },\n  "dev": {\n    "d": "4"\n  }\n}\n`;

describe('parseJson', () => {
  it('reads values with exact spans', () => {
    const text = '\uFEFF{ "a" : [1, true, null, "x"], "b": {"c": "d\\u0061"} }';
    const { root, problems } = parseJson(text);
    assert.deepEqual(problems, []);
    assert.equal(sketch(root), '{a:[number boolean null x] b:{c:da}}');
    assert.ok(root?.type === 'object');
    assert.equal(textAt(text, root.span), text.slice(1));
    const b = propertyOf(root, 'b');
    assert.equal(b && textAt(text, b.span), '"b": {"c": "d\\u0061"}');
    assert.ok(b?.value?.type === 'object');
    const c = b.value.properties[0];
    assert.ok(c?.value?.type === 'string');
    assert.equal(textAt(text, c.key.inner), 'c');
    assert.equal(textAt(text, c.value.inner), 'd\\u0061');
    assert.equal(c.value.escaped, true);
    assert.equal(c.key.escaped, false);
  });

  it('keeps every key, whatever it is called, and lets the last of equals count', () => {
    const { root } = parseJson('{"__proto__": {"x": "1"}, "constructor": 1, "a": "first", "a": "last"}');
    assert.ok(root?.type === 'object');
    assert.deepEqual(
      root.properties.map((p) => p.key.value),
      ['__proto__', 'constructor', 'a', 'a'],
    );
    assert.equal(sketch(propertyOf(root, 'a')?.value), 'last');
    assert.equal(propertyOf(root, 'toString'), undefined);
  });

  it('reads through comments and trailing commas, and says that a strict parser will not', () => {
    const { root, problems } = parseJson('{\n// one\n"a": 1, /* two\n */ "b": [1,]\n,}');
    assert.equal(sketch(root), '{a:number b:[number]}');
    assert.deepEqual(
      problems.map((p) => [p.kind, p.message]),
      [
        ['invalid', 'JSON has no comments'],
        ['invalid', 'JSON has no comments'],
        ['invalid', 'JSON has no trailing commas'],
        ['invalid', 'JSON has no trailing commas'],
      ],
    );
  });

  const whole = '{name:n dependencies:{a:1 z:9} dev:{d:4}}';
  const withB = (b: string) => `{name:n dependencies:{a:1 b:${b} z:9} dev:{d:4}}`;
  const cases: readonly (readonly [line: string, tree: string])[] = [
    ['"', whole],
    ['"b', whole],
    ['"b"', whole],
    ['"b":', withB('?')],
    ['"b": ,', withB('?')],
    ['"b": "', withB('?')],
    ['"b": "2,', withB('?')],
    ['"b": "2\\', withB('?')],
    ['"b": "2\\"', withB('?')],
    ['"b": "2"', withB('2')],
    ['"b": "2",,', withB('2')],
    ['"b": "2";', withB('2')],
    ['"b" "2",', whole],
    ['"b: "2",', whole],
    ['"b"": "2",', whole],
    ['b: "2",', whole],
    ["'b': '2',", whole],
    ['"b": ^1.0,', withB('?')],
    ['"b": nul,', withB('?')],
    ['"b": 1.2.3,', withB('number')],
    ['"b": 1.,', withB('?')],
    ['"b": "2", "c"', withB('2')],
    ['"b": "2" "c": "3",', '{name:n dependencies:{a:1 b:2 c:3 z:9} dev:{d:4}}'],
    ['"b": "2"]', withB('2')],
    ['"b": "2"}', withB('2')],
    ['}', whole],
    [']', whole],
    ['{', whole],
    ['[', whole],
    [':', whole],
    [',', whole],
    ['-', whole],
    ['"b": {', withB('{}')],
    ['"b": [', withB('[]')],
    ['"b": [ "x",', withB('[x]')],
    ['/* c', whole],
    ['"b": "2" // c', withB('2')],
    ['<<<<<<< HEAD', whole],
    ['\u0000', whole],
  ];
  for (const [line, tree] of cases) {
    it(`loses no other entry to ${JSON.stringify(line)}`, () => {
      for (const text of [typing(line), typing(line).replaceAll('\n', '\r\n'), typing(line).replaceAll('  ', '\t')]) {
        const { root, problems } = parseJson(text);
        assert.equal(sketch(root), tree);
        assert.ok(problems.length >= 1 && problems.length <= 3, JSON.stringify(problems));
      }
    });
  }

  it('reads what is there when the text ends early', () => {
    assert.equal(sketch(parseJson('{"dependencies": {"a": "1", "b').root), '{dependencies:{a:1}}');
    assert.equal(sketch(parseJson('{\n  "a": [').root), '{a:[]}');
    assert.equal(sketch(parseJson('{"a": {"b": "1"}} trailing').root), '{a:{b:1}}');
    for (const text of ['', ' \n', '\uFEFF', 'hello', '}']) {
      const read = parseJson(text);
      assert.equal(read.root, undefined, text);
      assert.equal(read.problems[0]?.kind, 'unreadable');
    }
  });

  it('keeps deep nesting off the stack and says that it was not read', () => {
    for (const [opener, closer] of [
      ['{"a":', '}'],
      ['[', ']'],
      ['[{"a":', '}]'],
    ] as const) {
      for (const text of [opener.repeat(10_000), `${opener.repeat(10_000)}1${closer.repeat(10_000)}`]) {
        const { problems } = parseJson(text);
        assert.ok(problems.some((p) => p.kind === 'unreadable'));
      }
    }
    const beside = parseJson(`{"deep": ${'['.repeat(10_000)}${']'.repeat(10_000)}, "b": "2"}`);
    assert.ok(beside.root?.type === 'object');
    assert.equal(sketch(propertyOf(beside.root, 'b')?.value), '2');
  });

  it('is linear on what makes recovery work', () => {
    for (const part of ['/* \n', '"a": "x"\n', '{\n', '}\n', '"\n', '"a\\\n', '"a": {\n', '"a" ', '[', ', ', ']{']) {
      const { problems } = parseJson(`{\n${part.repeat(50_000)}`);
      assert.ok(problems.length > 0 && problems.length <= 200);
    }
  });

  it('agrees with JSON.parse on whatever that accepts', () => {
    fc.assert(
      fc.property(fc.json(), fc.nat(3), (json, indent) => {
        const text = JSON.stringify(JSON.parse(json), null, indent);
        const read = parseJson(text);
        assert.deepEqual(read.problems, []);
        assert.ok(read.root);
        assert.equal(JSON.stringify(valueOf(read.root, text)), JSON.stringify(JSON.parse(text)));
      }),
    );
  });

  it('never throws, accepts without a problem exactly what JSON.parse accepts, and keeps spans inside their parents', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        '{',
        '}',
        '[',
        ']',
        ',',
        ':',
        '"',
        '"a"',
        '"b": "2"',
        '"c": {',
        '\n',
        '\r\n',
        '  ',
        '\\',
        '/*',
        '*/',
        '//',
        '1',
        '-',
        '0',
        '.5',
        'e',
        'true',
        'nul',
        '\u0000',
        '\uFEFF',
        '\u2028',
      ),
      fc.string({ maxLength: 3 }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const text = pieces.join('');
        const { root, problems } = parseJson(text);
        for (const problem of problems) assert.ok(problem.span.start >= 0 && problem.span.end <= text.length);
        let accepted = true;
        try {
          JSON.parse(text.replace(/^\uFEFF/, ''));
        } catch {
          accepted = false;
        }
        assert.equal(problems.length === 0, accepted);
        if (root) checkSpans(root, 0, text.length);
      }),
      { numRuns: 2000 },
    );
  });
});

function checkSpans(node: JsonNode, start: number, end: number): void {
  assert.ok(node.span.start >= start && node.span.end <= end && node.span.start <= node.span.end);
  if (node.type === 'array') for (const item of node.items) checkSpans(item, node.span.start, node.span.end);
  if (node.type !== 'object') return;
  for (const property of node.properties) {
    checkSpans(property.key, node.span.start, node.span.end);
    assert.ok(property.span.start === property.key.span.start && property.span.end <= node.span.end);
    if (property.value) checkSpans(property.value, property.key.span.end, property.span.end);
  }
}
