import assert from 'node:assert/strict';
import fc from 'fast-check';
import { shown, type Lookup } from '../../server/src/core/lookup';
import type { Advisory } from '../../server/src/core/advisory';
import { openIndex } from '../../server/src/offline/reader';
import { builtOf, bytesOf, indexFeed, said, sourceOf } from '../support/offlineIndex';
import { osvRecord, versionsOf } from '../support/osvRecords';

// An index that is not as it was written says so, and never that nothing is known.

const count = 24;
const records = Array.from({ length: count }, (_, n) =>
  osvRecord({
    id: n % 3 ? `PYSEC-2026-${n}` : `MAL-2026-${n}`,
    ecosystem: n % 2 ? 'npm' : 'PyPI',
    name: `package-${n}`,
    versions: n % 3 ? ['1.0.0', '3.0.0'] : ['1.0.0'],
    ranges: n % 3 ? [[{ introduced: '0' }, { fixed: `2.0.${n}` }]] : [],
  }),
);
const sound = bytesOf(builtOf(records));
const packages = Array.from({ length: count + 8 }, (_, n) => ({ ecosystem: n % 2 ? 'npm' : 'PyPI', name: `package-${n}` }));
const asked = ['1.0.0', '2.0.0', '3.0.0', '4.0.0'];

const verdicts = (answer: Lookup<readonly Advisory[]>) => shown(answer)?.map((one) => said(one, asked));
const expected = indexFeed(sound).held(packages).map(verdicts);

/** Every answer is the right one, or none at all with the reason. How many are none. */
function unavailableOf(bytes: Uint8Array): number {
  let none = 0;
  for (const [i, answer] of indexFeed(bytes).held(packages).entries()) {
    if (answer.state === 'known') assert.deepEqual(verdicts(answer), expected[i]);
    else {
      assert.equal(answer.state, 'unavailable');
      assert.match(answer.reason, /^the offline index could not be read: ./);
      none++;
    }
  }
  return none;
}

describe('a damaged index', () => {
  it('is not what is tested against', () => {
    assert.equal(unavailableOf(sound), 0);
    assert.equal(expected.filter((one) => one!.length > 0).length, count);
  });

  it('is known at every single byte', () => {
    let touched = 0;
    for (let at = 0; at < sound.length; at++) {
      const bytes = Buffer.from(sound);
      bytes[at] = bytes[at]! ^ (1 << (at % 8));
      const none = unavailableOf(bytes);
      const index = openIndex(sourceOf(bytes), versionsOf);
      assert.ok('fault' in index || index.verify().length > 0, `byte ${at}`);
      if (none > 0) touched++;
    }
    // Nothing in the file is of no use to anybody.
    assert.equal(touched, sound.length);
  }).timeout(120_000);

  it('is known wherever it is cut off, when it is opened', () => {
    for (let length = 0; length < sound.length; length++) {
      const index = openIndex(sourceOf(sound.subarray(0, length)), versionsOf);
      assert.ok('fault' in index, `${length} bytes`);
    }
    assert.ok('fault' in openIndex(sourceOf(Buffer.concat([sound, Buffer.alloc(1)])), versionsOf));
    assert.equal(unavailableOf(sound.subarray(0, sound.length - 1)), packages.length);
  });

  it('is known after any change of any stretch', () => {
    fc.assert(
      fc.property(fc.nat(sound.length - 1), fc.uint8Array({ minLength: 1, maxLength: 64 }), (at, junk) => {
        const bytes = Buffer.from(sound);
        bytes.set(junk.subarray(0, bytes.length - at), at);
        unavailableOf(bytes);
      }),
      { numRuns: 300 },
    );
  });

  it('is no index where any bytes are', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => assert.ok('fault' in openIndex(sourceOf(bytes), versionsOf))));
  });

  it('that is cut off under who reads it is unavailable too', () => {
    const source = sourceOf(sound);
    let gone = false;
    const index = openIndex({ ...source, read: (offset, length) => (gone ? undefined : source.read(offset, length)) }, versionsOf);
    assert.ok(!('fault' in index));
    gone = true;
    assert.deepEqual(index.find('PyPI', 'package-0'), { fault: 'a part of it could not be read' });
  });

  it('of another format says which', () => {
    const bytes = Buffer.from(sound);
    bytes.writeUInt32LE(99, 8);
    const source = sourceOf(bytes);
    bytes.writeUInt32LE(source.crc32(bytes.subarray(0, 32)), 32);
    const index = openIndex(sourceOf(bytes), versionsOf);
    assert.ok('fault' in index && index.fault.startsWith('it has format 99'));
  });
});
