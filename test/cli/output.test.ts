import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { builtPrograms, type BuiltPrograms } from '../support/built';
import { hermetic, merlon, scratch } from '../support/cli';

describe('the output of merlon', function () {
  this.timeout(60_000);
  let built: BuiltPrograms;
  before(async () => {
    built = await builtPrograms();
  });

  const escape = '\u001b';

  it('has no colours in a pipe, whatever the terminal is called', async () => {
    const cwd = scratch({ 'requirements.txt': 'litellm==1.82.7\nopenai\n' });
    for (const command of ['check', 'list']) {
      const { stdout, stderr } = await merlon([command, '--offline'], { cwd, env: { TERM: 'xterm-256color', COLORTERM: 'truecolor' } });
      assert.ok(!stdout.includes(escape) && !stderr.includes(escape), command);
      assert.match(stdout, /litellm/);
    }
  });

  it('has colours in a terminal, unless NO_COLOR asks for none', async function () {
    if (process.platform !== 'linux') return this.skip();
    const cwd = scratch({ 'requirements.txt': 'litellm==1.82.7\nopenai\n' });
    const inTerminal = async (env: Record<string, string>) => {
      // util-linux' `script` runs a command in a terminal of its own.
      const command = `"${process.execPath}" "${built.cli}" check --offline`;
      const child = spawn('script', ['-qec', command, '/dev/null'], { cwd, env: hermetic({ TERM: 'xterm', ...env }), stdio: 'pipe' });
      let text = '';
      child.stdout.on('data', (data: Buffer) => (text += String(data)));
      const code = await new Promise<number | null>((resolve) => child.once('error', () => resolve(null)).once('close', resolve));
      return code === null ? undefined : text;
    };
    const coloured = await inTerminal({});
    if (coloured === undefined) {
      console.log('      skipped: there is no `script` to run a terminal');
      return this.skip();
    }
    assert.ok(coloured.includes(`${escape}[31merror`), coloured);
    assert.ok(!(await inTerminal({ NO_COLOR: '1' }))!.includes(`${escape}[3`));
  });

  it('that finds no room is told, and is not clean', async function () {
    if (process.platform !== 'linux') return this.skip();
    const cwd = scratch({ 'requirements.txt': 'requests==2.32.3\n' });
    const full = fs.openSync('/dev/full', 'w');
    try {
      for (const command of ['check', 'list', 'sbom']) {
        const child = spawn(process.execPath, [built.cli, command, '--offline'], { cwd, env: hermetic(), stdio: ['ignore', full, 'pipe'] });
        let errors = '';
        child.stderr!.on('data', (data: Buffer) => (errors += String(data)));
        const code = await new Promise((resolve) => child.once('close', resolve));
        assert.match(errors, /^merlon: the output could not be written: ENOSPC/m, command);
        assert.equal(code, 3, command);
      }
    } finally {
      fs.closeSync(full);
    }
  });

  it('that nobody reads to its end changes no exit code', async () => {
    const lines = Array.from({ length: 30_000 }, (_, i) => `litellm==1.82.${i % 2 ? 7 : 8} # ${i}`);
    const cwd = scratch({ 'requirements.txt': lines.join('\n') });
    const child = spawn(process.execPath, [built.cli, 'check', '--offline', '--format', 'json'], {
      cwd,
      env: hermetic(),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let errors = '';
    child.stderr.on('data', (data: Buffer) => (errors += String(data)));
    child.stdout.once('data', () => child.stdout.destroy());
    const code = await new Promise((resolve) => child.once('close', resolve));
    assert.equal(errors, '');
    assert.equal(code, 1);
  });

  it('is the result alone: what went wrong stands on standard error', async () => {
    for (const args of [['check', 'nowhere'], ['check', '--nonsense'], ['fix'], ['sbom', '--format', 'xml']]) {
      const { stdout, stderr } = await merlon(args, { cwd: scratch() });
      assert.equal(stdout, '');
      assert.match(stderr, /^merlon: .*\n$/);
    }
  });

  it('names files from the working directory, with forward slashes, wherever it lies', async () => {
    const cwd = scratch({ 'a/b/requirements.txt': 'openai\n', 'a/c/package.json': '{"dependencies":{"ai":"1"}}' });
    const filesFrom = async (folder: string, ...paths: string[]) => {
      const { stdout } = await merlon(['check', '--offline', '--format', 'json', ...paths], { cwd: path.join(cwd, folder) });
      return (JSON.parse(stdout) as { manifests: { file: string }[] }).manifests.map(({ file }) => file);
    };
    assert.deepEqual(await filesFrom('.'), ['a/b/requirements.txt', 'a/c/package.json']);
    assert.deepEqual(await filesFrom('a/b', '../c'), ['../c/package.json']);
    assert.deepEqual(await filesFrom('a', path.join(cwd, 'a/b/requirements.txt')), ['b/requirements.txt']);
  });
});
