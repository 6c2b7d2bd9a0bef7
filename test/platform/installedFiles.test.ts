import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import crypto from 'node:crypto';
import path from 'node:path';
import { hexOf } from '../../server/src/core/environment';
import { createInstalledFiles } from '../../server/src/platform/installedFiles';
import { canLink, temporaryFolders } from '../support/temporaryFolder';

describe('the files of an environment', () => {
  const make = temporaryFolders();
  const hash = (content: string | Buffer, algorithm = 'sha256') => crypto.createHash(algorithm).update(content).digest('base64url');

  it('hashes files of every size at which reading changes', () => {
    const mebibyte = 1024 * 1024;
    for (const size of [0, 1, mebibyte - 1, mebibyte, mebibyte + 1, 2 * mebibyte, 3 * mebibyte + 5]) {
      const content = crypto.randomBytes(size);
      const files = createInstalledFiles(make({ a: content }));
      for (const algorithm of ['sha256', 'sha384', 'sha512'] as const) {
        const digest = hash(content, algorithm);
        for (const expected of [undefined, digest, 'other'])
          assert.deepEqual(files.digest('a', algorithm, expected), { state: 'known', digest, size }, `${size} ${algorithm}`);
      }
      assert.equal(files.size('a'), size);
    }
    assert.equal(hexOf(hash('abc')), crypto.createHash('sha256').update('abc').digest('hex'));
  });

  it('tells absent, outside and unreadable apart', () => {
    const files = createInstalledFiles(make({ 'folder/a': 'x' }));
    assert.deepEqual(files.digest('nothing', 'sha256'), { state: 'absent' });
    assert.deepEqual(files.digest('folder/a/b', 'sha256'), { state: 'absent' });
    assert.deepEqual(files.digest('folder', 'sha256'), { state: 'unreadable', message: 'it is not a file' });
    assert.deepEqual(files.text('folder', 10), { state: 'unreadable', message: 'it is not a file' });
    assert.equal(files.entries('nothing'), undefined);
  });

  it('follows links inside, and none that leads out', function () {
    if (!canLink) this.skip();
    const outside = make({ secret: 'secret', 'folder/secret': 'secret' });
    const root = make({
      real: 'real',
      'folder/real': 'real',
      inside: { link: 'real' },
      'inside-folder': { link: 'folder' },
      out: { link: path.join(outside, 'secret') },
      'out-folder': { link: path.join(outside, 'folder') },
      circle: { link: 'circle' },
      dangling: { link: 'nothing' },
    });
    const files = createInstalledFiles(root);
    for (const name of ['inside', 'inside-folder/real'])
      assert.deepEqual(files.digest(name, 'sha256'), { state: 'known', digest: hash('real'), size: 4 }, name);
    for (const name of ['out', 'out-folder/secret']) {
      assert.deepEqual(files.digest(name, 'sha256'), { state: 'outside' }, name);
      assert.deepEqual(files.text(name, 10), { state: 'outside' }, name);
      assert.equal(files.real(name), undefined);
    }
    assert.equal(files.entries('out-folder'), 'it is a link that leads out of the environment');
    assert.equal(files.real('inside-folder/real'), 'folder/real');
    assert.equal(files.digest('circle', 'sha256').state, 'unreadable');
    assert.deepEqual(files.digest('dangling', 'sha256'), { state: 'absent' });
  });

  it('does not wait for a pipe, and does not read a device', function () {
    if (process.platform === 'win32') this.skip();
    const root = make({ a: '' });
    try {
      execFileSync('mkfifo', [path.join(root, 'pipe')]);
    } catch {
      this.skip();
    }
    const files = createInstalledFiles(root);
    assert.deepEqual(files.digest('pipe', 'sha256', 'x'), { state: 'unreadable', message: 'it is not a file' });
    assert.equal(files.text('pipe', 10).state, 'unreadable');
    assert.deepEqual(createInstalledFiles('/dev').digest('zero', 'sha256', 'x'), { state: 'unreadable', message: 'it is not a file' });
  });

  it('cuts long texts and says so', () => {
    const files = createInstalledFiles(make({ a: 'abcdef', b: Buffer.from([0xff, 0x61]) }));
    assert.deepEqual(files.text('a', 3), { state: 'text', text: 'abc', whole: false });
    assert.deepEqual(files.text('a', 6), { state: 'text', text: 'abcdef', whole: true });
    assert.deepEqual(files.text('b', 6), { state: 'text', text: '\ufffda', whole: true });
  });
});
