import assert from 'node:assert/strict';
import { builtPrograms } from '../support/built';
import { online, startEditor, stopEditors } from '../support/editor';
import { startFakeOsv, type FakeOsv } from '../support/fakeOsv';
import { startFakeRegistry, type FakeRegistry } from '../support/fakeRegistry';

const old = '2026-01-01T00:00:00Z';

describe('indexes of a project over stdio', () => {
  let osv: FakeOsv;
  let open: FakeRegistry;
  let corp: FakeRegistry;
  before(async function () {
    this.timeout(60_000);
    await builtPrograms();
  });
  beforeEach(async () => {
    osv = await startFakeOsv([]);
    open = await startFakeRegistry({ pypi: { openai: [['1.0.0', old]] } });
    corp = await startFakeRegistry({ npm: { '@acme/langchain-x': [['1.0.0', old]] }, pypi: { openai: [['9.0.0', old]] } });
  });
  afterEach(async () => {
    await stopEditors();
    await Promise.all([osv.close(), open.close(), corp.close()]);
  });

  it('are not asked until the workspace is trusted; then they are, and nobody else about what is bound to them', async () => {
    const environment = (trusted: boolean) => ({ trusted, proxy: '', noProxy: [], strictSSL: true });
    const editor = await startEditor({
      files: {
        'requirements.txt': `--extra-index-url ${corp.url}/simple\nopenai\n`,
        'package.json': '{"dependencies":{"@acme/langchain-x":"^1.0.0"}}',
        '.npmrc': `@acme:registry=${corp.url}/\n`,
      },
      settings: { ...online(osv.url, open.url), environment: environment(false) },
    });
    await editor.status(({ state }) => state === 'fresh');
    assert.ok(open.requests.includes('/simple/openai/'), 'the public registry is asked');
    assert.deepEqual(corp.requests, []);
    const said = editor.statuses.at(-1)!.detail.map(({ id, state }) => `${id} ${state}`);
    assert.ok(said.includes(`pypi (${corp.url.slice('http://'.length)}) disabled`), said.join(', '));

    editor.notify('merlon/environment', environment(true));
    const limit = Date.now() + 8000;
    while (corp.requests.length < 2 && Date.now() < limit) await new Promise((resolve) => setTimeout(resolve, 20));
    assert.deepEqual(new Set(corp.requests), new Set(['/simple/openai/', '/@acme%2flangchain-x']));
    assert.doesNotMatch(JSON.stringify([open.requests, osv.requests.map(({ body }) => body)]), /acme/);
  });
});
