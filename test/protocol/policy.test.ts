import assert from 'node:assert/strict';
import type { CodeAction, TextDocumentEdit } from 'vscode-languageserver-protocol';
import type { WorkspaceEdit } from 'vscode-languageserver-types';
import { applyEdits } from '../../server/src/core/applyEdits';
import { LineIndex } from '../../server/src/core/span';
import type { DependencyNode } from '../../server/src/lsp/messages';
import { builtPrograms } from '../support/built';
import { messages, online, rulesIn, startEditor, stopEditors } from '../support/editor';
import { startFakeOsv } from '../support/fakeOsv';
import { startFakeRegistry } from '../support/fakeRegistry';

const bad = 'litellm==1.82.7\n';
const offline = { feeds: { mode: 'local' }, rules: { 'release-age-setting': 'off' } };
const everywhere = { start: { line: 0, character: 0 }, end: { line: 0, character: 20 } };
const creating = {
  workspace: {
    workspaceFolders: true,
    didChangeWatchedFiles: { dynamicRegistration: true },
    workspaceEdit: { documentChanges: true, resourceOperations: ['create' as const] },
  },
  textDocument: { publishDiagnostics: { versionSupport: true }, hover: { contentFormat: ['markdown' as const] } },
};

/** The text of a file after an edit that makes it, or changes it. */
function after(edit: WorkspaceEdit, before: string): string {
  const [{ edits }] = (edit.documentChanges ?? []).filter((change): change is TextDocumentEdit => 'edits' in change) as [TextDocumentEdit];
  const lines = new LineIndex(before);
  return applyEdits(
    before,
    edits.map((one) => {
      const { range, newText } = one as { range: typeof everywhere; newText: string };
      return { file: '', span: { start: lines.offset(range.start), end: lines.offset(range.end) }, newText };
    }),
  );
}

const suppressing = (actions: readonly CodeAction[]) => actions.find(({ title }) => title.startsWith('Suppress '));

describe('policy over stdio', () => {
  before(async function () {
    this.timeout(60_000);
    await builtPrograms();
  });
  afterEach(stopEditors);

  it('a deny-list turns every editor red, and clears as it goes', async () => {
    const editor = await startEditor({
      files: { 'requirements.txt': 'requests==2.31.0\n', 'web/package.json': '{ "dependencies": { "left-pad": "1.3.0" } }' },
      initializationOptions: offline,
    });
    editor.open(editor.uri('requirements.txt'), 'requests==2.31.0\n');
    await editor.diagnostics(editor.uri('requirements.txt'), (found) => !found.length);
    editor.write('merlon.toml', 'blocked = ["requests ==2.31.0", "npm:left-pad"]\n');
    editor.filesChanged({ [editor.uri('merlon.toml')]: 'created' });
    assert.match(
      messages(await editor.diagnostics(editor.uri('requirements.txt'), (found) => found.length > 0)),
      /requests 2\.31\.0 is blocked/,
    );
    await editor.diagnostics(editor.uri('web/package.json'), (found) => rulesIn(found).includes('blocked-release'));
    // As it is typed, before it is saved.
    editor.open(editor.uri('merlon.toml'), 'blocked = ["requests ==2.32.0"]\n', 'toml');
    await editor.diagnostics(editor.uri('requirements.txt'), (found) => !found.length);
    await editor.diagnostics(editor.uri('web/package.json'), (found) => !found.length);
    editor.change(editor.uri('merlon.toml'), 2, 'bloked = ["requests"]\n');
    assert.match(
      messages(await editor.diagnostics(editor.uri('merlon.toml'), (found) => found.length > 0)),
      /bloked is no key of a policy file.*blocked is one/,
    );
    const [rename] = await editor.codeActions(editor.uri('merlon.toml'), { range: everywhere });
    assert.equal(rename?.title, 'Change bloked to blocked');
    editor.close(editor.uri('merlon.toml'));
    await editor.diagnostics(editor.uri('requirements.txt'), (found) => found.length > 0);
    editor.remove('merlon.toml');
    editor.filesChanged({ [editor.uri('merlon.toml')]: 'deleted' });
    await editor.diagnostics(editor.uri('requirements.txt'), (found) => !found.length);
    await editor.diagnostics(editor.uri('merlon.toml'), (found) => !found.length);
  });

  it('a code action writes a suppression, which holds, is told of until it has a reason, and is shown in the hover', async () => {
    const editor = await startEditor({
      files: { 'requirements.txt': bad },
      initializationOptions: offline,
      capabilities: creating,
      args: ['--now', '2026-06-01T12:00:00Z'],
    });
    const uri = editor.uri('requirements.txt');
    editor.open(uri, bad);
    await editor.diagnostics(uri, (found) => found.length > 0);
    const action = suppressing(await editor.codeActions(uri, { range: everywhere }));
    assert.equal(action?.title, 'Suppress compromised-release for litellm 1.82.7 here, with a reason');
    assert.deepEqual(action.edit?.documentChanges?.[0], {
      kind: 'create',
      uri: editor.uri('merlon.toml'),
      options: { overwrite: false, ignoreIfExists: false },
    });
    const text = after(action.edit, '');
    assert.match(
      text,
      /^\[\[suppress\]\]\nrule = "compromised-release"\nadvisory = .*\npackage = "litellm"\necosystem = "PyPI"\nversions = "1\.82\.7"\nreason = "TODO: say why"\nexpires = 2026-07-01\n$/,
    );
    editor.open(editor.uri('merlon.toml'), text, 'toml');
    await editor.diagnostics(uri, (found) => !found.length);
    assert.match(
      messages(await editor.diagnostics(editor.uri('merlon.toml'), (found) => found.length > 0)),
      /reason is still to be written/,
    );
    assert.match(
      JSON.stringify(await editor.hover(uri, { line: 0, character: 3 })),
      /Suppressed: compromised.*release until 2026-07-01, by merlon\.toml: \*TODO: say why/,
    );
    const [root] = await editor.request<DependencyNode[]>('merlon/dependencies', {});
    const [node] = await editor.request<DependencyNode[]>('merlon/dependencies', { parent: root!.id });
    assert.match(
      `${root!.description}\n${node!.description}\n${node!.tooltip}`,
      /1 suppressed\n.*compromised-release suppressed\n[^]*TODO: say why/,
    );
    editor.change(editor.uri('merlon.toml'), 2, text.replace('TODO: say why', 'it is the subject of a talk'));
    await editor.diagnostics(editor.uri('merlon.toml'), (found) => !found.length);
    // Another release is another matter.
    editor.change(uri, 2, 'litellm==1.82.8\n');
    assert.match(messages(await editor.diagnostics(uri, (found) => found.length > 0)), /1\.82\.8 is malware/);
  });

  it('a suppression that matches nothing any more is told when every source has answered', async () => {
    const osv = await startFakeOsv([]);
    const registry = await startFakeRegistry({ pypi: { litellm: [['1.85.0', '2026-01-01T00:00:00Z']] } });
    try {
      const soon = new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10);
      const entry = `[[suppress]]\nrule = "compromised-release"\npackage = "litellm"\nreason = "x"\nexpires = ${soon}\n`;
      const editor = await startEditor({
        files: { 'requirements.txt': 'litellm==1.85.0\n', 'merlon.toml': entry },
        settings: { ...online(osv.url, registry.url), rules: offline.rules },
      });
      const policy = editor.uri('merlon.toml');
      assert.match(messages(await editor.diagnostics(policy, (found) => found.length > 0)), /matches nothing any more/);
      const [removal] = await editor.codeActions(policy, { range: everywhere });
      assert.equal(after(removal!.edit!, entry), '');
      editor.open(editor.uri('requirements.txt'), 'litellm==1.82.7\n');
      await editor.diagnostics(policy, (found) => !found.length);
    } finally {
      await Promise.all([osv.close(), registry.close()]);
    }
  });

  it('our own client asks for the reason, and gets the edit for it', async () => {
    const capabilities = { ...creating, experimental: { merlonStatus: true, merlonSuppress: true } };
    const policy = '[rules]\nunpinned = "off"\n';
    const editor = await startEditor({
      files: { 'requirements.txt': bad, 'merlon.toml': policy },
      initializationOptions: offline,
      capabilities,
    });
    const uri = editor.uri('requirements.txt');
    editor.open(uri, bad);
    // Before the folder is read nobody knows of the policy file, and what is made anew does not replace one that is there.
    await editor.status(({ state }) => state === 'local');
    await editor.diagnostics(uri, (found) => found.length > 0);
    const action = suppressing(await editor.codeActions(uri, { range: everywhere }));
    assert.equal(action?.edit, undefined);
    const [params] = action!.command!.arguments as [object];
    const edit = await editor.request<WorkspaceEdit>('merlon/suppress', { ...params, reason: 'a "quoted"\nreason' });
    assert.match(after(edit, policy), /^\[rules\]\nunpinned = "off"\n\n\[\[suppress\]\]\n[^]*reason = "a \\"quoted\\" reason"\n/);
    assert.equal(await editor.request('merlon/suppress', { ...params, version: '9', reason: 'x' }), null);
  });

  it('a workspace that is not trusted may only tighten, until it is', async () => {
    const policy =
      'exclude = ["left/"]\n[rules]\nmutable-source = "error"\ncompromised-release = "off"\n[[suppress]]\nrule = "compromised-release"\npackage = "litellm"\nreason = "please"\nexpires = 2999-01-01\n';
    const environment = { trusted: false, proxy: '', noProxy: [], strictSSL: true };
    const editor = await startEditor({
      files: { 'requirements.txt': `${bad}a @ git+https://example.com/a@main\n`, 'left/requirements.txt': bad, 'merlon.toml': policy },
      initializationOptions: { ...offline, environment },
    });
    const found = await editor.diagnostics(editor.uri('requirements.txt'), (all) => all.length === 2);
    assert.deepEqual(
      found.map(({ severity }) => severity),
      [1, 1],
    );
    await editor.diagnostics(editor.uri('left/requirements.txt'), (all) => all.length === 1);
    assert.match(
      messages(await editor.diagnostics(editor.uri('merlon.toml'))),
      /not trusted, so its policy may only tighten: nothing is suppressed/,
    );
    assert.equal(suppressing(await editor.codeActions(editor.uri('requirements.txt'), { range: everywhere })), undefined);
    editor.notify('merlon/environment', { ...environment, trusted: true });
    await editor.diagnostics(editor.uri('requirements.txt'), (all) => all.length === 1);
    await editor.diagnostics(editor.uri('left/requirements.txt'), (all) => !all.length);
  });
});
