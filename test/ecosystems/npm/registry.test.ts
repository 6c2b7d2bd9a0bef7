import assert from 'node:assert/strict';
import type { CacheEntry, HttpRequest, HttpResponse } from '../../../server/src/core/io';
import { shown } from '../../../server/src/core/lookup';
import { npmRegistry } from '../../../server/src/ecosystems/npm/registry';

const base = 'https://registry.npm.example';
const hour = 60 * 60 * 1000;

const body = JSON.stringify({
  name: 'x',
  versions: {
    '1.0.0': {},
    '1.1.0': { deprecated: 'use 2' },
    '1.2.0': { deprecated: '' },
    '1.3.0': { deprecated: false },
    'no version': {},
  },
  time: { created: '2026-01-01T00:00:00Z', '1.0.0': '2026-01-01T00:00:00.000Z', '1.1.0': 'never', '1.4.0': '2026-02-01T00:00:00.000Z' },
});

const bare = { dependencies: {}, installScripts: [] };
const releases = [
  { version: '1.0.0', publishedAt: new Date('2026-01-01T00:00:00.000Z'), ...bare },
  { version: '1.1.0', deprecated: 'use 2', ...bare },
  { version: '1.2.0', ...bare },
  { version: '1.3.0', ...bare },
];
const removed = [{ version: '1.4.0', publishedAt: new Date('2026-02-01T00:00:00Z') }];
const listed = { exists: true, createdAt: new Date('2026-01-01T00:00:00Z'), releases, removed };

type Reply = HttpResponse | Promise<HttpResponse>;

const ok = (text: string, status = 200): HttpResponse => ({ ok: true, status, headers: {}, body: text });

/** A registry, a disk and a clock of the test's own. */
function world(reply: (request: HttpRequest, signal?: AbortSignal) => Reply, disk = new Map<string, CacheEntry>()) {
  const asked: HttpRequest[] = [];
  const clock = { time: Date.parse('2026-06-01T12:00:00Z'), now: () => new Date(clock.time) };
  const context = {
    clock,
    http: {
      async request(request: HttpRequest, signal?: AbortSignal) {
        asked.push(request);
        return reply(request, signal);
      },
    },
    cache: {
      get: (key: string) => Promise.resolve(disk.get(key)),
      put(key: string, value: unknown) {
        disk.set(key, { storedAt: clock.now(), value: JSON.parse(JSON.stringify(value)) as unknown });
        return Promise.resolve();
      },
      clear: () => Promise.resolve(disk.clear()),
    },
  };
  return { registry: npmRegistry(`${base}/`, context), asked, clock, disk, context };
}

describe('npmRegistry', () => {
  it('asks for the full document and lists what can still be installed', async () => {
    const { registry, asked, clock } = world(() => ok(body));
    assert.equal(registry.held('@s/x').state, 'pending');
    assert.deepEqual(await registry.recordOf('@s/x'), { state: 'known', value: listed, asOf: clock.now() });
    assert.deepEqual(registry.held('@s/x'), { state: 'known', value: listed, asOf: clock.now() });
    assert.equal(asked[0]?.url, `${base}/@s%2fx`);
    assert.deepEqual(asked[0].names, ['@s/x']);
    assert.ok((asked[0].maxBytes ?? Infinity) <= 64 * 1024 * 1024);
  });

  it('is fresh for one hour, in memory and on disk', async () => {
    const first = world(() => ok(body));
    await first.registry.recordOf('x');
    first.clock.time += hour - 1;
    await first.registry.recordOf('x');
    assert.equal(first.asked.length, 1);
    const second = world(() => ok(body), first.disk);
    const answer = await second.registry.recordOf('x');
    assert.equal(second.asked.length, 0);
    assert.deepEqual(answer.state === 'known' && answer.value, listed);
    second.clock.time += hour + 1;
    const held = second.registry.held('x');
    assert.equal(held.state, 'pending');
    assert.deepEqual(held.state === 'pending' && held.last?.value, listed);
    await second.registry.recordOf('x');
    assert.equal(second.asked.length, 1);
  });

  it('keeps registries, names and cases apart on disk', async () => {
    const { registry, disk, context } = world(() => ok(body));
    await registry.recordOf('x');
    await registry.recordOf('X');
    await npmRegistry('https://mirror.example', context).recordOf('x');
    assert.equal(disk.size, 3);
  });

  it('asks once for simultaneous callers', async () => {
    let answer: (response: HttpResponse) => void = () => undefined;
    const { registry, asked } = world(() => new Promise((resolve) => (answer = resolve)));
    const both = Promise.all([registry.recordOf('x'), registry.recordOf('x')]);
    await new Promise(setImmediate);
    answer(ok(body));
    const [a, b] = await both;
    assert.deepEqual(a, b);
    assert.equal(asked.length, 1);
  });

  it('goes on for the others when one caller gives up, and stops when all do', async () => {
    let aborted = false;
    let answer: (response: HttpResponse) => void = () => undefined;
    const { registry, asked } = world(
      (_, signal) =>
        new Promise((resolve, reject) => {
          answer = resolve;
          signal?.addEventListener('abort', () => {
            aborted = true;
            reject(signal.reason as Error);
          });
        }),
    );
    const one = new AbortController();
    const two = new AbortController();
    const first = registry.recordOf('x', one.signal);
    const second = registry.recordOf('x', two.signal);
    await new Promise(setImmediate);
    one.abort(new Error('left'));
    await assert.rejects(first, /left/);
    assert.equal(aborted, false);
    answer(ok(body));
    assert.equal((await second).state, 'known');

    const third = registry.recordOf('y', two.signal);
    await new Promise(setImmediate);
    two.abort(new Error('left too'));
    await assert.rejects(third, /left too/);
    assert.equal(aborted, true);
    const again = registry.recordOf('y');
    await new Promise(setImmediate);
    answer(ok(body));
    assert.equal((await again).state, 'known');
    assert.equal(asked.length, 3);
    await assert.rejects(registry.recordOf('z', AbortSignal.abort(new Error('too late'))), /too late/);
  });

  const failures: readonly (readonly [title: string, reply: HttpResponse, reason: RegExp])[] = [
    ['no connection', { ok: false, message: 'connection refused' }, /^connection refused$/],
    ['401', ok('{}', 401), /wants credentials \(401\)/],
    ['410', ok('{}', 410), /answered 410/],
    ['a page', ok('<html>'), /not a list of releases/],
    ['other JSON', ok('[1]'), /not a list of releases/],
    ['no versions', ok('{"versions": 3}'), /not a list of releases/],
    ['half a document', ok(body.slice(0, 40)), /not a list of releases/],
  ];
  for (const [title, reply, reason] of failures) {
    it(`says why and shows the last answer: ${title}`, async () => {
      let failing = false;
      const { registry, clock, disk } = world(() => (failing ? reply : ok(body)));
      await registry.recordOf('x');
      const before = JSON.stringify([...disk]);
      const asOf = clock.now();
      failing = true;
      clock.time += hour + 1;
      const answer = await registry.recordOf('x');
      assert.ok(answer.state === 'unavailable');
      assert.match(answer.reason, reason);
      assert.deepEqual(answer.last, { value: listed, asOf });
      assert.deepEqual(registry.held('x'), answer);
      assert.equal(JSON.stringify([...disk]), before, 'a failure is not cached');
    });
  }

  it('takes 404 for an answer, for one hour, in memory and on disk', async () => {
    const { registry, asked, disk, clock } = world(() => ok('{}', 404));
    const answer = await registry.recordOf('x');
    assert.deepEqual(answer, { state: 'known', value: { exists: false, releases: [] }, asOf: clock.now() });
    assert.deepEqual(registry.held('x'), answer);
    assert.deepEqual(registry.existence('x'), { state: 'known', value: false, asOf: clock.now() });
    assert.equal(asked.length, 1);
    const next = world(() => ok(body), disk);
    next.clock.time += hour - 1;
    assert.deepEqual(await next.registry.recordOf('x'), answer);
    assert.equal(next.asked.length, 0);
    next.clock.time += 2;
    assert.equal(next.registry.existence('x').state, 'pending');
    assert.equal((await next.registry.knowExistence('x')).state === 'known' && shown(next.registry.existence('x')), true);
    assert.equal(next.asked.length, 1);
  });

  it('takes every answer for old when it is told to, and shows it until there is another', async () => {
    let reply = ok(body);
    const { registry, asked, clock } = world(() => reply);
    await registry.recordOf('x');
    registry.expire?.();
    assert.deepEqual(registry.held('x'), {
      state: 'pending',
      reason: 'npm-registry is being asked',
      last: { value: listed, asOf: clock.now() },
    });
    reply = ok('{}', 500);
    assert.equal((await registry.recordOf('x')).state, 'unavailable');
    registry.expire?.();
    reply = ok(body);
    assert.equal((await registry.recordOf('x')).state, 'known');
    assert.equal(asked.length, 3);
  });

  it('asks again a minute after a failure, not before', async () => {
    const { registry, asked, clock } = world(() => ({ ok: false, message: 'down' }));
    await registry.recordOf('x');
    await registry.recordOf('x');
    assert.equal(asked.length, 1);
    clock.time += 60_001;
    assert.equal(registry.held('x').state, 'pending');
    await registry.recordOf('x');
    assert.equal(asked.length, 2);
  });

  it('takes damaged cache entries for absent', async () => {
    for (const value of [
      'x',
      3,
      null,
      {},
      [[1]],
      { record: 3 },
      { record: { exists: 1, releases: [] } },
      { record: { exists: true, releases: [{}] } },
    ]) {
      const filled = world(() => ok(body));
      await filled.registry.recordOf('x');
      const [key] = filled.disk.keys();
      const { registry, asked } = world(() => ok(body), new Map([[key!, { storedAt: new Date('2026-06-01T12:00:00Z'), value }]]));
      assert.equal((await registry.recordOf('x')).state, 'known');
      assert.equal(asked.length, 1, JSON.stringify(value));
    }
  });

  it('knows a package that was taken down as a whole to have no releases', async () => {
    const { registry } = world(() => ok('{"name": "x", "time": {"unpublished": {"versions": ["1.0.0"]}}}'));
    const answer = await registry.recordOf('x');
    assert.deepEqual(answer.state === 'known' && answer.value, { exists: true, releases: [], statusReason: 'all of it was unpublished' });
  });
});
