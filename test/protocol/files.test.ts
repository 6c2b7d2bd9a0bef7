import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { builtPrograms } from '../support/built';
import { messages, rulesIn, startEditor, stopEditors } from '../support/editor';

const bad = 'litellm==1.82.7\n';

describe('files over stdio', () => {
  before(async function () {
    this.timeout(60_000);
    await builtPrograms();
  });
  afterEach(stopEditors);

  it('that come, change, move and go on disk take their diagnostics along', async () => {
    const editor = await startEditor({ files: { 'requirements.txt': bad, 'kept/requirements.txt': bad } });
    const uri = editor.uri('requirements.txt');
    await editor.diagnostics(uri);
    editor.write('requirements.txt', 'litellm==1.82.8\n');
    editor.filesChanged({ [uri]: 'changed' });
    await editor.diagnostics(uri, (found) => messages(found).includes('1.82.8'));

    const moved = editor.uri('dev/requirements-dev.txt');
    editor.write('dev/requirements-dev.txt', bad);
    editor.remove('requirements.txt');
    editor.filesChanged({ [uri]: 'deleted', [moved]: 'created' });
    await editor.diagnostics(moved, (found) => found.length === 1);
    await editor.diagnostics(uri, (found) => !found.length);

    // Of a deleted folder editors tell the folder alone, and of a renamed one nothing but the renaming.
    editor.remove('dev');
    editor.filesChanged({ [editor.uri('dev')]: 'deleted' });
    await editor.diagnostics(moved, (found) => !found.length);
    fs.renameSync(path.join(editor.folder, 'kept'), path.join(editor.folder, 'renamed'));
    editor.notify('workspace/didRenameFiles', { files: [{ oldUri: editor.uri('kept'), newUri: editor.uri('renamed') }] });
    await editor.diagnostics(editor.uri('renamed/requirements.txt'), (found) => found.length === 1);
    await editor.diagnostics(editor.uri('kept/requirements.txt'), (found) => !found.length);

    // What git ignores from now on is left out.
    editor.write('.gitignore', 'renamed/\n');
    editor.filesChanged({ [editor.uri('.gitignore')]: 'created' });
    await editor.diagnostics(editor.uri('renamed/requirements.txt'), (found) => !found.length);
  });

  it('registers no document a second time that the client chooses by itself: each change would be sent twice', async () => {
    const selected = async (experimental: object) => {
      const capabilities = { textDocument: { synchronization: { dynamicRegistration: true } }, experimental };
      const editor = await startEditor({ files: { 'requirements.txt': bad }, capabilities });
      await editor.diagnostics(editor.uri('requirements.txt'));
      const { documentSelector } = editor.registrations.get('textDocument/didChange') as { documentSelector: { pattern: string }[] };
      return documentSelector.map(({ pattern }) => pattern);
    };
    const any = await selected({});
    assert.ok(any.includes('**/merlon.toml') && any.includes('**/.npmrc'), any.join());
    const ours = await selected({ merlonPolicyFile: true });
    assert.deepEqual(
      ours,
      any.filter((pattern) => pattern !== '**/merlon.toml'),
    );
  });

  it('are watched: manifests, what lies beside them, what they include, and the deletion of anything', async () => {
    const editor = await startEditor({ files: { 'requirements.txt': bad } });
    await editor.diagnostics(editor.uri('requirements.txt'));
    const { watchers } = editor.registrations.get('workspace/didChangeWatchedFiles') as {
      watchers: { globPattern: string; kind?: number }[];
    };
    const patterns = watchers.filter(({ kind }) => kind === undefined).map(({ globPattern }) => globPattern);
    for (const name of ['package.json', 'pyproject.toml', 'pnpm-workspace.yaml', '.npmrc', '.gitignore', '*.txt', '*.in'])
      assert.ok(patterns.includes(`**/${name}`), name);
    assert.deepEqual(watchers.find(({ globPattern }) => globPattern === '**')?.kind, 4);
  });

  it('that change two hundred at a time are read in one pass', async () => {
    const names = Array.from({ length: 200 }, (_, n) => `app${n}/requirements.txt`);
    const editor = await startEditor({ files: Object.fromEntries(names.map((name) => [name, 'requests==2.32.0\n'])) });
    await editor.status(({ state }) => state === 'local');
    const before = editor.statuses.length;
    for (const [n, name] of names.entries()) editor.write(name, n % 2 ? bad : 'litellm==1.82.8\n');
    for (const name of names) editor.filesChanged({ [editor.uri(name)]: 'changed' });
    await Promise.all(names.map((name) => editor.diagnostics(editor.uri(name), (found) => found.length === 1)));
    assert.equal(editor.history.length, names.length, 'each is published once');
    assert.ok(editor.statuses.length - before <= 4, `${editor.statuses.length - before} statuses`);
  });

  it('of any name are judged where another one includes them', async () => {
    const editor = await startEditor({ files: { 'requirements.txt': '-r deps/base.in.list\n', 'deps/base.in.list': bad } });
    const included = editor.uri('deps/base.in.list');
    assert.deepEqual(rulesIn(await editor.diagnostics(included)), ['compromised-release']);
    // Typed in, it is live as well.
    editor.open(included, bad);
    editor.change(included, 2, `${bad}openai\n`);
    assert.deepEqual(rulesIn(await editor.diagnostics(included, (_, version) => version === 2)), ['compromised-release', 'unpinned']);
    editor.close(included);
    await editor.diagnostics(included, (found) => found.length === 1);
    // Without it nobody knows what is required, and that is said where it is included.
    editor.remove('deps/base.in.list');
    editor.filesChanged({ [included]: 'deleted' });
    await editor.diagnostics(included, (found) => !found.length);
    const root = editor.uri('requirements.txt');
    assert.match(messages(await editor.diagnostics(root, (found) => found.length === 1)), /Not checked: .*there is no such file/);
    editor.write('deps/base.in.list', bad);
    editor.filesChanged({ [included]: 'created' });
    await editor.diagnostics(root, (found) => !found.length);
    await editor.diagnostics(included, (found) => found.length === 1);
    // Included no more, it is no manifest.
    editor.open(root, '-r deps/base.in.list\n');
    editor.change(root, 2, '\n');
    await editor.diagnostics(included, (found) => !found.length);
  });

  it('beside a manifest are followed: a catalog says what an entry means', async () => {
    const editor = await startEditor({
      files: {
        'pnpm-workspace.yaml': 'packages: [app]\ncatalog:\n  axios: 1.14.0\n',
        'app/package.json': '{"dependencies":{"axios":"catalog:"}}',
      },
    });
    const uri = editor.uri('app/package.json');
    const catalog = editor.uri('pnpm-workspace.yaml');
    editor.open(uri, '{"dependencies":{"axios":"catalog:"}}');
    await editor.diagnostics(uri, (_, version) => version === 1);
    assert.ok(!editor.history.some(({ diagnostics }) => diagnostics.length), 'before the catalog is read nothing is said of it');
    editor.write('pnpm-workspace.yaml', 'packages: [app]\ncatalog:\n  axios: 1.14.1\n');
    editor.filesChanged({ [catalog]: 'changed' });
    assert.deepEqual(rulesIn(await editor.diagnostics(uri, (found) => found.length > 0)), ['compromised-release']);
    // Open in the editor, its text there counts.
    editor.open(catalog, 'packages: [app]\ncatalog:\n  axios: 1.14.1\n');
    editor.change(catalog, 2, 'packages: [app]\ncatalog:\n  axios: 1.14.0\n');
    await editor.diagnostics(uri, (found) => !found.length);
  });

  it('opened alone, outside of any folder, are judged with what lies beside them, and forgotten when closed', async () => {
    const editor = await startEditor({ files: { 'requirements.txt': bad, 'base.txt': bad }, open: [] });
    const uri = editor.uri('requirements.txt');
    editor.open(uri, '-r base.txt\nlitellm==1.82.8\n');
    await editor.diagnostics(uri, (found) => found.length === 1);
    await editor.diagnostics(editor.uri('base.txt'), (found) => found.length === 1);
    // The folder around it is opened: it is that folder's document now, and shown once.
    editor.notify('workspace/didChangeWorkspaceFolders', { event: { added: [{ uri: editor.uri(''), name: 'x' }], removed: [] } });
    await editor.status(({ state }) => state === 'local');
    assert.equal((await editor.diagnostics(uri, (found) => found.length > 0)).length, 1);
    editor.notify('workspace/didChangeWorkspaceFolders', { event: { added: [], removed: [{ uri: editor.uri(''), name: 'x' }] } });
    await editor.diagnostics(uri, (found, version) => version === 1 && found.length === 1);
    editor.close(uri);
    await editor.diagnostics(uri, (found) => !found.length);
    await editor.diagnostics(editor.uri('base.txt'), (found) => !found.length);
  });
});
