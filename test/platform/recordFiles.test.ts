import assert from 'node:assert/strict';
import path from 'node:path';
import zlib from 'node:zlib';
import { recordTexts, SourceFault } from '../../server/src/platform/recordFiles';
import { canLink, temporaryFolder, type Tree } from '../support/temporaryFolder';
import { zipOf } from '../support/zip';

async function read(tree: Tree, name: string): Promise<string[]> {
  const folder = temporaryFolder(tree);
  try {
    const found: string[] = [];
    for await (const record of recordTexts(path.join(folder.path, name)))
      found.push('text' in record ? record.text : `fault: ${record.fault}`);
    return found;
  } finally {
    folder.remove();
  }
}

describe('files of records', () => {
  it('are read one record after the other, whatever holds them', async () => {
    const lines = '{"id":"1"}\n\n{"id":"2"}\r\n{"id":"ü"}';
    const expected = ['{"id":"1"}', '{"id":"2"}\r', '{"id":"ü"}'];
    assert.deepEqual(await read({ 'a.jsonl': lines }, 'a.jsonl'), expected);
    assert.deepEqual(await read({ 'a.jsonl.gz': zlib.gzipSync(lines) }, 'a.jsonl.gz'), expected);
    // Two members, as `cat` makes of two files.
    const twice = Buffer.concat([zlib.gzipSync('{"id":"1"}\n'), zlib.gzipSync('{"id":"2"}\n')]);
    assert.deepEqual(await read({ 'a.jsonl.gz': twice }, 'a.jsonl.gz'), ['{"id":"1"}', '{"id":"2"}']);
    assert.deepEqual(await read({ 'all.zip': zipOf({ 'A-1.json': '1', 'README.md': 'x', 'B/A-2.json': '2' }) }, 'all.zip'), ['1', '2']);
    assert.deepEqual(await read({ dump: zipOf({ 'A-1.json': '1' }) }, 'dump'), ['1']);
    assert.deepEqual(await read({ 'a.json': '[{}, {}]' }, 'a.json'), ['[{}, {}]']);
    assert.deepEqual(await read({ 'f/b.json': '2', 'f/a.json': '1', 'f/c/d.json': '3', 'f/.git/x.json': '4', 'f/x.txt': '5' }, 'f'), [
      '1',
      '2',
      '3',
    ]);
  });

  it('are not followed out of their folder', async function () {
    if (!canLink) this.skip();
    assert.deepEqual(await read({ 'x.json': '1', 'f/a.json': '2', 'f/b.json': { link: '../x.json' }, 'f/c': { link: '..' } }, 'f'), ['2']);
  });

  it('hold long lines, and one that is too long is told', async () => {
    const long = `"${'x'.repeat(3 << 20)}"`;
    assert.deepEqual(await read({ 'a.jsonl': `1\n${long}\n2` }, 'a.jsonl'), ['1', long, '2']);
    const tooLong = `1\n${'x'.repeat(33 << 20)}\n2`;
    assert.deepEqual(await read({ 'a.jsonl': tooLong }, 'a.jsonl'), ['1', 'fault: it is too long', '2']);
  });

  it('that cannot be read to their end are a fault, which names them', async () => {
    const cases: readonly [Tree, string, RegExp][] = [
      [{}, 'absent.zip', /absent\.zip: there is no such file or folder$/],
      [{ 'a.zip': zipOf({ 'a.json': '1' }).subarray(0, 40) }, 'a.zip', /a\.zip: it is no zip archive, or it is truncated$/],
      [{ 'a.gz': zlib.gzipSync('x'.repeat(10_000)).subarray(0, 30) }, 'a.gz', /a\.gz: it is damaged or truncated/],
    ];
    for (const [tree, name, message] of cases)
      await assert.rejects(read(tree, name), (error) => error instanceof SourceFault && message.test(error.message), name);
  });
});
