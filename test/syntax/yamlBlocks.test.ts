import assert from 'node:assert/strict';
import fc from 'fast-check';
import { readYamlBlocks, type YamlEntry } from '../../server/src/syntax/yamlBlocks';

type Sketch = string | null | { [key: string]: Sketch };

function sketch(entries: readonly YamlEntry[]): Sketch {
  return Object.fromEntries(
    entries.map(({ key, value }) => [key, value === undefined ? null : 'text' in value ? value.text : sketch(value)]),
  );
}

const read = (text: string) => Object.fromEntries([...readYamlBlocks(text, ['a', 'b'])].map(([key, entries]) => [key, sketch(entries)]));

describe('readYamlBlocks', () => {
  it('reads the named maps and leaves the rest alone', () => {
    const text = `other: [\na:\n  x: ^1 # why\n  "y": '2'\n  @s/z: 3\n  "@s/z": 1.20\n  e:\nrest: &x !!weird {\nb:\n  n: { p: 1, "q": 2 }\n  m:\n    r: "\\x31"\n`;
    assert.deepEqual(read(text), { a: { x: '^1', y: '2', '@s/z': '1.20', e: {} }, b: { n: { p: '1', q: '2' }, m: { r: '1' } } });
  });

  it('keeps spans exact, also in CRLF and behind a BOM', () => {
    const plain = "a:\n  x: ^1\n  y: \"2\"\nb:\n  z: 'it''s'\n";
    for (const text of [plain, plain.replaceAll('\n', '\r\n'), `\uFEFF${plain}`]) {
      const found = readYamlBlocks(text, ['a', 'b']);
      const texts = [...found.values()]
        .flat()
        .map(({ value }) => value && 'text' in value && [text.slice(value.inner.start, value.inner.end), value.literal]);
      assert.deepEqual(texts, [
        ['^1', true],
        ['2', true],
        ["it''s", false],
      ]);
    }
  });

  it('loses one line to a line that breaks', () => {
    for (const line of ['bad: "1', 'bad', "bad: 'x", 'bad: [1', '\tbad: 1', 'bad: {', '- bad', '"bad: 1', '%', '@bad']) {
      const { a, b } = read(`a:\n  x: 1\n  ${line}\n  y: 2\nb:\n  m:\n    ${line}\n    z: 3\n`) as {
        a: Record<string, Sketch>;
        b: { m: Record<string, Sketch> };
      };
      assert.equal(a['x'], '1', line);
      assert.equal(a['y'], '2', line);
      assert.equal(b.m['z'], '3', line);
    }
  });

  it('never throws, and what it calls literal stands there to the letter', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        'a:\n',
        'b: ',
        '  x: ',
        '^1',
        '\n',
        '"',
        "'",
        '{',
        '}',
        '[',
        ']',
        '&q ',
        '*q',
        '|',
        '>-',
        '# c',
        '- ',
        '? ',
        ': ',
        '\t',
        '\r\n',
        '---\n',
        '...\n',
        '!!int ',
      ),
      fc.string({ maxLength: 3 }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
        const text = pieces.join('');
        const check = (entries: readonly YamlEntry[]): void => {
          for (const { value } of entries) {
            if (value === undefined) continue;
            if ('text' in value) assert.equal(text.slice(value.inner.start, value.inner.end) === value.text, value.literal);
            else check(value);
          }
        };
        for (const entries of readYamlBlocks(text, ['a', 'b']).values()) check(entries);
      }),
      { numRuns: 1000 },
    );
  });

  it('stays quick on text made to be slow', () => {
    for (const part of ['[', '{', '{a: ', '- ', '? ', ': ', '"', '&a ', '*a\n  ', ' ', '\n', 'x: "\n  ', 'x: |\n   ', 'x:\n  '])
      readYamlBlocks(`a:\n  ${part.repeat(20_000)}`, ['a']);
    readYamlBlocks(Array.from({ length: 1500 }, (_, i) => `${' '.repeat(i)}a:\n`).join(''), ['a']);
  });
});
