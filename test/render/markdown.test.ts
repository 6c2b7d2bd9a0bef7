import assert from 'node:assert/strict';
import fc from 'fast-check';
import { escapeMarkdown, link } from '../../server/src/render/markdown';
import { printable } from '../../server/src/render/printable';

describe('text from outside in Markdown', () => {
  it('is no link, no image, no HTML, no code, no emphasis and no second line', () => {
    for (const [text, escaped] of [
      ['[a](command:x)', '\\[a\\]\\(command:x\\)'],
      ['![i](https://e/x.png)', '\\!\\[i\\]\\(https&#58;//e/x.png\\)'],
      ['<img src="x">', '&#60;img src\\=\\"x\\"&#62;'],
      ['&lt;b&gt;', '&#38;lt;b&#38;gt;'],
      ['`a` **b** _c_ ~~d~~', '\\`a\\` \\*\\*b\\*\\* \\_c\\_ \\~\\~d\\~\\~'],
      ['a\n\n# b\r\n> c\u2028d', 'a \\# b &#62; c d'],
      ['1. x', '1&#46; x'],
      ['- x | y', '\\- x \\| y'],
      ['$(zap)', '\\$\\(zap\\)'],
      ['a\\', 'a\\\\'],
      [
        'www.evil.example, _www.evil.example, HTTP://x, me@x.example',
        'www&#46;evil.example, \\_www&#46;evil.example, HTTP&#58;//x, me&#64;x.example',
      ],
      ['\u202egnp.exe\u200b\u0007\ud83d', 'gnp.exe'],
      ['naïve 💡', 'naïve 💡'],
    ] as const) {
      assert.equal(escapeMarkdown(text), escaped);
    }
  });

  it('reads as what it was: every escape stands for one character', () => {
    const text = fc.string({ unit: fc.constantFrom(...'ab1. -#[]()<>&;`*_\\|~$!"@:/w^=+{}'), maxLength: 40 });
    fc.assert(
      fc.property(text, (written) => {
        const escaped = escapeMarkdown(written);
        const read = escaped.replace(
          /&#(\d+);|\\([!-/:-@[-`{-~])/g,
          (_, code: string, plain: string) => plain ?? String.fromCharCode(Number(code)),
        );
        assert.equal(read, written.replace(/\s+/g, ' '));
        // Nothing that means anything stands there unescaped.
        const left = escaped.replace(/&#\d+;|\\[!-/:-@[-`{-~]/g, ' ');
        assert.doesNotMatch(left, /[[\]()<>`*_\\|~!#&]|:\/\/|@|www\./);
      }),
      { numRuns: 1000 },
    );
  });

  it('is linked to plain web addresses alone, and none ends its link early', () => {
    assert.equal(link('MAL-1', 'https://osv.dev/vulnerability/MAL-1'), '[MAL\\-1](https://osv.dev/vulnerability/MAL-1)');
    assert.equal(link('a]b', 'https://e.example/x)[c](d e`f`\\<"'), '[a\\]b](https://e.example/x%29%5Bc%5D%28d%20e%60f%60/%3C%22)');
    assert.equal(link('a', 'https://e.example/?a=1&copy=2#`'), '[a](https://e.example/?a=1&amp;copy=2#%60)');
    for (const url of [
      'command:merlon.x',
      'javascript:alert(1)',
      'file:///etc/passwd',
      'data:text/html,x',
      '//e.example',
      'https://',
      '',
      'https://[',
      ' https://e',
    ]) {
      assert.equal(link('a_b', url), 'a\\_b', url);
    }
  });

  it('links any address without a character that means something', () => {
    fc.assert(
      fc.property(fc.webUrl({ withQueryParameters: true, withFragments: true }), fc.string(), (url, more) => {
        const written = link('t', url + more);
        assert.match(written, /^t$|^\[t\]\([\w\-.~:/?#@!$&+,;=%]*\)$/);
      }),
      { numRuns: 100 },
    );
  });
});

describe('text from outside in a terminal', () => {
  it('moves no cursor, changes no colour and hides nothing', () => {
    assert.equal(printable('a\u001b[2Jb\u009b31mc\u0007'), 'a\\x1b[2Jb\\x9b31mc\\x07');
    assert.equal(printable('a\r\n\tb'), 'a b');
    assert.equal(printable('\u202ex\u200b\u{e0041}\u2028\ud800'), '\\x202ex\\x200b\\xe0041\\x2028\\xd800');
    assert.equal(printable('naïve 💡'), 'naïve 💡');
  });
});
