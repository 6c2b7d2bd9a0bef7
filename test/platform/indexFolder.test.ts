import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { openIndexFile } from '../../server/src/platform/indexFile';
import { indexStamp, locateIndex, publishIndex, touchIndex, writeWhole } from '../../server/src/platform/indexFolder';
import { temporaryFolder } from '../support/temporaryFolder';

const monday = new Date('2026-09-07T00:00:00Z');
const tuesday = new Date('2026-09-08T00:00:00Z');
const bytes = (text: string) => [Buffer.from(text.slice(0, 3)), Buffer.from(text.slice(3))];

describe('a folder with an index', () => {
  let folder: string;
  let remove: () => void;
  beforeEach(() => {
    const made = temporaryFolder();
    folder = path.join(made.path, 'index');
    remove = () => made.remove();
  });
  afterEach(() => remove());

  const located = () => {
    const found = locateIndex(folder);
    assert.ok(found && 'file' in found, JSON.stringify(found));
    return { text: fs.readFileSync(found.file, 'utf8'), asOf: found.asOf, file: path.basename(found.file) };
  };

  it('has none until one is published', async () => {
    assert.equal(locateIndex(folder), undefined);
    assert.equal(indexStamp(folder), '');
    await publishIndex(folder, bytes('first one'), monday);
    const { text, asOf } = located();
    assert.deepEqual([text, asOf], ['first one', monday]);
  });

  it('is never written over: who reads an index goes on reading it', async () => {
    await publishIndex(folder, bytes('first one'), monday);
    const before = located();
    const reader = openIndexFile(path.join(folder, before.file));
    assert.ok(reader && !('fault' in reader));
    const stamp = indexStamp(folder);
    await publishIndex(folder, bytes('second'), tuesday);
    await publishIndex(folder, bytes('third'), tuesday);
    assert.equal(Buffer.from(reader.read(0, 9)!).toString(), 'first one');
    reader.close();
    assert.equal(reader.read(0, 1), undefined);
    assert.equal(located().text, 'third');
    assert.notEqual(indexStamp(folder), stamp);
    // The one before stays a while; what is older goes.
    assert.deepEqual(fs.readdirSync(folder).filter((name) => name.endsWith('.merlondb')).length, 2);
    assert.ok(!fs.existsSync(path.join(folder, before.file)));
  });

  it('counts as of later where nothing had changed', async () => {
    await publishIndex(folder, bytes('first one'), monday);
    const { file } = located();
    await touchIndex(folder, tuesday);
    assert.deepEqual(located(), { text: 'first one', asOf: tuesday, file });
  });

  it('keeps its index when another cannot be written', async () => {
    await publishIndex(folder, bytes('first one'), monday);
    const broken = {
      get length(): number {
        throw Object.assign(new Error('ENOSPC: no space left'), { code: 'ENOSPC' });
      },
    };
    await assert.rejects(publishIndex(folder, [Buffer.from('half'), broken as unknown as Uint8Array], tuesday), /ENOSPC/);
    assert.equal(located().text, 'first one');
    assert.deepEqual(
      fs.readdirSync(folder).filter((name) => name.endsWith('.tmp')),
      [],
    );
  });

  it('tells a damaged pointer from none', async () => {
    await publishIndex(folder, bytes('first one'), monday);
    for (const text of [
      '',
      '{',
      'null',
      '{"format":"merlon.index/1"}',
      '{"format":"merlon.index/1","generation":1,"file":"../../x","asOf":"2026-01-01"}',
      'x'.repeat(5000),
    ]) {
      fs.writeFileSync(path.join(folder, 'index.json'), text);
      assert.deepEqual(locateIndex(folder), { fault: 'index.json in it is damaged' }, text);
    }
    // What is published then is newer than what lies there.
    await publishIndex(folder, bytes('second'), tuesday);
    assert.equal(located().text, 'second');
    assert.match(located().file, /^osv-2-/);
  });

  it('may be a file instead', async () => {
    fs.mkdirSync(folder);
    const file = path.join(folder, 'own.merlondb');
    await writeWhole(file, bytes('by itself'));
    assert.deepEqual(locateIndex(file), { file });
    assert.equal(fs.readFileSync(file, 'utf8'), 'by itself');
    assert.equal(locateIndex(path.join(file, 'below')), undefined);
  });
});
