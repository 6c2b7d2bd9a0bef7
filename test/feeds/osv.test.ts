import assert from 'node:assert/strict';
import { shown, type Lookup } from '../../server/src/core/lookup';
import type { Advisory } from '../../server/src/core/advisory';
import type { Cache, Http } from '../../server/src/core/io';
import { createOsvFeed } from '../../server/src/feeds/osv';
import { noCache } from '../../server/src/platform/diskCache';
import { createHttp } from '../../server/src/platform/http';
import { createLedger } from '../../server/src/platform/ledger';
import { startFakeOsv, type FakeOsv } from '../support/fakeOsv';
import { osvRecord, versionsOf } from '../support/osvRecords';

const pkg = (name: string) => ({ ecosystem: 'PyPI', name });
const record = (name: string, number: number, more: object = {}) =>
  osvRecord({ name, id: `PYSEC-2026-${number}`, versions: ['1.0'], more });
const hour = 60 * 60_000;

/** A cache as the one on disk, in memory. Values go through JSON, as they do there. */
function memoryCache(now: () => Date): Cache & { readonly entries: Map<string, { storedAt: Date; text: string }> } {
  const entries = new Map<string, { storedAt: Date; text: string }>();
  return {
    entries,
    get: (key) => {
      const entry = entries.get(key);
      return Promise.resolve(entry && { storedAt: entry.storedAt, value: JSON.parse(entry.text) as unknown });
    },
    put: (key, value) => {
      entries.set(key, { storedAt: now(), text: JSON.stringify(value) });
      return Promise.resolve();
    },
    clear: () => Promise.resolve(entries.clear()),
  };
}

/** `state ids` of each answer, ids of what is shown. */
function told(answers: readonly Lookup<readonly Advisory[]>[]): string[] {
  return answers.map((answer) => [answer.state, ...(shown(answer) ?? []).map(({ id }) => id.replace('PYSEC-2026-', '')).sort()].join(' '));
}

describe('osv feed', () => {
  let osv: FakeOsv;
  let now: Date;
  let cache: ReturnType<typeof memoryCache>;
  let http: Http;
  const clock = { now: () => now };
  const feedOf = (over: { cache?: Cache; http?: Http; baseUrl?: string } = {}) =>
    createOsvFeed({ baseUrl: osv.url, http, cache, clock, versionsOf, ...over });
  const asked = () =>
    osv.requests.map(({ path, body }) =>
      path === '/v1/query'
        ? (body as { package: { name: string } }).package.name
        : `batch of ${(body as { queries: unknown[] }).queries.length}`,
    );

  beforeEach(async () => {
    now = new Date('2026-06-01T12:00:00Z');
    osv = await startFakeOsv([record('a', 1), record('a', 2), record('b', 3)]);
    cache = memoryCache(clock.now);
    http = createHttp({ ledger: createLedger(), settings: { noProxy: ['*'], strictSsl: true, timeoutMs: 300 } });
  });
  afterEach(() => osv.close());

  it('asks which records there are for all names at once, and for the records of the few that have any', async () => {
    const feed = feedOf();
    const packages = [pkg('b'), pkg('none'), pkg('a'), pkg('b')];
    assert.deepEqual(told(feed.held(packages)), ['pending', 'pending', 'pending', 'pending']);
    assert.deepEqual(told(await feed.advisoriesFor(packages)), ['known 3', 'known', 'known 1 2', 'known 3']);
    assert.deepEqual(asked(), ['batch of 3', 'b', 'a']);
    assert.ok(!JSON.stringify(osv.requests.map(({ body }) => body)).includes('version'), 'versions never leave the machine');
    assert.deepEqual(told(feed.held([pkg('a')])), ['known 1 2']);
    assert.equal(shown(feed.held([pkg('a')])[0]!), shown(feed.held([pkg('a')])[0]!), 'the same objects again');
  });

  it('keeps an answer for an hour, over a new start too, and asks nothing meanwhile', async () => {
    await feedOf().advisoriesFor([pkg('a'), pkg('none')]);
    osv.requests.length = 0;
    now = new Date(now.getTime() + hour - 1000);
    const again = feedOf();
    assert.deepEqual(told(await again.advisoriesFor([pkg('a'), pkg('none')])), ['known 1 2', 'known']);
    assert.deepEqual(asked(), []);
    now = new Date(now.getTime() + 2000);
    assert.deepEqual(told(again.held([pkg('a')])), ['pending 1 2']);
    await again.advisoriesFor([pkg('a'), pkg('none')]);
    assert.deepEqual(asked(), ['batch of 2'], 'unchanged records are not fetched again');
    assert.deepEqual(told(again.held([pkg('a')])), ['known 1 2']);
    osv.requests.length = 0;
    await feedOf().advisoriesFor([pkg('a'), pkg('none')]);
    assert.deepEqual(asked(), [], 'what was confirmed is fresh on disk too');
  });

  it('fetches records again when one has changed, come or gone', async () => {
    const feed = feedOf();
    const later = async (records: object[]) => {
      osv.records = records;
      osv.requests.length = 0;
      now = new Date(now.getTime() + 2 * hour);
      return [told(await feed.advisoriesFor([pkg('a')])), asked()];
    };
    await feed.advisoriesFor([pkg('a')]);
    const changed = osvRecord({ name: 'a', id: 'PYSEC-2026-1', versions: ['7.0'], modified: '2026-02-02T00:00:00Z' });
    assert.deepEqual(await later([changed, record('a', 2)]), [['known 1 2'], ['batch of 1', 'a']]);
    assert.ok(shown(feed.held([pkg('a')])[0]!)!.some((advisory) => advisory.affects('7.0')));
    assert.deepEqual(await later([changed, record('a', 2), record('a', 4)]), [['known 1 2 4'], ['batch of 1', 'a']]);
    assert.deepEqual(await later([record('a', 4)]), [['known 4'], ['batch of 1', 'a']]);
    assert.deepEqual(await later([]), [['known'], ['batch of 1']]);
  });

  it('takes a younger answer that another window has put on disk', async () => {
    const feed = feedOf();
    await feed.advisoriesFor([pkg('a')]);
    now = new Date(now.getTime() + 2 * hour);
    osv.records = [record('a', 9)];
    await feedOf().advisoriesFor([pkg('a')]);
    osv.requests.length = 0;
    assert.deepEqual(told(await feed.advisoriesFor([pkg('a')])), ['known 9']);
    assert.deepEqual(asked(), []);
  });

  it('follows every page to the end, pages with nothing but a token too', async () => {
    osv.records = [...Array.from({ length: 7 }, (_, i) => record('a', i)), record('b', 10)];
    osv.pageSize = 2;
    osv.tokenOnlyPages = true;
    assert.deepEqual(told(await feedOf().advisoriesFor([pkg('a'), pkg('b')])), ['known 0 1 2 3 4 5 6', 'known 10']);
    const batches = osv.requests
      .filter(({ path }) => path === '/v1/querybatch')
      .map(({ body }) => (body as { queries: { package: { name: string }; page_token?: string }[] }).queries);
    assert.deepEqual(
      batches.map((queries) => queries.map((query) => query.page_token ?? query.package.name).join()),
      ['a,b', 'a:1', 'a:2', 'a:3', 'a:4', 'a:5', 'a:6'],
    );
  });

  it('gives up on pages without end, and on them alone', async () => {
    osv.modeOf = (path, names) => (path === '/v1/query' && names[0] === 'a' ? 'endless' : undefined);
    assert.deepEqual(told(await feedOf().advisoriesFor([pkg('a'), pkg('b')])), ['unavailable', 'known 3']);
    osv.modeOf = undefined;
    osv.mode = 'endless';
    assert.deepEqual(told(await feedOf({ cache: noCache }).advisoriesFor([pkg('a')])), ['unavailable']);
  });

  it('asks a thousand names a request', async () => {
    const packages = Array.from({ length: 2300 }, (_, i) => pkg(`p${i}`));
    const answers = await feedOf().advisoriesFor(packages);
    assert.ok(answers.every(({ state }) => state === 'known'));
    assert.deepEqual(asked().sort(), ['batch of 1000', 'batch of 1000', 'batch of 300']);
  });

  it('finds the names that OSV refuses, and learns about all others', async () => {
    const packages = [...Array.from({ length: 40 }, (_, i) => pkg(`p${i}`)), pkg('a')];
    osv.refused = new Set(['p7', 'p33']);
    const answers = await feedOf().advisoriesFor(packages);
    assert.deepEqual(
      packages.filter((_, i) => answers[i]!.state === 'unavailable').map(({ name }) => name),
      ['p7', 'p33'],
    );
    assert.deepEqual(told(answers.slice(-1)), ['known 1 2']);
  });

  it('is not stopped by many refused names', async () => {
    osv.refused = new Set(Array.from({ length: 10 }, (_, i) => `p${i}`));
    assert.deepEqual(told(await feedOf().advisoriesFor([...[...osv.refused].map(pkg), pkg('a'), pkg('b')])).slice(-2), [
      'known 1 2',
      'known 3',
    ]);
  });

  for (const mode of [
    'error',
    'busy',
    'garbage',
    'truncated',
    'half',
    'never',
    'stalled',
    'huge',
    'wrongShape',
    'reset',
    'endless',
  ] as const) {
    it(`keeps what it knows, says so, and stores nothing, when OSV answers ${mode}`, async () => {
      const feed = feedOf();
      await feed.advisoriesFor([pkg('a'), pkg('none')]);
      const stored = JSON.stringify([...cache.entries]);
      now = new Date(now.getTime() + 2 * hour);
      osv.records = [record('a', 7), record('none', 8)];
      osv.mode = mode;
      osv.retryAfter = '600';
      const answers = await feed.advisoriesFor([pkg('a'), pkg('none'), pkg('new')]);
      assert.deepEqual(told(answers), ['unavailable 1 2', 'unavailable', 'unavailable']);
      assert.deepEqual(told(feed.held([pkg('a')])), ['unavailable 1 2']);
      const [first] = answers;
      assert.ok(first?.state === 'unavailable');
      assert.equal(first.last?.asOf.toISOString(), '2026-06-01T12:00:00.000Z');
      assert.match(first.reason, /127\.0\.0\.1/);
      assert.equal(JSON.stringify([...cache.entries]), stored);
      // And the same when the questions about ids go well and those about records do not.
      osv.mode = 'ok';
      osv.modeOf = (path) => (path === '/v1/query' ? mode : undefined);
      feed.expire?.();
      http = createHttp({ ledger: createLedger(), settings: { noProxy: ['*'], strictSsl: true, timeoutMs: 300 } });
      const other = feedOf();
      assert.deepEqual(told(await other.advisoriesFor([pkg('a'), pkg('new')])), ['unavailable 1 2', 'known']);
      assert.deepEqual(
        [...cache.entries].filter(([key]) => !key.endsWith('new')),
        JSON.parse(stored, revive),
      );
      osv.modeOf = undefined;
      assert.deepEqual(
        told(
          await feedOf({ http: createHttp({ ledger: createLedger(), settings: { noProxy: ['*'], strictSsl: true } }) }).advisoriesFor([
            pkg('a'),
          ]),
        ),
        ['known 7'],
      );
    });
  }

  it('waits for an OSV that is merely slow', async () => {
    osv.mode = 'slow';
    osv.delayMs = 60;
    assert.deepEqual(told(await feedOf().advisoriesFor([pkg('a')])), ['known 1 2']);
  });

  it('does not take half an answer for the whole', async () => {
    osv.modeOf = (_, names) => (names[0] === 'a' ? 'partial' : undefined);
    const answers = await feedOf().advisoriesFor([pkg('a'), pkg('b')]);
    assert.deepEqual(told(answers), ['unavailable', 'known 3']);
    const [first] = answers;
    assert.ok(first?.state === 'unavailable');
    assert.match(first.reason, /left out 1 of 2 records/);
    assert.equal(cache.entries.size, 1);
  });

  it('lets one bad answer cost one package', async () => {
    osv.records = Array.from({ length: 20 }, (_, i) => record(`p${i}`, i));
    osv.modeOf = (path, names) => (path === '/v1/query' && names[0] === 'p3' ? 'garbage' : undefined);
    const answers = await feedOf().advisoriesFor(Array.from({ length: 20 }, (_, i) => pkg(`p${i}`)));
    assert.deepEqual(
      answers.flatMap(({ state }, i) => (state === 'known' ? [] : [i])),
      [3],
    );
  });

  it('stops asking for records when nothing answers', async () => {
    osv.records = Array.from({ length: 100 }, (_, i) => record(`p${i}`, i));
    osv.modeOf = (path) => (path === '/v1/query' ? 'garbage' : undefined);
    const answers = await feedOf().advisoriesFor(Array.from({ length: 100 }, (_, i) => pkg(`p${i}`)));
    assert.ok(answers.every(({ state }) => state === 'unavailable'));
    assert.ok(osv.requests.length < 15, `${osv.requests.length} requests`);
  });

  it('takes a damaged cache entry for none', async () => {
    await feedOf().advisoriesFor([pkg('a')]);
    for (const value of ['null', '[]', '{"ids":[]}', '{"ids":[["x"]],"records":[]}', '{"ids":[],"records":[{}]}']) {
      for (const [key] of cache.entries) cache.entries.set(key, { storedAt: now, text: value });
      assert.deepEqual(told(await feedOf().advisoriesFor([pkg('a')])), ['known 1 2'], value);
    }
  });

  it('shares a question among those who ask it, and survives that one of them gives up', async () => {
    osv.mode = 'slow';
    osv.delayMs = 80;
    const feed = feedOf();
    const controller = new AbortController();
    const first = feed.advisoriesFor([pkg('a'), pkg('b')], controller.signal);
    const second = feed.advisoriesFor([pkg('a')]);
    assert.deepEqual(told(feed.held([pkg('a')])), ['pending']);
    controller.abort(new Error('newer text'));
    await assert.rejects(first, /newer text/);
    assert.deepEqual(told(await second), ['known 1 2']);
    assert.deepEqual(
      asked().filter((what) => what.startsWith('batch')),
      ['batch of 2'],
    );
  });

  it('gives a question up when nobody waits for it, and asks anew afterwards', async () => {
    osv.mode = 'never';
    const feed = feedOf();
    const controller = new AbortController();
    const waiting = [feed.advisoriesFor([pkg('a')], controller.signal), feed.advisoriesFor([pkg('a')], controller.signal)];
    while (osv.requests.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    controller.abort();
    for (const one of waiting) await assert.rejects(one, { name: 'AbortError' });
    osv.mode = 'ok';
    assert.deepEqual(told(feed.held([pkg('a')])), ['pending']);
    assert.deepEqual(told(await feed.advisoriesFor([pkg('a')])), ['known 1 2']);
    await assert.rejects(feed.advisoriesFor([pkg('a')], AbortSignal.abort()), { name: 'AbortError' });
  });

  it('repeats a failure for a moment, and asks again when told to', async () => {
    osv.mode = 'garbage';
    const feed = feedOf();
    await feed.advisoriesFor([pkg('a')]);
    const count = osv.requests.length;
    osv.mode = 'ok';
    assert.deepEqual(told(await feed.advisoriesFor([pkg('a')])), ['unavailable']);
    assert.equal(osv.requests.length, count);
    feed.expire?.();
    assert.deepEqual(told(await feed.advisoriesFor([pkg('a')])), ['known 1 2']);
  });

  it('asks again for everything after expire, showing what it has', async () => {
    const feed = feedOf();
    await feed.advisoriesFor([pkg('a')]);
    feed.expire?.();
    assert.deepEqual(told(feed.held([pkg('a')])), ['pending 1 2']);
    osv.requests.length = 0;
    await feed.advisoriesFor([pkg('a')]);
    assert.deepEqual(asked(), ['batch of 1']);
    assert.deepEqual(told(feed.held([pkg('a')])), ['known 1 2']);
  });

  it('keys entries by address, ecosystem and name, without credentials', async () => {
    const withSecret = osv.url.replace('http://', 'http://user:secret@');
    await feedOf({ baseUrl: `${withSecret}/` }).advisoriesFor([pkg('a'), { ecosystem: 'npm', name: 'a' }, { ecosystem: 'npm', name: 'A' }]);
    assert.equal(cache.entries.size, 3);
    assert.ok([...cache.entries.keys()].every((key) => !key.includes('secret')));
    assert.match(osv.requests[0]!.headers.authorization ?? '', /^Basic /);
    osv.requests.length = 0;
    assert.deepEqual(told(await feedOf({ baseUrl: osv.url }).advisoriesFor([pkg('a')])), ['known 1 2']);
    assert.deepEqual(asked(), []);
  });

  it('is not asked about nameless packages and ecosystems that it cannot order', async () => {
    const answers = await feedOf().advisoriesFor([pkg(''), { ecosystem: 'Go', name: 'x' }]);
    assert.deepEqual(told(answers), ['disabled', 'disabled']);
    assert.deepEqual(asked(), []);
  });

  it('says at once that an address is none', async () => {
    assert.deepEqual(told(await feedOf({ baseUrl: 'nonsense' }).advisoriesFor([pkg('a')])), ['unavailable']);
  });
});

function revive(key: string, value: unknown): unknown {
  return key === 'storedAt' ? new Date(value as string) : value;
}
