import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import zlib from 'node:zlib';
import fc from 'fast-check';
import { ArchiveFault, zipEntries } from '../../server/src/platform/zip';
import { temporaryFolder } from '../support/temporaryFolder';
import { zipOf } from '../support/zip';

describe('zip archives', () => {
  let folder: ReturnType<typeof temporaryFolder>;
  before(() => (folder = temporaryFolder()));
  after(() => folder.remove());

  function read(bytes: Buffer, mostBytes = 1 << 20) {
    const place = path.join(folder.path, 'a.zip');
    fs.writeFileSync(place, bytes);
    return [...zipEntries(place, mostBytes)].map((entry) => [entry.name, 'bytes' in entry ? entry.bytes.toString() : entry.tooLong]);
  }

  const files = { 'A-1.json': '{"id":"A-1"}', 'ü/B.json': 'b'.repeat(5000), empty: '' };

  it('give their files, stored and deflated, in their order, and no folders', () => {
    for (const way of [{}, { stored: true }, { zip64: true }, { comment: 'PK\x05\x06 is no end' }, { descriptors: true }])
      assert.deepEqual(read(zipOf({ ...files, 'folder/': '' }, way)), Object.entries(files), JSON.stringify(way));
  });

  it('may name anything: a name is no path', () => {
    assert.deepEqual(
      read(zipOf({ '../../etc/x.json': '1', '/abs.json': '2', 'C:\\x.json': '3' })).map(([name]) => name),
      ['../../etc/x.json', '/abs.json', 'C:\\x.json'],
    );
  });

  it('do not unpack to more than is allowed, nor to more than they say', () => {
    const bomb = zipOf({ 'big.json': '0'.repeat(3 << 20), 'a.json': '1' });
    assert.ok(bomb.length < 10_000);
    assert.deepEqual(read(bomb), [
      ['big.json', true],
      ['a.json', '1'],
    ]);
    assert.throws(() => read(zipOf({ 'big.json': '0'.repeat(3 << 20) }, { saying: 100 })), ArchiveFault);
    const overlapping = zipOf(Object.fromEntries(Array.from({ length: 400 }, (_, n) => [`${n}.json`, 'x'.repeat(900)])), {
      overlapping: true,
      stored: true,
    });
    assert.throws(() => read(overlapping), ArchiveFault);
  });

  it('that are truncated or damaged are told, wherever it is', () => {
    const sound = zipOf(files);
    for (let length = 0; length < sound.length; length += 7)
      assert.throws(() => read(sound.subarray(0, length)), ArchiveFault, `${length}`);
    const whole = Object.entries(files);
    fc.assert(
      fc.property(fc.nat(sound.length - 1), fc.integer({ min: 1, max: 255 }), (at, by) => {
        const bytes = Buffer.from(sound);
        bytes[at] = bytes[at]! ^ by;
        try {
          // What is not read of an archive, such as dates, may be anything.
          for (const [i, entry] of read(bytes).entries()) if (entry[1] !== true) assert.deepEqual(entry, whole[i]);
        } catch (error) {
          assert.ok(error instanceof ArchiveFault, String(error));
        }
      }),
      { numRuns: 400 },
    );
  });

  it('of other kinds are told', () => {
    assert.throws(() => read(Buffer.from('nothing of the kind')), /no zip archive/);
    assert.throws(() => read(zipOf(files, { method: 12 })), /a way that is not read/);
    assert.throws(() => read(zlib.gzipSync('x'.repeat(100))), ArchiveFault);
  });
});
