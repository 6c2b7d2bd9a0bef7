import assert from 'node:assert/strict';
import fc from 'fast-check';
import { incidentMarks, incidentNames, isElsewhere } from '../../server/src/core/incident';
import { madeIncident, sha256 } from '../support/environments';

const incident = madeIncident({
  files: ['made_init.pth', '*-setup.pth', 'pkg/_runtime/start.py', '/tmp/made', '~/.config/made/run.py', '%PROGRAMDATA%\\made.exe'],
  sha256: { [sha256('evil')]: 'payload.js' },
  hosts: ['c2.example', '10.1.2.3'],
});

const by = (path: string, more: { sha256?: string; text?: string } = {}) =>
  incidentMarks({ path, ...more }, [incident]).map((mark) => mark.by);

describe('what incidents say of a file', () => {
  it('takes content for more than a host, and a host for more than a name', () => {
    assert.deepEqual(by('a/made_init.pth', { sha256: sha256('evil'), text: 'c2.example' }), ['content']);
    assert.deepEqual(by('a/made_init.pth', { sha256: sha256('other'), text: 'c2.example' }), ['host']);
    assert.deepEqual(by('a/made_init.pth', { sha256: sha256('other'), text: '' }), ['name']);
    const named = madeIncident({ id: 'B', files: ['x'] });
    const certain = madeIncident({ id: 'A', sha256: { [sha256('x')]: 'y' } });
    assert.deepEqual(
      incidentMarks({ path: 'x', sha256: sha256('x') }, [named, certain]).map(({ incident: { id } }) => id),
      ['A', 'B'],
    );
  });

  it('compares whole names, and whole ends of paths', () => {
    for (const path of ['made_init.pth', 'a/b/made_init.pth', 'x-setup.pth', '-setup.pth', 'a/pkg/_runtime/start.py'])
      assert.deepEqual(by(path), ['name'], path);
    for (const path of ['xmade_init.pth', 'made_init.pth.bak', 'setup.pth', '_runtime/start.py', 'otherpkg/_runtime/start.py', 'start.py'])
      assert.deepEqual(by(path), [], path);
  });

  it('takes no file of a project for a place that every machine has', () => {
    for (const path of ['tmp/made', 'made', '/tmp/made', '.config/made/run.py', 'made.exe', '~/.config/made/run.py'])
      assert.deepEqual(by(path), [], path);
    assert.deepEqual(incident.files.filter(isElsewhere).length, 3);
  });

  it('compares whole hosts, in any case', () => {
    for (const text of ['https://c2.example/x', 'curl C2.EXAMPLE', '"10.1.2.3"', 'a.c2.example', 'x@10.1.2.3:80'])
      assert.deepEqual(by('a', { text }), ['host'], text);
    for (const text of ['c2.examples', 'xc2.example', '110.1.2.3', '10.1.2.34', '10.1.2', 'c2-example'])
      assert.deepEqual(by('a', { text }), [], text);
  });

  it('looks at names first by the same rules', () => {
    const isNamed = incidentNames([incident]);
    const name = fc.constantFrom('made_init.pth', 'x-setup.pth', 'start.py', 'payload.js', 'made', 'a.py', '-setup.pth');
    const folder = fc.constantFrom('', 'a', 'pkg/_runtime', 'x/pkg/_runtime', '/tmp', 'tmp');
    fc.assert(
      fc.property(folder, name, (at, file) => {
        const path = at === '' ? file : `${at}/${file}`;
        assert.equal(isNamed(at, file), by(path).length > 0 || file === 'payload.js', path);
      }),
    );
  });
});
