import assert from 'node:assert/strict';
import os from 'node:os';
import path from 'node:path';
import { fixedClock } from '../../server/src/platform/clock';
import { createLedger } from '../../server/src/platform/ledger';
import { stateFolder } from '../../server/src/platform/stateFolder';

describe('the state folder', () => {
  const home = os.homedir();

  it('is where the platform keeps caches', () => {
    assert.equal(stateFolder('cache', {}, 'linux'), path.join(home, '.cache', 'merlon', 'cache'));
    assert.equal(
      stateFolder('cache', { XDG_CACHE_HOME: path.resolve('/xdg') }, 'linux'),
      path.join(path.resolve('/xdg'), 'merlon', 'cache'),
    );
    assert.equal(stateFolder('cache', { XDG_CACHE_HOME: 'relative' }, 'linux'), path.join(home, '.cache', 'merlon', 'cache'));
    assert.equal(stateFolder('cache', {}, 'darwin'), path.join(home, 'Library', 'Caches', 'merlon', 'cache'));
    assert.equal(
      stateFolder('cache', { LOCALAPPDATA: path.resolve('/local') }, 'win32'),
      path.join(path.resolve('/local'), 'merlon', 'cache'),
    );
    assert.equal(stateFolder('cache', {}, 'win32'), path.join(home, 'AppData', 'Local', 'merlon', 'cache'));
  });

  it('is where MERLON_CACHE_DIR says', () => {
    const own = path.resolve('/own');
    assert.equal(stateFolder('cache', { MERLON_CACHE_DIR: own, XDG_CACHE_HOME: '/xdg' }, 'linux'), path.join(own, 'cache'));
    assert.equal(stateFolder('cache', { MERLON_CACHE_DIR: 'here' }, 'linux'), path.resolve('here', 'cache'));
  });
});

describe('the ledger', () => {
  const entry = { time: new Date(0), host: 'h', path: '/', purpose: 'test', names: ['n'] };

  it('shows a request from its start, and then its outcome', () => {
    const ledger = createLedger();
    const change = ledger.begin(entry);
    assert.equal(ledger.entries()[0]?.outcome, 'under way');
    change({ outcome: '200', received: 5 });
    assert.deepEqual(ledger.entries(), [{ ...entry, nameCount: 1, sent: 0, received: 5, tries: 0, redirectedTo: [], outcome: '200' }]);
  });

  it('keeps the latest requests, and the first of very many names', () => {
    const ledger = createLedger(2);
    const changes = ['a', 'b', 'c'].map((host) => ledger.begin({ ...entry, host, names: Array.from({ length: 3000 }, (_, i) => `${i}`) }));
    changes[0]!({ outcome: 'late' });
    changes[2]!({ outcome: '200' });
    assert.deepEqual(
      ledger.entries().map(({ host, outcome }) => `${host} ${outcome}`),
      ['b under way', 'c 200'],
    );
    assert.equal(ledger.entries()[0]?.names.length, 1000);
    assert.equal(ledger.entries()[0]?.nameCount, 3000);
  });
});

describe('a clock that stands still', () => {
  it('cannot be moved by who reads it', () => {
    const clock = fixedClock(new Date('2026-03-24T10:39:00Z'));
    clock.now().setFullYear(1999);
    assert.equal(clock.now().toISOString(), '2026-03-24T10:39:00.000Z');
  });
});
