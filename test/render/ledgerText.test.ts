import assert from 'node:assert/strict';
import { createLedger } from '../../server/src/platform/ledger';
import { ledgerCsv, ledgerJson, ledgerMarkdown } from '../../server/src/render/ledgerText';

describe('the ledger as text', () => {
  const time = new Date('2026-03-24T10:39:00Z');
  const listed = (name: string) => ({ package: { ecosystem: 'npm', name }, reason: 'listed in merlon.privatePackages', wellKnown: false });
  const entry = { time, host: 'api.osv.dev', path: '/v1/querybatch', purpose: 'advisories', names: ['litellm', '@scope/x'] };

  it('says which rule keeps names here, what the tries and redirects were, and what is too long ago', () => {
    const ledger = createLedger(1, time);
    ledger.begin(entry)({ outcome: '200', tries: 1, sent: 10, received: 20 });
    ledger.begin({ ...entry, path: '/v1/query' })({ outcome: '304', tries: 3, redirectedTo: ['other.example'], sent: 5 });
    const text = ledgerMarkdown(ledger.state(), ['a_b', 'c'].map(listed), 'online');
    assert.match(text, /^3 requests since 2026-03-24T10:39:00\.000Z\. Mode: online\.$/m);
    assert.match(text, /2 names were sent nowhere:\n\n- 2 names: listed in merlon\\?\.privatePackages \(a\\_b, c\)/);
    assert.match(text, /\| api\\?\.osv\\?\.dev \| 2 \| 15 B \| 20 B \|/);
    assert.match(text, /\| other\\?\.example \| 1 \|/);
    assert.match(text, /The first 1 are too long ago/);
    assert.match(text, /query → other\\?\.example \|.*304, what is kept here still holds \\?\(3 tries/);
    const json = JSON.parse(ledgerJson(ledger.state(), [], 'local')) as { forgotten: number; requests: unknown[] };
    assert.deepEqual([json.forgotten, json.requests.length], [1, 1]);
  });

  it('lets no text from outside be a formula, a column or Markdown', () => {
    const ledger = createLedger(10, time);
    ledger.begin({ ...entry, names: ['=cmd|"/c calc"!A1', 'a|b`<img>'] })({ outcome: 'a,b\r\nc' });
    const [, row] = ledgerCsv(ledger.state()).split(/\r\n(?=2026|$)/);
    assert.equal(
      row,
      `2026-03-24T10:39:00.000Z,api.osv.dev,/v1/querybatch,advisories,"'=cmd|""/c calc""!A1 a|b\`<img>",2,0,0,0,,"a,b\r\nc"`,
    );
    const line = ledgerMarkdown(ledger.state(), [], 'online')
      .split('\n')
      .find((one) => one.includes('cmd'))!;
    assert.equal(line.replaceAll(/\\./g, '').split('|').length, 9);
    assert.ok(!/<img>/.test(line));
  });
});
