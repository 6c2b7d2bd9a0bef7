import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { builtPrograms } from '../support/built';
import { online, rulesIn, startEditor, stopEditors } from '../support/editor';
import { startFakeOsv } from '../support/fakeOsv';

const bad = 'litellm==1.82.7\n';

describe('the server’s life over stdio', () => {
  before(async function () {
    this.timeout(60_000);
    await builtPrograms();
  });
  afterEach(stopEditors);

  it('ends soon after a thousand rapid changes of a long file', async () => {
    const editor = await startEditor();
    const uri = editor.uri('requirements.txt');
    const lines = Array.from({ length: 1000 }, (_, n) => `langchain-${n}>=1.${n % 40},<3\n`).join('');
    editor.open(uri, lines);
    const start = { line: 0, character: 0 };
    for (let version = 2; version <= 1001; version++)
      editor.edit(uri, version, [{ range: { start, end: start }, newText: version % 2 ? '#' : '\n' }]);
    const took = await editor.stop();
    assert.equal(await editor.ended, 0);
    assert.ok(took < 15_000, `${took} ms`);
    assert.ok(editor.history.length < 500, `${editor.history.length} passes`);
  });

  it('ends while a feed is silent', async () => {
    const osv = await startFakeOsv();
    try {
      osv.mode = 'never';
      const editor = await startEditor({ files: { 'requirements.txt': bad }, settings: online(osv.url) });
      await editor.status(({ state }) => state === 'checking');
      while (!osv.requests.length) await new Promise((resolve) => setTimeout(resolve, 20));
      assert.equal(osv.requests.length, 1);
      assert.ok((await editor.stop()) < 15_000);
      assert.equal(await editor.ended, 0);
    } finally {
      await osv.close();
    }
  });

  it('ends with its parent, whether the pipe breaks or only the process is gone', async () => {
    const piped = await startEditor({ files: { 'requirements.txt': bad } });
    await piped.diagnostics(piped.uri('requirements.txt'));
    piped.hangUp();
    assert.equal(await piped.ended, 1);

    const parent = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
    const watched = await startEditor({ processId: parent.pid! });
    parent.kill();
    assert.equal(await watched.ended, 1);
  });

  it('takes no order before it is initialized, and loses no document', async () => {
    const editor = await startEditor({ withoutInitialized: true });
    const uri = editor.uri('requirements.txt');
    editor.open(uri, bad);
    const hover = editor.hover(uri, { line: 0, character: 2 });
    const range = { start: { line: 0, character: 0 }, end: { line: 0, character: 15 } };
    const actions = editor.codeActions(uri, { range });
    editor.change(uri, 2, `# typed\n${bad}`);
    editor.notify('initialized', {});
    assert.deepEqual(rulesIn(await editor.diagnostics(uri, (_, version) => version === 2)), ['compromised-release']);
    // The question was asked of a text whose first line has changed by now.
    assert.equal(await hover, null);
    assert.ok(Array.isArray(await actions));
  });

  it('goes on after questions that make no sense', async () => {
    const editor = await startEditor();
    const uri = editor.uri('requirements.txt');
    editor.open(uri, bad);
    await editor.diagnostics(uri);
    editor.notify('textDocument/didChange', { textDocument: { uri: 'file:///never-opened', version: 3 }, contentChanges: [{ text: 'x' }] });
    editor.notify('textDocument/didClose', { textDocument: { uri: 'file:///never-opened' } });
    editor.notify('workspace/didChangeConfiguration', null);
    editor.notify('workspace/didChangeWatchedFiles', {
      changes: [
        { uri: 'file:///%zz', type: 9 },
        { uri: 'nonsense', type: 1 },
      ],
    });
    editor.notify('workspace/didRenameFiles', { files: [{ oldUri: 'file://a/b', newUri: '' }] });
    editor.notify('merlon/environment', null);
    editor.notify('merlon/unheard-of', [1, 2]);
    const wrong = await Promise.allSettled([
      editor.request('merlon/pinAi', null),
      editor.request('merlon/unheard-of'),
      editor.request('textDocument/hover', {}),
      editor.request('textDocument/codeAction', { textDocument: { uri }, range: null }),
    ]);
    assert.ok(wrong.every(({ status }) => status === 'rejected'));
    const far = { line: 1e9, character: 1e9 };
    assert.equal(await editor.hover(uri, far), null);
    assert.deepEqual(await editor.codeActions(uri, { range: { start: far, end: far } }), []);
    const result = await editor.request<{ files: number; complete: boolean }>('merlon/checkWorkspace');
    assert.deepEqual([result.files, result.complete], [1, true]);
  });

  it('serves a client that can do nothing, and one whose folder is not here', async () => {
    const bare = await startEditor({ capabilities: {}, files: { 'requirements.txt': bad } });
    assert.deepEqual(rulesIn(await bare.diagnostics(bare.uri('requirements.txt'))), ['compromised-release']);
    const lost = await startEditor({ open: ['gone'] });
    const status = await lost.status(({ state }) => state === 'unavailable');
    assert.match(status.detail.at(-1)!.reason!, /cannot be read/);
    const uri = lost.uri('gone/requirements.txt');
    lost.open(uri, bad);
    await lost.diagnostics(uri, (found) => found.length === 1);
  });

  it('writes nothing but the protocol, and tells no secret in the ledger', async () => {
    const osv = await startFakeOsv();
    try {
      const address = new URL(osv.url);
      address.username = 'user';
      address.password = 'hunter2';
      const editor = await startEditor({ files: { 'requirements.txt': bad }, settings: online(address.href) });
      await editor.status(({ detail }) => detail.find(({ id }) => id === 'osv')!.state === 'ok');
      const ledger = await editor.request<string>('merlon/ledger');
      assert.match(ledger, /^# What leaves this machine/);
      assert.match(ledger, /querybatch.*litellm/);
      assert.match(String(osv.requests[0]!.headers.authorization), /^Basic /);
      assert.ok(!/hunter2|user:|Basic|dXNlcj/.test(ledger + editor.log.join() + JSON.stringify(editor.statuses)));
    } finally {
      await osv.close();
    }
  });
});
