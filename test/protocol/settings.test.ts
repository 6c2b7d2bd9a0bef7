import assert from 'node:assert/strict';
import { builtPrograms } from '../support/built';
import { online, rulesIn, startEditor, stopEditors } from '../support/editor';
import { startFakeOsv, type FakeOsv } from '../support/fakeOsv';
import { osvRecord } from '../support/osvRecords';

const local = { feeds: { mode: 'local' } };
/** Nobody is behind the registries, and a second finding would say so, sooner or later. */
const feedsAlone = (url: string) => ({ ...online(url), rules: { 'unknown-package': 'off' } });

describe('settings over stdio', () => {
  let osv: FakeOsv;

  before(async function () {
    this.timeout(60_000);
    await builtPrograms();
  });
  beforeEach(async () => {
    osv = await startFakeOsv([osvRecord({ name: 'some-package', versions: ['1.0'] })]);
  });
  afterEach(async () => {
    await stopEditors();
    await osv.close();
  });

  it('come with the initialization, or are pushed', async () => {
    const editor = await startEditor({
      settings: { rules: { unpinned: 'hint', 'compromised-release': 'off' }, unpinned: { scope: 'all' } },
    });
    const uri = editor.uri('requirements.txt');
    editor.open(uri, 'requests\nlitellm==1.82.7\n');
    const found = await editor.diagnostics(uri);
    assert.deepEqual(rulesIn(found), ['unpinned']);
    assert.equal(found[0]!.severity, 4);
    editor.notify('workspace/didChangeConfiguration', { settings: { merlon: { ...local, unpinned: { scope: 'off' } } } });
    assert.deepEqual(rulesIn(await editor.diagnostics(uri, (now) => now.length === 1 && now[0]!.severity === 1)), ['compromised-release']);
  });

  it('are asked for, and followed when they change: rules, scope, excluded files', async () => {
    let own: Record<string, unknown> = { ...local, exclude: ['skip'] };
    const editor = await startEditor({
      files: { 'requirements.txt': 'openai\n', 'skip/requirements.txt': 'openai\n' },
      initializationOptions: { feeds: { mode: 'off' } },
      configuration: () => own,
    });
    const uri = editor.uri('requirements.txt');
    const skipped = editor.uri('skip/requirements.txt');
    await editor.diagnostics(uri);
    editor.open(skipped, 'openai\n');
    await editor.status(({ state }) => state === 'local');
    assert.equal(editor.published(skipped), undefined);
    own = { ...local, exclude: ['/requirements.txt'], rules: { unpinned: 'error' } };
    editor.notify('workspace/didChangeConfiguration', { settings: null });
    await editor.diagnostics(uri, (found) => !found.length);
    await editor.diagnostics(skipped, (found, version) => found[0]?.severity === 1 && version === 1);
  });

  it('that are nonsense leave the defaults in force, and are told in the log', async () => {
    const nonsense = {
      rules: { unpinned: 'loud', 'compromised-release': 7 },
      unpinned: 'all',
      feeds: { mode: 'local', osv: { url: 'javascript:alert(1)' } },
      registries: { npm: 3 },
      http: { timeout: 'soon', proxy: [] },
      privatePackages: 'acme',
      exclude: [1],
      minimumReleaseAge: 'old',
    };
    for (const settings of [nonsense, { ...local, rules: [], unpinned: null, exclude: {} }]) {
      const editor = await startEditor({ initializationOptions: settings, configuration: () => settings });
      const uri = editor.uri('requirements.txt');
      editor.open(uri, 'openai\nlitellm==1.82.7\n');
      assert.deepEqual(rulesIn(await editor.diagnostics(uri)), ['unpinned', 'compromised-release']);
      if (settings === nonsense) assert.ok(editor.log.some((line) => line.includes('merlon.privatePackages: expected a list of strings')));
    }
    for (const options of [null, 'x', 7, []]) {
      const editor = await startEditor({ initializationOptions: options, args: ['--offline'] });
      const uri = editor.uri('requirements.txt');
      editor.open(uri, 'litellm==1.82.7\n');
      assert.deepEqual(rulesIn(await editor.diagnostics(uri)), ['compromised-release']);
    }
  });

  it('that the client refuses to tell leave in force what was', async () => {
    let refuse = false;
    const own = { ...feedsAlone(osv.url), privatePackages: ['acme-*'] };
    const editor = await startEditor({
      files: { 'requirements.txt': 'acme-one==1.0\n' },
      initializationOptions: {},
      configuration: () => {
        if (refuse) throw new Error('no');
        return own;
      },
    });
    await editor.status(({ withheld }) => withheld === 1);
    refuse = true;
    editor.notify('workspace/didChangeConfiguration', { settings: null });
    const uri = editor.uri('more-requirements.txt');
    editor.open(uri, 'acme-two==1.0\nsome-package==1.0\n');
    await editor.diagnostics(uri, (found) => found.length === 1);
    assert.ok(!JSON.stringify(osv.requests).includes('acme'));
  });

  it('of feeds that change have the engine built anew, and keep what is known', async () => {
    const other = await startFakeOsv();
    try {
      const editor = await startEditor({
        files: { 'requirements.txt': 'some-package==1.0\nlitellm==1.82.7\n' },
        settings: feedsAlone(osv.url),
      });
      const uri = editor.uri('requirements.txt');
      await editor.diagnostics(uri, (found) => found.length === 2);
      editor.notify('workspace/didChangeConfiguration', { settings: { merlon: feedsAlone(other.url) } });
      await editor.diagnostics(uri, (found) => found.length === 1);
      await editor.status(({ detail }) => detail.find(({ id }) => id === 'osv')!.state === 'ok');
      assert.ok(other.requests.length > 0);
      editor.notify('workspace/didChangeConfiguration', { settings: { merlon: { feeds: { mode: 'off' } } } });
      await editor.diagnostics(uri, (found) => !found.length);
      await editor.status(({ state }) => state === 'off');
    } finally {
      await other.close();
    }
  });

  it('clearing the cache asks everything again, whatever is under way meanwhile', async () => {
    const editor = await startEditor({ files: { 'requirements.txt': 'some-package==1.0\n' }, settings: feedsAlone(osv.url) });
    const uri = editor.uri('requirements.txt');
    await editor.diagnostics(uri, (found) => found.length === 1);
    const before = osv.requests.length;
    editor.open(uri, 'some-package==1.0\n');
    const cleared = editor.request('merlon/clearCache');
    for (let version = 2; version < 20; version++) editor.change(uri, version, `some-package==1.0\n${'#'.repeat(version)}`);
    assert.equal(await cleared, null);
    await editor.diagnostics(uri, (found, version) => version === 19 && found.length === 1);
    assert.ok(osv.requests.length > before);
  });
});
