import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { kindOf } from '../../server/src/ecosystems';
import { createFiles } from '../../server/src/platform/files';
import { createProject } from '../../server/src/scan/project';
import { temporaryFolder, type Tree } from '../support/temporaryFolder';

describe('what is installed', () => {
  const folders: { remove(): void }[] = [];
  const lay = (files: Tree): string => {
    const folder = temporaryFolder(files);
    folders.push(folder);
    return folder.path;
  };
  afterEach(() => folders.splice(0).forEach((folder) => folder.remove()));
  const installed = async (root: string, name: string) => {
    const project = createProject({ files: createFiles(root), top: '' });
    await project.load([{ path: name, kind: kindOf(name)! }]);
    return Object.fromEntries([...(project.document(name)?.installed ?? [])].map(([pkg, { version }]) => [pkg, version]));
  };

  it('is read from the nearest virtual environment', async () => {
    const site = '.venv/lib/python3.12/site-packages';
    const root = lay({
      'app/requirements.txt': 'LiteLLM>=1.80\nnumpy==2.0\ntwice\nabsent\nopen_ai\n',
      [`${site}/litellm-1.82.7.dist-info/METADATA`]: '',
      [`${site}/numpy-1.0.dist-info/METADATA`]: '',
      [`${site}/open_ai-2.0.0.post1.dist-info/METADATA`]: '',
      [`${site}/twice-1.0.dist-info/METADATA`]: '',
      [`${site}/twice-2.0.dist-info/METADATA`]: '',
      [`${site}/~itellm-1.0.dist-info/METADATA`]: '',
    });
    assert.deepEqual(await installed(root, 'app/requirements.txt'), { litellm: '1.82.7', 'open-ai': '2.0.0.post1' });
  });

  it('is read from node_modules, by each package itself', async () => {
    const root = lay({
      'packages/a/package.json': '{"dependencies":{"axios":"^1","@s/x":"*","alias":"npm:other@^1","../../up":"1 - 2","near":"^1"}}',
      'packages/a/node_modules/near/package.json': '{"name":"near","version":"1.5.0"}',
      'node_modules/near/package.json': '{"name":"near","version":"1.0.0"}',
      'node_modules/axios/package.json': '{"name":"axios","version":"1.14.1"}',
      'node_modules/@s/x/package.json': '{"name":"@s/x","version":"3.0.0"}',
      'node_modules/alias/package.json': '{"name":"other","version":"9.0.0"}',
    });
    assert.deepEqual(await installed(root, 'packages/a/package.json'), { axios: '1.14.1', '@s/x': '3.0.0', near: '1.5.0' });
  });

  it('is kept while the file is typed in, and never followed out of the workspace', async () => {
    const outside = lay({ 'lib/python3.12/site-packages/litellm-1.82.7.dist-info/METADATA': '' });
    const root = lay({ 'requirements.txt': 'litellm\n' });
    fs.symlinkSync(outside, path.join(root, '.venv'));
    assert.deepEqual(await installed(root, 'requirements.txt'), {});
    const inside = lay({ 'requirements.txt': 'litellm\n', 'venv/Lib/site-packages/litellm-1.82.7.dist-info/METADATA': '' });
    const project = createProject({ files: createFiles(inside), top: '' });
    const entry = { path: 'requirements.txt', kind: kindOf('requirements.txt')! };
    await project.load([entry]);
    assert.equal(project.update(entry, 'litellm>1\n').installed?.get('litellm')?.version, '1.82.7');
    fs.rmSync(path.join(inside, 'venv'), { recursive: true });
    await project.load([entry]);
    assert.equal(project.document('requirements.txt')?.installed, undefined);
  });
});
