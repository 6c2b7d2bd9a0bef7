import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { builtPrograms } from '../support/built';
import { merlon, scratch, type CliResult } from '../support/cli';
import { startFakeOsv, type FakeOsv } from '../support/fakeOsv';
import { startFakeRegistry, type FakeRegistry } from '../support/fakeRegistry';
import { cliNow, cliPackages } from './world';

/** Manifests that differ in all that a fix must not touch, before and after `--pin ai`. */
const files: readonly (readonly [name: string, before: string, after: string])[] = [
  ['requirements.txt', 'openai>=1.40,<2\n', 'openai==1.109.1\n'],
  ['mark/requirements.txt', '\ufeffopenai>=1.40,<2 # first line\n', '\ufeffopenai==1.109.1 # first line\n'],
  ['crlf/requirements.txt', 'requests\r\nopenai<2\r\n\r\n', 'requests\r\nopenai==1.109.1\r\n\r\n'],
  ['unended/requirements.txt', '# no line end\nopenai<2', '# no line end\nopenai==1.109.1'],
  ['one line/package.json', '{"dependencies":{"openai":"^4.0.0"}}', '{"dependencies":{"openai":"4.104.0"}}'],
  ['tabs/package.json', '{\n\t"dependencies": {\n\t\t"ai" : "^5.0.0"\n\t}\n}\n', '{\n\t"dependencies": {\n\t\t"ai" : "5.0.51"\n\t}\n}\n'],
  ['über/pyproject.toml', "[project]\r\ndependencies = ['openai<2']\r\n", "[project]\r\ndependencies = ['openai==1.109.1']\r\n"],
  ['poetry/pyproject.toml', '[tool.poetry.dependencies]\nopenai = "^1.40" # é\n', '[tool.poetry.dependencies]\nopenai = "1.109.1" # é\n'],
  ['mixed/requirements.txt', 'openai<2\r\n\n# end\n\n\n', 'openai==1.109.1\r\n\n# end\n\n\n'],
];

describe('merlon fix', function () {
  this.timeout(60_000);
  let osv: FakeOsv;
  let registry: FakeRegistry;

  before(async () => {
    await builtPrograms();
    osv = await startFakeOsv();
    registry = await startFakeRegistry(cliPackages);
  });
  after(async () => {
    await osv.close();
    await registry.close();
  });

  const fix = (cwd: string, ...more: string[]): Promise<CliResult> =>
    merlon(
      ['fix', '--pin', 'ai', '--now', cliNow, '--osv-url', osv.url, '--pypi-url', registry.url, '--npm-registry', registry.url, ...more],
      { cwd },
    );
  const workspace = () => scratch(Object.fromEntries(files.map(([name, before]) => [name, before])));
  const texts = (cwd: string) => files.map(([name]) => [name, fs.readFileSync(path.join(cwd, name), 'utf8')]);
  const fixed = files.map(([name, , after]) => [name, after]);

  it('keeps byte order marks, line ends, the end of the file and everything beside the version', async () => {
    const cwd = workspace();
    const { code, stdout } = await fix(cwd);
    assert.deepEqual(texts(cwd), fixed);
    assert.deepEqual([code, stdout], [0, '']);
  });

  it('does nothing the second time', async () => {
    const cwd = workspace();
    await fix(cwd);
    const times = () => files.map(([name]) => fs.statSync(path.join(cwd, name)).mtimeMs);
    const before = times();
    const { code, stdout, stderr } = await fix(cwd);
    assert.deepEqual([code, stdout, stderr], [0, '', 'nothing to fix\n']);
    assert.deepEqual(times(), before);
  });

  it('prints by --dry-run what git applies, to the letter, and writes nothing', async function () {
    const cwd = workspace();
    const { code, stdout } = await fix(cwd, '--dry-run');
    assert.equal(code, 0);
    assert.deepEqual(
      texts(cwd),
      files.map(([name, before]) => [name, before]),
    );
    const applied = spawnSync('git', ['-c', 'core.autocrlf=false', 'apply', '--whitespace=nowarn', '-'], {
      cwd,
      input: stdout,
      encoding: 'utf8',
      // Nothing of a checkout around, or of this machine's settings, has a say.
      env: { ...process.env, GIT_CEILING_DIRECTORIES: path.dirname(cwd), GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null' },
    });
    if (applied.error) {
      console.log('      skipped: there is no git');
      return this.skip();
    }
    assert.equal(applied.status, 0, applied.stderr);
    assert.deepEqual(texts(cwd), fixed);
  });

  it('keeps permissions, and links that lead to the file', async function () {
    if (process.platform === 'win32') return this.skip();
    const cwd = scratch({ 'real.txt': 'openai<2\n' });
    fs.chmodSync(path.join(cwd, 'real.txt'), 0o640);
    fs.symlinkSync('real.txt', path.join(cwd, 'requirements.txt'));
    assert.equal((await fix(cwd)).code, 0);
    assert.ok(fs.lstatSync(path.join(cwd, 'requirements.txt')).isSymbolicLink());
    assert.equal(fs.statSync(path.join(cwd, 'real.txt')).mode & 0o777, 0o640);
    assert.equal(fs.readFileSync(path.join(cwd, 'real.txt'), 'utf8'), 'openai==1.109.1\n');
  });

  it('says which files it could not write, and writes the others', async () => {
    const utf16 = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from('openai<2\n', 'utf16le')]);
    for (const more of [[], ['--dry-run']]) {
      const cwd = scratch({ 'a/requirements.txt': utf16, 'b/requirements.txt': 'openai<2\n' });
      const { code, stdout, stderr } = await fix(cwd, ...more);
      assert.equal(code, 1);
      assert.match(stderr, /^not written a\/requirements\.txt: it has changed meanwhile, or is not UTF-8$/m);
      assert.doesNotMatch(stdout, /a\/requirements\.txt/);
      assert.doesNotMatch(stderr, /fix(ed)? a\/requirements/);
      assert.deepEqual(fs.readFileSync(path.join(cwd, 'a/requirements.txt')), utf16);
      const other = fs.readFileSync(path.join(cwd, 'b/requirements.txt'), 'utf8');
      assert.equal(other, more.length ? 'openai<2\n' : 'openai==1.109.1\n');
    }
  });

  it('fixes a file that is named twice, or included, once', async () => {
    const cwd = scratch({ 'requirements.txt': '-r base.txt\nai-free==1\n', 'base.txt': 'openai<2\n' });
    const { code, stderr } = await fix(cwd, 'requirements.txt', 'base.txt', './base.txt', '.');
    assert.equal(stderr, 'fixed base.txt: Pin openai to 1.109.1\n');
    assert.equal(code, 0);
    assert.equal(fs.readFileSync(path.join(cwd, 'base.txt'), 'utf8'), 'openai==1.109.1\n');
  });

  it('does not call a workspace clean that it could not read, and says what it could not', async () => {
    const cwd = scratch({ 'requirements.txt': 'openai==2.0.0\n-r absent.txt\n', 'a/package.json': 'no JSON' });
    osv.mode = 'garbage';
    try {
      const { code, stderr } = await fix(cwd);
      assert.equal(code, 3);
      const [json, include, source, last] = stderr.trimEnd().split('\n');
      assert.match(json!, /^not read a\/package\.json:1:1: /);
      assert.equal(include, 'not read requirements.txt:2:4: absent.txt is not checked: there is no such file');
      assert.match(source!, /^could not ask osv: /);
      assert.equal(last, 'nothing to fix in what could be read and asked');
    } finally {
      osv.mode = 'ok';
    }
  });

  it('leaves what the registry could not be asked about, writes the rest, and is incomplete', async () => {
    registry.modeOf = (asked) => (asked.includes('openai') ? 'garbage' : undefined);
    try {
      const cwd = scratch({ 'requirements.txt': 'openai<2\ndspy\n' });
      const { code, stderr } = await fix(cwd);
      assert.equal(code, 3);
      assert.match(stderr, /^fixed requirements\.txt: Pin dspy to 3\.0\.3$/m);
      assert.match(stderr, /^left requirements\.txt: openai .*its releases are not known: pypi answered with something/m);
      assert.equal(fs.readFileSync(path.join(cwd, 'requirements.txt'), 'utf8'), 'openai<2\ndspy==3.0.3\n');
    } finally {
      delete registry.modeOf;
    }
  });
});
