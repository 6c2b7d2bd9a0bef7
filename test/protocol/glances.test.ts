import assert from 'node:assert/strict';
import type { CodeLens, CompletionList, InlayHint, MarkupContent } from 'vscode-languageserver-protocol';
import { builtPrograms } from '../support/built';
import { online, rulesIn, startEditor, stopEditors, type Editor } from '../support/editor';
import { startFakeOsv, type FakeOsv } from '../support/fakeOsv';
import { startFakeRegistry, type FakeRegistry } from '../support/fakeRegistry';
import { osvRecord } from '../support/osvRecords';

const now = '2026-06-01T12:00:00Z';
const args = ['--now', now];

describe('what people see where they look, over stdio', () => {
  let osv: FakeOsv;
  let registry: FakeRegistry;

  before(async function () {
    this.timeout(60_000);
    await builtPrograms();
  });
  beforeEach(async () => {
    osv = await startFakeOsv([
      osvRecord({ id: 'MAL-2026-9', name: 'openai', versions: ['1.3.0'] }),
      osvRecord({ id: 'PYSEC-2026-7', name: 'openai', ranges: [[{ introduced: '0' }, { fixed: '1.1.0' }]] }),
    ]);
    registry = await startFakeRegistry({
      pypi: {
        openai: {
          license: 'MIT',
          releases: [
            { version: '1.0.0', published: '2026-01-01T00:00:00Z' },
            { version: '1.1.0', published: '2026-02-01T00:00:00Z', yanked: 'broken' },
            { version: '1.2.0', published: '2026-03-01T00:00:00Z', attested: true },
            { version: '1.3.0', published: '2026-05-31T00:00:00Z' },
            { version: '1.4.0', published: '2026-06-01T11:40:00Z' },
            { version: '2.0.0rc1', published: '2026-02-01T00:00:00Z' },
          ],
        },
        requests: [['2.0', '2026-01-01T00:00:00Z']],
      },
      npm: { openai: { releases: [{ version: '4.0.0', published: '2026-01-01T00:00:00Z', deprecated: 'use 5' }], license: 'MIT' } },
    });
  });
  afterEach(async () => {
    await stopEditors();
    await Promise.all([osv.close(), registry.close()]);
  });

  const start = (more: Parameters<typeof startEditor>[0] = {}) =>
    startEditor({ args, ...more, settings: { ...online(osv.url, registry.url), ...more.settings } });
  const opened = async (editor: Editor, text: string, name = 'requirements.txt') => {
    const uri = editor.uri(name);
    editor.open(uri, text);
    await editor.status(({ state }) => state === 'fresh');
    return uri;
  };
  const all = { start: { line: 0, character: 0 }, end: { line: 1000, character: 0 } };
  const hints = (editor: Editor, uri: string, range = all) =>
    editor.request<InlayHint[]>('textDocument/inlayHint', { textDocument: { uri }, range });
  const lenses = (editor: Editor, uri: string) => editor.request<CodeLens[]>('textDocument/codeLens', { textDocument: { uri } });
  const complete = (editor: Editor, uri: string, line: number, character: number) =>
    editor.request<CompletionList | null>('textDocument/completion', { textDocument: { uri }, position: { line, character } });
  const labels = (list: CompletionList | null) => list?.items.map(({ label }) => label);
  const hoverText = async (editor: Editor, uri: string, line = 0) =>
    ((await editor.hover(uri, { line, character: 1 }))?.contents as MarkupContent | undefined) ?? { kind: 'plaintext', value: '' };

  it('the hover has a table of the releases that matter', async () => {
    const editor = await start();
    const uri = await opened(editor, 'openai>=1.0\n');
    const { kind, value } = await hoverText(editor, uri);
    assert.equal(kind, 'markdown');
    assert.match(value, /\| taken today, newest \| 1\.4\.0 \| 20 minutes ago · 2026-06-01 11:40 UTC \| – \| no \|/);
    assert.match(value, /\| newest clean \| 1\.2\.0 \| 3 months ago · 2026-03-01 \| – \| yes \|/);
    assert.match(value, /not that it is good/);
    assert.match(value, /Releases: PyPI as of 2026-06-01 12:00 UTC/);
  });

  it('a package that nobody asked about is asked for when it is hovered, once', async () => {
    const editor = await start();
    const uri = await opened(editor, 'requests>=1\n');
    assert.deepEqual(registry.requests, []);
    const { value } = await hoverText(editor, uri);
    assert.match(value, /\| taken today, newest, clean \| 2\.0 \|/);
    await hoverText(editor, uri);
    assert.deepEqual(registry.requests, ['/simple/requests/']);
  });

  it('a registry that does not answer is said to be asked, and holds up nothing', async () => {
    const editor = await start({ settings: { http: { timeout: 20 } } });
    const uri = await opened(editor, 'requests>=1\n');
    registry.mode = 'never';
    const started = performance.now();
    const { value } = await hoverText(editor, uri);
    assert.ok(performance.now() - started < 6000);
    assert.match(value, /Releases: PyPI is being asked/);
  });

  it('the hover of a line that is gone by then is none', async () => {
    const editor = await start({ settings: { http: { timeout: 20 } } });
    const uri = await opened(editor, 'requests>=1\n');
    registry.mode = 'never';
    const asked = editor.hover(uri, { line: 0, character: 1 });
    editor.change(uri, 2, '# gone\nrequests>=1\n');
    assert.equal(await asked, null);
  });

  it('nobody is asked about what is private, or while there is no network', async () => {
    const editor = await start({ settings: { privatePackages: ['requests'] } });
    const uri = await opened(editor, 'requests>=1\nopenai==\n');
    assert.match((await hoverText(editor, uri)).value, /not asked: private/);
    assert.deepEqual((await complete(editor, uri, 0, 10))?.items, [], 'nor while a version is written');
    await complete(editor, uri, 1, 8);
    const sent = JSON.stringify(osv.requests.map(({ body }) => body));
    assert.ok(sent.includes('"openai"') && !sent.includes('"requests"'), sent);
    const local = await startEditor({ args, settings: { feeds: { mode: 'local' } } });
    const other = local.uri('requirements.txt');
    local.open(other, 'requests>=1\nopenai==\n');
    await local.status(({ state }) => state === 'local');
    assert.match((await hoverText(local, other)).value, /not asked/);
    assert.deepEqual((await complete(local, other, 1, 8))?.items, []);
    assert.ok(!registry.requests.includes('/simple/requests/'));
  });

  it('a client without Markdown gets the hover as text', async () => {
    const editor = await start({
      capabilities: { textDocument: { hover: { contentFormat: ['plaintext'] } }, experimental: { merlonStatus: true } },
    });
    const uri = await opened(editor, 'openai==1.3.0\n');
    const { kind, value } = await hoverText(editor, uri);
    assert.equal(kind, 'plaintext');
    assert.match(value, /^resolved: 1\.3\.0, malware, published 36 hours ago · 2026-05-31, attested no$/m);
    assert.doesNotMatch(value, /\\|\*\*|&#|\| /);
  });

  it('hints stand behind ranges with findings, or behind all, or nowhere', async () => {
    const editor = await start();
    const text = 'openai>=1.0\nrequests>=1\n';
    const uri = await opened(editor, text);
    await hoverText(editor, uri, 1);
    const [one, ...others] = await hints(editor, uri);
    assert.deepEqual(others, [], 'nothing is wrong with requests');
    assert.deepEqual([one!.label, one!.position, one!.paddingLeft], ['→ 1.4.0 · 20 min', { line: 0, character: 11 }, true]);
    assert.match(one!.tooltip as string, /^openai 1\.4\.0, the newest that the range admits today/);
    assert.deepEqual(await hints(editor, uri, { start: { line: 1, character: 0 }, end: { line: 2, character: 0 } }), []);

    const every = await start({ settings: { inlayHints: 'all' } });
    const other = await opened(every, text);
    await hoverText(every, other, 1);
    assert.deepEqual(
      (await hints(every, other)).map(({ label }) => label),
      ['→ 1.4.0 · 20 min', '→ 2.0 · 4 mo'],
    );

    const none = await start({ settings: { inlayHints: 'off', codeLens: false } });
    const third = await opened(none, text);
    assert.deepEqual(await hints(none, third), []);
    assert.deepEqual(await lenses(none, third), []);
  });

  it('versions are offered while a range is written: the newest clean one first, compromised and yanked ones never', async () => {
    const editor = await start();
    const uri = await opened(editor, 'requests\nopenai==\n');
    const list = await complete(editor, uri, 1, 8);
    assert.deepEqual(labels(list), ['1.2.0', '1.4.0', '1.0.0', '2.0.0rc1']);
    const [first, second] = list!.items;
    assert.equal(first!.detail, '3 months ago · 2026-03-01');
    assert.match(second!.detail!, /^20 minutes ago · 2026-06-01 · too young$/);
    assert.deepEqual(first!.textEdit, {
      range: { start: { line: 1, character: 8 }, end: { line: 1, character: 8 } },
      newText: '1.2.0',
    });
    assert.deepEqual(
      list!.items.map(({ sortText }) => sortText),
      list!.items.map((_, index) => String(index).padStart(5, '0')),
    );
    assert.equal(await complete(editor, uri, 0, 8), null);
  });

  it('versions are asked for where nobody asked before', async () => {
    const editor = await start();
    const uri = await opened(editor, '{\n  "dependencies": {\n    "openai": "^"\n  }\n}\n', 'package.json');
    const list = await complete(editor, uri, 2, 16);
    assert.deepEqual(labels(list), ['4.0.0']);
    assert.match(list!.items[0]!.detail!, /deprecated/);
    assert.equal(list!.items[0]!.deprecated, true, 'this client knows no tags');
  });

  it('a lens counts, and has a command only for who knows it', async () => {
    const editor = await start();
    const uri = await opened(editor, 'openai>=1.0\nopenai==1.3.0\nrequests>=1\n');
    assert.deepEqual(
      (await lenses(editor, uri)).map(({ command, range }) => [command, range.start.line]),
      [[{ title: '3 packages · 2 AI · 1 malware · 1 unpinned', command: '' }, 0]],
    );
    const ours = await start({ capabilities: { experimental: { merlonStatus: true, merlonPinSection: true } } });
    const own = await opened(ours, '{\n  "name": "x",\n  "dependencies": {\n    "openai": "^4"\n  }\n}\n', 'package.json');
    const [counts, pin] = await lenses(ours, own);
    assert.deepEqual([counts!.command!.title, counts!.range.start.line], ['1 package · 1 AI · 1 unpinned', 2]);
    assert.deepEqual(pin!.command, {
      title: 'Pin all',
      command: 'merlon.pinAiInFile',
      arguments: [{ scope: own, section: 'dependencies' }],
    });
    const result = await ours.request<{ pinned: number }>('merlon/pinAi', pin!.command.arguments?.[0]);
    assert.equal(result.pinned, 1);
  });

  it('an answer that comes changes what is shown, and the client is told', async () => {
    const refreshed: string[] = [];
    const editor = await start({
      capabilities: {
        workspace: { inlayHint: { refreshSupport: true }, codeLens: { refreshSupport: true } },
        experimental: { merlonStatus: true },
      },
      onRequest: (method) => void refreshed.push(method),
    });
    registry.pypi.requests = { releases: [{ version: '2.0', published: '2026-06-01T11:00:00Z' }] };
    const uri = await opened(editor, 'requests>=1\n');
    assert.deepEqual(await hints(editor, uri), []);
    await hoverText(editor, uri);
    await editor.diagnostics(uri, (found) => rulesIn(found).includes('fresh-release'));
    for (let n = 0; n < 100 && !refreshed.length; n++) await new Promise((resolve) => setTimeout(resolve, 20));
    assert.deepEqual(refreshed, ['workspace/inlayHint/refresh']);
    assert.deepEqual(
      (await hints(editor, uri)).map(({ label }) => label),
      ['→ 2.0 · 1 h'],
    );
  });
});
