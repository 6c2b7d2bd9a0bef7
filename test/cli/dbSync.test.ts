import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';

import fs from 'node:fs';
import path from 'node:path';
import { builtPrograms } from '../support/built';
import { hermetic, merlon, report, scratch } from '../support/cli';
import { startFakeDump, type FakeDump } from '../support/fakeDump';
import { osvRecord } from '../support/osvRecords';

const pypi = (n: number, more: object = {}) =>
  osvRecord({
    id: `PYSEC-2026-${n}`,
    name: `flawed-${n}`,
    ranges: [[{ introduced: '0' }, { fixed: '2.0' }]],
    modified: `2026-08-${String(n).padStart(2, '0')}T00:00:00Z`,
    ...more,
  });
const npm = (n: number, more: object = {}) =>
  osvRecord({
    id: `MAL-2026-${n}`,
    ecosystem: 'npm',
    name: `bad-${n}`,
    versions: ['1.0.0'],
    modified: `2026-08-${String(n).padStart(2, '0')}T00:00:00.123456Z`,
    ...more,
  });
const at = (day: number) => ['--now', `2026-09-${String(day).padStart(2, '0')}T00:00:00Z`];

describe('merlon db sync', function () {
  this.timeout(60_000);
  let dump: FakeDump;
  let cwd: string;
  before(async () => void (await builtPrograms()));
  beforeEach(async () => {
    dump = await startFakeDump([npm(1), npm(2), npm(20), pypi(3), pypi(4), pypi(21)]);
    cwd = scratch({
      'requirements.txt': [1, 2, 3, 4, 5, 6].map((n) => `flawed-${n}==1.0\n`).join(''),
      'package.json': JSON.stringify({ dependencies: Object.fromEntries([1, 2, 3, 4, 5, 6].map((n) => [`bad-${n}`, '1.0.0'])) }),
    });
  });
  afterEach(() => dump.close());

  const env = () => ({ MERLON_CACHE_DIR: path.join(cwd, 'cache') });
  /** Of a dump that was brought up on that very day. */
  const sync = (day: number, ...more: string[]) => {
    dump.lastModified = new Date(at(day)[1]!);
    return merlon(['db', 'sync', '--dump-url', dump.url, ...at(day), ...more], { cwd, env: env() });
  };
  /** What an offline check says, and how the index is. */
  const known = async (day: number) => {
    const result = await merlon(['check', '--offline', '--format', 'json', '--fail-on', 'never', ...at(day)], { cwd, env: env() });
    const { findings, sources, complete } = report(result);
    const ids = findings.flatMap(({ advisories }) => advisories.map(({ id }) => id)).sort();
    const index = sources.find(({ id }) => id === 'index');
    return { ids, complete, state: index?.state, asOf: index?.asOf, reason: index?.reason };
  };
  const asked = () => dump.log.splice(0).map(({ path: file, status }) => `${status} ${file}`);
  const folder = () => path.join(cwd, 'cache', 'index');
  const first = ['MAL-2026-1', 'MAL-2026-2', 'PYSEC-2026-3', 'PYSEC-2026-4'];
  const done = async (result: Promise<{ code: number | null; stderr: string; stdout: string }>) => {
    const { code, stderr, stdout } = await result;
    assert.deepEqual([code, stderr], [0, '']);
    return stdout;
  };

  it('takes the dumps whole at first, and leaves nothing behind', async () => {
    const told = await done(sync(1));
    assert.match(
      told,
      /index: built from the dumps of http:\/\/127\.0\.0\.1:\d+ \(there is no index yet\); as of 2026-09-01T00:00:00\.000Z\n$/,
    );
    assert.deepEqual(asked(), ['200 /npm/modified_id.csv', '200 /npm/all.zip', '200 /PyPI/modified_id.csv', '200 /PyPI/all.zip']);
    assert.deepEqual(await known(2), { ids: first, complete: true, state: 'ok', asOf: '2026-09-01T00:00:00.000Z', reason: undefined });
    const left = fs.readdirSync(folder(), { recursive: true }).map(String).sort();
    assert.deepEqual(
      left.filter((name) => !/^osv-1-\w+\.merlondb$/.test(name)),
      ['index.json', 'sync'],
    );
  });

  it('then takes what has changed: new, changed, withdrawn, deleted', async () => {
    await done(sync(1));
    assert.match(await done(sync(1)), /: nothing has changed; as of 2026-09-01/);
    asked();
    dump.records = [
      npm(1, { modified: '2026-09-01T10:00:00Z', more: { withdrawn: '2026-09-01T10:00:00Z' } }),
      npm(5, { modified: '2026-09-01T11:00:00Z' }),
      npm(20),
      pypi(4, { modified: '2026-09-01T12:00:00Z', ranges: [[{ introduced: '0' }, { fixed: '0.9' }]] }),
      pypi(3),
      pypi(21),
    ];
    const told = await done(sync(2));
    assert.match(told, /3 changed records taken, 1 removed; as of 2026-09-02/);
    assert.deepEqual(asked().sort(), [
      '200 /PyPI/PYSEC-2026-4.json',
      '200 /PyPI/modified_id.csv',
      '200 /npm/MAL-2026-1.json',
      '200 /npm/MAL-2026-5.json',
      '200 /npm/modified_id.csv',
    ]);
    assert.deepEqual((await known(3)).ids, ['MAL-2026-5', 'PYSEC-2026-3']);
    const again = await done(sync(3));
    assert.match(again, /nothing has changed; as of 2026-09-03/);
    assert.deepEqual(asked(), ['200 /npm/modified_id.csv', '200 /PyPI/modified_id.csv']);
    assert.equal((await known(3)).asOf, '2026-09-03T00:00:00.000Z');
  });

  it('goes on where a sync before it was killed', async () => {
    await done(sync(1));
    fs.rmSync(path.join(folder(), 'index.json'));
    dump.part = 100;
    dump.modeOf = (file) => (file === '/PyPI/all.zip' ? 'stalls' : undefined);
    const { cli } = await builtPrograms();
    const child = spawn(process.execPath, [cli, 'db', 'sync', '--dump-url', dump.url], { cwd, env: hermetic(env()), stdio: 'ignore' });
    const ended = new Promise((resolve) => child.once('close', resolve));
    const partial = path.join(folder(), 'sync', 'PyPI.zip');
    for (const until = Date.now() + 20_000; !(fs.existsSync(partial) && fs.statSync(partial).size === 100);) {
      assert.ok(Date.now() < until, 'nothing came');
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    const second = await sync(1);
    assert.deepEqual([second.code, second.stderr], [3, `merlon: the index is being synced or built already, by process ${child.pid}\n`]);
    child.kill('SIGKILL');
    await ended;
    dump.modeOf = undefined;
    asked();
    await done(sync(2));
    assert.deepEqual(asked(), ['200 /npm/modified_id.csv', '304 /npm/all.zip', '200 /PyPI/modified_id.csv', '206 /PyPI/all.zip']);
    assert.deepEqual((await known(2)).ids, first);
  });

  it('says what went wrong, and then everything is as it was', async () => {
    dump.modeOf = (file) => (file === '/npm/all.zip' ? 'corrupt' : undefined);
    const none = await sync(1);
    assert.equal(none.code, 3);
    assert.match(none.stderr, /^merlon: .*npm\.zip: .*damaged/);
    assert.deepEqual((await known(1)).state, undefined);
    dump.modeOf = undefined;
    await done(sync(1));
    dump.modeOf = () => 'absent';
    const failed = await sync(2);
    assert.deepEqual([failed.code, /the index is as it was/.test(failed.stderr)], [3, true]);
    assert.deepEqual(await known(2), { ids: first, complete: true, state: 'ok', asOf: '2026-09-01T00:00:00.000Z', reason: undefined });
  });

  it('is old after seven days, which is said loudly, and no check is less complete for it', async () => {
    await done(sync(1));
    const old = await known(9);
    assert.deepEqual([old.state, old.complete, old.reason], ['stale', true, 'it is 8 days old, and older than 7 days']);
    const said = await merlon(['check', '--offline', '--fail-on', 'never', ...at(9)], { cwd, env: env() });
    assert.equal(said.code, 0);
    assert.match(said.stdout, /index is old: it is 8 days old.*merlon db sync renews it/);
    const status = await merlon(['db', 'status', ...at(9)], { cwd, env: env() });
    assert.match(status.stdout, /8 days ago[^]*It is old, older than 7 days: merlon db sync renews it\n/);
    assert.doesNotMatch((await merlon(['db', 'status', ...at(2)], { cwd, env: env() })).stdout, /It is old/);
  });

  it('is old when --max-age says so', async () => {
    await done(sync(1));
    const stateAt = async (day: number, ...more: string[]) => {
      const result = await merlon(['check', '--offline', '--format', 'json', '--fail-on', 'never', ...at(day), ...more], {
        cwd,
        env: env(),
      });
      return report(result).sources.find(({ id }) => id === 'index')?.state;
    };
    assert.deepEqual([await stateAt(9, '--max-age', '2w'), await stateAt(3), await stateAt(3, '--max-age', '47h')], ['ok', 'ok', 'stale']);
    for (const [day, age, isOld] of [
      [9, '2w', false],
      [3, '47h', true],
      [3, '48h', false],
    ] as const) {
      const { stdout } = await merlon(['db', 'status', '--max-age', age, ...at(day)], { cwd, env: env() });
      assert.equal(/It is old/.test(stdout), isOld, `${age} on day ${day}`);
    }
    // The dump itself may be old.
    dump.lastModified = new Date('2026-09-01T00:00:00Z');
    const late = ['db', 'sync', '--dump-url', dump.url, ...at(4)];
    assert.equal((await merlon(late, { cwd, env: env() })).stderr, '');
    assert.match((await merlon([...late, '--max-age', '2d'], { cwd, env: env() })).stderr, /the dump itself was last changed 3 days ago/);
  });

  it('counts as of the youngest record of a mirror that does not say when it was brought up', async () => {
    await merlon(['db', 'sync', '--dump-url', dump.url, ...at(1)], { cwd, env: env() });
    const { state, asOf } = await known(1);
    assert.deepEqual([state, asOf], ['stale', '2026-08-20T00:00:00.123Z']);
  });

  it('refuses what it cannot do', async () => {
    for (const [args, message] of [
      [['--offline'], /takes no --offline/],
      [['x.zip'], /takes no file/],
      [['--out', 'x'], /no --out/],
      [['--dump-url', 'ftp://x'], /http or https/],
      [['--db', 'requirements.txt'], /keeps its index in a folder/],
    ] as const) {
      const { code, stderr } = await merlon(['db', 'sync', ...args], { cwd, env: env() });
      assert.equal(code, 2);
      assert.match(stderr, message);
    }
  });
});
