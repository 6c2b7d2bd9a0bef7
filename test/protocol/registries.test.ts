import assert from 'node:assert/strict';
import { builtPrograms } from '../support/built';
import { online, rulesIn, startEditor, stopEditors } from '../support/editor';
import { startFakeOsv, type FakeOsv } from '../support/fakeOsv';
import { startFakeRegistry, type FakeRegistry } from '../support/fakeRegistry';
import { osvRecord } from '../support/osvRecords';

const old = '2026-01-01T00:00:00Z';

describe('registries over stdio', () => {
  let osv: FakeOsv;
  let registry: FakeRegistry;

  before(async function () {
    this.timeout(60_000);
    await builtPrograms();
  });
  beforeEach(async () => {
    osv = await startFakeOsv([osvRecord({ id: 'PYSEC-2026-7', name: 'some-package', ranges: [[{ introduced: '0' }, { fixed: '2.0' }]] })]);
    registry = await startFakeRegistry({ pypi: { openai: [['1.0', old]], requests: [['2.0', old]], 'rare-tool': [['1.0', old]] } });
  });
  afterEach(async () => {
    await stopEditors();
    await Promise.all([osv.close(), registry.close()]);
  });

  it('that never answer hold up nothing that feeds say', async () => {
    registry.mode = 'never';
    const settings = { ...online(osv.url, registry.url), http: { timeout: 10 } };
    const editor = await startEditor({ settings });
    const uri = editor.uri('requirements.txt');
    editor.open(uri, 'some-package==1.0\nopenai==1.0\n');
    await editor.diagnostics(uri, (found) => rulesIn(found).includes('vulnerable-release'));
    assert.equal(editor.statuses.at(-1)?.state, 'checking', 'and the rest is still being asked for');
  });

  it('are asked about AI packages and names that few people use, each once, whatever is typed then', async () => {
    const editor = await startEditor({ settings: online(osv.url, registry.url) });
    const uri = editor.uri('requirements.txt');
    editor.open(uri, 'openai==1.0\nrequests==2.0\nrare-tool==1.0\n');
    await editor.status(({ state }) => state === 'fresh');
    assert.deepEqual([...registry.requests].sort(), ['/simple/openai/', '/simple/rare-tool/']);
    editor.change(uri, 2, 'openai==1.1\nrequests==2.1\nrare-tool==1.1\nrarer-tool\n');
    await editor.diagnostics(uri, (found, version) => version === 2 && found.length > 0);
    await editor.status(({ state }) => state === 'checking');
    await editor.status(({ state }) => state === 'fresh');
    assert.deepEqual(registry.requests.slice(2), ['/simple/rarer-tool/'], 'only for what is new');
  });
});
