import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { CancellationTokenSource } from 'vscode-languageserver-protocol/node';
import type { BuildIndexResult, SyncIndexResult } from '../../server/src/lsp/messages';
import { builtPrograms } from '../support/built';
import { scratch } from '../support/cli';
import { online, rulesIn, startEditor, stopEditors } from '../support/editor';
import { startFakeDump, type FakeDump } from '../support/fakeDump';
import { startFakeOsv } from '../support/fakeOsv';
import { osvRecord } from '../support/osvRecords';
import { zipOf } from '../support/zip';

const flaw = osvRecord({
  id: 'PYSEC-2026-7',
  name: 'some-package',
  ranges: [[{ introduced: '0' }, { fixed: '2.0' }]],
  modified: '2026-08-01T00:00:00Z',
});
const bad = osvRecord({ id: 'MAL-2026-8', ecosystem: 'npm', name: 'some-bad', versions: ['1.0.0'], modified: '2026-08-01T00:00:00Z' });
const manifest = 'some-package==1.0\nsecret-package==1.0\n';

describe('the offline index over stdio', () => {
  let dump: FakeDump;
  let env: Record<string, string>;
  before(async function () {
    this.timeout(60_000);
    await builtPrograms();
  });
  beforeEach(async () => {
    dump = await startFakeDump([flaw, bad]);
    dump.lastModified = new Date();
    env = { MERLON_CACHE_DIR: path.join(scratch(), 'cache') };
  });
  afterEach(async () => {
    await stopEditors();
    await dump.close();
  });

  const local = (more: object = {}) => ({ feeds: { mode: 'local', osv: { dump: dump.url }, ...more } });
  const files = { 'requirements.txt': manifest };

  it('comes with a sync, and what was open is judged anew, in other windows as well', async () => {
    const editor = await startEditor({ files, settings: local(), env });
    const other = await startEditor({ files, settings: local(), env });
    for (const one of [editor, other]) {
      one.open(one.uri('requirements.txt'), manifest);
      assert.deepEqual(rulesIn(await one.diagnostics(one.uri('requirements.txt'))), []);
      const status = await one.status(({ state }) => state === 'local');
      assert.deepEqual([status.text, status.index], ['local knowledge only', undefined]);
    }
    const progress: { kind: string; percentage?: number; message?: string }[] = [];
    editor.onProgress('sync', (value) => void progress.push(value as (typeof progress)[number]));
    const result = await editor.request<SyncIndexResult>('merlon/syncIndex', { workDoneToken: 'sync' });
    assert.ok(result.ok, result.text);
    assert.match(result.text, /^The offline index was built from whole dumps \(as of .* UTC, 1 minute ago\)\. Nothing else is sent/);
    assert.equal(progress[0]?.kind, 'begin');
    assert.ok(
      progress.some(({ message }) => /^downloading npm █+ 100 %, 0\.0 of 0\.0 MB$/.test(message ?? '')),
      JSON.stringify(progress),
    );
    assert.equal(progress.at(-1)?.kind, 'end');
    for (const one of [editor, other]) {
      await one.diagnostics(one.uri('requirements.txt'), (found) => rulesIn(found).includes('vulnerable-release'));
      const status = await one.status(({ index }) => index !== undefined);
      assert.deepEqual([status.state, status.text], ['local', 'local knowledge only · index 1 minute old']);
    }
    // What is withdrawn leaves it.
    const later = new Date(Date.now() - 1000).toISOString();
    dump.records = [{ ...flaw, modified: later, withdrawn: later }, bad];
    const again = await editor.request<SyncIndexResult>('merlon/syncIndex', {});
    assert.match(again.text, /took \d changed records?, and \d left it/);
    for (const one of [editor, other]) await one.diagnostics(one.uri('requirements.txt'), (found) => found.length === 0);
  });

  it('is old after merlon.feeds.maxAge, and the status says so', async () => {
    dump.lastModified = new Date(Date.now() - 9.5 * 86_400_000);
    const editor = await startEditor({ files, settings: local(), env });
    editor.open(editor.uri('requirements.txt'), manifest);
    await editor.request<SyncIndexResult>('merlon/syncIndex', {});
    const status = await editor.status(({ state }) => state === 'stale');
    assert.equal(status.text, 'local knowledge only · the offline index is old: 9 days old');
    const index = status.detail.find(({ id }) => id === 'index');
    assert.deepEqual([index?.state, index?.reason], ['stale', 'it is 9 days old, and older than merlon.feeds.maxAge']);
    const lenient = await startEditor({ files, settings: local({ maxAge: '2w' }), env });
    lenient.open(lenient.uri('requirements.txt'), manifest);
    await lenient.status(({ state, index: asOf }) => state === 'local' && asOf !== undefined);
  });

  it('is as it was where a sync fails or is given up', async () => {
    const editor = await startEditor({ files, settings: local(), env });
    dump.modeOf = () => 'portal';
    const failed = await editor.request<SyncIndexResult>('merlon/syncIndex', {});
    assert.ok(!failed.ok && /^The offline index was not synced: .*damaged|zip/.test(failed.text), failed.text);
    dump.modeOf = (file) => (file.endsWith('all.zip') ? 'stalls' : undefined);
    const source = new CancellationTokenSource();
    const asking = editor.request<SyncIndexResult>('merlon/syncIndex', {}, source.token);
    setTimeout(() => source.cancel(), 500);
    await assert.rejects(asking, /cancelled/);
    assert.ok(!fs.existsSync(path.join(env.MERLON_CACHE_DIR!, 'index', 'sync.lock')));
    dump.modeOf = undefined;
    assert.ok((await editor.request<SyncIndexResult>('merlon/syncIndex', {})).ok);
    assert.ok(
      dump.log.some(({ headers, status }) => headers.range !== undefined && status === 206),
      'it goes on from what had come',
    );
  });

  it('is built from files that somebody chooses, and taken by all windows as after a sync', async () => {
    const editor = await startEditor({ files, settings: local(), env });
    const other = await startEditor({ files, settings: local(), env });
    for (const one of [editor, other]) one.open(one.uri('requirements.txt'), manifest);
    const from = (...names: string[]) => names.map((name) => editor.uri(name));
    fs.writeFileSync(path.join(editor.folder, 'npm.zip'), zipOf({ 'MAL-2026-8.json': JSON.stringify(bad) }));
    editor.write('records/PyPI/PYSEC-2026-7.json', JSON.stringify(flaw));
    editor.write('more.jsonl', `${JSON.stringify({ ...flaw, id: 'PYSEC-2026-6' })}\nno record\n`);
    const progress: { kind: string; message?: string }[] = [];
    editor.onProgress('build', (value) => void progress.push(value as (typeof progress)[number]));
    const order = { from: from('npm.zip', 'records', 'more.jsonl'), workDoneToken: 'build' };
    const result = await editor.request<BuildIndexResult>('merlon/buildIndex', order);
    assert.deepEqual([result.ok, result.complete, result.asOf], [true, false, '2026-08-01T00:00:00.000Z'], result.text);
    assert.match(
      result.text,
      /^The offline index was built from files: npm: 1 record on 1 name, PyPI: 2 records on 1 name \(as of 2026-08-01 00:00 UTC, .* ago\)\. 1 record could not be read, and is not in it: .*more\.jsonl, line \d: it is not JSON\.$/,
    );
    assert.deepEqual([progress[0]?.kind, progress[1]?.message, progress.at(-1)?.kind], ['begin', 'building the offline index', 'end']);
    for (const one of [editor, other]) {
      await one.diagnostics(one.uri('requirements.txt'), (found) => rulesIn(found).includes('vulnerable-release'));
      await one.status(({ index }) => index === '2026-08-01T00:00:00.000Z');
    }
    assert.equal(dump.log.length, 0, 'nobody is asked');

    // What fails leaves it as it is, and a sync takes the whole on top of it.
    fs.truncateSync(path.join(editor.folder, 'npm.zip'), 30);
    const failed = await editor.request<BuildIndexResult>('merlon/buildIndex', { from: from('npm.zip') });
    assert.match(failed.text, /^The offline index was not built: .*npm\.zip: it is no zip archive.*\. The index is as it was\.$/);
    assert.equal(failed.ok, false);
    const elsewhere = await editor.request<BuildIndexResult>('merlon/buildIndex', { from: ['https://osv.example/npm.zip'] });
    assert.match(elsewhere.text, /only what lies on this machine/);
    const part = await editor.request<BuildIndexResult>('merlon/buildIndex', { from: from('records') });
    assert.ok(part.ok && !part.complete && /nothing complete on npm, PyPI: 1 record on 1 name/.test(part.text), part.text);
    const synced = await editor.request<SyncIndexResult>('merlon/syncIndex', {});
    assert.match(synced.text, /was built from whole dumps/);
  });

  it('is not built where that is given up', async () => {
    const editor = await startEditor({ files, settings: local(), env });
    const names = Array.from({ length: 20_000 }, (_, i) => JSON.stringify({ ...flaw, id: `PYSEC-2025-${i}` }));
    editor.write('many.jsonl', names.join('\n'));
    const source = new CancellationTokenSource();
    editor.onProgress('build', (value) => {
      if (/[1-9][\d,]* records/.test((value as { message?: string }).message ?? '')) source.cancel();
    });
    const order = { from: [editor.uri('many.jsonl')], workDoneToken: 'build' };
    await assert.rejects(editor.request<BuildIndexResult>('merlon/buildIndex', order, source.token), /cancelled/);
    const folder = path.join(env.MERLON_CACHE_DIR!, 'index');
    assert.deepEqual(fs.readdirSync(folder), []);
  });

  it('is heard before OSV in online mode, and OSV by name as well', async () => {
    const osv = await startFakeOsv([{ ...flaw, id: 'PYSEC-2026-9', modified: '2026-08-02T00:00:00Z' }]);
    const both = online(osv.url) as { feeds: { mode: string; osv: object } };
    const settings = { ...both, feeds: { ...both.feeds, osv: { ...both.feeds.osv, dump: dump.url } } };
    osv.mode = 'never';
    const editor = await startEditor({ files, settings, env });
    await editor.request<SyncIndexResult>('merlon/syncIndex', {});
    editor.open(editor.uri('requirements.txt'), manifest);
    const first = await editor.diagnostics(editor.uri('requirements.txt'), (found) => found.length > 0);
    assert.match(JSON.stringify(first), /PYSEC-2026-7/);
    osv.mode = 'ok';
    await editor.diagnostics(editor.uri('requirements.txt'), (found) => JSON.stringify(found).includes('PYSEC-2026-9'));
    await osv.close();
  });

  it('and the ledger says what has left the machine, and what has not', async () => {
    const osv = await startFakeOsv([flaw]);
    const settings = { ...online(osv.url), privatePackages: ['secret-*'] };
    const editor = await startEditor({ files, settings, env });
    editor.open(editor.uri('requirements.txt'), manifest);
    await editor.diagnostics(editor.uri('requirements.txt'), (found) => found.length > 0);
    await editor.status(({ state }) => state !== 'checking');
    const text = await editor.request<string>('merlon/ledger');
    assert.match(text, /Mode: online/);
    assert.match(text, /- 1 name: listed in merlon\\?\.privatePackages \(secret\\-package\)/);
    assert.ok(text.includes('some') && !text.slice(text.indexOf('## Every request')).includes('secret'), text);
    const json = JSON.parse(await editor.request<string>('merlon/exportLedger', { format: 'json' })) as {
      schema: string;
      withheld: unknown;
      requests: { purpose: string; host: string; names: string[]; outcome: string; tries: number; sent: number }[];
    };
    assert.equal(json.schema, 'merlon.ledger/1');
    assert.deepEqual(json.withheld, [{ reason: 'listed in merlon.privatePackages', names: 1, packages: ['secret-package'] }]);
    const batch = json.requests.find(({ names, purpose }) => purpose === 'advisories' && names.includes('some-package'));
    assert.ok(batch && batch.outcome === '200' && batch.tries === 1 && batch.sent > 0, JSON.stringify(json.requests));
    const csv = await editor.request<string>('merlon/exportLedger', { format: 'csv' });
    assert.match(csv, /^time,host,path,purpose,names,nameCount,sent,received,tries,redirectedTo,outcome\r\n/);
    assert.equal(csv.trimEnd().split('\r\n').length, json.requests.length + 1);
    await osv.close();
  });
});
