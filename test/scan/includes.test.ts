import assert from 'node:assert/strict';
import { companionReader, dirname, findCompanions, readDocument } from '../../server/src/scan/document';
import { includeTarget, joinPath } from '../../server/src/scan/includes';
import type { Include } from '../../server/src/core/manifest';
import { kindOf } from '../../server/src/ecosystems';

function target(from: string, written: string): string {
  const include: Include = { kind: 'requirements', target: written, span: { start: 0, end: 0 } };
  const found = includeTarget(from, include);
  return 'path' in found ? found.path : `! ${found.fault}`;
}

describe('includes', () => {
  it('are relative to the file that names them', () => {
    for (const [from, written, path] of [
      ['requirements.txt', 'base.txt', 'base.txt'],
      ['requirements.txt', './base.txt', 'base.txt'],
      ['requirements/dev.txt', 'base.txt', 'requirements/base.txt'],
      ['requirements/dev.txt', '../base.txt', 'base.txt'],
      ['a/b/c.txt', './..//./d/../e.txt', 'a/e.txt'],
      ['requirements.txt', '../../etc/passwd', '../../etc/passwd'],
      ['../up/r.txt', '../base.txt', '../base.txt'],
      ['../r.txt', '../base.txt', '../../base.txt'],
      ['requirements.txt', 'sub\\base.txt', 'sub/base.txt'],
      ['requirements.txt', '...', '...'],
      ['requirements.txt', '__proto__', '__proto__'],
      ['requirements.txt', '$HOME/x.txt', '$HOME/x.txt'],
    ] as const) {
      assert.equal(target(from, written), path, written);
    }
  });

  it('that lead nowhere in the workspace say why', () => {
    for (const [written, why] of [
      ['https://files.example/r.txt', /address/],
      ['HTTP://files.example/r.txt', /address/],
      ['file:///etc/passwd', /address/],
      ['file:base.txt', /address/],
      ['git+ssh://git.example/r.txt', /address/],
      ['/etc/passwd', /absolute/],
      ['\\\\server\\share\\r.txt', /absolute/],
      ['C:\\base.txt', /absolute/],
      ['c:/base.txt', /absolute/],
      ['c:base.txt', /absolute/],
      ['${HOME}/r.txt', /variable/],
      ['sub/${NAME}.txt', /variable/],
    ] as const) {
      assert.match(target('requirements.txt', written), why, written);
    }
  });

  it('join as paths do', () => {
    assert.equal(joinPath('', ''), '');
    assert.equal(joinPath('a', '..'), '');
    assert.equal(joinPath('a', '../..'), '..');
    assert.equal(joinPath('..', '../a'), '../../a');
    assert.equal(dirname('a/b.txt'), 'a');
    assert.equal(dirname('b.txt'), '');
  });
});

describe('companions', () => {
  async function companions(
    path: string,
    top: string,
    present: readonly string[],
    rootCompanions: readonly string[] = [],
  ): Promise<string[]> {
    const asked: string[] = [];
    const read = (name: string) =>
      Promise.resolve(
        (asked.push(name), present.includes(name) ? ({ state: 'text', text: name } as const) : ({ state: 'absent' } as const)),
      );
    const found = await findCompanions(path, { companions: ['x.yaml', 'y'], rootCompanions }, companionReader({ read }), top);
    for (const name of asked) assert.ok(top === '' ? !name.startsWith('..') : true, name);
    assert.equal(new Set(asked).size, asked.length, 'each is asked for once');
    return found.map(({ path: own }) => own);
  }

  it('are those of the folder and of each above it, nearest first, and none above the top', async () => {
    const present = ['a/b/x.yaml', 'a/y', 'x.yaml', 'y', '../x.yaml', '../../y', '../c/x.yaml', '../c/d/y'];
    assert.deepEqual(await companions('a/b/package.json', '', present), ['a/b/x.yaml', 'a/y', 'x.yaml', 'y']);
    assert.deepEqual(await companions('a/b/package.json', 'a', present), ['a/b/x.yaml', 'a/y']);
    assert.deepEqual(await companions('package.json', '', present), ['x.yaml', 'y']);
    assert.deepEqual(await companions('a/package.json', '..', present), ['a/y', 'x.yaml', 'y', '../x.yaml']);
    assert.deepEqual(await companions('package.json', '../..', present), ['x.yaml', 'y', '../x.yaml', '../../y']);
    assert.deepEqual(await companions('../package.json', '..', present), ['../x.yaml']);
    assert.deepEqual(await companions('../c/d/package.json', '../c', present), ['../c/d/y', '../c/x.yaml']);
    assert.deepEqual(await companions('../c/d/package.json', '..', present), ['../c/d/y', '../c/x.yaml', '../x.yaml']);
  });

  it('leave the file itself out, and what cannot be read', async () => {
    assert.deepEqual(await companions('a/x.yaml', '', ['a/x.yaml', 'x.yaml']), ['x.yaml']);
    const read = () => Promise.resolve({ state: 'unreadable', message: '' } as const);
    assert.deepEqual(await findCompanions('a/b', { companions: ['x.yaml'] }, companionReader({ read }), ''), []);
  });

  it('are at the top alone where the reader says so, and last', async () => {
    const present = ['a/bot.json', 'a/.github/bot.yml', 'bot.json', '.github/bot.yml', 'a/y'];
    const bots = ['bot.json', '.github/bot.yml'];
    assert.deepEqual(await companions('a/package.json', '', present, bots), ['a/y', 'bot.json', '.github/bot.yml']);
    assert.deepEqual(await companions('a/package.json', 'a', present, bots), ['a/y', 'a/bot.json', 'a/.github/bot.yml']);
  });
});

describe('a reader that throws', () => {
  it('leaves its file unchecked, and says so', () => {
    const { ecosystem, reader } = kindOf('package.json')!;
    const broken = {
      ...reader,
      read: () => {
        throw new RangeError('too deep');
      },
    };
    const { manifest } = readDocument('package.json', { ecosystem, reader: broken }, '{}', []);
    assert.deepEqual(
      manifest.problems.map(({ kind, message }) => [kind, message]),
      [['unreadable', 'Merlon failed to read it (too deep)']],
    );
  });
});
