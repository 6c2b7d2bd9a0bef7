import assert from 'node:assert/strict';
import type { ChangeAnnotation, Hover, MarkupContent, TextDocumentEdit, WorkspaceEdit } from 'vscode-languageserver-protocol';
import { builtPrograms } from '../support/built';
import { online, startEditor, stopEditors, type Editor } from '../support/editor';
import { startFakeOsv, type FakeOsv } from '../support/fakeOsv';
import { inventedDigest, startFakeRegistry, type FakeRegistry } from '../support/fakeRegistry';
import { applied } from '../support/lspClient';
import { osvRecord } from '../support/osvRecords';

interface Pinned {
  readonly edit?: WorkspaceEdit & { readonly changeAnnotations: Record<string, ChangeAnnotation> };
  readonly pinned: number;
  readonly left: readonly string[];
}

const old = '2026-01-01T00:00:00Z';
const everywhere = { start: { line: 0, character: 0 }, end: { line: 1000, character: 0 } };

describe('fixes over stdio', () => {
  let osv: FakeOsv;
  let registry: FakeRegistry;

  before(async function () {
    this.timeout(60_000);
    await builtPrograms();
  });
  beforeEach(async () => {
    osv = await startFakeOsv();
    registry = await startFakeRegistry({
      pypi: {
        openai: [
          ['1.50.0', old],
          ['2.0.0', old],
        ],
        anthropic: [['0.40.0', old]],
        litellm: [
          ['1.82.6', old],
          ['1.85.0', old],
        ],
      },
      npm: {
        openai: [['5.0.0', old]],
        axios: [
          ['1.14.0', old],
          ['1.14.2', old],
        ],
      },
    });
  });
  afterEach(async () => {
    await stopEditors();
    await Promise.all([osv.close(), registry.close()]);
  });

  const settings = () => online(osv.url, registry.url);
  const settled = (editor: Editor) => editor.status(({ state }) => state === 'fresh');
  const documentsOf = (edit: WorkspaceEdit | undefined) => (edit?.documentChanges ?? []) as TextDocumentEdit[];

  it('carry the version of the text that they are made for, also after more was typed', async () => {
    const editor = await startEditor({ settings: settings() });
    const uri = editor.uri('requirements.txt');
    let text = 'openai>=1,<2  # the client\n';
    editor.open(uri, text);
    await settled(editor);
    const [first] = await editor.codeActions(uri, { range: everywhere });
    assert.equal(first!.kind, 'quickfix');
    assert.equal(first!.isPreferred, true);
    assert.match(first!.title, /^Pin openai to 1\.50\.0/);
    assert.equal(first!.diagnostics![0]!.code, 'unpinned');
    assert.equal(documentsOf(first!.edit)[0]!.textDocument.version, 1);
    assert.equal(applied(text, first!.edit, uri), 'openai==1.50.0  # the client\n');
    // A line above, and the fix at once after it.
    text = `# one more\n${text}`;
    editor.edit(uri, 2, [{ range: { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } }, newText: '# one more\n' }]);
    const [second] = await editor.codeActions(uri, { range: everywhere });
    assert.equal(documentsOf(second!.edit)[0]!.textDocument.version, 2);
    assert.equal(applied(text, second!.edit, uri), '# one more\nopenai==1.50.0  # the client\n');
  });

  it('wait half a second for a slow registry, and no question is asked twice for that', async () => {
    registry.mode = 'slow';
    registry.delayMs = 900;
    const editor = await startEditor({ settings: settings() });
    const uri = editor.uri('requirements.txt');
    editor.open(uri, 'openai>=1,<2\n');
    await editor.diagnostics(uri);
    const started = performance.now();
    const early = await editor.codeActions(uri, { range: everywhere });
    const waited = performance.now() - started;
    assert.deepEqual(early, []);
    assert.ok(waited > 400, `${waited} ms`);
    // Typing and asking go on; the registry's answer is not given up for it.
    for (let version = 2; version < 6; version++) {
      editor.change(uri, version, `openai>=1,<2\n${'#'.repeat(version)}`);
      await editor.codeActions(uri, { range: everywhere });
    }
    await settled(editor);
    assert.match((await editor.codeActions(uri, { range: everywhere }))[0]!.title, /^Pin openai/);
    assert.equal(registry.requests.length, 1);
  });

  it('of a whole file are one action, when that is asked for', async () => {
    const editor = await startEditor({ settings: settings() });
    const uri = editor.uri('requirements.txt');
    const text = 'openai\nlitellm==1.82.7\nrequests\nanthropic>=0.1 --hash=sha256:aa\n';
    editor.open(uri, text);
    await settled(editor);
    for (const only of [['source.fixAll.merlon'], ['source.fixAll'], ['source']]) {
      const [all, ...rest] = await editor.codeActions(uri, { range: everywhere }, only);
      assert.deepEqual([all!.kind, rest.length], ['source.fixAll.merlon', 0]);
      const hashes = ['-py3-none-any.whl', '.tar.gz'].map((end) => ` --hash=sha256:${inventedDigest(`anthropic-0.40.0${end}`)}`);
      assert.equal(applied(text, all!.edit, uri), `openai==2.0.0\nlitellm==1.85.0\nrequests\nanthropic==0.40.0${hashes.join('')}\n`);
    }
    const unasked = await editor.codeActions(uri, { range: everywhere });
    assert.ok(unasked.length >= 2 && unasked.every(({ kind }) => kind === 'quickfix'));
    assert.deepEqual(await editor.codeActions(uri, { range: everywhere }, ['refactor']), []);
    assert.deepEqual(await editor.codeActions(uri, { range: { start: { line: 2, character: 0 }, end: { line: 2, character: 8 } } }), []);
  });

  it('of a catalog’s entry lie in the file of the catalog, and only while its text is the one that was read', async () => {
    const catalog = 'packages: [app]\ncatalog:\n  axios: 1.14.1 # bad\n';
    const manifest = '{"dependencies":{"axios":"catalog:"}}';
    const editor = await startEditor({ files: { 'pnpm-workspace.yaml': catalog, 'app/package.json': manifest }, settings: settings() });
    const uri = editor.uri('app/package.json');
    const other = editor.uri('pnpm-workspace.yaml');
    editor.open(uri, manifest);
    await editor.diagnostics(uri, (found) => found.length > 0);
    await settled(editor);
    const fix = async () => (await editor.codeActions(uri, { range: everywhere })).find(({ isPreferred }) => isPreferred);
    const closed = await fix();
    assert.deepEqual(
      documentsOf(closed!.edit).map(({ textDocument }) => textDocument),
      [{ uri: other, version: null }],
    );
    assert.equal(applied(catalog, closed!.edit, other), catalog.replace('1.14.1', '1.14.2'));
    editor.open(other, catalog);
    assert.equal(documentsOf((await fix())!.edit)[0]!.textDocument.version, 1);
    editor.change(other, 2, `# typed\n${catalog}`);
    assert.equal(await fix(), undefined, 'the places are those of another text');
    await editor.diagnostics(uri);
    const again = await new Promise<Awaited<ReturnType<typeof fix>>>((resolve) => setTimeout(() => resolve(fix()), 500));
    assert.equal(documentsOf(again!.edit)[0]!.textDocument.version, 2);
    assert.equal(applied(`# typed\n${catalog}`, again!.edit, other), `# typed\n${catalog.replace('1.14.1', '1.14.2')}`);
  });

  it('that pin the AI packages of a file or of all want confirmation, and name what is left', async () => {
    const files = {
      'one/requirements.txt': 'openai\nrequests\n',
      'two/requirements.txt': 'anthropic\nlangchain\n',
      'two/package.json': '{"dependencies":{"openai":"^5.0.0"}}',
    };
    const editor = await startEditor({ files, open: ['one', 'two'], settings: { ...settings(), rules: { unpinned: 'off' } } });
    const one = editor.uri('one/requirements.txt');
    editor.open(one, files['one/requirements.txt']);
    await settled(editor);
    const file = await editor.request<Pinned>('merlon/pinAi', { scope: one });
    assert.deepEqual([file.pinned, file.left], [1, []]);
    assert.equal(applied(files['one/requirements.txt'], file.edit, one), 'openai==2.0.0\nrequests\n');

    const all = await editor.request<Pinned>('merlon/pinAi', { scope: 'workspace' });
    assert.equal(all.pinned, 3);
    assert.match(all.left.join(), /langchain in requirements\.txt: /);
    const two = editor.uri('two/requirements.txt');
    const versions = Object.fromEntries(documentsOf(all.edit).map(({ textDocument }) => [textDocument.uri, textDocument.version]));
    assert.deepEqual(versions, { [one]: 1, [two]: null, [editor.uri('two/package.json')]: null });
    assert.equal(applied(files['two/requirements.txt'], all.edit, two), 'anthropic==0.40.0\nlangchain\n');
    const edits = documentsOf(all.edit).flatMap((change) => change.edits);
    const annotations = edits.map((edit) => all.edit!.changeAnnotations[(edit as { annotationId: string }).annotationId]!);
    assert.deepEqual(annotations.map(({ label }) => label).sort(), [
      'Pin anthropic to 0.40.0',
      'Pin openai to 2.0.0',
      'Pin openai to 5.0.0',
    ]);
    assert.ok(annotations.every(({ needsConfirmation }) => needsConfirmation));
    assert.deepEqual(await editor.request('merlon/pinAi', { scope: editor.uri('none/requirements.txt') }), { pinned: 0, left: [] });
  });

  it('are plain for a client that can do little', async () => {
    const editor = await startEditor({ settings: settings(), capabilities: {} });
    const uri = editor.uri('requirements.txt');
    editor.open(uri, 'litellm==1.82.7\n');
    await editor.diagnostics(uri);
    const [fix] = await editor.codeActions(uri, { range: everywhere });
    assert.deepEqual(Object.keys(fix!.edit!), ['changes']);
    assert.match(applied('litellm==1.82.7\n', fix!.edit, uri), /^litellm==1\.8\d\.\d+\n$/);
    assert.ok(!JSON.stringify(fix).includes('annotationId'));
    assert.deepEqual(editor.statuses, [], 'our own messages go to those who know them');
  });

  it('come with a hover in which nothing from outside is more than text', async () => {
    const summary = '[click](command:evil) <img src=x onerror=alert(1)> **bold** `code` https://evil.example\n# head @team';
    osv.records = [
      osvRecord({
        id: 'GHSA-evil](command:x)',
        aliases: ['CVE-2026-1', '![x](http://evil.example/x.png)'],
        name: 'openai',
        versions: ['1.50.0'],
        more: { summary, references: [{ type: 'ADVISORY', url: 'command:evil' }] },
      }),
    ];
    const editor = await startEditor({ settings: settings() });
    const uri = editor.uri('requirements.txt');
    editor.open(uri, 'openai==1.50.0\n');
    await editor.diagnostics(uri, (found) => found.length > 0);
    const { contents } = (await editor.hover(uri, { line: 0, character: 3 })) as Hover;
    const { kind, value } = contents as MarkupContent;
    assert.equal(kind, 'markdown');
    assert.match(value, /^\*\*\[openai\]\(https:\/\/pypi\.org\/project\/openai\/?\)\*\*/);
    assert.match(value, /pinned here/);
    assert.match(value, /osv as of 20/);
    const links = [...value.matchAll(/(?<!\\)\]\(([^)]*)\)/g)].map((match) => match[1]!);
    assert.ok(
      links.every((link) => /^https:\/\/(pypi\.org|osv\.dev)\//.test(link)),
      links.join(),
    );
    assert.ok(!/<img|\n#|(?<!\\)!\[|https:\/\/evil/.test(value), value);
    assert.equal(await editor.hover(uri, { line: 1, character: 0 }), null);
    assert.equal(await editor.hover(editor.uri('nothing.txt'), { line: 0, character: 0 }), null);
  });
});
