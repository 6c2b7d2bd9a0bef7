import assert from 'node:assert/strict';
import fc from 'fast-check';
import { html, linkTo, type Html } from '../../../server/src/render/html/escape';

describe('html', () => {
  it('escapes text in content and in attributes', () => {
    assert.equal(
      html`<p title="${`"><script>alert('x')</script>`}">${'a & b < c `d`'}</p>`.markup,
      '<p title="&quot;&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;">a &amp; b &lt; c &#96;d&#96;</p>',
    );
  });

  it('takes its own markup as it is, joins lists, and leaves out what is nothing', () => {
    const items = ['a', '<'].map((one) => html`<i>${one}</i>`);
    assert.equal(html`<b>${items}${undefined}${false}${0}</b>`.markup, '<b><i>a</i><i>&lt;</i>0</b>');
  });

  it('takes nothing for markup that it has not made', () => {
    const forged = JSON.parse('{"markup":"<script>"}') as Html;
    assert.equal(html`${forged}`.markup, '{&quot;markup&quot;:&quot;&lt;script&gt;&quot;}');
  });

  it('shows what would turn the direction of writing or stay unseen', () => {
    assert.equal(html`${'a\u202eb\u0000c\u200bd\ne'}`.markup, 'a\\x202eb\\x00c\\x200bd e');
  });

  it('links http and https alone', () => {
    for (const address of ['javascript:alert(1)', 'data:text/html,x', ' https://x', 'vbscript:x', 'command:x', 'https://'])
      assert.equal(linkTo(address, 'text').markup, 'text', address);
    assert.equal(
      linkTo('https://x.example/?a="b"&c', 'text').markup,
      '<a href="https://x.example/?a=%22b%22&amp;c" rel="noopener noreferrer">text</a>',
    );
  });

  it('lets no text out of its place', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const { markup } = html`<i title="${text}">${text}</i>`;
        const inner = /^<i title="([^"<>]*)">([^<>]*)<\/i>$/.exec(markup);
        assert.ok(inner, markup);
        assert.equal(inner[1], inner[2]);
        assert.doesNotMatch(markup, /[\p{Cc}\p{Cf}\p{Cs}]/u);
      }),
      { numRuns: 500 },
    );
  });
});
