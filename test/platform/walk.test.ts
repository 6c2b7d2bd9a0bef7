import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { walk } from '../../server/src/platform/walk';

describe('the walk, in a hostile folder', () => {
  let folder: string;
  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'merlon-walk-'));
  });
  afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

  const walked = async (exclude: readonly string[] = []) => {
    const found: string[] = [];
    for await (const name of walk(folder, { exclude, matches: (one) => one.endsWith('.json') })) found.push(name);
    return found;
  };
  const write = (name: string, text = '') => {
    fs.mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    fs.writeFileSync(path.join(folder, name), text);
  };

  it('comes to an end under patterns that could be tried in very many ways', async () => {
    const deep = `${'a/'.repeat(60)}package.json`;
    write(deep);
    const slow = [`${'**/a/'.repeat(12)}b`, `a${'/**/a'.repeat(12)}/b`, `${'*a'.repeat(60)}b`, '{a,b}'.repeat(40)];
    write('.gitignore', slow.join('\n'));
    assert.deepEqual(await walked(slow), [deep]);
  });

  it('hears patterns that are in use', async () => {
    for (const name of ['a/one/b/two/c/x.json', 'a/b/c/x.json', 'd/e/x.json', 'f/x.json']) write(name);
    write('.gitignore', 'a/**/b/**/c\r\n**/e/\r\n');
    assert.deepEqual(await walked(), ['f/x.json']);
  });

  it('reads no .gitignore that is a link, a folder or endless', async () => {
    write('one/x.json');
    write('two/.gitignore/x.json');
    write('two/x.json');
    write('three/x.json');
    fs.symlinkSync('/dev/zero', path.join(folder, '.gitignore'));
    fs.writeFileSync(path.join(folder, 'three/.gitignore'), `*\n${'#'.repeat(2_000_000)}`);
    assert.deepEqual(await walked(), ['one/x.json', 'three/x.json', 'two/x.json', 'two/.gitignore/x.json']);
  });
});
