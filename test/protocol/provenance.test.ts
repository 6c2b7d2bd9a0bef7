import assert from 'node:assert/strict';
import { CancellationTokenSource } from 'vscode-jsonrpc';
import type { VerifyProvenanceResult } from '../../server/src/lsp/messages';
import { builtPrograms } from '../support/built';
import { online, startEditor, stopEditors } from '../support/editor';
import { startFakeOsv, type FakeOsv } from '../support/fakeOsv';
import { inventedDigest, startFakeRegistry, type FakeRegistry } from '../support/fakeRegistry';

const wheel = (name: string) => ({ filename: `${name}-1.0-py3-none-any.whl`, sha256: inventedDigest(name) });

describe('merlon/verifyProvenance over stdio', () => {
  let osv: FakeOsv;
  let registry: FakeRegistry;
  before(async function () {
    this.timeout(60_000);
    await builtPrograms();
  });
  beforeEach(async () => {
    osv = await startFakeOsv([]);
    registry = await startFakeRegistry({
      pypi: {
        broken: { releases: [{ version: '1.0', files: [{ ...wheel('broken'), provenance: { version: 1 } }] }] },
        bare: { releases: [{ version: '1.0', files: [wheel('bare')] }] },
      },
    });
  });
  afterEach(async () => {
    await stopEditors();
    await Promise.all([osv.close(), registry.close()]);
  });

  const start = () =>
    startEditor({
      files: { 'requirements.txt': 'broken==1.0\n', 'more/requirements.txt': 'bare==1.0\n' },
      settings: online(osv.url, registry.url),
    });

  it('tells of one manifest or of all, and diagnostics and hovers know it from then on', async () => {
    const editor = await start();
    await editor.status(({ state }) => state === 'fresh');
    const uri = editor.uri('requirements.txt');
    const all = await editor.request<VerifyProvenanceResult>('merlon/verifyProvenance', {});
    assert.deepEqual([all.failed, all.none, all.verified, all.unverified, all.complete], [1, 1, 0, 0, true]);
    assert.match(all.text, /failed {10}broken 1\.0: what is served for its attestation is none/);
    const found = await editor.diagnostics(uri, (diagnostics) => diagnostics.some(({ code }) => code === 'provenance-lost'));
    assert.equal(found.find(({ code }) => code === 'provenance-lost')?.severity, 1);
    assert.match(JSON.stringify(await editor.hover(uri, { line: 0, character: 2 })), /Provenance: failed: what is served/);
    const one = await editor.request<VerifyProvenanceResult>('merlon/verifyProvenance', { uri: editor.uri('more/requirements.txt') });
    assert.deepEqual([one.failed, one.none], [0, 1]);
    const nothing = await editor.request<VerifyProvenanceResult>('merlon/verifyProvenance', { uri: editor.uri('notes.md') });
    assert.match(nothing.text, /no manifest that Merlon reads/);
    assert.equal(nothing.complete, false);
  });

  it('is cancelled', async () => {
    const editor = await start();
    await editor.status(({ state }) => state === 'fresh');
    registry.mode = 'never';
    const source = new CancellationTokenSource();
    setTimeout(() => source.cancel(), 100);
    const started = performance.now();
    await assert.rejects(editor.request('merlon/verifyProvenance', {}, source.token), /cancelled/);
    assert.ok(performance.now() - started < 1000);
  });

  it('says that it could not be asked', async () => {
    const editor = await start();
    await editor.status(({ state }) => state === 'fresh');
    registry.mode = 'error';
    const lost = await editor.request<VerifyProvenanceResult>('merlon/verifyProvenance', {});
    assert.deepEqual([lost.unverified, lost.complete], [2, false]);
    assert.match(lost.text, /^Could not ask: b\w+ 1\.0: 127\.0\.0\.1:\d+: answered 500; and 1 more$/m);
  });
});
