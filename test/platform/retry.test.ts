import assert from 'node:assert/strict';
import { proxyFor } from '../../server/src/platform/proxy';
import { backOffMs, explain, retryAfterMs, triesFor } from '../../server/src/platform/retry';

describe('retries', () => {
  it('waits longer each time, with full jitter, up to a bound', () => {
    assert.deepEqual(
      [1, 2, 3, 10].map((count) => backOffMs(count, 1)),
      [250, 500, 1000, 4000],
    );
    assert.equal(backOffMs(3, 0), 0);
  });

  it('reads Retry-After as seconds or as a date', () => {
    const now = Date.parse('2026-06-01T00:00:00Z');
    assert.equal(retryAfterMs('120', now), 120_000);
    assert.equal(retryAfterMs('Mon, 01 Jun 2026 00:00:30 GMT', now), 30_000);
    assert.equal(retryAfterMs('Sun, 31 May 2026 00:00:30 GMT', now), 0);
    for (const header of [null, '', 'soon', '9999999999999']) assert.equal(retryAfterMs(header, now), undefined);
  });

  it('does not repeat what repetition does not change', () => {
    const fault = (code: string) => explain(Object.assign(new Error('x'), { code }), false, 1000);
    assert.equal(triesFor(fault('ECONNREFUSED').fault), 2);
    assert.equal(triesFor(fault('ENOTFOUND').fault), 2);
    assert.equal(triesFor(fault('DEPTH_ZERO_SELF_SIGNED_CERT').fault), 1);
    assert.match(fault('DEPTH_ZERO_SELF_SIGNED_CERT').message, /NODE_EXTRA_CA_CERTS/);
    assert.equal(triesFor(fault('ECONNRESET').fault), 4);
    assert.equal(triesFor(explain(new Error('odd'), false, 1000).fault), 1);
    assert.deepEqual(
      explain(new Error('outer', { cause: Object.assign(new Error('x'), { code: 'ENOTFOUND' }) }), false, 1).fault,
      'unreachable',
    );
  });
});

describe('proxy exceptions', () => {
  const proxy = 'http://proxy.example:8080';
  const by = (url: string, noProxy: string[], env: NodeJS.ProcessEnv = {}) => proxyFor(new URL(url), { proxy, noProxy }, env) === '';

  it('knows hosts, domains, ports and the star', () => {
    assert.ok(by('https://api.osv.dev/', ['*']));
    assert.ok(by('https://api.osv.dev/', ['api.osv.dev']));
    assert.ok(by('https://api.osv.dev/', ['OSV.dev ']));
    assert.ok(by('https://api.osv.dev/', ['.osv.dev']));
    assert.ok(by('https://api.osv.dev/', ['*.osv.dev']));
    assert.ok(by('https://api.osv.dev/', ['api.osv.dev:443']));
    assert.ok(by('http://[::1]:8080/', ['::1']));
    assert.ok(by('http://[::1]:8080/', ['[::1]:8080']));
    assert.ok(by('https://api.osv.dev/', [], { NO_PROXY: 'localhost, osv.dev' }));
    for (const noProxy of [[''], ['sv.dev'], ['api.osv.dev:80'], ['other.example'], ['*.api.osv.dev.evil']])
      assert.ok(!by('https://api.osv.dev/', noProxy), noProxy.join());
    assert.ok(!by('https://api.osv.dev/', ['other.example'], { NO_PROXY: 'osv.dev' }), 'the setting takes the place of the environment');
  });

  it('takes a bare host for an http proxy', () => {
    assert.equal(proxyFor(new URL('https://x.example'), { proxy: 'proxy:3128', noProxy: [] }, {}), 'http://proxy:3128');
  });
});
