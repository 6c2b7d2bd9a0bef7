import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { merlon, scratch } from '../support/cli';
import { canLink } from '../support/temporaryFolder';

// A folder that cannot be looked into is not an empty one. Links that lead in a circle cannot be listed, by root neither.

interface Json {
  readonly complete: boolean;
  readonly manifests: readonly {
    readonly file: string;
    readonly problems: readonly { readonly message: string; readonly range: object }[];
  }[];
}

async function check(files: Readonly<Record<string, string>>, links: Readonly<Record<string, string>>) {
  const cwd = scratch(files);
  for (const [name, target] of Object.entries(links)) {
    fs.mkdirSync(path.dirname(path.join(cwd, name)), { recursive: true });
    fs.symlinkSync(target, path.join(cwd, name));
  }
  const { code, stdout } = await merlon(['check', '--offline', '--format', 'json', '--now', '2026-10-15T12:00:00Z', '--fail-on', 'never'], {
    cwd,
  });
  const { complete, manifests } = JSON.parse(stdout) as Json;
  return { code, complete, problems: manifests.flatMap(({ problems }) => problems.map(({ message }) => message)), manifests };
}

const asks = (range: string) => ({ 'package.json': JSON.stringify({ name: 'app', private: true, dependencies: { 'left-over': range } }) });
const circle = { node_modules: 'node_modules' };

describe('merlon where a folder cannot be looked into', function () {
  this.timeout(60_000);
  before(function () {
    if (!canLink) this.skip();
  });

  it('says that it is not known what is installed, at the first range for which that counts', async () => {
    const { code, complete, problems, manifests } = await check(asks('^1.0.0'), circle);
    assert.deepEqual(problems, ['What is installed in node_modules is not known: its links lead in a circle']);
    assert.deepEqual([code, complete], [3, false]);
    const text = asks('^1.0.0')['package.json'];
    const start = { line: 0, character: text.indexOf('^') };
    assert.deepEqual(manifests[0]!.problems[0]!.range, { start, end: { line: 0, character: start.character + 6 } });
  });

  it('says so of a virtual environment', async () => {
    const { code, problems } = await check({ 'requirements.txt': 'plain==1.0\nleft-over>=1\n' }, { '.venv/lib': 'lib' });
    assert.deepEqual(problems, ['What is installed in .venv/lib is not known: its links lead in a circle']);
    assert.equal(code, 3);
  });

  it('says nothing where the range or a lockfile says which release it is, or where there is no such folder', async () => {
    const clean = { code: 0, complete: true, problems: [] };
    const { manifests: _, ...pinned } = await check(asks('1.0.0'), circle);
    assert.deepEqual(pinned, clean);
    const packages = { '': { dependencies: { 'left-over': '^1.0.0' } }, 'node_modules/left-over': { version: '1.0.0' } };
    const lock = { 'package-lock.json': JSON.stringify({ name: 'app', lockfileVersion: 3, packages }) };
    const { manifests: _1, ...locked } = await check({ ...asks('^1.0.0'), ...lock }, circle);
    assert.deepEqual(locked, clean);
    const { manifests: _2, ...absent } = await check(asks('^1.0.0'), { elsewhere: 'nowhere' });
    assert.deepEqual(absent, clean);
    const outside = scratch({ 'left-over/package.json': '{"name":"left-over","version":"1.0.0"}' });
    const { manifests: _3, ...linked } = await check(asks('^1.0.0'), { node_modules: outside });
    assert.deepEqual(linked, clean, 'no path leads out of the workspace, and nobody is told so at each run');
  });
});
