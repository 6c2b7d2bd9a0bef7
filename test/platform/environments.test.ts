import assert from 'node:assert/strict';
import path from 'node:path';
import { findEnvironments, nameFrom, nearestFiles } from '../../server/src/platform/environments';
import { canLink, temporaryFolders } from '../support/temporaryFolder';

describe('finding environments', () => {
  const make = temporaryFolders();
  const found = (root: string, place = '') => {
    const result = findEnvironments(path.join(root, place));
    return result?.environments.map(({ ecosystem, root: top, folder, path: at, projects }) =>
      [ecosystem, nameFrom(root, top), folder, nameFrom(root, at), projects.map((project) => nameFrom(root, project)).join(' ')].join(
        ' | ',
      ),
    );
  };
  const site = 'lib/python3.12/site-packages';

  it('takes a virtual environment by its pyvenv.cfg, whatever it is called', () => {
    const root = make({ 'py311/pyvenv.cfg': '' });
    assert.deepEqual(found(root, 'py311'), ['PyPI | py311 |  | py311 | .']);
  });

  it('takes a site-packages folder, and reaches as far as the prefix that it lies in', () => {
    const root = make({
      [`.venv/${site}/a-1.dist-info/METADATA`]: '',
      '.venv/pyvenv.cfg': '',
      [`python/${site}/x`]: '',
      'win/Lib/site-packages/x': '',
      'flat/site-packages/x': '',
      'target/a-1.dist-info/METADATA': '',
    });
    assert.deepEqual(found(root, `.venv/${site}`), [`PyPI | .venv | ${site} | .venv/${site} | .`]);
    assert.deepEqual(found(root, `python/${site}`), [`PyPI | python | ${site} | python/${site} | `]);
    assert.deepEqual(found(root, 'win/Lib/site-packages'), ['PyPI | win | Lib/site-packages | win/Lib/site-packages | ']);
    assert.deepEqual(found(root, 'flat/site-packages'), ['PyPI | flat/site-packages |  | flat/site-packages | ']);
    assert.deepEqual(found(root, 'target'), ['PyPI | target |  | target | ']);
    // A whole Python, or conda’s.
    assert.deepEqual(found(root, 'python'), ['PyPI | python |  | python | ']);
    assert.deepEqual(found(make({ 'conda-meta/history': '' }))?.length, 1);
  });

  it('takes a node_modules folder', () => {
    assert.deepEqual(found(make({ 'web/node_modules/a/package.json': '' }), 'web/node_modules'), [
      'npm | web | node_modules | web/node_modules | web',
    ]);
  });

  it('finds all of them in a project, the nearest first, and none inside another', () => {
    const root = make({
      '.venv/pyvenv.cfg': '',
      [`.venv/${site}/x/node_modules/a/package.json`]: '',
      'venv/pyvenv.cfg': '',
      'node_modules/a/node_modules/b/package.json': '',
      'packages/web/node_modules/c/package.json': '',
      'services/api/env/pyvenv.cfg': '',
      'vendor/site-packages/a-1.dist-info/METADATA': '',
      'dist/node_modules/d/package.json': '',
      '.hidden/node_modules/e/package.json': '',
      '1/2/3/4/5/node_modules/too-deep/package.json': '',
    });
    assert.deepEqual(found(root), [
      'PyPI | .venv |  | .venv | .',
      'npm | . | node_modules | node_modules | .',
      'PyPI | venv |  | venv | .',
      'PyPI | vendor/site-packages |  | vendor/site-packages | vendor .',
      'npm | . | packages/web/node_modules | packages/web/node_modules | packages/web packages .',
      'PyPI | services/api/env |  | services/api/env | services/api services .',
    ]);
    assert.equal(findEnvironments(root)!.project, root);
  });

  it('follows a link to an environment only where it is named', function () {
    if (!canLink) this.skip();
    const elsewhere = make({ 'pyvenv.cfg': '' });
    const root = make({ '.venv': { link: elsewhere } });
    const result = findEnvironments(root)!;
    assert.deepEqual([result.environments, result.links], [[], [path.join(root, '.venv')]]);
    assert.equal(findEnvironments(path.join(root, '.venv'))!.environments.length, 1);
  });

  it('names what may be an environment and cannot be looked into', function () {
    if (!canLink) this.skip();
    const root = make({ '.venv': { link: '.venv' }, 'web/node_modules': { link: 'node_modules' }, venv: { link: 'nowhere' } });
    assert.deepEqual(findEnvironments(root)!.unlisted, [
      { path: path.join(root, '.venv'), reason: 'its links lead in a circle' },
      { path: path.join(root, 'web/node_modules'), reason: 'its links lead in a circle' },
    ]);
  });

  it('takes a folder with a manifest for a project, and nothing for what is none', () => {
    for (const name of [
      'package.json',
      'pyproject.toml',
      'requirements-dev.txt',
      '.vscode/tasks.json',
      '.claude/settings.json',
      'binding.gyp',
      'uv.lock',
    ])
      assert.deepEqual(found(make({ [name]: '' })), [], name);
    const root = make({ 'notes.txt': '' });
    assert.equal(findEnvironments(root), undefined);
    assert.equal(findEnvironments(path.join(root, 'notes.txt')), undefined);
    assert.equal(findEnvironments(path.join(root, 'nothing')), undefined);
  });

  it('finds the lockfiles of the nearest folder that has any', () => {
    const root = make({ 'a/b/x.txt': '', 'a/uv.lock': '', 'uv.lock': '' });
    const near = nearestFiles([path.join(root, 'a/b'), path.join(root, 'a'), root], (name) => name.endsWith('.lock'));
    assert.deepEqual([nameFrom(root, near!.folder), near!.names], ['a', ['uv.lock']]);
  });
});
