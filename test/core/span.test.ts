import assert from 'node:assert/strict';
import fc from 'fast-check';
import { LineIndex, textAt } from '../../server/src/core/span';

describe('LineIndex', () => {
  const at = (text: string, offset: number) => {
    const { line, character } = new LineIndex(text).position(offset);
    return `${line}:${character}`;
  };

  it('ends a line at LF, CRLF and a lone CR, as LSP has it', () => {
    for (const [text, offset, place] of [
      ['', 0, '0:0'],
      ['a\nb', 1, '0:1'],
      ['a\nb', 2, '1:0'],
      ['a\r\nb', 1, '0:1'],
      ['a\r\nb', 3, '1:0'],
      ['a\rb', 2, '1:0'],
      ['a\r\rb', 3, '2:0'],
      ['a\n\rb', 3, '2:0'],
      ['a\r', 2, '1:0'],
      ['a\n', 2, '1:0'],
    ] as const) {
      assert.equal(at(text, offset), place, JSON.stringify([text, offset]));
    }
  });

  it('ends no line where Python or JavaScript would: LSP knows three line ends', () => {
    for (const other of ['\u0085', '\u2028', '\u2029', '\v', '\f', '\u001c']) assert.equal(at(`a${other}b`, 2), '0:2');
  });

  it('counts UTF-16 units', () => assert.equal(at('💡=', 2), '0:2'));

  it('keeps what lies outside inside', () => {
    const index = new LineIndex('ab\ncd');
    assert.deepEqual(index.position(-5), { line: 0, character: 0 });
    assert.deepEqual(index.position(99), { line: 1, character: 2 });
    assert.equal(index.offset({ line: -1, character: 3 }), 0);
    assert.equal(index.offset({ line: 0, character: -1 }), 0);
    assert.equal(index.offset({ line: 9, character: 0 }), 5);
  });

  it('moves a position behind the end of its line back before the line break, whichever it is', () => {
    for (const end of ['\n', '\r\n', '\r'])
      assert.equal(new LineIndex(`ab${end}cd`).offset({ line: 0, character: 9 }), 2, JSON.stringify(end));
    assert.equal(new LineIndex('ab\r\n').offset({ line: 1, character: 9 }), 4);
    assert.equal(new LineIndex('\n\r\n').offset({ line: 1, character: 9 }), 1);
  });

  it('goes there and back on any text', () => {
    const text = fc.array(fc.constantFrom('a', '💡', '\n', '\r', '\r\n', ' ')).map((parts) => parts.join(''));
    fc.assert(
      fc.property(text, fc.nat(40), (written, offset) => {
        const index = new LineIndex(written);
        const place = Math.min(offset, written.length);
        const between = written.slice(place - 1, place + 1) === '\r\n';
        assert.equal(index.offset(index.position(place)), between ? place - 1 : place);
        const lines = written.split(/\r\n|\r|\n/);
        const { line, character } = index.position(place);
        assert.equal(lines[line]!.slice(0, character), written.slice(place - character, between ? place - 1 : place));
      }),
      { numRuns: 500 },
    );
  });

  it('covers what a span covers', () => assert.equal(textAt('name==1', { start: 4, end: 7 }), '==1'));
});
