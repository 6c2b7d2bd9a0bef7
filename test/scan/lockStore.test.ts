import assert from 'node:assert/strict';
import { lockKindOf } from '../../server/src/ecosystems';
import { createLockStore, readLock } from '../../server/src/scan/lockStore';

describe('the lockfiles of one root', () => {
  const faults = async (files: Record<string, string>) => {
    const store = createLockStore((path, kind) =>
      Promise.resolve(
        readLock(path.endsWith('b') ? { state: 'unreadable', message: 'it is no text' } : { state: 'text', text: files[path]! }, kind),
      ),
    );
    await store.load(Object.keys(files).map((path) => ({ path, kind: lockKindOf(path)! })));
    return store.documents().map(({ path, lock }) => [path, ...lock.problems.map(({ kind, message }) => `${kind}: ${message}`)]);
  };
  const text = '{ "lockfileVersion": 1, "workspaces": { "": { "name": "a" } }, "packages": {} }';

  it('say how a binary one becomes readable', async () => {
    assert.deepEqual(await faults({ 'bun.lockb': '' }), [
      ['bun.lockb', 'unreadable: bun.lockb is binary and cannot be read here: `bun install --save-text-lockfile` writes bun.lock instead'],
    ]);
  });

  it('leave out a binary one beside the text that Bun reads instead', async () => {
    assert.deepEqual(await faults({ 'bun.lockb': '', 'bun.lock': text, 'b/bun.lockb': '' }), [
      [
        'b/bun.lockb',
        'unreadable: bun.lockb is binary and cannot be read here: `bun install --save-text-lockfile` writes bun.lock instead',
      ],
      ['bun.lock'],
    ]);
  });
});
