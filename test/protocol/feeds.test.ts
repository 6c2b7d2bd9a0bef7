import assert from 'node:assert/strict';
import { builtPrograms } from '../support/built';
import { messages, online, rulesIn, startEditor, stopEditors, type Editor } from '../support/editor';
import { startFakeOsv, type FakeOsv, type FakeOsvMode } from '../support/fakeOsv';
import { startFakeRegistry, type FakeRegistry } from '../support/fakeRegistry';
import { osvRecord } from '../support/osvRecords';

interface CheckResult {
  readonly files: number;
  readonly errors: number;
  readonly complete: boolean;
}

const known = osvRecord({ id: 'PYSEC-2026-7', name: 'some-package', ranges: [[{ introduced: '0' }, { fixed: '2.0' }]] });
const manifest = 'some-package==1.0\nlitellm==1.82.7\n';

describe('feeds over stdio', () => {
  let osv: FakeOsv;
  let registry: FakeRegistry;
  const others: FakeOsv[] = [];

  before(async function () {
    this.timeout(60_000);
    await builtPrograms();
  });
  beforeEach(async () => {
    osv = await startFakeOsv([known]);
    registry = await startFakeRegistry({
      pypi: { 'some-package': [['2.0', '2026-01-01T00:00:00Z']], litellm: [['1.85.0', '2026-01-01T00:00:00Z']] },
    });
  });
  afterEach(async () => {
    await stopEditors();
    await Promise.all([osv.close(), registry.close(), ...others.splice(0).map((other) => other.close())]);
  });

  const namesAsked = (feed = osv) =>
    new Set(
      feed.requests.flatMap(({ body }) => {
        const { queries, ...query } = body as { queries?: { package: { name: string } }[]; package?: { name: string } };
        return [...(queries ?? []), query].flatMap((one) => (one.package ? [one.package.name] : []));
      }),
    );
  const check = (editor: Editor) => editor.request<CheckResult>('merlon/checkWorkspace');

  it('speak in two passes: what is known here at once, what OSV says when it says so', async () => {
    osv.mode = 'slow';
    osv.delayMs = 300;
    const editor = await startEditor({ settings: online(osv.url, registry.url) });
    const uri = editor.uri('requirements.txt');
    editor.open(uri, manifest);
    assert.deepEqual(rulesIn(await editor.diagnostics(uri)), ['compromised-release']);
    await editor.status(({ state }) => state === 'checking');
    const both = await editor.diagnostics(uri, (found) => found.length === 2);
    assert.deepEqual(rulesIn(both), ['vulnerable-release', 'compromised-release']);
    const fresh = await editor.status(({ state }) => state === 'fresh' || state === 'unavailable');
    assert.ok(fresh.detail.find(({ id }) => id === 'osv')!.asOf);
    assert.ok(!editor.statuses.slice(0, -1).some(({ state }) => state === 'fresh'), 'nothing is fresh before it was asked');
    assert.deepEqual(namesAsked(), new Set(['some-package', 'litellm']));
    assert.ok(!JSON.stringify(osv.requests.map(({ body }) => body)).includes('1.0'), 'versions stay here');
    // Another version is judged without asking.
    const before = osv.requests.length;
    editor.change(uri, 2, 'some-package==2.0\n');
    await editor.diagnostics(uri, (found, version) => version === 2 && !found.length);
    editor.change(uri, 3, 'some-package==1.9\n');
    await editor.diagnostics(uri, (found, version) => version === 3 && found.length === 1);
    assert.equal(osv.requests.length, before);
  });

  it('hear no half-typed name, not even when the editor asks for fixes meanwhile', async () => {
    const editor = await startEditor({ settings: online(osv.url, registry.url) });
    const uri = editor.uri('requirements.txt');
    const name = 'langchain-openai';
    editor.open(uri, '');
    for (let typed = 1; typed <= name.length; typed++) {
      editor.change(uri, typed + 1, name.slice(0, typed));
      const range = { start: { line: 0, character: 0 }, end: { line: 0, character: typed } };
      await editor.diagnostics(uri, (_, version) => version === typed + 1);
      // The lamp of VS Code; it waits in vain for at most half a second, and nobody waits for it.
      void editor.codeActions(uri, { range }, undefined, 2).catch(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    await editor.status(({ state }) => state !== 'checking');
    assert.deepEqual(namesAsked(), new Set([name]));
    assert.deepEqual(registry.requests, [`/simple/${name}/`]);
  });

  it('never hear a private name, whichever folder says so', async () => {
    const editor = await startEditor({
      files: {
        'one/requirements.txt': 'acme-models==1.0\nsome-package==1.0\nAcme_Secret\n',
        'one/package.json': '{"dependencies":{"@acme/llm":"^1","left":"1.0.0"}}',
        'one/.npmrc': '@bound:registry=https://npm.acme.example/\n',
        'two/package.json': '{"dependencies":{"@other/x":"1.0.0"}}',
      },
      open: ['one', 'two'],
      initializationOptions: online(osv.url, registry.url),
      configuration: (_, scope) => ({
        ...online(osv.url, registry.url),
        unpinned: { scope: 'all' },
        privatePackages: scope?.endsWith('/one') ? ['acme-*', '@acme/*'] : [],
      }),
    });
    await editor.diagnostics(editor.uri('one/requirements.txt'), (found) => rulesIn(found).includes('vulnerable-release'));
    const status = await editor.status(({ state, withheld }) => state !== 'checking' && withheld > 0);
    assert.equal(status.withheld, 3);
    assert.match(status.withheldNames!, /@acme\/llm.*: listed in merlon\.privatePackages/);
    assert.deepEqual(namesAsked(), new Set(['some-package', 'left', '@other/x']));
    assert.ok(!registry.requests.some((path) => /acme/i.test(path)));
    const hover = await editor.request<{ contents: { value: string } }>('textDocument/hover', {
      textDocument: { uri: editor.uri('one/requirements.txt') },
      position: { line: 0, character: 2 },
    });
    assert.match(hover.contents.value, /not asked: private/);
    const ledger = (await editor.request<string>('merlon/ledger')).replaceAll('\\', '');
    const requests = ledger.slice(ledger.indexOf('## Every request'));
    assert.ok(requests.includes('some-package') && !/acme-models|acme\/llm/i.test(requests));
    assert.match(ledger, /3 names were sent nowhere:\n\n- 3 names: listed in merlon\.privatePackages \(.*acme-models.*\)/);
  });

  const failing: readonly (readonly FakeOsvMode[])[] = [
    ['error', 'busy', 'never', 'stalled'],
    ['garbage', 'half', 'wrongShape', 'endless'],
    ['truncated', 'reset', 'huge', 'partial'],
  ];
  for (const modes of failing) {
    it(`that fail leave what is known standing, and say so: ${modes.join(', ')}`, async () => {
      await Promise.all(
        modes.map(async (mode) => {
          const own = await startFakeOsv([known]);
          others.push(own);
          const editor = await startEditor({ files: { 'requirements.txt': manifest }, settings: online(own.url, registry.url) });
          const uri = editor.uri('requirements.txt');
          await editor.diagnostics(uri, (found) => found.length === 2);
          // `partial` lies about records alone, so that they must have changed to be asked for.
          own.mode = mode;
          if (mode === 'partial') own.records = [known, osvRecord({ id: 'PYSEC-2026-8', name: 'some-package', versions: ['1.0'] })];
          const started = Date.now();
          assert.equal((await check(editor)).complete, false, mode);
          assert.ok(Date.now() - started < 15_000, `${mode} hangs`);
          const status = await editor.status(({ state }) => state === 'offline' || state === 'unavailable');
          const detail = status.detail.find(({ id }) => id === 'osv')!;
          assert.equal(detail.state, 'unavailable', mode);
          assert.ok(detail.since && detail.asOf && detail.reason, mode);
          assert.equal(editor.published(uri)!.diagnostics.length, 2, `${mode}: findings stay`);
          own.mode = 'ok';
          const again = await check(editor);
          await editor.status(({ detail: sources }) => sources.find(({ id }) => id === 'osv')!.state === 'ok');
          assert.equal(again.errors >= 1, true);
        }),
      );
    }).timeout(40_000);
  }

  it('that are down from the start are asked again by and by, and never in a circle', async () => {
    osv.mode = 'reset';
    const editor = await startEditor({ files: { 'requirements.txt': manifest }, settings: online(osv.url, registry.url) });
    const uri = editor.uri('requirements.txt');
    const down = await editor.status(({ state }) => state === 'offline' || state === 'unavailable');
    assert.match(down.text, /since \d\d:\d\d$/);
    assert.deepEqual(rulesIn(editor.published(uri)!.diagnostics), ['compromised-release'], 'the bundle still speaks');
    const requests = osv.requests.length;
    const statuses = editor.statuses.length;
    // Typing on costs no request for what could not be asked.
    editor.open(uri, manifest);
    for (let version = 2; version < 12; version++) {
      editor.change(uri, version, `${manifest}${'#'.repeat(version)}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    await new Promise((resolve) => setTimeout(resolve, 1200));
    assert.equal(osv.requests.length, requests);
    assert.ok(editor.statuses.length - statuses <= 1, 'the status does not flicker');
    osv.mode = 'ok';
    await editor.diagnostics(uri, (found) => found.length === 2);
    await editor.status(({ detail }) => detail.find(({ id }) => id === 'osv')!.state === 'ok');
  });

  it('that are switched off are not asked, and that is no secret', async () => {
    const settings = online(osv.url, registry.url);
    const local = await startEditor({
      files: { 'requirements.txt': `${manifest}openai\n` },
      settings: { ...settings, feeds: { mode: 'local', osv: { url: osv.url } } },
    });
    assert.match((await local.status(({ state }) => state === 'local')).text, /local knowledge only/);
    assert.deepEqual(rulesIn(await local.diagnostics(local.uri('requirements.txt'))), ['compromised-release', 'unpinned']);
    const off = await startEditor({
      files: { 'requirements.txt': `${manifest}openai\n` },
      settings: { ...settings, feeds: { mode: 'off', osv: { url: osv.url } } },
    });
    await off.status(({ state }) => state === 'off');
    assert.deepEqual(rulesIn(await off.diagnostics(off.uri('requirements.txt'))), ['unpinned']);
    assert.deepEqual([osv.requests, registry.requests], [[], []]);
  });

  it('are followed when the way to them changes', async () => {
    const editor = await startEditor({
      files: { 'requirements.txt': manifest },
      settings: {
        ...online(osv.url, registry.url),
        environment: { trusted: true, proxy: 'http://127.0.0.1:9', noProxy: [], strictSSL: true },
      },
      env: { NO_PROXY: '' },
    });
    await editor.status(({ state }) => state === 'offline' || state === 'unavailable');
    assert.equal(osv.requests.length, 0);
    editor.notify('merlon/environment', { trusted: true, proxy: '', noProxy: ['127.0.0.1'], strictSSL: true });
    await editor.diagnostics(editor.uri('requirements.txt'), (found) => found.length === 2);
    assert.ok(messages(editor.published(editor.uri('requirements.txt'))!.diagnostics).includes('some-package'));
  });
});
