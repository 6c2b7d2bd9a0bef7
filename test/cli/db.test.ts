import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { builtPrograms } from '../support/built';
import { hermetic, merlon, report, scratch } from '../support/cli';
import { startFakeOsv } from '../support/fakeOsv';
import { osvRecord } from '../support/osvRecords';
import { zipOf } from '../support/zip';

const flaw = osvRecord({
  id: 'PYSEC-2026-7',
  aliases: ['CVE-2026-7'],
  name: 'steady-llm',
  ranges: [[{ introduced: '0' }, { fixed: '2.0' }]],
  modified: '2026-08-30T00:00:00Z',
});
const malware = osvRecord({
  id: 'MAL-2026-8',
  ecosystem: 'npm',
  name: 'steady-bad',
  ranges: [[{ introduced: '0' }]],
  modified: '2026-08-31T00:00:00Z',
});
const manifests = {
  'requirements.txt': 'steady-llm==1.4\nunknown-llm==1.0\n',
  'package.json': '{ "dependencies": { "steady-bad": "1.0.0" } }\n',
};
const quiet = ['--fail-on', 'never', '--no-registries', '--now', '2026-09-01T12:00:00Z'];

describe('merlon db', function () {
  this.timeout(60_000);
  before(async () => void (await builtPrograms()));

  const folder = () =>
    scratch({
      ...manifests,
      'dumps/npm.zip': zipOf({ 'MAL-2026-8.json': JSON.stringify(malware) }),
      'dumps/pypi.jsonl': `${JSON.stringify(flaw)}\n`,
    });
  const build = async (cwd: string) => {
    const built = await merlon(['db', 'build', 'dumps/npm.zip', 'dumps/pypi.jsonl', '--out', 'osv.merlondb', '--now', '2026-09-01'], {
      cwd,
    });
    assert.deepEqual([built.code, built.stderr], [0, '']);
    return built;
  };
  const check = async (cwd: string, ...more: string[]) => {
    const result = await merlon(['check', '--format', 'json', ...quiet, ...more], { cwd });
    const { findings, sources, complete } = report(result);
    const told = findings
      .filter(({ advisories }) => advisories.length > 0)
      .map((one) => `${one.package}: ${one.advisories.map(({ id }) => id).join()}`);
    return { code: result.code, told: told.sort(), index: sources.find(({ id }) => id === 'index'), complete };
  };

  it('makes an index that answers with no network, and says what it holds', async () => {
    const cwd = folder();
    const { stdout } = await build(cwd);
    assert.match(stdout, /^osv\.merlondb: npm: 1 record on 1 name, PyPI: 1 record on 1 name, 0\.0 MB\n$/);
    assert.deepEqual(await check(cwd, '--offline', '--db', 'osv.merlondb'), {
      code: 0,
      told: ['steady-bad: MAL-2026-8', 'steady-llm: PYSEC-2026-7'],
      // PyPI’s youngest record is older than npm’s.
      index: { id: 'index', state: 'ok', asOf: '2026-08-30T00:00:00.000Z' },
      complete: true,
    });
    const status = await merlon(['db', 'status', '--verify', '--db', 'osv.merlondb', '--now', '2026-09-01T12:00:00Z'], { cwd });
    assert.equal(status.code, 0);
    assert.match(
      status.stdout,
      /as of 2026-08-30T00:00:00\.000Z \(2 days ago\)[^]*OpenSSF Malicious Packages[^]*Every part of it is sound\./,
    );
  });

  it('goes on to say of an index which of its sources could not be read', async () => {
    const cwd = scratch({
      ...manifests,
      'pypi.jsonl': `${JSON.stringify(flaw)}\n{"id":"PYSEC-2026-9","modified":"2026-08-29T00:00:00Z","affected":"all"}\n`,
      'npm.jsonl': JSON.stringify(malware),
    });
    const built = await merlon(['db', 'build', 'pypi.jsonl', 'npm.jsonl', '--out', 'osv.merlondb', '--now', '2026-09-01'], { cwd });
    assert.equal(built.code, 3);
    const { index, complete } = await check(cwd, '--offline', '--db', 'osv.merlondb');
    const reason = 'one record that it was made of could not be read';
    assert.deepEqual([index, complete], [{ id: 'index', state: 'ok', asOf: '2026-08-30T00:00:00.000Z', reason }, true]);
    const text = await merlon(['check', ...quiet, '--offline', '--db', 'osv.merlondb'], { cwd });
    assert.match(text.stdout, /index as of 2026-08-30 \(one record that it was made of could not be read\)/);
    const sarif = await merlon(['check', ...quiet, '--offline', '--db', 'osv.merlondb', '--format', 'sarif'], { cwd });
    assert.match(sarif.stdout, /index: one record that it was made of could not be read/);
  });

  it('says all that an index leaves open, wherever it says anything: that it is old, what it lacks, what could not be decided', async () => {
    const open = osvRecord({ id: 'PYSEC-2026-5', name: 'steady-llm', ranges: [[{ introduced: '1.0' }, { fixed: '2019-09-12' }]] });
    const cwd = scratch({
      ...manifests,
      'pypi.jsonl': `${JSON.stringify(flaw)}\n${JSON.stringify(open)}\n{"id":"PYSEC-2026-9","modified":"2026-08-29T00:00:00Z","affected":"all"}\n`,
      'npm.jsonl': JSON.stringify(malware),
      'requirements.txt': 'steady-llm==2.1\n',
    });
    await merlon(['db', 'build', 'pypi.jsonl', 'npm.jsonl', '--out', 'osv.merlondb', '--now', '2026-09-01'], { cwd });
    const told = async (format: string, ...more: string[]) => {
      const argv = ['check', '--offline', '--db', 'osv.merlondb', '--fail-on', 'never', '--now', '2026-09-10', '--format', format, ...more];
      const { code, stdout } = await merlon(argv, { cwd });
      assert.equal(code, 3, format);
      return stdout;
    };
    const rest = 'one record that it was made of could not be read; which releases PYSEC-2026-5 affects could not be read';
    const reason = `it is 11 days old, and older than 7 days; ${rest}`;
    const { sources } = JSON.parse(await told('json')) as { sources: { id: string; state: string; reason?: string }[] };
    const index = sources.find(({ id }) => id === 'index');
    assert.deepEqual([index?.state, index?.reason], ['stale', reason]);
    assert.ok((await told('text')).includes(`index is old: ${reason}; merlon db build renews it\n`));
    assert.ok((await told('sarif')).includes(`"index is old: ${reason}"`));
    assert.ok((await told('html')).includes(`I${reason.slice(1)}. `));
    const github = await told('github');
    assert.ok(github.includes(`::warning title=Merlon%3A old::index is old: ${reason}\n`), github);
    assert.match(github, /^::notice title=Merlon%3A not asked::osv \(offline\), npm-registry \(offline\), pypi \(offline\)$/m);

    const limited = await told('text', '--max-age', '36h');
    assert.ok(limited.includes(`index is old: it is 11 days old, and older than the 36 hours of --max-age; ${rest};`), limited);
    const young = await told('text', '--max-age', '2w');
    assert.ok(young.includes(`index as of 2026-08-30 (${rest})`), young);
    const status = await merlon(['db', 'status', '--db', 'osv.merlondb', '--now', '2026-09-10', '--max-age', '1d'], { cwd });
    assert.match(status.stdout, /^It is old, older than the 1 day of --max-age: merlon db build renews it$/m);
  });

  it('makes a file where a file is named', async () => {
    const cwd = folder();
    const built = await merlon(['db', 'build', 'dumps/npm.zip', '--db', 'mine.merlondb'], { cwd });
    assert.equal(built.code, 0);
    assert.ok(fs.statSync(path.join(cwd, 'mine.merlondb')).isFile());
    for (const name of ['mine.merlondb', 'none.MERLONDB']) {
      const { code, stderr } = await merlon(['db', 'sync', '--db', name, '--dump-url', 'http://127.0.0.1:9'], { cwd });
      assert.equal(code, 2);
      assert.match(stderr, /db sync keeps its index in a folder: name one, or make a file with db build$/m);
    }
    assert.ok(!fs.existsSync(path.join(cwd, 'none.MERLONDB')));
  });

  it('puts it where it is looked for, and without one nothing is said of it', async () => {
    const cwd = folder();
    const env = { MERLON_CACHE_DIR: path.join(cwd, 'cache') };
    const none = await merlon(['db', 'status'], { cwd, env });
    assert.match(none.stdout, /^There is no offline index at /);
    const before = report(await merlon(['check', '--offline', '--format', 'json', ...quiet], { cwd, env }));
    assert.ok(before.sources.every(({ id }) => id !== 'index'));
    assert.equal((await merlon(['db', 'build', 'dumps/npm.zip', 'dumps/pypi.jsonl'], { cwd, env })).code, 0);
    const after = report(await merlon(['check', '--offline', '--format', 'json', ...quiet], { cwd, env }));
    assert.equal(after.sources.find(({ id }) => id === 'index')?.state, 'ok');
    assert.deepEqual(fs.readdirSync(path.join(cwd, 'cache', 'index')).length, 2);
  });

  it('never takes a damaged or missing index for one that knows nothing', async () => {
    const cwd = folder();
    await build(cwd);
    const place = path.join(cwd, 'osv.merlondb');
    const sound = fs.readFileSync(place);
    fs.writeFileSync(place, sound.subarray(0, sound.length - 1));
    const cut = await check(cwd, '--offline', '--db', 'osv.merlondb');
    assert.deepEqual([cut.code, cut.complete, cut.told, cut.index?.state], [3, false, [], 'unavailable']);
    assert.match(cut.index?.reason ?? '', /could not be read: it is \d+ bytes long instead of \d+/);
    const bytes = Buffer.from(sound);
    bytes[bytes.length - 2]! ^= 4;
    fs.writeFileSync(place, bytes);
    const damaged = await check(cwd, '--offline', '--db', 'osv.merlondb');
    assert.deepEqual(
      [damaged.code, damaged.index?.state, damaged.index?.reason],
      [3, 'unavailable', 'the offline index could not be read: a part of it is damaged'],
    );
    const status = await merlon(['db', 'status', '--verify', '--db', 'osv.merlondb'], { cwd });
    assert.equal(status.code, 3);
    assert.match(status.stdout, /It is damaged:\n {2}part 1 of 1: a part of it is damaged/);
    for (const argv of [
      ['check', '--db', 'none'],
      ['db', 'status', '--db', 'none'],
      ['db', 'build', 'none.zip', '--out', 'x'],
    ]) {
      const missing = await merlon(argv, { cwd });
      assert.equal(missing.code, 2, argv.join(' '));
      assert.match(missing.stderr, /no such file or folder/);
    }
  });

  it('counts bad records and builds; of a broken archive it builds nothing', async () => {
    const cwd = scratch({
      'a.jsonl': `${JSON.stringify(flaw)}\nnot json\n{"no":"id"}\n`,
      'b.zip': zipOf({ 'a.json': '{}' }).subarray(0, 50),
      'c.jsonl': 'nothing\n',
    });
    const built = await merlon(['db', 'build', 'a.jsonl', '--out', 'osv.merlondb'], { cwd });
    assert.equal(built.code, 3);
    assert.match(built.stderr, /a\.jsonl, line 2: it is not JSON\nmerlon: a\.jsonl, line 3: it has no id\n[^]*2 records could not be read/);
    const before = fs.readFileSync(path.join(cwd, 'osv.merlondb'));
    const broken = await merlon(['db', 'build', 'b.zip', '--out', 'osv.merlondb'], { cwd });
    assert.equal(broken.code, 3);
    assert.match(broken.stderr, /b\.zip: it is no zip archive, or it is truncated: no index was written/);
    assert.deepEqual(fs.readFileSync(path.join(cwd, 'osv.merlondb')), before);
    const empty = await merlon(['db', 'build', 'c.jsonl', '--out', 'osv.merlondb'], { cwd });
    assert.equal(empty.code, 3);
    assert.match(
      empty.stderr,
      /^merlon: there is no record of npm or PyPI in it \(c\.jsonl, line 1: it is not JSON\): no index was written\n$/,
    );
    assert.deepEqual(fs.readFileSync(path.join(cwd, 'osv.merlondb')), before);
  });

  it('says that the disk has no room, and leaves the index as it was', async function () {
    if (process.platform !== 'linux') return this.skip();
    const cwd = scratch({ 'a.jsonl': `${JSON.stringify(flaw)}\n` });
    assert.equal((await merlon(['db', 'build', 'a.jsonl', '--out', 'osv.merlondb'], { cwd })).code, 0);
    const before = fs.readFileSync(path.join(cwd, 'osv.merlondb'));
    const names = fs.readdirSync(cwd);
    const { cli } = await builtPrograms();
    const child = spawn(
      'bash',
      ['-c', 'ulimit -f 0; exec "$@"', 'bash', process.execPath, cli, 'db', 'build', 'a.jsonl', '--out', 'osv.merlondb'],
      {
        cwd,
        env: hermetic(),
        stdio: ['ignore', 'ignore', 'pipe'],
      },
    );
    let errors = '';
    child.stderr.on('data', (data: Buffer) => (errors += String(data)));
    const code = await new Promise((resolve) => child.once('close', resolve));
    assert.deepEqual([code, errors], [3, 'merlon: there is no room on the disk: no index was written\n']);
    assert.deepEqual(fs.readdirSync(cwd), names);
    assert.deepEqual(fs.readFileSync(path.join(cwd, 'osv.merlondb')), before);
  });

  it('gives way to what OSV itself says today', async () => {
    const cwd = folder();
    await build(cwd);
    const osv = await startFakeOsv([flaw]);
    try {
      // The malware record was withdrawn since.
      const { code, told } = await check(cwd, '--osv-url', osv.url, '--db', 'osv.merlondb');
      assert.deepEqual([code, told], [0, ['steady-llm: PYSEC-2026-7']]);
    } finally {
      await osv.close();
    }
    // OSV is down: what the index knows still stands, and the check says that it is incomplete.
    const down = await check(cwd, '--osv-url', osv.url, '--db', 'osv.merlondb');
    assert.deepEqual([down.code, down.told], [3, ['steady-bad: MAL-2026-8', 'steady-llm: PYSEC-2026-7']]);
  });
});
