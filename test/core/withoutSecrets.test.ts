import assert from 'node:assert/strict';
import fc from 'fast-check';
import { withoutSecrets } from '../../server/src/core/withoutSecrets';

describe('a text that is shown', () => {
  it('holds no credentials of addresses', () => {
    for (const [text, shown] of [
      ['https://user:pw@h.example/x', 'https://h.example/x'],
      ['see (https://tok@h.example) and git+https://u:p@q@g.example/a@main', 'see (https://h.example) and git+https://g.example/a@main'],
      ['git+ssh://git@h.example/a.git', 'git+ssh://git@h.example/a.git'],
      ['ssh://git:pw@h.example/a', 'ssh://h.example/a'],
      ['https://h.example/@scope/pkg', 'https://h.example/@scope/pkg'],
      ['https://h.example/x?a=1&access_token=abc&b=2#egg=x', 'https://h.example/x?a=1&access_token=***&b=2#egg=x'],
      ['//h.example ://u:p@h', '//h.example ://h'],
      ['name@example.com', 'name@example.com'],
    ] as const)
      assert.equal(withoutSecrets(text), shown);
  });

  it('may be any text', () => {
    for (const text of [
      'a://'.repeat(50_000),
      `a://${'@'.repeat(100_000)}`,
      `a://${'b'.repeat(200_000)}`,
      `a://x${'?token='.repeat(30_000)}`,
    ])
      withoutSecrets(text);
    fc.assert(fc.property(fc.string(), (text) => typeof withoutSecrets(`https://${text}`) === 'string'));
  });
});
