import assert from 'node:assert/strict';
import fc from 'fast-check';
import { readRecord } from '../../../../server/src/ecosystems/pypi/environment/recordFile';

const digest = 'hsrPt2RQS7x0bpe5nDcaIXeb2c5jcGdv7KIl3tnqj80';

describe('RECORD', () => {
  it('reads path, hash and size', () => {
    assert.deepEqual([...readRecord(`a/b.py,sha256=${digest},12\n`)], [{ path: 'a/b.py', algorithm: 'sha256', digest, size: 12 }]);
  });

  for (const [name, end] of [
    ['LF', '\n'],
    ['CRLF', '\r\n'],
    ['CR', '\r'],
  ] as const) {
    it(`ends rows at ${name}, leaves out empty ones, and needs no end at the last`, () => {
      const text = [`a.py,sha256=${digest},1`, '', 'b.py,,', 'x-1.dist-info/RECORD,,'].join(end);
      assert.deepEqual(
        [...readRecord(text)].map((entry) => ('path' in entry ? entry.path : entry.fault)),
        ['a.py', 'b.py', 'x-1.dist-info/RECORD'],
      );
    });
  }

  it('reads quoted fields with commas, quotes and line breaks', () => {
    const [first, second] = [...readRecord('"a,b ""c"".py",,\n"line\nbreak.py",,7\n')];
    assert.deepEqual([first, second], [{ path: 'a,b "c".py' }, { path: 'line\nbreak.py', size: 7 }]);
  });

  it('takes padded and standard base64, and hex, for what they mean', () => {
    const hex = Buffer.from(digest, 'base64url').toString('hex');
    const standard = Buffer.from(digest, 'base64url').toString('base64');
    for (const written of [hex, hex.toUpperCase(), standard, `${digest}=`])
      assert.deepEqual([...readRecord(`a,sha256=${written},`)], [{ path: 'a', algorithm: 'sha256', digest }], written);
  });

  it('skips a byte order mark', () => assert.deepEqual([...readRecord('\ufeffa.py,,')], [{ path: 'a.py' }]));

  it('says which row it cannot understand, and reads the others', () => {
    const rows = [...readRecord('a.py,,\nb.py,nonsense,\nc.py,,x\n,,\nd,e=f,1,2\nlast.py,,\n')];
    assert.deepEqual(rows, [
      { path: 'a.py' },
      { fault: 'line 2 is no row of path, hash and size' },
      { fault: 'line 3 is no row of path, hash and size' },
      { fault: 'line 4 is no row of path, hash and size' },
      { fault: 'line 5 is no row of path, hash and size' },
      { path: 'last.py' },
    ]);
  });

  it('reads back what a writer of CSV wrote', () => {
    const path = fc.string({ unit: 'grapheme', minLength: 1 }).filter((text) => !text.startsWith('\ufeff') && !text.includes('\0'));
    fc.assert(
      fc.property(
        fc.array(fc.record({ path, size: fc.option(fc.nat(), { nil: undefined }) })),
        fc.constantFrom('\n', '\r\n'),
        (rows, end) => {
          const quoted = (text: string) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
          const text = rows.map((row) => `${quoted(row.path)},sha256=${digest},${row.size ?? ''}`).join(end);
          assert.deepEqual(
            [...readRecord(text)],
            rows.map((row) => ({ path: row.path, algorithm: 'sha256', digest, ...(row.size !== undefined && { size: row.size }) })),
          );
        },
      ),
      { numRuns: 500 },
    );
  });

  it('never throws', () => {
    const piece = fc.constantFrom('"', '""', ',', '\n', '\r', '\r\n', 'a', 'sha256=', '=', '9', '\ufeff', '\0', '-', '🦅', digest);
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(piece).map((parts) => parts.join('')),
        ),
        (text) => {
          for (const entry of readRecord(text)) assert.ok('path' in entry ? entry.path !== '' : entry.fault !== '');
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('is linear in its length, with and without quotes', () => {
    for (const text of [
      `a.py,sha256=${digest},1\n`.repeat(200_000),
      '"'.repeat(400_000),
      '"a",,\n'.repeat(100_000),
      '\r'.repeat(400_000),
    ]) {
      let rows = 0;
      for (const _ of readRecord(text)) rows++;
      assert.ok(rows >= 0);
    }
  });
});
