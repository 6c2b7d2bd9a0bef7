import assert from 'node:assert/strict';
import { checkFixture, parseFixture } from '../support/caretFixture';
import { checkFix } from '../support/checkFix';

// A fixture that cannot fail proves nothing.
describe('a caret fixture', () => {
  const fails = (fixture: string, message: RegExp) => assert.rejects(checkFixture(fixture), message);

  it('fails on what is missing and on what is unexpected, and says where', async () => {
    await fails('steady-llm==1.0.0\n          ^^^^^^^ unpinned: steady-llm\n', /missing:\n {2}requirements\.txt:1:11 "==1\.0\.0" unpinned/);
    await fails('plain-util\nsteady-llm\n', /unexpected:\n {2}requirements\.txt:2:1 "steady-llm" 💡 unpinned \[warning\]/);
  });

  it('fails one character off, on another severity, on the word of another message, without the bulb', async () => {
    await checkFixture('steady-llm\n^^^^^^^^^^ 💡 unpinned [warning]: steady-llm is not pinned\n');
    await fails('steady-llm\n ^^^^^^^^^ 💡 unpinned: steady-llm\n', /missing/);
    await fails('steady-llm\n^^^^^^^^^ 💡 unpinned: steady-llm\n', /missing/);
    await fails('steady-llm\n^^^^^^^^^^ 💡 unpinned [hint]: steady-llm\n', /missing/);
    await fails('steady-llm\n^^^^^^^^^^ 💡 unpinned: steady-llm is pinned\n', /missing/);
    await fails('steady-llm\n^^^^^^^^^^ unpinned: steady-llm\n', /missing/);
    await fails('steady-llm\n^^^^^^^^^^ 💡 mutable-source: steady-llm\n', /missing/);
  });

  it('is several files without its carets', () => {
    const { files, marks } = parseFixture('\n//- a/package.json\n{}\n//- requirements.txt\nx\n^ r: m\n^ s: n\ny\r\n^ 💡 t: o\n');
    assert.deepEqual(
      [...files],
      [
        ['a/package.json', '{}\n'],
        ['requirements.txt', 'x\ny\r\n'],
      ],
    );
    assert.deepEqual(
      marks.map(({ file, span, rule, fix }) => [file, span.start, span.end, rule, fix]),
      [
        ['requirements.txt', 0, 1, 'r', false],
        ['requirements.txt', 0, 1, 's', false],
        ['requirements.txt', 2, 3, 't', true],
      ],
    );
  });
});

describe('a fix case', () => {
  it('fails where the text differs, and where a new finding is not expected', async () => {
    await assert.rejects(checkFix('steady-llm\n', 'steady-llm==1.2.0\n', { rule: 'unpinned' }), /2\.0\.0/);
    await assert.rejects(
      checkFix('story-llm\n', 'story-llm!=1.82.7,!=1.82.8\n', { rule: 'admits-compromised', kind: 'exclude' }),
      /no finding is new/,
    );
    await assert.rejects(checkFix('steady-llm==1.0.0\n', '', { rule: 'unpinned' }), /one finding of unpinned/);
  });
});
