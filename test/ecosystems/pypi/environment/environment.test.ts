import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import type { EnvironmentReading, FileFault } from '../../../../server/src/core/environment';
import { textAt } from '../../../../server/src/core/span';
import { madeIncident, readVenv, recordRow, sha256, site, virtualEnvironment, type MadeDistribution } from '../../../support/environments';
import { canLink, temporaryFolders, type Tree } from '../../../support/temporaryFolder';

const alpha: MadeDistribution = {
  name: 'alpha',
  version: '1.0',
  files: { 'alpha/__init__.py': 'x = 1\n', 'alpha/data, "odd".txt': 'data\n' },
};
const beta: MadeDistribution = {
  name: 'beta-lib',
  version: '2.0',
  files: { 'beta_lib.py': 'y = 2\n', '../../../bin/beta': '#!/bin/sh\n' },
};

describe('an installed Python environment', () => {
  const make = temporaryFolders();
  const read = (
    distributions: readonly MadeDistribution[],
    more: Tree = {},
    options: Parameters<typeof readVenv>[1] = {},
  ): EnvironmentReading => readVenv(make(virtualEnvironment(distributions, more)), options);
  const faultsOf = (reading: EnvironmentReading): FileFault[] => [...reading.releases.flatMap(({ faults }) => faults), ...reading.unowned];
  const reasons = ({ coverage }: EnvironmentReading) =>
    coverage.notLooked.map(({ path = '', what = '', reason }) => `${path} ${what}: ${reason}`).join('\n');

  it('finds nothing wrong with what pip installed', () => {
    const reading = read([alpha, beta]);
    assert.deepEqual(faultsOf(reading), []);
    assert.deepEqual(
      reading.releases.map(({ package: pkg, version, source }) => [pkg.name, version, source]),
      [
        ['alpha', '1.0', 'registry'],
        ['beta-lib', '2.0', 'registry'],
      ],
    );
    // Two files and METADATA, WHEEL, INSTALLER of each.
    assert.equal(reading.coverage.files, 10);
    assert.ok(reading.coverage.notLooked.every(({ fault }) => !fault));
    for (const { head, span, version } of reading.releases) assert.equal(textAt(head, span), version);
  });

  it('names changed and missing files, with what differs', () => {
    const reading = read([alpha, beta], {
      'alpha/__init__.py': 'x = 2\n',
      'beta_lib.py': 'y = 2 # longer\n',
      '/bin/beta': 'evil',
    });
    assert.deepEqual(faultsOf(reading), [
      { kind: 'changed', path: `${site}/alpha/__init__.py`, detail: 'its SHA-256 is not the one in RECORD' },
      { kind: 'changed', path: `${site}/beta_lib.py`, detail: 'it has 15 bytes where RECORD says 6' },
      { kind: 'changed', path: 'bin/beta', detail: 'it has 4 bytes where RECORD says 10' },
    ]);
    const root = make(virtualEnvironment([alpha]));
    fs.rmSync(path.join(root, site, 'alpha/__init__.py'));
    assert.deepEqual(faultsOf(readVenv(root)), [{ kind: 'missing', path: `${site}/alpha/__init__.py` }]);
  });

  it('verifies byte code where RECORD holds its hash, and passes over it where none does', () => {
    const made = {
      ...alpha,
      files: { 'alpha/fast.pyc': 'code' },
      record: ['alpha/__pycache__/x.cpython-312.pyc,,', 'alpha/gone.pyc,,', 'alpha/folder/,,'],
    };
    assert.deepEqual(faultsOf(read([made])), []);
    assert.deepEqual(
      faultsOf(read([made], { 'alpha/fast.pyc': 'evil' })).map(({ kind }) => kind),
      ['changed'],
    );
  });

  it('sees one byte that was changed in a file larger than what is read at once', () => {
    const large = 'a'.repeat(3 * 1024 * 1024 + 17);
    const made = { ...alpha, files: { 'alpha/large.bin': large } };
    assert.deepEqual(faultsOf(read([made])), []);
    const changed = read([made], { 'alpha/large.bin': `${large.slice(0, -1)}b` });
    assert.deepEqual(
      faultsOf(changed).map(({ kind, path: file }) => [kind, file]),
      [['changed', `${site}/alpha/large.bin`]],
    );
  });

  it('counts what is beyond a hundred faults of one distribution', () => {
    const files = Object.fromEntries(Array.from({ length: 150 }, (_, n) => [`alpha/m${n}.py`, `n = ${n}\n`]));
    const reading = read([{ ...alpha, files }], Object.fromEntries(Object.keys(files).map((name) => [name, 'changed'])));
    const { faults } = reading.releases[0]!;
    assert.equal(faults.length, 101);
    assert.equal(faults.at(-1)!.more, 50);
  });

  it('names files that no RECORD lists, and a folder of them once', () => {
    const reading = read([alpha], {
      'evil.py': '',
      'alpha/extra.py': '',
      'alpha/__pycache__/__init__.cpython-312.pyc': '',
      'alpha/__pycache__/gone.cpython-312.pyc': '',
      'foreign/a.txt': '',
      'foreign/deep/b.py': '',
      'alpha-1.0.dist-info/planted.py': '',
    });
    assert.deepEqual(
      reading.unowned.map(({ path: file, more }) => [file.slice(site.length + 1), more]),
      [
        ['alpha/__pycache__/gone.cpython-312.pyc', undefined],
        ['alpha/extra.py', undefined],
        ['alpha-1.0.dist-info/planted.py', undefined],
        ['evil.py', undefined],
        ['foreign/deep/b.py', 1],
      ],
    );
  });

  it('leaves out what tools and systems leave behind', () => {
    const left: Tree = {
      'alpha/.DS_Store': '',
      'README.txt': '',
      '~lpha/__init__.py': '',
      'alpha/__pycache__/__init__.cpython-312.opt-2.pyc': '',
      'alpha/__pycache__/__init__.pypy39.pyc': '',
      'alpha/__pycache__/__init__.cpython-312-pytest-8.3.3.pyc': '',
      'alpha/__pycache__/fast-12.py312.nbi': '',
      'alpha/__init__.pyc': '',
      'alpha-1.0.dist-info/REQUESTED': '',
      'alpha-1.0.dist-info/uv_cache.json': '{}',
      'alpha-1.0.dist-info/RECORD.jws': '',
      'somewhere.pth': '../other\n',
      'mine.egg-link': '/home/me/mine\n.',
    };
    assert.deepEqual(read([alpha], left).unowned, []);
  });

  it('says nothing of files that another distribution was installed over', () => {
    const one: MadeDistribution = { name: 'one', version: '1', files: { 'tests/__init__.py': 'one\n' } };
    const two: MadeDistribution = { name: 'two', version: '1', files: { 'tests/__init__.py': 'two\n' } };
    const reading = read([one, two]);
    assert.deepEqual(faultsOf(reading), []);
    assert.match(reasons(reading), /one 1: 1 file: another distribution was installed over it/);
    assert.deepEqual(
      faultsOf(read([one, two], { 'tests/__init__.py': 'three\n' })).map(({ kind }) => kind),
      ['changed', 'changed'],
    );
  });

  it('misses a RECORD that its installer always writes, and says where there is none to go by', () => {
    for (const [installer, kinds] of [
      ['pip', ['missing']],
      ['uv', ['missing']],
      ['debian', []],
    ] as const) {
      const root = make(virtualEnvironment([{ ...alpha, installer }]));
      fs.rmSync(path.join(root, site, 'alpha-1.0.dist-info/RECORD'));
      const reading = readVenv(root);
      assert.deepEqual(
        reading.releases[0]!.faults.map(({ kind }) => kind),
        kinds,
      );
      if (!kinds.length) assert.match(reasons(reading), /alpha 1.0: its files: it has no RECORD/);
      assert.deepEqual(reading.unowned, [], 'what is of whom cannot be known');
    }
  });

  it('reads a damaged RECORD as far as it goes, and is incomplete', () => {
    const root = make(virtualEnvironment([alpha]));
    fs.appendFileSync(path.join(root, site, 'alpha-1.0.dist-info/RECORD'), 'a,b,c,d,e\n');
    const { coverage } = readVenv(root);
    assert.deepEqual(
      coverage.notLooked.filter(({ fault }) => fault),
      [{ what: 'alpha 1.0: a part of RECORD', reason: 'line 7 is no row of path, hash and size', fault: true }],
    );
  });

  it('follows no path and no link out of the environment, and says so', function () {
    const outside = make({ 'secret.py': 'secret\n' });
    const rows = [
      recordRow('../../../../../../etc/passwd', ''),
      recordRow('/etc/passwd', ''),
      recordRow('linked/secret.py', 'secret\n'),
      recordRow('one.py', 'secret\n'),
    ];
    const more: Tree = canLink ? { linked: { link: outside }, 'one.py': { link: path.join(outside, 'secret.py') } } : {};
    const reading = read([{ ...alpha, record: canLink ? rows : rows.slice(0, 2) }], more);
    assert.deepEqual(faultsOf(reading), []);
    assert.match(reasons(reading), new RegExp(`alpha 1.0: ${canLink ? 4 : 2} files: listed outside the environment`));
    if (!canLink) this.skip();
    assert.match(reasons(reading), /linked : a link that leads out of the environment/);
  });

  it('hashes through links that stay inside, as uv may install them', function () {
    if (!canLink) this.skip();
    const root = make({ ...virtualEnvironment([alpha]), 'cache/x': 'x = 1\n' });
    const file = path.join(root, site, 'alpha/__init__.py');
    fs.rmSync(file);
    fs.symlinkSync(path.join(root, 'cache/x'), file);
    assert.deepEqual(faultsOf(readVenv(root)), []);
    fs.writeFileSync(path.join(root, 'cache/x'), 'evil\n');
    assert.equal(faultsOf(readVenv(root)).length, 1);
  });

  it('does not look at the code of an editable install, and says where it lies', () => {
    const directUrl = { url: 'file:///home/me/mine', dir_info: { editable: true } };
    const reading = read([{ name: 'mine', version: '0.1', files: { '_mine.pth': '/home/me/mine/src\n' }, directUrl }]);
    assert.deepEqual(reading.hooks, []);
    assert.equal(reading.releases[0]!.source, 'path');
    assert.match(reasons(reading), /mine 0\.1: its code: an editable install: it lies in file:\/\/\/home\/me\/mine/);
    assert.match(reasons(reading), /\/home\/me\/mine\/src: outside the environment/);
  });

  it('takes name and version from the folder where METADATA is gone, and is incomplete', () => {
    const root = make(virtualEnvironment([beta]));
    fs.rmSync(path.join(root, site, 'beta_lib-2.0.dist-info/METADATA'));
    const reading = readVenv(root);
    assert.deepEqual([reading.releases[0]!.package.name, reading.releases[0]!.version], ['beta-lib', '2.0']);
    assert.ok(reading.coverage.notLooked.some(({ fault }) => fault));
  });

  it('reads eggs, and takes their packages for theirs', () => {
    const reading = read([alpha], {
      'old-1.5.egg-info/PKG-INFO': 'Name: Old\nVersion: 1.5\n',
      'old-1.5.egg-info/top_level.txt': 'old\n_old\n',
      'old/__init__.py': '',
      '_old.cpython-312-x86_64-linux-gnu.so': '',
      'flat-2.egg-info': 'Name: flat\nVersion: 2\n',
      'packed-3-py3.12.egg/EGG-INFO/PKG-INFO': 'Name: packed\nVersion: 3\n',
      'listed-4.egg-info/PKG-INFO': 'Name: listed\nVersion: 4\n',
      'listed-4.egg-info/installed-files.txt': '../listed.py\nPKG-INFO\n',
      'listed.py': '',
    });
    assert.deepEqual(reading.releases.map(({ package: pkg, version }) => `${pkg.name} ${version}`).sort(), [
      'alpha 1.0',
      'flat 2',
      'listed 4',
      'old 1.5',
      'packed 3',
    ]);
    assert.deepEqual(reading.unowned, []);
    assert.match(reasons(reading), /some may belong to what does not list its files \(flat\)/);
  });

  it('does not compare with RECORD what the packages of a system or of conda have changed, and says so', () => {
    const changed = { '/lib/python3/dist-packages/alpha/__init__.py': 'stripped', '/lib/python3/dist-packages/other/x.py': '' };
    const moved = (distribution: MadeDistribution) =>
      Object.fromEntries(
        Object.entries(virtualEnvironment([distribution], changed))
          .filter(([name]) => name !== 'pyvenv.cfg')
          .map(([name, content]) => [name.replace(site, 'lib/python3/dist-packages'), content]),
      );
    const system = (distribution: MadeDistribution, more: Tree = {}) =>
      readVenv(make({ ...moved(distribution), ...changed, ...strip(more) }), { folder: 'lib/python3/dist-packages' });
    const strip = (tree: Tree): Tree =>
      Object.fromEntries(Object.entries({ ...changed, ...tree }).map(([name, content]) => [name.replace(/^\//, ''), content]));
    const debian = system({ ...alpha, installer: '' });
    assert.deepEqual([faultsOf(debian), debian.coverage.looked.includes('unowned files'), debian.releases.length], [[], false, 1]);
    assert.match(reasons(debian), /alpha 1\.0: its files: the system’s packages change files/);
    assert.deepEqual(
      faultsOf(system(alpha)).map(({ kind }) => kind),
      ['changed'],
      'pip installs there too',
    );
    // A virtual environment is nobody’s but its installer’s.
    const venv = read([{ ...alpha, installer: '' }], { 'alpha/__init__.py': 'changed' });
    assert.equal(faultsOf(venv).length, 1);
    const conda = read([{ ...alpha, installer: 'conda' }, beta], {
      'alpha/__init__.py': 'rewritten',
      'beta_lib.py': 'tampered',
      '/conda-meta/history': '',
      'stray.py': '',
    });
    assert.deepEqual(
      faultsOf(conda).map(({ path: file }) => path.basename(file)),
      ['beta_lib.py'],
    );
  });

  describe('at the start of Python', () => {
    const hooks = (reading: EnvironmentReading) =>
      reading.hooks.map(({ path: file, owner, knownAs }) => [file.slice(site.length + 1), owner, knownAs ?? '']);

    it('finds .pth, .start, sitecustomize and usercustomize, with their owners', () => {
      const reading = read([{ ...alpha, files: { 'alpha_init.pth': 'import alpha\n' } }], {
        'stray.pth': '# words\nimport os; os.system("id")\n',
        'paths.pth': 'folder\n',
        'x.start': 'pkg:go\n',
        'sitecustomize.py': '# words\nprint(1)\n',
        'usercustomize/__init__.py': 'print(2)\n',
        'alpha/inner.pth': 'import os\n',
        'notsitecustomize.py': '',
      });
      assert.deepEqual(hooks(reading), [
        ['alpha_init.pth', 'alpha', ''],
        ['sitecustomize.py', '', ''],
        ['stray.pth', '', ''],
        ['usercustomize/__init__.py', '', ''],
        ['x.start', '', ''],
      ]);
      const stray = reading.hooks[2]!;
      assert.deepEqual(
        stray.runs.map((span) => textAt(stray.text, span)),
        ['import os; os.system("id")'],
      );
      assert.equal(stray.sha256, sha256(stray.text));
      assert.equal(textAt(reading.hooks[1]!.text, reading.hooks[1]!.runs[0]!), 'print(1)');
      // They are judged as hooks, and need no second finding for being on no list.
      assert.deepEqual(
        reading.unowned.map(({ path: file }) => file.slice(site.length + 1)),
        ['alpha/inner.pth', 'notsitecustomize.py'],
      );
    });

    it('finds a hook of hundreds of kilobytes, and one behind much padding', () => {
      const reading = read([], {
        'big.pth': `${'#\n'.repeat(200_000)}import evil\n`,
        'huge.pth': `${'# padding\n'.repeat(200_000)}import evil\n`,
      });
      assert.deepEqual(hooks(reading), [
        ['big.pth', '', ''],
        ['huge.pth', '', ''],
      ]);
    });

    it('knows the hook of setuptools only where setuptools is the owner of what it imports', () => {
      const hook =
        "import os; var = 'SETUPTOOLS_USE_DISTUTILS'; enabled = os.environ.get(var, 'local') == 'local'; enabled and __import__('_distutils_hack').add_shim(); \n";
      const setuptools: MadeDistribution = {
        name: 'setuptools',
        version: '75',
        files: { 'distutils-precedence.pth': hook, '_distutils_hack/__init__.py': '' },
      };
      assert.deepEqual(hooks(read([setuptools])), [['distutils-precedence.pth', 'setuptools', 'setuptools']]);
      assert.deepEqual(hooks(read([], { 'distutils-precedence.pth': hook, '_distutils_hack/__init__.py': 'evil' })), [
        ['distutils-precedence.pth', '', ''],
      ]);
    });
  });

  it('hashes files of a name that an incident gives', () => {
    const incidents = [madeIncident({ files: ['router_init.js', 'alpha/_runtime/start.py'] })];
    const reading = read(
      [{ ...alpha, files: { 'alpha/_runtime/start.py': 'evil\n' } }],
      { 'alpha/router_init.js': 'evil\n' },
      { incidents },
    );
    assert.deepEqual(
      reading.traces.map(({ path: file, owner, sha256: hash }) => [file.slice(site.length + 1), owner, hash]),
      [
        ['alpha/_runtime/start.py', 'alpha', sha256('evil\n')],
        ['alpha/router_init.js', '', sha256('evil\n')],
      ],
    );
  });

  it('reads the same in shares as in one piece', () => {
    const many = Array.from({ length: 9 }, (_, n): MadeDistribution => ({
      name: `p${n}`,
      version: `${n}`,
      files: { [`p${n}/__init__.py`]: 'x'.repeat(n * 50) },
    }));
    const root = make(virtualEnvironment(many, { 'p3/__init__.py': 'changed', 'evil.pth': 'import os\n', 'stray.py': '' }));
    const whole = readVenv(root);
    for (const shares of [2, 3, 20]) {
      const parts = Array.from({ length: shares }, (_, share) => readVenv(root, { share, shares }));
      const names = (readings: readonly EnvironmentReading[]) =>
        readings.flatMap(({ releases }) => releases.map((release) => JSON.stringify(release))).sort();
      assert.deepEqual(names(parts), names([whole]));
      assert.equal(
        parts.reduce((sum, { coverage }) => sum + coverage.files!, 0),
        whole.coverage.files,
      );
      assert.deepEqual(
        parts.flatMap(({ hooks, unowned }) => [...hooks, ...unowned]),
        [...whole.hooks, ...whole.unowned],
      );
      assert.deepEqual(parts.flatMap(({ coverage }) => coverage.notLooked).length, whole.coverage.notLooked.length);
    }
  });

  it('finds every layout of site-packages', () => {
    for (const folder of [
      'lib/python3.12/site-packages',
      'lib64/python3.12/site-packages',
      'Lib/site-packages',
      'lib/pypy3.10/site-packages',
      'site-packages',
    ]) {
      const root = make({ 'pyvenv.cfg': '', [`${folder}/a-1.dist-info/METADATA`]: 'Name: a\nVersion: 1\n' });
      assert.deepEqual(
        readVenv(root).releases.map(({ package: pkg }) => pkg.name),
        ['a'],
        folder,
      );
    }
    const bare = make({ 'a-1.dist-info/METADATA': 'Name: a\nVersion: 1\n' });
    assert.equal(readVenv(bare).releases.length, 1);
    assert.equal(readVenv(make({ 'pyvenv.cfg': '' })).releases.length, 0);
  });

  it('never throws, whatever the files hold', () => {
    const text = fc.string({ maxLength: 200 });
    fc.assert(
      fc.property(text, text, text, text, text, (metadata, record, pth, direct, top) => {
        const root = make({
          'pyvenv.cfg': '',
          [`${site}/a-1.dist-info/METADATA`]: metadata,
          [`${site}/a-1.dist-info/RECORD`]: record,
          [`${site}/a-1.dist-info/direct_url.json`]: direct,
          [`${site}/b-1.egg-info/top_level.txt`]: top,
          [`${site}/x.pth`]: pth,
        });
        const reading = readVenv(root);
        assert.equal(reading.releases.length, 2);
        fs.rmSync(root, { recursive: true });
      }),
      { numRuns: 150 },
    );
  });
});
