import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { writeText } from '../../server/src/platform/writeText';

let folder: string;
const place = (name: string) => path.join(folder, name);

describe('files of the user', () => {
  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'merlon-user-'));
  });
  afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

  describe('writing a fixed manifest', () => {
    it('writes what was read and fixed, and keeps its byte order mark and its mode', () => {
      fs.writeFileSync(place('a.txt'), '\ufeffone é\r\n', { mode: 0o640 });
      assert.equal(writeText(place('a.txt'), 'one é\r\n', 'two é\r\n'), undefined);
      assert.equal(fs.readFileSync(place('a.txt'), 'utf8'), '\ufefftwo é\r\n');
      assert.equal(fs.statSync(place('a.txt')).mode & 0o777, 0o640);
    });

    it('writes nothing over what it has not read', () => {
      fs.writeFileSync(place('a.txt'), 'changed\n');
      assert.match(writeText(place('a.txt'), 'one\n', 'two\n')!, /changed meanwhile/);
      assert.equal(fs.readFileSync(place('a.txt'), 'utf8'), 'changed\n');
      for (const encoding of ['utf16le', 'latin1'] as const) {
        const bytes = Buffer.from(encoding === 'utf16le' ? '\ufeffé\n' : '# coding: latin-1 é\n', encoding);
        fs.writeFileSync(place('a.txt'), bytes);
        assert.match(writeText(place('a.txt'), bytes.toString(encoding).replace('\ufeff', ''), 'two\n')!, /not UTF-8/);
        assert.deepEqual(fs.readFileSync(place('a.txt')), bytes);
      }
      assert.ok(writeText(place('gone.txt'), '', 'x'));
      assert.equal(fs.existsSync(place('gone.txt')), false);
    });

    it('writes through a link to the file that was read', () => {
      fs.writeFileSync(place('real.txt'), 'one\n');
      fs.symlinkSync('real.txt', place('link.txt'));
      assert.equal(writeText(place('link.txt'), 'one\n', 'two\n'), undefined);
      assert.ok(fs.lstatSync(place('link.txt')).isSymbolicLink());
      assert.equal(fs.readFileSync(place('real.txt'), 'utf8'), 'two\n');
    });
  });
});
