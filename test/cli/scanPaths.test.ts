import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { newPolicies } from '../../server/src/cli/policies';
import { readSettings } from '../../server/src/policy/settings';
import { scanPaths, UsageError, type PathsScan } from '../../server/src/cli/scanPaths';
import { lockFor } from '../../server/src/scan/lockDocument';

const { policy } = readSettings({});
const base = { policy, privatePackages: [], trusted: true };
let folder: string;

function write(files: Record<string, string>): void {
  for (const [name, text] of Object.entries(files)) {
    const place = path.join(folder, name);
    fs.mkdirSync(path.dirname(place), { recursive: true });
    fs.writeFileSync(place, text);
  }
}

async function scan(cwd: string, ...paths: string[]): Promise<PathsScan> {
  return scanPaths(
    paths,
    path.join(folder, cwd),
    [],
    () => undefined,
    () => newPolicies(base),
  );
}

const listed = (found: PathsScan) =>
  found
    .documents()
    .map(({ document }) => document)
    .map(({ path: name, manifest }) => `${name}: ${manifest.declarations.map((one) => one.package.name).join(' ')}`);
const problems = (found: PathsScan) =>
  found
    .documents()
    .map(({ document }) => document)
    .flatMap(({ path: name, manifest }) => manifest.problems.map(({ message }) => `${name}: ${message}`));

describe('the paths of a command', () => {
  beforeEach(() => {
    folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'merlon-paths-')));
  });
  afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

  it('are files and folders, named from the working directory, each file once', async () => {
    write({
      'w/requirements.txt': '-r ./sub/odd.txt\na\n',
      'w/sub/odd.txt': 'b\n',
      'w/sub/package.json': '{"dependencies":{"c":"1"}}',
      'w/node_modules/x/package.json': '{}',
    });
    const all = ['requirements.txt: a', 'sub/odd.txt: b', 'sub/package.json: c'];
    assert.deepEqual(listed(await scan('w', '.')), all);
    assert.deepEqual(listed(await scan('w', 'requirements.txt', './sub/../requirements.txt', '.', 'sub', path.join(folder, 'w'))), all);
    assert.deepEqual(listed(await scan('w', 'sub/odd.txt', 'requirements.txt')), ['requirements.txt: a', 'sub/odd.txt: b']);
    assert.deepEqual(listed(await scan('w/sub', '..')), ['../requirements.txt: a', 'odd.txt: b', 'package.json: c']);
  });

  it('inside one another are one workspace', async () => {
    write({
      'w/here/a.txt': 'a\n',
      'w/requirements.txt': '-r here/a.txt\n-r here/../b.txt\n',
      'w/b.txt': 'b\n',
      'w/here/requirements.txt': '-r ../b.txt\n',
    });
    assert.deepEqual(listed(await scan('w/here', '..')), ['../b.txt: b', '../requirements.txt: ', 'a.txt: a', 'requirements.txt: ']);
    const both = await scan('w/here', '.', '..', 'a.txt');
    assert.deepEqual(listed(both), ['../b.txt: b', '../requirements.txt: ', 'a.txt: a', 'requirements.txt: ']);
    assert.deepEqual(problems(both), []);
    assert.deepEqual(listed(await scan('.', 'w', 'w/here/a.txt')), [
      'w/b.txt: b',
      'w/here/a.txt: a',
      'w/here/requirements.txt: ',
      'w/requirements.txt: ',
    ]);
    fs.mkdirSync(path.join(folder, 'elsewhere'));
    assert.deepEqual(listed(await scan('elsewhere', '../w/here', '../w')), [
      '../w/b.txt: b',
      '../w/here/a.txt: a',
      '../w/here/requirements.txt: ',
      '../w/requirements.txt: ',
    ]);
  });

  it('have a workspace: the working directory, the checkout, or the folder itself; nothing outside it is read', async () => {
    write({ 'w/sub/requirements.txt': '-r ../base.txt\n', 'w/base.txt': 'b\n', 'x.txt': 'x\n', 'w/requirements.txt': '-r ../x.txt\n' });
    assert.deepEqual(listed(await scan('w', 'sub')), ['base.txt: b', 'sub/requirements.txt: ']);
    assert.deepEqual(problems(await scan('w', 'requirements.txt')), [
      'requirements.txt: ../x.txt is not checked: it lies outside the workspace',
    ]);
    fs.mkdirSync(path.join(folder, 'elsewhere'));
    assert.deepEqual(problems(await scan('elsewhere', '../w/sub')), [
      '../w/sub/requirements.txt: ../base.txt is not checked: it lies outside the workspace',
    ]);
    fs.mkdirSync(path.join(folder, 'w/.git'));
    assert.deepEqual(listed(await scan('elsewhere', '../w/sub')), ['../w/base.txt: b', '../w/sub/requirements.txt: ']);
  });

  it('read companions up to the workspace and no further', async () => {
    const yaml = (version: string) => `packages: []\ncatalog:\n  c: ${version}\n`;
    write({
      'pnpm-workspace.yaml': yaml('^9'),
      'w/pnpm-workspace.yaml': yaml('^1'),
      'w/a/package.json': '{"dependencies":{"c":"catalog:"}}',
    });
    const specifier = async (cwd: string, name: string) =>
      (await scan(cwd, name))
        .documents()
        .map(({ document }) => document)[0]!
        .companions.map((one) => one.path);
    assert.deepEqual(await specifier('w', 'a'), ['pnpm-workspace.yaml']);
    assert.deepEqual(await specifier('w/a', '.'), []);
    fs.mkdirSync(path.join(folder, 'w/.git'));
    fs.mkdirSync(path.join(folder, 'elsewhere'));
    assert.deepEqual(await specifier('elsewhere', '../w/a'), ['../w/pnpm-workspace.yaml']);
    assert.deepEqual(await specifier('w/a', '..'), ['../pnpm-workspace.yaml']);
  });

  it('of a file that manifests are read with are those of all manifests below it, and of nothing else', async () => {
    write({
      'w/pnpm-workspace.yaml': 'packages: [a, b/*]\ncatalog:\n  c: ^1\n',
      'w/pnpm-lock.yaml': "lockfileVersion: '9.0'\nimporters:\n  a: {}\n",
      'w/a/package.json': '{"dependencies":{"c":"catalog:"}}',
      'w/b/d/package.json': '{"dependencies":{"c":"catalog:","d":"^2"}}',
      'w/b/d/requirements.txt': 'e\n',
      'w/b/d/package-lock.json': '{"lockfileVersion":3,"packages":{}}',
      'w/node_modules/x/package.json': '{}',
      'w/left/package.json': '{"dependencies":{"f":"1"}}',
      'w/merlon.toml': 'exclude = ["left/"]\n',
      'y/notes.yaml': '',
      'y/bunfig.toml': '',
    });
    const found = await scan('w', 'pnpm-workspace.yaml');
    assert.deepEqual(listed(found), ['a/package.json: c', 'b/d/package.json: c d']);
    assert.deepEqual(
      found
        .documents()[0]!
        .locks.map((lock) => lock.path)
        .sort(),
      ['b/d/package-lock.json', 'pnpm-lock.yaml'],
    );
    assert.deepEqual(listed(await scan('w/a', '../pnpm-workspace.yaml', 'package.json')), ['../b/d/package.json: c d', 'package.json: c']);
    assert.deepEqual(listed(await scan('y', 'bunfig.toml')), []);
    await assert.rejects(scan('y', 'notes.yaml'), UsageError);
  });

  it('by hand make a requirements file of any .txt and .in, and of a folder requirements/', async () => {
    write({ 'w/deps.txt': 'a\n', 'w/requirements/dev.in': 'b\n', 'w/other.cfg': '' });
    assert.deepEqual(listed(await scan('w', 'deps.txt')), ['deps.txt: a']);
    assert.deepEqual(listed(await scan('w', '.')), ['requirements/dev.in: b']);
    assert.deepEqual(listed(await scan('w', 'requirements')), ['requirements/dev.in: b']);
    assert.deepEqual(listed(await scan('w', 'requirements/dev.in')), ['requirements/dev.in: b']);
    await assert.rejects(scan('w', 'other.cfg'), UsageError);
  });

  it('inside a member of a workspace have the lockfile of its root, whatever the working directory', async () => {
    const locked = {
      '': { name: 'root' },
      'members/a': { name: 'a', dependencies: { x: '^1.0.0' } },
      'node_modules/x': { version: '1.2.3' },
    };
    write({
      'ws/.git/HEAD': '',
      'ws/package.json': '{ "name": "root", "workspaces": ["members/*"] }',
      'ws/package-lock.json': JSON.stringify({ name: 'root', lockfileVersion: 3, packages: locked }),
      'ws/members/a/package.json': '{ "name": "a", "dependencies": { "x": "^1.0.0" } }',
      'ws/members/b/package.json': '{ "name": "b", "dependencies": { "x": "^1.0.0" } }',
    });
    const heard = async (cwd: string, ...paths: string[]) => {
      const found = await scan(cwd, ...paths);
      const spoken = found.documents().map(({ document, locks }) => [document.path, lockFor(document, locks)?.chosen.path]);
      return { spoken, alone: found.locks().map(({ lock, spokenFor }) => `${lock.path} ${spokenFor.length === 0}`) };
    };
    const root = '../../package-lock.json';
    assert.deepEqual(await heard('ws/members/a', '.'), { spoken: [['package.json', root]], alone: [`${root} false`] });
    assert.deepEqual(await heard('ws/members/a', 'package.json'), { spoken: [['package.json', root]], alone: [`${root} false`] });
    // Nobody says that the lockfile speaks for b.
    assert.deepEqual(await heard('ws/members/b', '.'), { spoken: [['package.json', undefined]], alone: [] });
    assert.deepEqual(await heard('ws/members/b', '..'), {
      spoken: [
        ['../a/package.json', root],
        ['package.json', undefined],
      ],
      alone: [`${root} false`],
    });
  });

  it('list a compiled requirements file once, as the manifest that it is', async () => {
    const compiled = '# This file is autogenerated by pip-compile\nx==1.0\n    # via -r requirements.in\n';
    write({
      'compiled/requirements.in': 'x\n',
      'compiled/requirements.txt': compiled,
      'compiled/odd.in': 'x\n',
      'compiled/odd.txt': compiled,
    });
    const found = await scan('compiled', '.', 'odd.in');
    assert.deepEqual(
      found.locks().map(({ lock }) => lock.path),
      ['odd.txt'],
    );
    const spoken = found.documents().map(({ document, locks }) => [document.path, lockFor(document, locks)?.chosen.path]);
    assert.deepEqual(
      spoken.filter(([name]) => name!.endsWith('.in')),
      [
        ['odd.in', 'odd.txt'],
        ['requirements.in', 'requirements.txt'],
      ],
    );
  });

  it('that do not exist are wrong usage; that cannot be read are told', async () => {
    write({ 'w/requirements.txt': 'a\n' });
    await assert.rejects(scan('w', 'gone.txt'), /gone\.txt: no such file or folder/);
    await assert.rejects(scan('w', 'requirements.txt/below'), UsageError);
    fs.symlinkSync('loop', path.join(folder, 'w/loop'));
    const looped = await scan('w', 'requirements.txt', 'loop');
    assert.deepEqual(looped.unread(), [{ path: 'loop', message: 'its links lead in a circle' }]);
    assert.deepEqual(listed(looped), ['requirements.txt: a']);
  });

  it('tell of links that lead outside, and follow none', async () => {
    write({ 'secret.txt': 'secret\n', 'w/requirements.txt': '-r link.txt\n', 'outside/package.json': '{"dependencies":{"x":"1"}}' });
    fs.symlinkSync(path.join(folder, 'secret.txt'), path.join(folder, 'w/link.txt'));
    fs.symlinkSync(path.join(folder, 'secret.txt'), path.join(folder, 'w/dev-requirements.txt'));
    fs.symlinkSync(path.join(folder, 'outside'), path.join(folder, 'w/sub'));
    fs.symlinkSync('.', path.join(folder, 'w/again'));
    const found = await scan('w', '.');
    assert.deepEqual(listed(found), ['requirements.txt: ']);
    assert.deepEqual(problems(found), ['requirements.txt: link.txt is not checked: it is a link that leads out of the workspace']);
    assert.deepEqual(found.unread(), [{ path: 'dev-requirements.txt', message: 'it is a link that leads out of the workspace' }]);
  });

  it('are read anew with texts in place of what is on disk, included files too', async () => {
    write({ 'w/requirements.txt': '-r odd\na\n', 'w/odd': 'b\n' });
    const found = await scan('w', '.');
    await found.replace(new Map([['odd', 'b2\n']]));
    assert.deepEqual(listed(found), ['odd: b2', 'requirements.txt: a']);
  });
});
