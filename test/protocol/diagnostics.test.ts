import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { builtPrograms } from '../support/built';
import { messages, rulesIn, startEditor, stopEditors } from '../support/editor';

describe('diagnostics over stdio', () => {
  before(async function () {
    this.timeout(60_000);
    await builtPrograms();
  });
  afterEach(stopEditors);

  it('name rule, page, source, severity and place of a document that was opened', async () => {
    const editor = await startEditor();
    const uri = editor.uri('requirements.txt');
    editor.open(uri, '# ours\nlitellm==1.82.7 # gateway\n');
    const [first, ...rest] = await editor.diagnostics(uri);
    assert.deepEqual(rest, []);
    assert.equal(first!.code, 'compromised-release');
    assert.equal(first!.severity, 1);
    assert.equal(first!.source, 'merlon');
    assert.match(first!.codeDescription!.href, /^https:.*\/docs\/checks\/compromised-release\.md$/);
    assert.deepEqual(first!.range, { start: { line: 1, character: 7 }, end: { line: 1, character: 15 } });
    assert.equal(editor.published(uri)!.version, 1);
  });

  it('are there for closed files of the workspace, and for nothing else', async () => {
    const editor = await startEditor({
      files: {
        'requirements.txt': 'litellm==1.82.7\n',
        'app/package.json': '{"dependencies":{"axios":"1.14.1"}}',
        'app/node_modules/x/package.json': '{"dependencies":{"axios":"1.14.1"}}',
        'clean/requirements.txt': 'requests==2.32.0\n',
        'notes.txt': 'litellm==1.82.7\n',
      },
    });
    await editor.diagnostics(editor.uri('requirements.txt'));
    await editor.diagnostics(editor.uri('app/package.json'));
    await editor.status(({ state }) => state === 'local');
    assert.deepEqual(editor.publishedUris().sort(), [editor.uri('app/package.json'), editor.uri('requirements.txt')]);
    assert.equal(editor.published(editor.uri('requirements.txt'))!.version, undefined);
  });

  it('follow what is typed and not saved, with its version', async () => {
    const editor = await startEditor({ files: { 'requirements.txt': 'litellm==1.82.7\n' } });
    const uri = editor.uri('requirements.txt');
    await editor.diagnostics(uri);
    editor.open(uri, 'litellm==1.82.7\n');
    await editor.diagnostics(uri, (_, version) => version === 1);
    const at = (line: number, start: number, end: number) => ({ start: { line, character: start }, end: { line, character: end } });
    editor.edit(uri, 2, [{ range: at(0, 0, 15), newText: '' }]);
    assert.deepEqual(await editor.diagnostics(uri, (_, version) => version === 2), []);
    editor.edit(uri, 3, [{ range: at(0, 0, 0), newText: 'openai' }]);
    assert.deepEqual(rulesIn(await editor.diagnostics(uri, (_, version) => version === 3)), ['unpinned']);
  });

  it('never are of an older text than the version says', async () => {
    const editor = await startEditor({ files: { 'base.txt': 'litellm==1.82.8\n' } });
    const uri = editor.uri('requirements.txt');
    editor.open(uri, '');
    // Each text has as many findings as its version says; includes come and go meanwhile, and are read from disk.
    const textOf = (version: number) => `${version % 2 ? '-r base.txt\n-r gone.txt\n' : ''}${'litellm==1.82.7\n'.repeat(version)}`;
    for (let version = 2; version <= 40; version++) editor.change(uri, version, textOf(version));
    await editor.diagnostics(uri, (_, version) => version === 40);
    const own = editor.history.filter((params) => params.uri === uri);
    for (const [i, { version, diagnostics }] of own.entries()) {
      assert.ok(i === 0 || version! >= own[i - 1]!.version!, 'versions only grow');
      const found = rulesIn(diagnostics).filter((rule) => rule === 'compromised-release').length;
      assert.equal(found, version === 1 ? 0 : version);
    }
  });

  it('of a closed document are those that the disk deserves', async () => {
    const editor = await startEditor({ files: { 'requirements.txt': 'litellm==1.82.7\n' } });
    const uri = editor.uri('requirements.txt');
    editor.open(uri, 'requests==2.32.0\n');
    await editor.diagnostics(uri, (found, version) => version === 1 && !found.length);
    editor.close(uri);
    assert.deepEqual(rulesIn(await editor.diagnostics(uri, (found) => found.length > 0)), ['compromised-release']);
    // A file that was never saved has nothing on disk.
    const fresh = editor.uri('new/requirements.txt');
    editor.open(fresh, 'litellm==1.82.7\n');
    await editor.diagnostics(fresh, (found) => found.length > 0);
    editor.close(fresh);
    await editor.diagnostics(fresh, (found) => !found.length);
    // One that was saved while it was open has, even if nobody told of it.
    editor.open(fresh, 'litellm==1.82.7\n');
    editor.write('new/requirements.txt', 'litellm==1.82.8\n');
    editor.close(fresh);
    await editor.diagnostics(fresh, (found) => messages(found).includes('1.82.8'));
  });

  it('are those of the document, whatever its address looks like', async () => {
    const bad = 'litellm==1.82.7\n';
    const editor = await startEditor({ files: { 'a b/@scope/ü/requirements.txt': bad } });
    const closed = editor.uri('a b/@scope/ü/requirements.txt');
    const encoded = closed.replace('@', '%40');
    await editor.diagnostics(closed, (found) => found.length === 1);
    editor.open(encoded, bad);
    await editor.diagnostics(encoded, (found, version) => version === 1 && found.length === 1);
    // What was shown of the closed file under another spelling is withdrawn.
    await editor.diagnostics(closed, (found) => !found.length);
    const addresses = [
      'untitled:requirements.txt',
      'untitled:/elsewhere/requirements.txt',
      'file:///C:/Work/requirements.txt',
      'file:///c%3A/code/requirements.txt',
      'vscode-vfs://github/owner/repo/requirements.txt',
    ];
    for (const uri of addresses) editor.open(uri, bad);
    for (const uri of addresses) assert.deepEqual(rulesIn(await editor.diagnostics(uri)), ['compromised-release'], uri);
    // Addresses that name no path here, old revisions, and what is no manifest: nothing, and no harm to the others.
    const odd = [
      'file://host/share%2Fx/requirements.txt',
      'file:///%zz/requirements.txt',
      'git:/x/requirements.txt?%7B%7D',
      'untitled:Untitled-1',
    ];
    for (const uri of odd) editor.open(uri, bad);
    editor.change(addresses[0]!, 2, '\n');
    await editor.diagnostics(addresses[0]!, (found, version) => version === 2 && !found.length);
    assert.ok(!editor.publishedUris().includes(odd[2]!));
    for (const uri of [...addresses, ...odd]) editor.close(uri);
    for (const uri of addresses) await editor.diagnostics(uri, (found) => !found.length);
  });

  it('of several folders are each under its own settings, and an inner folder has its files for itself', async () => {
    const editor = await startEditor({
      files: {
        'one/requirements.txt': 'openai\n-r inner/requirements.txt\n',
        'one/inner/requirements.txt': 'openai\n',
        'two/requirements.txt': 'openai\nrequests\n',
        'two/skip/requirements.txt': 'openai\n',
      },
      open: ['one', 'one/inner', 'two'],
      configuration: (_, scope) => ({
        feeds: { mode: 'local' },
        rules: scope?.endsWith('/inner') ? { unpinned: 'error' } : {},
        unpinned: { scope: scope?.endsWith('/two') ? 'all' : 'ai' },
        exclude: scope?.endsWith('/two') ? ['skip/**'] : [],
      }),
    });
    const inner = editor.uri('one/inner/requirements.txt');
    assert.equal((await editor.diagnostics(editor.uri('one/requirements.txt')))[0]!.severity, 2);
    assert.equal((await editor.diagnostics(inner))[0]!.severity, 1);
    assert.equal((await editor.diagnostics(editor.uri('two/requirements.txt'))).length, 2);
    editor.open(editor.uri('two/skip/requirements.txt'), 'openai\n');
    await editor.status(({ state }) => state === 'local');
    assert.equal(editor.published(editor.uri('two/skip/requirements.txt')), undefined);
    assert.deepEqual(
      [...new Set(editor.history.filter(({ uri }) => uri === inner).map(({ diagnostics }) => diagnostics[0]?.severity))],
      [1],
    );
    // Closed, the inner folder's files are the outer one's again.
    editor.notify('workspace/didChangeWorkspaceFolders', {
      event: {
        added: [],
        removed: [
          { uri: editor.uri('one/inner'), name: 'inner' },
          { uri: editor.uri('two'), name: 'two' },
        ],
      },
    });
    await editor.diagnostics(inner, (found) => found[0]?.severity === 2);
    await editor.diagnostics(editor.uri('two/requirements.txt'), (found) => !found.length);
  });

  it('tell of a file that cannot be read', async () => {
    const editor = await startEditor();
    fs.writeFileSync(path.join(editor.folder, 'requirements.txt'), Buffer.from([0xff, 0xfe, 0x00, 0xd8, 0x41]));
    fs.writeFileSync(path.join(editor.folder, 'package.json'), Buffer.alloc(6 * 1024 * 1024, 32));
    editor.filesChanged({ [editor.uri('requirements.txt')]: 'created', [editor.uri('package.json')]: 'created' });
    assert.match(messages(await editor.diagnostics(editor.uri('package.json'))), /^Not checked: it is larger than/);
    const status = await editor.status(({ state }) => state === 'unavailable');
    assert.match(status.text, /not read whole/);
    editor.remove('package.json');
    editor.remove('requirements.txt');
    editor.filesChanged({ [editor.uri('package.json')]: 'deleted', [editor.uri('requirements.txt')]: 'deleted' });
    await editor.diagnostics(editor.uri('package.json'), (found) => !found.length);
    await editor.status(({ state }) => state === 'local');
  });
});
