import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Cache } from '../../server/src/core/io';
import { fixedClock } from '../../server/src/platform/clock';
import { createDiskCache, noCache } from '../../server/src/platform/diskCache';
import { canLink, temporaryFolder } from '../support/temporaryFolder';

const run = promisify(execFile);
const clock = fixedClock(new Date('2026-06-01T12:00:00Z'));

describe('cache on disk', () => {
  let folder: ReturnType<typeof temporaryFolder>;
  let cache: Cache;
  const files = () =>
    fs
      .readdirSync(folder.path, { recursive: true, withFileTypes: true })
      .flatMap((entry) => (entry.isFile() && /\.(json|tmp)$/.test(entry.name) ? [path.join(entry.parentPath, entry.name)] : []));

  beforeEach(() => {
    folder = temporaryFolder();
    cache = createDiskCache({ folder: path.join(folder.path, 'new', 'cache'), clock });
  });
  afterEach(() => folder.remove());

  it('keeps values by key, dated by the clock, and replaces them', async () => {
    assert.equal(await cache.get('a'), undefined);
    await cache.put('a', { one: [1, null, 'é'] });
    await cache.put('A', 'another');
    assert.deepEqual(await cache.get('a'), { storedAt: clock.now(), value: { one: [1, null, 'é'] } });
    assert.deepEqual((await cache.get('A'))?.value, 'another');
    await cache.put('a', 2);
    assert.equal((await cache.get('a'))?.value, 2);
    assert.equal(files().length, 2);
    await cache.clear();
    assert.equal(await cache.get('a'), undefined);
    await cache.put('a', 3);
    assert.equal((await cache.get('a'))?.value, 3);
  });

  it('takes keys of any letters and length', async () => {
    for (const key of ['../../x', 'CON', 'a\0b', '', 'x'.repeat(100_000), '__proto__']) {
      await cache.put(key, key.length);
      assert.equal((await cache.get(key))?.value, key.length);
    }
    assert.ok(files().every((file) => file.startsWith(path.join(folder.path, 'new', 'cache'))));
  });

  it('takes a damaged entry, another key’s, or another format’s for none, and heals it', async () => {
    await cache.put('a', 1);
    const [file] = files();
    const text = fs.readFileSync(file!, 'utf8');
    const stored = JSON.parse(text) as object;
    const damaged = [
      '',
      'null',
      '[]',
      text.slice(0, -5),
      JSON.stringify({ ...stored, key: 'b' }),
      JSON.stringify({ ...stored, format: 99 }),
      JSON.stringify({ ...stored, storedAt: 'once' }),
      JSON.stringify({ ...stored, storedAt: 5 }),
    ];
    for (const content of damaged) {
      fs.writeFileSync(file!, content);
      assert.equal(await cache.get('a'), undefined, content);
    }
    await cache.put('a', 2);
    assert.equal((await cache.get('a'))?.value, 2);
  });

  it('rejects nothing: no folder can be made, no value can be written', async () => {
    const blocked = path.join(folder.path, 'file');
    fs.writeFileSync(blocked, 'x');
    const broken = createDiskCache({ folder: path.join(blocked, 'cache'), clock });
    await broken.put('a', 1);
    assert.equal(await broken.get('a'), undefined);
    await broken.clear();
    const circle: unknown[] = [];
    circle.push(circle);
    await cache.put('a', circle);
    await cache.put('b', 1n);
    assert.equal(await cache.get('a'), undefined);
    // A folder where the entry should be.
    await cache.put('c', 1);
    const [file] = files();
    fs.rmSync(file!);
    fs.mkdirSync(file!);
    await cache.put('c', 2);
    assert.equal(await cache.get('c'), undefined);
    assert.deepEqual(files(), []);
  });

  (canLink ? it : it.skip)('follows no links (skipped where links need a privilege)', async () => {
    await cache.put('a', 1);
    const [file] = files();
    const elsewhere = path.join(folder.path, 'elsewhere.json');
    fs.renameSync(file!, elsewhere);
    fs.symlinkSync(elsewhere, file!);
    assert.equal(await cache.get('a'), undefined);
    const before = fs.readFileSync(elsewhere, 'utf8');
    await cache.put('a', 2);
    assert.equal(fs.readFileSync(elsewhere, 'utf8'), before, 'the link is replaced, not written through');
    assert.equal((await cache.get('a'))?.value, 2);
  });

  it('lets the oldest go when it is over its size, and what was left half written', async () => {
    const place = path.join(folder.path, 'small');
    const value = 'x'.repeat(1000);
    const first = createDiskCache({ folder: place, clock, maxBytes: 20_000 });
    for (let i = 0; i < 60; i++) {
      await first.put(`k${i}`, value);
      // Modification times have the order of writing, whatever the resolution of the disk's clock.
      for (const file of files()) if (fs.readFileSync(file, 'utf8').includes(`"k${i}"`)) fs.utimesSync(file, 1000 + i, 1000 + i);
    }
    const size = files().reduce((sum, file) => sum + fs.statSync(file).size, 0);
    assert.ok(size <= 25_000, `${size}`);
    assert.equal(await first.get('k0'), undefined);
    assert.ok(await first.get('k59'));
    const parent = path.dirname(files()[0]!);
    const [old, young] = [path.join(parent, 'old.tmp'), path.join(parent, 'young.tmp')];
    fs.writeFileSync(old, 'x');
    fs.utimesSync(old, 1000, 1000);
    fs.writeFileSync(young, 'x');
    await createDiskCache({ folder: place, clock, maxBytes: 20_000 }).put('k60', value);
    assert.ok(!fs.existsSync(old));
    assert.ok(fs.existsSync(young));
  });

  it('remembers nothing where there is to be no cache', async () => {
    await noCache.put('a', 1);
    await noCache.clear();
    assert.equal(await noCache.get('a'), undefined);
  });

  it('is shared by processes: every reader sees a whole entry', async () => {
    const place = path.join(folder.path, 'shared');
    const script = path.join(folder.path, 'writer.cjs');
    const root = process.env.MERLON_ROOT ?? process.cwd();
    const writer = `
      import { createDiskCache } from './server/src/platform/diskCache';
      import { systemClock } from './server/src/platform/clock';
      const [folder, letter] = process.argv.slice(2);
      const cache = createDiskCache({ folder, clock: systemClock });
      (async () => {
        for (let i = 0; i < 150; i++) {
          await cache.put('shared', letter.repeat(20_000));
          const value = (await cache.get('shared'))?.value;
          if (typeof value !== 'string' || value.length !== 20_000 || new Set(value).size !== 1) throw new Error('torn');
        }
      })();`;
    const options = { stdin: { contents: writer, resolveDir: root, loader: 'ts' }, outfile: script };
    const bundler = `
      import { build } from 'esbuild';
      import { common } from './scripts/esbuild.mjs';
      await build({ ...common, ...${JSON.stringify(options)} });`;
    await run(process.execPath, ['--input-type=module', '-e', bundler], { cwd: root });
    await Promise.all(['a', 'b'].map((letter) => run(process.execPath, [script, place, letter])));
    const value = (await createDiskCache({ folder: place, clock }).get('shared'))?.value as string;
    assert.equal(value.length, 20_000);
    assert.ok(fs.readdirSync(place, { recursive: true }).every((name) => !String(name).endsWith('.tmp')));
  });
});
