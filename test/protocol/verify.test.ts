import assert from 'node:assert/strict';
import type { VerifyResult } from '../../server/src/lsp/messages';
import { builtPrograms } from '../support/built';
import { startEditor, stopEditors } from '../support/editor';
import { below, virtualEnvironment } from '../support/environments';

const texts = (tree: ReturnType<typeof virtualEnvironment>) => tree as Record<string, string>;
const bad = virtualEnvironment([{ name: 'litellm', version: '1.82.7', files: { 'litellm/__init__.py': 'x = 1\n' } }]);

describe('merlon/verify over stdio', () => {
  before(async function () {
    this.timeout(60_000);
    await builtPrograms();
  });
  afterEach(stopEditors);

  it('says what is installed and should not be, and what was looked at', async () => {
    const files: Record<string, string> = { 'requirements.txt': 'litellm\n', ...texts(below('.venv', bad)) };
    files['.venv/lib/python3.12/site-packages/litellm/__init__.py'] = 'changed\n';
    const editor = await startEditor({ files });
    const result = await editor.request<VerifyResult>('merlon/verify', {});
    assert.match(result.text, /litellm 1\.82\.7 is installed and is malware \(MAL-2026-2144/);
    assert.match(result.text, /tampered-install/);
    assert.match(result.text, /^\.venv {2}1 package, \d+ files\n {2}looked at/m);
    assert.ok(result.errors >= 2, result.text);
    assert.doesNotMatch(result.text, /\u001b/, 'no colours of a terminal');
  });

  it('takes the environment of an interpreter that settings name, unless the workspace is not trusted', async () => {
    const files = { 'project/requirements.txt': 'litellm\n', ...texts(below('elsewhere', bad)) };
    for (const trusted of [true, false]) {
      const settings = { environment: { trusted, proxy: '', noProxy: [], strictSSL: true } };
      const editor = await startEditor({ files, open: ['project'], settings });
      const interpreters = [{ folder: editor.uri('project'), path: `${editor.folder}/elsewhere/bin/python` }];
      const { text } = await editor.request<VerifyResult>('merlon/verify', { interpreters });
      assert.equal(text.includes('litellm 1.82.7 is installed'), trusted, text);
    }
  });

  it('says that there is nothing, and never that all is well', async () => {
    const editor = await startEditor({ files: { 'notes.md': '' } });
    const { text, complete } = await editor.request<VerifyResult>('merlon/verify', {});
    assert.match(text, /there is no installed environment and no project/);
    assert.equal(complete, false);
  });
});
