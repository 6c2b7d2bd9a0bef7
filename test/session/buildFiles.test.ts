import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { takeLock } from '../../server/src/platform/lockFile';
import { createIndexAccess } from '../../server/src/session/indexAccess';
import { buildFiles, type BuildFilesOptions } from '../../server/src/session/sync/buildFiles';
import { directWork } from '../../server/src/session/sync/work';
import { indexedAt } from '../support/offlineIndex';
import { osvRecord, versionsOf } from '../support/osvRecords';
import { temporaryFolder } from '../support/temporaryFolder';
import { zipOf } from '../support/zip';

const pypi = (n: number, more: object = {}) => osvRecord({ id: `PYSEC-2026-${n}`, name: `flawed-${n}`, versions: ['1.0'], ...more });
const npm = (n: number) => osvRecord({ id: `MAL-2026-${n}`, ecosystem: 'npm', name: `bad-${n}`, versions: ['1.0.0'] });
const jsonl = (records: readonly object[]) => records.map((record) => JSON.stringify(record)).join('\n');

describe('an offline index that is built from files', () => {
  let root: string;
  let folder: string;
  let remove: () => void;
  beforeEach(() => {
    const made = temporaryFolder();
    root = made.path;
    folder = path.join(root, 'index');
    remove = () => made.remove();
  });
  afterEach(() => remove());

  const write = (name: string, content: string | Buffer) => {
    const place = path.join(root, name);
    fs.mkdirSync(path.dirname(place), { recursive: true });
    fs.writeFileSync(place, content);
    return place;
  };
  const build = (sources: readonly string[], more: Partial<BuildFilesOptions> = {}) =>
    buildFiles({ sources, into: { folder }, now: indexedAt, work: directWork, ...more });
  const recordsIn = (place: string) => {
    const access = createIndexAccess({ place, versionsOf, named: false });
    const current = access.current();
    access.close();
    return current.state === 'open' ? current.index.meta.records : current.state;
  };

  it('takes zips, lines and folders together, and says what it holds and what it could not read', async () => {
    const steps: string[] = [];
    const sources = [
      write('npm.zip', zipOf({ 'a.json': JSON.stringify(npm(1)) })),
      write('pypi.jsonl', `${jsonl([pypi(1)])}\nno record\n`),
      path.dirname(path.dirname(write('records/deep/PYSEC-2026-2.json', JSON.stringify(pypi(2, { modified: '2026-02-01T00:00:00Z' }))))),
    ];
    const outcome = await build(sources, { onProgress: ({ text }) => void steps.push(text) });
    assert.ok(outcome.state === 'built', JSON.stringify(outcome));
    assert.deepEqual([outcome.meta.records, outcome.unreadable, outcome.meta.asOf], [3, 1, '2026-01-01T00:00:00.000Z']);
    assert.match(outcome.faults.join(), /pypi\.jsonl, line 2: it is not JSON/);
    assert.equal(fs.statSync(outcome.file).size, outcome.size);
    assert.deepEqual([recordsIn(folder), steps[0]], [3, 'building the offline index']);
    assert.ok(!fs.existsSync(path.join(folder, 'sync.lock')));
  });

  it('leaves whoever reads the one before with it, and carries no note of a dump', async () => {
    await build([write('a.jsonl', jsonl([pypi(1)]))]);
    const access = createIndexAccess({ place: folder, versionsOf, named: false, lookAgainMs: 1_000_000 });
    const before = access.current();
    assert.ok(before.state === 'open');
    fs.writeFileSync(
      path.join(folder, 'index.json'),
      fs.readFileSync(path.join(folder, 'index.json'), 'utf8').replace('}', ',"sync":{"dump":"https://osv.example"}}'),
    );
    await build([write('b.jsonl', jsonl([pypi(2), npm(2)]))]);
    const found = before.index.find('PyPI', 'flawed-1');
    assert.ok('records' in found && found.records.length === 1);
    assert.equal(recordsIn(folder), 2);
    assert.doesNotMatch(fs.readFileSync(path.join(folder, 'index.json'), 'utf8'), /sync/);
    access.close();
  });

  describe('is not there where it fails, and the one before stays', () => {
    beforeEach(async () => {
      const made = await build([write('old.jsonl', jsonl([pypi(1), pypi(2), pypi(3)]))]);
      assert.equal(made.state, 'built');
    });
    let left: string[];
    beforeEach(() => {
      left = fs.readdirSync(folder).sort();
    });
    afterEach(() => {
      assert.equal(recordsIn(folder), 3);
      assert.deepEqual(fs.readdirSync(folder).sort(), left);
    });

    const sound = () => write('new.jsonl', jsonl([npm(1)]));
    it('since a file is cut off', async () => {
      const outcome = await build([sound(), write('cut.zip', zipOf({ 'a.json': JSON.stringify(npm(2)) }).subarray(0, 60))]);
      assert.ok(outcome.state === 'failed' && /cut\.zip: it is no zip archive, or it is truncated/.test(outcome.message));
    });
    it('since a file is not there', async () => {
      const outcome = await build([sound(), path.join(root, 'none.zip')]);
      assert.ok(outcome.state === 'failed' && /there is no such file or folder/.test(outcome.message));
    });
    it('since there is no record in any', async () => {
      fs.mkdirSync(path.join(root, 'empty'));
      for (const [source, why] of [
        [path.join(root, 'empty'), /^there is no record of npm or PyPI in it$/],
        [write('text.jsonl', 'hello\n'), /^there is no record of npm or PyPI in it \(.*text\.jsonl, line 1: it is not JSON\)$/],
        [write('other.jsonl', jsonl([osvRecord({ ecosystem: 'Go', name: 'x' })])), /^there is no record of npm or PyPI in it$/],
      ] as const) {
        const outcome = await build([source]);
        assert.ok(outcome.state === 'failed' && why.test(outcome.message), JSON.stringify(outcome));
      }
    });
    it('since the disk is full', async () => {
      const { fsyncSync } = fs;
      fs.fsyncSync = () => {
        throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
      };
      try {
        const outcome = await build([sound()]);
        assert.deepEqual(outcome, { state: 'failed', message: 'there is no room on the disk' });
      } finally {
        fs.fsyncSync = fsyncSync;
      }
    });
    it('since somebody gives it up', async () => {
      const controller = new AbortController();
      const building = build([sound()], { signal: controller.signal });
      controller.abort();
      await assert.rejects(building, { name: 'AbortError' });
    });
    it('since another is at work', async () => {
      const lock = takeLock(path.join(folder, 'sync.lock'));
      assert.ok('release' in lock);
      const outcome = await build([sound()]);
      assert.deepEqual(outcome, { state: 'busy', message: `the index is being synced or built already, by process ${process.pid}` });
      lock.release();
    });
  });
});
