import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { createFiles, walk, type WalkOptions } from '../../server/src/platform/files';
import { canLink, temporaryFolder, type Tree } from '../support/temporaryFolder';

const linked = canLink ? it : it.skip;

describe('files of a folder', () => {
  let folder: ReturnType<typeof temporaryFolder> | undefined;
  const inside = (tree: Tree) => {
    folder = temporaryFolder(tree);
    return createFiles(path.join(folder.path, 'root'));
  };
  const bytes = async (content: Buffer) =>
    (await inside({ 'root/f': content }).read('f')) as { state: string; text?: string; message?: string };
  afterEach(() => {
    folder?.remove();
    folder = undefined;
  });

  it('reads text, and says what is not there', async () => {
    const files = inside({ 'root/a/b.txt': 'é\r\n', 'root/c': '' });
    assert.deepEqual(await files.read('a/b.txt'), { state: 'text', text: 'é\r\n' });
    assert.deepEqual(await files.read('a/../c'), { state: 'text', text: '' });
    assert.deepEqual(await files.read('none'), { state: 'absent' });
    assert.deepEqual(await files.read('c/none'), { state: 'absent' });
    assert.deepEqual(await files.read('a'), { state: 'unreadable', message: 'it is not a file' });
  });

  it('reads nothing outside, however it is named', async () => {
    const files = inside({ 'root/a': 'a', secret: 's', 'root-2/b': 'b' });
    for (const name of ['../secret', 'a/../../secret', '/etc/passwd', 'C:\\x', '../root-2/b', 'a\0', '..']) {
      assert.equal((await files.read(name)).state, 'unreadable', name);
    }
  });

  linked('follows links inside, and none that lead out', async () => {
    const files = inside({
      'root/real/a': 'a',
      'root/in': { link: 'real/a' },
      'root/folder': { link: 'real' },
      'secret/b': 's',
      'root/out': { link: '../secret/b' },
      'root/way': { link: '../secret' },
      'root/loop': { link: 'loop' },
      'root/dangling': { link: 'none' },
    });
    assert.deepEqual(await files.read('in'), { state: 'text', text: 'a' });
    assert.deepEqual(await files.read('folder/a'), { state: 'text', text: 'a' });
    const out = { state: 'unreadable', message: 'it is a link that leads out of the workspace' };
    assert.deepEqual(await files.read('out'), out);
    assert.deepEqual(await files.read('way/b'), out);
    assert.deepEqual(await files.read('loop'), { state: 'unreadable', message: 'its links lead in a circle' });
    assert.deepEqual(await files.read('dangling'), { state: 'absent' });
  });

  linked('does not wait for a pipe', async () => {
    const files = inside({ 'root/a': 'a' });
    execFileSync('mkfifo', [path.join(folder!.path, 'root', 'pipe')]);
    assert.deepEqual(await files.read('pipe'), { state: 'unreadable', message: 'it is not a file' });
  });

  it('reads UTF-8 and UTF-16, without the byte order mark', async () => {
    assert.deepEqual(await bytes(Buffer.from('\ufeffa=é', 'utf8')), { state: 'text', text: 'a=é' });
    assert.deepEqual(await bytes(Buffer.from('\ufeffa=é', 'utf16le')), { state: 'text', text: 'a=é' });
    assert.deepEqual(await bytes(Buffer.from('\ufeffa=é', 'utf16le').swap16()), { state: 'text', text: 'a=é' });
  });

  it('reads other encodings where a coding comment names them, and says what is none', async () => {
    assert.deepEqual(await bytes(Buffer.from('# -*- coding: latin-1 -*-\nx é', 'latin1')), {
      state: 'text',
      text: '# -*- coding: latin-1 -*-\nx é',
    });
    assert.deepEqual(await bytes(Buffer.from('\n# vim: set fileencoding=iso_8859_1 :\n\x85', 'latin1')), {
      state: 'text',
      text: '\n# vim: set fileencoding=iso_8859_1 :\n\x85',
    });
    assert.deepEqual(await bytes(Buffer.from('x é', 'latin1')), { state: 'unreadable', message: 'it is not UTF-8' });
    assert.deepEqual(await bytes(Buffer.from('# coding: klingon\nx')), { state: 'unreadable', message: 'it is not klingon' });
    assert.deepEqual(await bytes(Buffer.from('# coding: utf-8\né')), { state: 'text', text: '# coding: utf-8\né' });
  });

  it('takes nothing with NUL bytes for text, and nothing too long', async () => {
    const binary = { state: 'unreadable', message: 'it holds NUL bytes, so it is not text' };
    assert.deepEqual(await bytes(Buffer.from('a\0b')), binary);
    assert.deepEqual(await bytes(Buffer.from([0xff, 0xfe, 0, 0, 97, 0, 0, 0])), binary);
    assert.deepEqual(await bytes(Buffer.alloc(5 * 1024 * 1024 + 1, 'x')), { state: 'unreadable', message: 'it is larger than 5 MB' });
    const lock = await inside({ 'root/package-lock.json': Buffer.alloc(6 * 1024 * 1024, 'x') }).read('package-lock.json');
    assert.equal(lock.state, 'text');
  });
});

describe('the walk', () => {
  let folder: ReturnType<typeof temporaryFolder> | undefined;
  const walked = async (tree: Tree, options: Partial<WalkOptions> = {}, below = '') => {
    folder = temporaryFolder(tree);
    const found: string[] = [];
    for await (const name of walk(path.join(folder.path, below), { matches: (one) => one.endsWith('r.txt'), ...options })) found.push(name);
    return found;
  };
  afterEach(() => {
    folder?.remove();
    folder = undefined;
  });

  it('finds the wanted files, in order, a folder’s own first', async () => {
    assert.deepEqual(await walked({ 'b/r.txt': '', 'r.txt': '', 'a/c/r.txt': '', 'a/r.txt': '', 'a/other.md': '' }), [
      'r.txt',
      'a/r.txt',
      'a/c/r.txt',
      'b/r.txt',
    ]);
  });

  it('leaves out what is installed or built, whatever it is called only as a folder', async () => {
    const tree = Object.fromEntries(
      ['node_modules', '.venv', 'venv', '.git', 'dist', 'build', 'site-packages'].map((name) => [`a/${name}/r.txt`, '']),
    );
    assert.deepEqual(await walked({ ...tree, 'a/.github/r.txt': '', 'a/builder/r.txt': '', 'build-r.txt': '' }), [
      'build-r.txt',
      'a/.github/r.txt',
      'a/builder/r.txt',
    ]);
    folder?.remove();
    assert.deepEqual(await walked({ 'build/sub/r.txt': '' }, {}, 'build'), ['sub/r.txt'], 'whoever names such a folder wants it');
  });

  it('leaves out git-ignored folders, by the .gitignore of every level', async () => {
    const tree = {
      '.gitignore': 'out/\n/only-here\n*.tmp/\n!keep.tmp/\nr.txt\n',
      'out/r.txt': '',
      'a/out/r.txt': '',
      'only-here/r.txt': '',
      'a/only-here/r.txt': '',
      'x.tmp/r.txt': '',
      'keep.tmp/r.txt': '',
      'a/.gitignore': 'own\n!out/\n',
      'a/own/r.txt': '',
      'own/r.txt': '',
      'r.txt': '',
    };
    assert.deepEqual(await walked(tree), ['r.txt', 'a/only-here/r.txt', 'a/out/r.txt', 'keep.tmp/r.txt', 'own/r.txt']);
  });

  it('hears the .gitignore files above, up to the top of the checkout', async () => {
    const tree = {
      '.gitignore': 'sub/gen/\nother',
      'p/.git/HEAD': '',
      'p/.gitignore': '/sub/gen/\n',
      'p/sub/gen/r.txt': '',
      'p/sub/other/r.txt': '',
    };
    assert.deepEqual(await walked(tree, {}, 'p/sub'), ['other/r.txt']);
    folder?.remove();
    assert.deepEqual(await walked({ '.git/HEAD': '', '.gitignore': 'ignored/\nx/', 'ignored/x/r.txt': '' }, {}, 'ignored'), ['x/r.txt']);
  });

  it('leaves out what the patterns exclude', async () => {
    const tree = { 'fixtures/r.txt': '', 'a/fixtures/r.txt': '', 'a/r.txt': '', 'b/r.txt': '', 'c/deep/r.txt': '' };
    assert.deepEqual(await walked(tree, { exclude: ['**/fixtures/**', '{b,c}/**'] }), ['a/r.txt']);
    folder?.remove();
    assert.deepEqual(await walked(tree, { exclude: ['a', '**/fixtures', 'c/*/r.txt', '', '{', '{a,'] }), ['b/r.txt']);
  });

  linked('enters no links, and names files that are links', async () => {
    const tree = {
      'real/r.txt': '',
      loop: { link: '.' },
      way: { link: 'real' },
      'a/r.txt': { link: '../real/r.txt' },
      'a/dangling-r.txt': { link: 'none' },
      'a/folder-r.txt': { link: '../real' },
    };
    assert.deepEqual(await walked(tree), ['a/r.txt', 'real/r.txt']);
  });

  it('says what it could not enter', async () => {
    const problems: string[] = [];
    const deep = `${Array.from({ length: 70 }, () => 'd').join('/')}/r.txt`;
    assert.deepEqual(
      await walked({ [deep]: '' }, { onProblem: (name, message) => problems.push(`${name.split('/').length} ${message}`) }),
      [],
    );
    assert.deepEqual(problems, ['65 it lies too deep']);
    const missing: string[] = [];
    for await (const name of walk(path.join(folder!.path, 'none'), {
      matches: () => true,
      onProblem: (_, message) => missing.push(message),
    }))
      assert.fail(name);
    assert.deepEqual(missing, ['it cannot be read (ENOENT)']);
  });

  it('stops when told to', async () => {
    folder = temporaryFolder({ 'a/r.txt': '', 'b/r.txt': '' });
    const controller = new AbortController();
    await assert.rejects(async () => {
      for await (const _ of walk(folder!.path, { matches: () => true }, controller.signal)) controller.abort();
    });
  });
});
