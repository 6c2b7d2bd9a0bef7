import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import type { SyncIndexResult } from '../../server/src/lsp/messages';
import { builtPrograms } from '../support/built';
import { merlon, report, scratch } from '../support/cli';
import { startEditor, stopEditors } from '../support/editor';
import { startFakeDump } from '../support/fakeDump';
import { startLoopback, type Loopback } from '../support/loopback';
import { osvRecord } from '../support/osvRecords';
import { seal } from '../support/seal';

// What *nothing is ever sent* means: every address that Merlon knows is a server of ours, a proxy stands before all others, and the
// programs are watched from within. Nobody hears of anything.

const root = process.env.MERLON_ROOT ?? process.cwd();

describe('local mode', function () {
  this.timeout(90_000);
  let world: Loopback;
  let cwd: string;
  let files: Record<string, string>;

  before(async () => {
    await builtPrograms();
    world = await startLoopback(() => ({ status: 200, body: '{}' }));
    files = Object.fromEntries(
      fs
        .readdirSync(path.join(root, 'examples'), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && !/node_modules/.test(entry.parentPath))
        .map((entry) => path.join(entry.parentPath, entry.name))
        .map((file) => [path.relative(path.join(root, 'examples'), file).split(path.sep).join('/'), fs.readFileSync(file, 'utf8')]),
    );
    assert.ok(Object.keys(files).length > 3);
  });
  beforeEach(() => {
    world.log.length = 0;
    cwd = scratch(files);
  });
  afterEach(stopEditors);
  after(() => world.close());

  const environment = () => ({
    HTTP_PROXY: world.url,
    HTTPS_PROXY: world.url,
    http_proxy: world.url,
    https_proxy: world.url,
    NO_PROXY: '',
    npm_config_registry: world.url,
    PIP_INDEX_URL: `${world.url}/simple`,
    MERLON_CACHE_DIR: path.join(cwd, 'cache'),
  });
  const addresses = () => ['--osv-url', world.url, '--pypi-url', world.url, '--npm-registry', world.url];

  it('of the command line opens no connection, whatever it does', async () => {
    const own = seal();
    const env = { ...environment(), ...own.env };
    const run = (...args: string[]) => merlon(args, { cwd, env });
    const checked = await run('check', '.', '--offline', '--format', 'json', '--provenance', '--fail-on', 'never', ...addresses());
    assert.ok(report(checked).findings.length > 0, checked.stderr);
    for (const args of [
      ['list', '.', '--locked'],
      ['verify', '.'],
      ['sbom', '.'],
      ['fix', '.', '--pin', 'all', '--dry-run'],
    ])
      await run(...args, '--offline', ...addresses());
    await run('db', 'status', '--verify');
    assert.deepEqual([own.attempts(), world.log.map((one) => one.path)], [[], []]);
  });

  it('is watched by eyes that see', async () => {
    const own = seal();
    await merlon(['check', '.', '--fail-on', 'never', ...addresses()], { cwd, env: { ...environment(), ...own.env } });
    assert.ok(
      own.attempts().some((one) => one.startsWith('tcp 127.0.0.1:')),
      own.attempts().join(),
    );
    assert.ok(world.log.length > 0);
  });

  it('of the server opens no connection, whatever the editor asks for; a sync that the user orders asks the dump alone', async () => {
    const own = seal();
    const dump = await startFakeDump([
      osvRecord({ id: 'PYSEC-2026-3', name: 'langchain', versions: ['0.0.1'] }),
      osvRecord({ id: 'MAL-2026-4', ecosystem: 'npm', name: 'bad', versions: ['1.0.0'] }),
    ]);
    const settings = {
      feeds: { mode: 'local', osv: { url: world.url, dump: dump.url } },
      registries: { npm: world.url, pypi: world.url },
    };
    const editor = await startEditor({ files, settings, env: { ...environment(), ...own.env, HTTP_PROXY: '', http_proxy: '' } });
    const names = Object.keys(files).filter((name) => /(requirements[^/]*\.txt|package\.json|pyproject\.toml)$/.test(name));
    assert.ok(names.length > 1);
    const start = { line: 0, character: 0 };
    for (const name of names) {
      const uri = editor.uri(name);
      editor.open(uri, files[name]!);
      const found = await editor.diagnostics(uri);
      for (const one of found.slice(0, 5)) {
        await editor.hover(uri, one.range.start);
        await editor.codeActions(uri, one);
        await editor.request('textDocument/completion', { textDocument: { uri }, position: one.range.end });
      }
      const textDocument = { uri };
      await editor.request('textDocument/codeLens', { textDocument });
      await editor.request('textDocument/inlayHint', { textDocument, range: { start, end: { line: 99, character: 0 } } });
    }
    await editor.request('merlon/checkWorkspace');
    await editor.request('merlon/verifyProvenance', {});
    await editor.request('merlon/verify', {});
    await editor.request('merlon/report', { folder: editor.uri(''), form: 'editor', ask: true });
    await editor.request('merlon/sbom', { folder: editor.uri(''), format: 'cyclonedx' });
    await editor.status(({ state }) => state === 'local');
    await new Promise((resolve) => setTimeout(resolve, 800));
    assert.deepEqual([own.attempts(), world.log.map((one) => one.path), dump.log.length], [[], [], 0]);

    const synced = await editor.request<SyncIndexResult>('merlon/syncIndex', {});
    assert.ok(synced.ok && /Nothing else is sent: the mode is local/.test(synced.text), synced.text);
    const { host } = new URL(dump.url);
    assert.ok(own.attempts().length > 0);
    assert.deepEqual([...new Set(own.attempts())], [`tcp ${host}`]);
    assert.deepEqual(world.log, []);
    await dump.close();
  });
});
