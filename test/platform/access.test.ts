import assert from 'node:assert/strict';
import { isBelow, restBelow, withAccess } from '../../server/src/platform/access';
import { createHttp } from '../../server/src/platform/http';
import { createLedger } from '../../server/src/platform/ledger';
import { startLoopback, type Loopback } from '../support/loopback';

describe('credentials of an index', () => {
  let server: Loopback;
  let other: Loopback;
  const redirects: Record<string, string> = {};
  before(async () => {
    other = await startLoopback(() => ({ status: 200, body: 'other' }));
    server = await startLoopback(({ path }) =>
      redirects[path] === undefined ? { status: 200, body: path } : { status: 302, headers: { location: redirects[path] } },
    );
  });
  after(() => Promise.all([server.close(), other.close()]));
  beforeEach(() => void server.log.splice(0));

  const ledger = createLedger();
  const ask = (shownPath: string) => {
    const http = createHttp({ ledger, settings: { noProxy: ['*'], strictSsl: true, timeoutMs: 500 } });
    const access = { shown: `${server.url}/~1234`, url: `${server.url}/t0ken/npm`, authorization: 'Bearer s3cret' };
    return withAccess(http, access).request({
      url: server.url + shownPath,
      headers: { accept: 'application/x', 'x-own': '1' },
      purpose: 'test',
      names: ['x'],
    });
  };
  const seen = () => server.log.map(({ path, headers }) => [path, headers.authorization, headers.accept, headers['x-own']]);

  it('go to what lies below its address, by the address that nobody is shown', async () => {
    const answer = await ask('/~1234/x');
    assert.equal(answer.ok && answer.body, '/t0ken/npm/x');
    assert.deepEqual(seen(), [['/t0ken/npm/x', 'Bearer s3cret', 'application/x', '1']]);
    assert.equal(ledger.entries().at(-1)!.path, '/~1234/x');
    await ask('/elsewhere');
    assert.equal(seen().at(-1)![1], undefined);
  });

  it('follow a redirect to what lies below it, and no other', async () => {
    redirects['/t0ken/npm/in'] = '/t0ken/npm/there';
    redirects['/t0ken/npm/out'] = '/t0ken/other';
    await ask('/~1234/in');
    await ask('/~1234/out');
    assert.deepEqual(seen(), [
      ['/t0ken/npm/in', 'Bearer s3cret', 'application/x', '1'],
      ['/t0ken/npm/there', 'Bearer s3cret', 'application/x', '1'],
      ['/t0ken/npm/out', 'Bearer s3cret', 'application/x', '1'],
      ['/t0ken/other', undefined, 'application/x', '1'],
    ]);
    redirects['/t0ken/npm/away'] = `${other.url}/x`;
    assert.equal((await ask('/~1234/away')).ok, false);
    assert.deepEqual(other.log, []);
  });
});

describe('what lies below an address', () => {
  it('has its scheme, host and port, and a path that goes on from it', () => {
    const below = (url: string, base: string) => isBelow(new URL(url), base);
    assert.equal(below('https://h.example/a/b', 'https://h.example/a'), true);
    assert.equal(below('https://h.example/a', 'https://h.example/a/'), true);
    assert.equal(below('https://h.example:443/a', 'https://h.example/'), true);
    for (const [url, base] of [
      ['http://h.example/a', 'https://h.example/a'],
      ['https://h.example:8443/a', 'https://h.example/a'],
      ['https://h.example/ab', 'https://h.example/a'],
      ['https://h.example/a/../b', 'https://h.example/a'],
      ['https://h.example/a/%2e%2e/b', 'https://h.example/a'],
      ['https://h.example.evil/a', 'https://h.example/a'],
      ['https://h.example@evil/a', 'https://h.example/a'],
      ['https://h.example/a', 'no address'],
    ] as const)
      assert.equal(below(url, base), false, `${url} below ${base}`);
    assert.equal(restBelow('https://h.example/ab', 'https://h.example/a'), undefined);
    assert.equal(restBelow('https://h.example/a/b', 'https://h.example/a/'), '/b');
  });
});
