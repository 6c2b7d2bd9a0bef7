import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { createHttp } from '../../server/src/platform/http';
import { createLedger } from '../../server/src/platform/ledger';
import { takeLock } from '../../server/src/platform/lockFile';
import { locateIndex } from '../../server/src/platform/indexFolder';
import { createIndexAccess } from '../../server/src/session/indexAccess';
import { buildFiles } from '../../server/src/session/sync/buildFiles';
import { mostChanges } from '../../server/src/session/sync/changes';
import { syncIndex, type SyncOptions, type SyncOutcome } from '../../server/src/session/sync/syncIndex';
import { directWork } from '../../server/src/session/sync/work';
import { startFakeDump, type FakeDump, type FakeDumpMode } from '../support/fakeDump';
import { osvRecord, versionsOf } from '../support/osvRecords';
import { temporaryFolder } from '../support/temporaryFolder';

const hour = (n: number) => new Date(Date.parse('2026-09-01T00:00:00Z') + n * 3_600_000);
const pypi = (n: number, changed: Date = hour(n - 100), more: object = {}) =>
  osvRecord({ id: `PYSEC-2026-${n}`, name: `flawed-${n}`, versions: ['1.0'], modified: changed.toISOString(), ...more });
const npm = (n: number, changed: Date = hour(n - 100), more: object = {}) =>
  osvRecord({ id: `MAL-2026-${n}`, ecosystem: 'npm', name: `bad-${n}`, versions: ['1.0.0'], modified: changed.toISOString(), ...more });
const withdrawn = (at: Date) => ({ more: { withdrawn: at.toISOString() } });

describe('a sync of the offline index', () => {
  let dump: FakeDump;
  let folder: string;
  let remove: () => void;
  let isKeptUp: boolean;
  const ledger = createLedger();
  const proxies = { ...process.env };
  before(() => {
    for (const name of ['http_proxy', 'HTTP_PROXY', 'all_proxy', 'ALL_PROXY']) delete process.env[name];
  });
  after(() => {
    process.env = proxies;
  });
  beforeEach(async () => {
    dump = await startFakeDump([npm(1), npm(2), npm(50), pypi(3), pypi(4), pypi(51)]);
    const made = temporaryFolder();
    folder = path.join(made.path, 'index');
    remove = () => made.remove();
    isKeptUp = true;
  });
  afterEach(async () => {
    await dump.close();
    remove();
  });

  /** Of a dump that is brought up all the time, unless a test says otherwise. */
  const sync = (now: Date, more: Partial<SyncOptions> = {}): Promise<SyncOutcome> => {
    if (isKeptUp) dump.lastModified = now;
    return syncIndex({
      http: createHttp({ ledger, settings: { noProxy: [], strictSsl: true, timeoutMs: 300 }, random: () => 0.05 }),
      dump: { shown: dump.url, url: dump.url },
      folder,
      ecosystems: ['npm', 'PyPI'],
      now,
      work: directWork,
      ...more,
    });
  };
  const asked = () =>
    dump.log
      .splice(0)
      .map(({ path: file, status }) => `${status} ${file.slice(1)}`)
      .sort();
  const ids = () => {
    const access = createIndexAccess({ place: folder, versionsOf, named: false });
    const current = access.current();
    if (current.state !== 'open') return [current.reason];
    const all = new Set<string>();
    for (let at = 0; at < current.index.buckets; at++)
      for (const { records } of current.index.bucket(at).names) for (const { id } of records) all.add(id.replace('-2026', ''));
    access.close();
    return [...all].sort();
  };
  const asOf = () => {
    const located = locateIndex(folder);
    assert.ok(located && 'file' in located);
    return located.asOf;
  };
  const whole = ['MAL-1', 'MAL-2', 'MAL-50', 'PYSEC-3', 'PYSEC-4', 'PYSEC-51'];
  const expectHow = (outcome: SyncOutcome, how: string) =>
    assert.deepEqual([outcome.state, outcome.state === 'synced' ? outcome.how : outcome.message], ['synced', how]);

  it('takes the whole, then changes, then nothing, and says how far it is', async () => {
    const steps: string[] = [];
    expectHow(
      await sync(hour(0), { onProgress: ({ text, done, all }) => void steps.push(`${text} ${done === all && done ? 'done' : ''}`) }),
      'full',
    );
    assert.ok(steps.includes('downloading npm done') && steps.includes('downloading PyPI done'), steps.join());
    assert.deepEqual(ids(), whole);
    asked();
    // The youngest are read twice the first time, for safety, and are what they were.
    const second = await sync(hour(1));
    expectHow(second, 'nothing');
    assert.ok(second.state === 'synced' && second.changed + second.removed === 0);
    assert.deepEqual(asked(), [
      '200 PyPI/PYSEC-2026-51.json',
      '200 PyPI/modified_id.csv',
      '200 npm/MAL-2026-50.json',
      '200 npm/modified_id.csv',
    ]);
    expectHow(await sync(hour(1)), 'nothing');
    assert.deepEqual(asked(), ['200 PyPI/modified_id.csv', '200 npm/modified_id.csv']);
    dump.records = [...dump.records, npm(7, hour(2)), pypi(8, hour(3))];
    const outcome = await sync(hour(4));
    assert.ok(outcome.state === 'synced' && outcome.changed === 2);
    assert.deepEqual(asked(), [
      '200 PyPI/PYSEC-2026-8.json',
      '200 PyPI/modified_id.csv',
      '200 npm/MAL-2026-7.json',
      '200 npm/modified_id.csv',
    ]);
    assert.deepEqual(ids(), [...whole, 'MAL-7', 'PYSEC-8'].sort());
    const file = locateIndex(folder);
    expectHow(await sync(hour(5)), 'nothing');
    assert.deepEqual([(locateIndex(folder) as { file: string }).file, asOf()], [(file as { file: string }).file, hour(5)]);
  });

  it('takes of what is read twice what has changed meanwhile, and counts nothing else', async () => {
    await sync(hour(0));
    // The dump was older than its list of changes: a record has come between, and another one was changed at the same moment.
    dump.records = [npm(1), npm(2), npm(50), npm(49, hour(-50.5)), pypi(3), pypi(4), pypi(51, hour(51 - 100), { name: 'flawed-52' })];
    const outcome = await sync(hour(1));
    assert.deepEqual(outcome.state === 'synced' && [outcome.how, outcome.changed, outcome.removed], ['changes', 2, 0]);
    assert.deepEqual(ids(), [...whole, 'MAL-49'].sort());
    dump.records = [...dump.records.filter((one) => one !== dump.records[2]), npm(50, hour(1), { versions: ['1.0.1'] })];
    const changed = await sync(hour(1.5));
    assert.deepEqual(changed.state === 'synced' && [changed.how, changed.changed, changed.removed], ['changes', 1, 0]);
    // A row of the future is read each time, until its time comes.
    dump.records = [...dump.records, npm(7, hour(100))];
    expectHow(await sync(hour(2)), 'changes');
    expectHow(await sync(hour(3)), 'nothing');
    // One that the index does not hold cannot leave it.
    dump.records = [...dump.records, npm(8, hour(3), withdrawn(hour(3)))];
    expectHow(await sync(hour(4)), 'nothing');
    // What cannot be read is not in the index, and what the index says of that changes.
    dump.records = [...dump.records, { ...osvRecord({ id: 'MAL-2026-9', ecosystem: 'npm', name: '', modified: hour(4).toISOString() }) }];
    const lossy = await sync(hour(5));
    assert.deepEqual(lossy.state === 'synced' && [lossy.how, lossy.changed], ['changes', 1]);
  });

  it('lets what is withdrawn go, and what is listed no more', async () => {
    await sync(hour(0));
    dump.records = [npm(1, hour(1), withdrawn(hour(1))), npm(50), pypi(4), pypi(51, hour(1), withdrawn(hour(1)))];
    await sync(hour(2));
    assert.deepEqual(ids(), ['MAL-50', 'PYSEC-4']);
  });

  it('does not believe a list that most of the index has vanished from', async () => {
    const many = Array.from({ length: 60 }, (_, i) => npm(i + 100));
    dump.records = [...dump.records, ...many];
    await sync(hour(0));
    await sync(hour(1));
    dump.bodyOf = (file) => (file === '/npm/modified_id.csv' ? `${hour(-2).toISOString()},MAL-2026-50\n` : undefined);
    asked();
    const outcome = await sync(hour(2));
    expectHow(outcome, 'full');
    assert.ok(outcome.state === 'synced' && /listed no more/.test(outcome.why ?? ''));
    assert.equal(ids().length, whole.length + 60);
  });

  it('fetches the whole where too much has changed', async () => {
    await sync(hour(0));
    asked();
    const rows = Array.from({ length: mostChanges + 10 }, (_, i) => `${hour(2).toISOString()},MAL-2027-${i}\n`).join('');
    dump.bodyOf = (file) => (file === '/npm/modified_id.csv' ? rows : undefined);
    expectHow(await sync(hour(3)), 'full');
    assert.ok(!asked().some((line) => line.includes('.json')));
  });

  it('reads no more of a long list than is new', async () => {
    const old = Array.from({ length: 60_000 }, (_, i) => `${hour(-200 - i / 1000).toISOString()},MAL-2025-${i}\n`).join('');
    const row = (n: number, at: Date) => `${at.toISOString()},MAL-2026-${n}\n`;
    dump.bodyOf = (file) => (file === '/npm/modified_id.csv' ? row(50, hour(-50)) + old : undefined);
    await sync(hour(0));
    await sync(hour(1));
    dump.records = [...dump.records, npm(7, hour(2))];
    dump.bodyOf = (file) => (file === '/npm/modified_id.csv' ? row(7, hour(2)) + row(50, hour(-50)) + old : undefined);
    const before = ledger.state().hosts.get(new URL(dump.url).host)!.received;
    expectHow(await sync(hour(3)), 'changes');
    assert.ok(ledger.state().hosts.get(new URL(dump.url).host)!.received - before < 300_000);
    assert.ok(ids().includes('MAL-7'));
  });

  it('takes rows of one moment one by one, and no row of the future for the last word', async () => {
    await sync(hour(0));
    dump.records = [...dump.records, npm(7, hour(2)), npm(8, hour(100_000))];
    await sync(hour(3));
    dump.records = [...dump.records, npm(9, hour(2)), npm(10, hour(4))];
    asked();
    await sync(hour(5));
    assert.deepEqual(
      asked().filter((line) => line.includes('.json')),
      ['200 npm/MAL-2026-10.json', '200 npm/MAL-2026-8.json', '200 npm/MAL-2026-9.json'],
    );
    assert.deepEqual(ids(), [...whole, 'MAL-10', 'MAL-7', 'MAL-8', 'MAL-9'].sort());
  });

  it('asks again for what is listed and not there', async () => {
    await sync(hour(0));
    await sync(hour(1));
    dump.records = [...dump.records, npm(7, hour(2)), npm(8, hour(2))];
    dump.unserved = new Set(['MAL-2026-7']);
    await sync(hour(3));
    assert.deepEqual(ids(), [...whole, 'MAL-8'].sort());
    dump.unserved = new Set();
    await sync(hour(4));
    assert.deepEqual(ids(), [...whole, 'MAL-7', 'MAL-8'].sort());
  });

  it('fetches the whole from a mirror that serves no single records, or no lists', async () => {
    await sync(hour(0));
    await sync(hour(1));
    dump.records = [...dump.records, npm(7, hour(2))];
    dump.modeOf = (file) => (file.endsWith('.json') ? 'absent' : undefined);
    const outcome = await sync(hour(3));
    assert.ok(outcome.state === 'synced' && outcome.how === 'full' && /single records/.test(outcome.why ?? ''), JSON.stringify(outcome));
    assert.deepEqual(ids(), [...whole, 'MAL-7'].sort());
    dump.modeOf = (file) => (file.endsWith('.csv') ? 'absent' : undefined);
    expectHow(await sync(hour(4)), 'full');
  });

  it('is as of when a mirror was last brought up, where it says so', async () => {
    await sync(hour(0));
    isKeptUp = false;
    dump.lastModified = hour(-30);
    const outcome = await sync(hour(400));
    assert.ok(outcome.state === 'synced');
    assert.deepEqual(outcome.asOf, hour(-30));
  });

  for (const [what, lastModified] of [
    ['gives no time of its files', undefined],
    ['gives a time that has not come', hour(100_000)],
  ] as const) {
    it(`is no younger than its youngest record where a mirror ${what}`, async () => {
      isKeptUp = false;
      dump.lastModified = lastModified;
      // The whole, by its records: the list of changes is younger here than the dump. A row of the future is no news.
      const records = dump.records;
      dump.records = [...records, npm(8, hour(50_000))];
      dump.bodyOf = (file) => (file === '/npm/modified_id.csv' ? `${hour(-1).toISOString()},MAL-2026-50\n` : undefined);
      const first = await sync(hour(0));
      expectHow(first, 'full');
      assert.ok(first.state === 'synced');
      // npm’s youngest is an hour older than PyPI’s, and what lags behind decides.
      assert.deepEqual([first.asOf, asOf()], [hour(-50), hour(-50)]);
      dump.bodyOf = undefined;
      dump.records = [npm(7, hour(2)), ...records];
      const changes = await sync(hour(4));
      expectHow(changes, 'changes');
      assert.deepEqual(asOf(), hour(-49));
      dump.records = [pypi(9, hour(3)), ...dump.records];
      expectHow(await sync(hour(5)), 'changes');
      assert.deepEqual(asOf(), hour(2));
      expectHow(await sync(hour(500)), 'nothing');
      assert.deepEqual(asOf(), hour(2), 'a mirror that nobody brings up any more grows old');
    });
  }

  it('leaves out an ecosystem that the dump does not have, and takes it when it has', async () => {
    dump.records = [pypi(3)];
    const first = await sync(hour(0));
    assert.ok(first.state === 'synced' && first.notes.includes('the dump has no npm'));
    dump.records = [pypi(3), npm(1)];
    expectHow(await sync(hour(1)), 'full');
    assert.deepEqual(ids(), ['MAL-1', 'PYSEC-3']);
    // What it once had must not vanish.
    dump.records = [pypi(3)];
    assert.equal((await sync(hour(2))).state, 'failed');
    assert.deepEqual(ids(), ['MAL-1', 'PYSEC-3']);
  });

  describe('that fails leaves the old index in use, and the next one goes on', () => {
    const faults: readonly (readonly [string, FakeDumpMode, RegExp])[] = [
      ['/npm/modified_id.csv', 'error', /answered 500/],
      ['/npm/modified_id.csv', 'never', /no answer/],
      ['/npm/modified_id.csv', 'portal', /could not be read/],
      ['/npm/modified_id.csv', 'truncated', /reset|cut off/],
      ['/npm/MAL-2026-7.json', 'error', /answered 500/],
      ['/npm/MAL-2026-7.json', 'portal', /is not that record/],
      ['/npm/MAL-2026-7.json', 'never', /no answer/],
      ['/npm/MAL-2026-7.json', 'stalls', /no answer/],
    ];
    for (const [file, mode, message] of faults) {
      it(`where ${file.slice(1)} is served so: ${mode}`, async () => {
        await sync(hour(0));
        await sync(hour(1));
        const before = fs.readFileSync(path.join(folder, 'index.json'), 'utf8');
        dump.records = [npm(1, hour(2), withdrawn(hour(2))), ...dump.records.slice(1), npm(7, hour(2))];
        dump.part = 3;
        dump.modeOf = (asking) => (asking === file ? mode : undefined);
        const outcome = await sync(hour(3));
        assert.ok(outcome.state === 'failed' && message.test(outcome.message), JSON.stringify(outcome));
        assert.equal(fs.readFileSync(path.join(folder, 'index.json'), 'utf8'), before);
        dump.modeOf = () => undefined;
        expectHow(await sync(hour(4)), 'changes');
        assert.deepEqual(ids(), ['MAL-2', 'MAL-50', 'MAL-7', 'PYSEC-3', 'PYSEC-4', 'PYSEC-51']);
      });
    }

    for (const mode of ['corrupt', 'portal', 'error', 'never', 'stalls', 'forbidden'] as const) {
      it(`where a whole dump is served so: ${mode}`, async () => {
        await sync(hour(0));
        fs.writeFileSync(
          path.join(folder, 'index.json'),
          fs.readFileSync(path.join(folder, 'index.json'), 'utf8').replace('127.0.0.1', '127.0.0.2'),
        );
        const before = ids();
        dump.part = 5;
        dump.modeOf = (file) => (file === '/PyPI/all.zip' ? mode : undefined);
        const outcome = await sync(hour(3));
        assert.equal(outcome.state, 'failed', JSON.stringify(outcome));
        assert.deepEqual(ids(), before);
        assert.deepEqual(asOf(), hour(0));
        dump.modeOf = () => undefined;
        asked();
        expectHow(await sync(hour(4)), 'full');
        // What had come whole is not fetched again, unless it was of no use.
        const isDamaged = mode === 'corrupt' || mode === 'portal';
        assert.ok(asked().includes(`${isDamaged ? 200 : 304} npm/all.zip`));
        assert.deepEqual(ids(), whole);
        assert.deepEqual(fs.readdirSync(path.join(folder, 'sync')), []);
      });
    }

    it('where the connection breaks again and again: each try goes on from the one before', async () => {
      const noise = Array.from({ length: 30_000 }, (_, i) => Math.imul(i + 1, 0x9e3779b1) >>> 0).join(' ');
      dump.records = [npm(1, hour(-50), { more: { details: noise } }), ...dump.records.slice(1)];
      dump.part = 20_000;
      dump.modeOf = (file) => (file === '/npm/all.zip' ? 'truncated' : undefined);
      expectHow(await sync(hour(0)), 'full');
      const tries = dump.log.filter((one) => one.path === '/npm/all.zip');
      assert.ok(
        tries.length > 5 && tries.slice(1).every(({ status, headers }) => status === 206 && headers['if-range']),
        `${tries.length}`,
      );
      assert.deepEqual(ids(), whole);
    });

    it('where the file changes meanwhile, or the server knows no ranges: it begins again', async () => {
      let count = 0;
      dump.modeOf = (file) => (file === '/npm/all.zip' && count++ === 0 ? 'truncated' : undefined);
      dump.bodyOf = (file) => {
        if (file === '/npm/all.zip' && count > 1) dump.records = [...dump.records.slice(1), npm(90)];
        return undefined;
      };
      expectHow(await sync(hour(0)), 'full');
      assert.deepEqual(ids().slice(0, 3), ['MAL-2', 'MAL-50', 'MAL-90']);
      fs.rmSync(folder, { recursive: true });
      let other = 0;
      dump.modeOf = (file) => (file === '/PyPI/all.zip' && other++ === 0 ? 'truncated' : 'noRange');
      dump.bodyOf = () => undefined;
      expectHow(await sync(hour(1)), 'full');
    });

    it('where the disk is full: while downloading, and while writing', async () => {
      await sync(hour(0));
      const before = ids();
      const full = () => {
        throw Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });
      };
      dump.modeOf = (file) => (file.endsWith('.csv') ? 'absent' : undefined);
      const outcome = await sync(hour(1), { write: full });
      assert.deepEqual(outcome, { state: 'failed', message: 'there is no room on the disk' });
      assert.deepEqual([ids(), fs.readdirSync(path.join(folder, 'sync'))], [before, []]);
      const work = { ...directWork, build: () => Promise.resolve({ state: 'failed', message: 'ENOSPC' } as const) };
      assert.equal((await sync(hour(1), { work })).state, 'failed');
      assert.deepEqual(ids(), before);
      expectHow(await sync(hour(2)), 'full');
    });

    it('where somebody gives it up', async () => {
      await sync(hour(0));
      const controller = new AbortController();
      dump.modeOf = (file) => (file === '/PyPI/modified_id.csv' ? 'never' : undefined);
      const going = sync(hour(1), { signal: controller.signal });
      setTimeout(() => controller.abort(), 50);
      await assert.rejects(going, { name: 'AbortError' });
      assert.ok(!fs.existsSync(path.join(folder, 'sync.lock')));
      dump.modeOf = () => undefined;
      assert.equal((await sync(hour(1))).state, 'synced');
    });
  });

  it('is done by one at a time; who died or fell silent is no obstacle', async () => {
    const lock = takeLock(path.join(folder, 'sync.lock'));
    assert.ok('release' in lock);
    const outcome = await sync(hour(0));
    assert.deepEqual(outcome, { state: 'busy', message: `the index is being synced or built already, by process ${process.pid}` });
    const place = path.join(folder, 'sync.lock');
    const old = new Date(Date.now() - 10 * 60_000);
    fs.utimesSync(place, old, old);
    expectHow(await sync(hour(0)), 'full');
    lock.release();
    fs.writeFileSync(place, '');
    assert.equal((await sync(hour(1))).state, 'busy', 'one that is not written yet is somebody’s');
    fs.utimesSync(place, old, old);
    assert.equal((await sync(hour(1))).state, 'synced');
  });

  it('begins anew from another dump', async () => {
    await sync(hour(0));
    const other = await startFakeDump([npm(60), pypi(61)]);
    const outcome = await sync(hour(1), { dump: { shown: other.url, url: other.url } });
    assert.ok(outcome.state === 'synced' && outcome.why === 'the dump is another one');
    await other.close();
    assert.deepEqual(ids(), ['MAL-60', 'PYSEC-61']);
  });

  it('takes the whole where the index was built from files, which may hold less than its youngest record lets one think', async () => {
    await sync(hour(0));
    const file = path.join(path.dirname(folder), 'some.jsonl');
    fs.writeFileSync(file, [npm(50), pypi(51)].map((record) => JSON.stringify(record)).join('\n'));
    const built = await buildFiles({ sources: [file], into: { folder }, now: hour(1), work: directWork });
    assert.ok(built.state === 'built', JSON.stringify(built));
    assert.deepEqual(ids(), ['MAL-50', 'PYSEC-51']);
    const outcome = await sync(hour(3));
    assert.ok(
      outcome.state === 'synced' && outcome.how === 'full' && outcome.why === 'the index was built from files',
      JSON.stringify(outcome),
    );
    assert.deepEqual(ids(), whole);
    expectHow(await sync(hour(4)), 'nothing');
  });

  it('writes its requests down, and no secret of the address', async () => {
    const url = dump.url.replace('//', '//');
    await sync(hour(0), { dump: { shown: dump.url, url, authorization: 'Basic c2VjcmV0', below: url } });
    assert.ok(dump.log.every(({ headers }) => headers.authorization === 'Basic c2VjcmV0'));
    const text = JSON.stringify([...ledger.entries()]) + fs.readFileSync(path.join(folder, 'index.json'), 'utf8');
    assert.ok(
      !text.includes('c2VjcmV0') &&
        ledger.entries().some(({ purpose, path: file }) => purpose === 'offline index' && file === '/npm/all.zip'),
    );
  });
});
