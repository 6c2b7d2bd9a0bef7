import assert from 'node:assert/strict';
import type { ClientCapabilities, CodeAction, CreateFile, TextDocumentEdit } from 'vscode-languageserver-protocol';
import { builtPrograms } from '../support/built';
import { rulesIn, startEditor, stopEditors, type Editor, type EditorOptions } from '../support/editor';
import { applied } from '../support/lspClient';

// Findings in files of settings beside manifests, and cures that make a file.

const manifest = '{ "dependencies": { "plain-util": "1.0.0" } }\n';
const everywhere = { start: { line: 0, character: 0 }, end: { line: 1000, character: 0 } };
const told = { settings: { rules: { 'release-age-setting': 'warning' } } } as const;
const making: ClientCapabilities = { workspace: { workspaceEdit: { documentChanges: true, resourceOperations: ['create'] } } };

describe('limits on the age of releases over stdio', () => {
  before(async function () {
    this.timeout(60_000);
    await builtPrograms();
  });
  afterEach(stopEditors);

  const start = (files: Readonly<Record<string, string>>, more: EditorOptions = {}) =>
    startEditor({ ...told, ...more, files: { '.github/dependabot.yml': '', ...files } });
  const actions = (editor: Editor, uri: string, only = ['quickfix']) =>
    editor.request<CodeAction[]>('textDocument/codeAction', {
      textDocument: { uri },
      range: everywhere,
      context: { diagnostics: [], only },
    });

  it('are told in the file where they stand, once, with the cure, until they are mended', async () => {
    const editor = await start({ 'package.json': manifest, 'a/package.json': manifest, '.npmrc': '# ours\nmin-release-age=4320\n' });
    const uri = editor.uri('.npmrc');
    const found = await editor.diagnostics(uri, ({ length }) => length > 0);
    assert.deepEqual(rulesIn(found), ['release-age-setting']);
    assert.deepEqual(found[0]!.range, { start: { line: 1, character: 16 }, end: { line: 1, character: 20 } });
    const [fix] = await actions(editor, uri);
    assert.equal(fix!.title, 'Set min-release-age to 3, 3 days to npm');
    assert.equal(applied('# ours\nmin-release-age=4320\n', fix!.edit, uri), '# ours\nmin-release-age=3\n');
    assert.deepEqual(await actions(editor, editor.uri('a/.npmrc')), []);
    editor.write('.npmrc', '# ours\nmin-release-age=3\n');
    editor.filesChanged({ [uri]: 'changed' });
    await editor.diagnostics(uri, ({ length }) => length === 0);
    // What is typed counts before it is saved.
    editor.open(uri, 'min-release-age=1440\n');
    await editor.diagnostics(uri, ({ length }) => length === 1);
    editor.close(uri);
    await editor.diagnostics(uri, ({ length }) => length === 0);
  });

  it('are withdrawn with the manifest that they are about', async () => {
    const editor = await start({ 'package.json': manifest, '.npmrc': 'min-release-age=4320\n' });
    const uri = editor.uri('.npmrc');
    await editor.diagnostics(uri, ({ length }) => length === 1);
    editor.remove('package.json');
    editor.filesChanged({ [editor.uri('package.json')]: 'deleted' });
    await editor.diagnostics(uri, ({ length }) => length === 0);
  });

  it('are set in a new file, which is never made by the way', async () => {
    const editor = await start({ 'package.json': manifest }, { capabilities: making });
    const uri = editor.uri('package.json');
    await editor.diagnostics(uri, (found) => rulesIn(found).includes('release-age-setting'));
    const fix = (await actions(editor, uri)).find(({ title }) => title.startsWith('Add a release-age limit'));
    assert.equal(fix!.title, 'Add a release-age limit: min-release-age=3 in .npmrc (3 days)');
    const [create, write] = fix!.edit!.documentChanges as [CreateFile, TextDocumentEdit];
    assert.deepEqual(create, { kind: 'create', uri: editor.uri('.npmrc'), options: { overwrite: false, ignoreIfExists: false } });
    assert.deepEqual(write.textDocument, { uri: editor.uri('.npmrc'), version: null });
    assert.equal(applied('', fix!.edit, editor.uri('.npmrc')), 'min-release-age=3\n');
    assert.deepEqual(await actions(editor, uri, ['source.fixAll.merlon']), []);
    editor.write('.npmrc', 'min-release-age=3\n');
    editor.filesChanged({ [editor.uri('.npmrc')]: 'created' });
    await editor.diagnostics(uri, (found) => !rulesIn(found).includes('release-age-setting'));
  });

  it('offer no new file to a client that makes none', async () => {
    const editor = await start({ 'package.json': manifest }, { capabilities: { workspace: { workspaceEdit: { documentChanges: true } } } });
    const uri = editor.uri('package.json');
    await editor.diagnostics(uri, (found) => rulesIn(found).includes('release-age-setting'));
    assert.deepEqual(await actions(editor, uri), []);
  });

  it('follow the settings of bots at the root alone', async () => {
    const editor = await start({ 'package.json': manifest });
    const uri = editor.uri('package.json');
    await editor.diagnostics(uri, (found) => rulesIn(found).includes('release-age-setting'));
    editor.write('renovate.json', '{ "minimumReleaseAge": "3 days" }');
    editor.filesChanged({ [editor.uri('renovate.json')]: 'created' });
    await editor.diagnostics(uri, (found) => !rulesIn(found).includes('release-age-setting'));
  });
});
