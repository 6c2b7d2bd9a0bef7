import assert from 'node:assert/strict';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import * as vscode from 'vscode';
import { discard, finding, inWorkspace, show, until } from './support';

const uploaded = { '1.82.6': '2026-01-05', '1.82.7': '2026-01-06', '1.83.0': '2026-01-07' };

/** Stands for OSV, which knows of nothing, and for PyPI, which knows of litellm and openai. */
function answer(path: string, body: string): object | undefined {
  if (path === '/v1/querybatch') return { results: (JSON.parse(body) as { queries: unknown[] }).queries.map(() => ({})) };
  const name = /^\/simple\/(litellm|openai)\/$/.exec(path)?.[1];
  if (path === '/v1/query') return {};
  if (name === undefined) return undefined;
  const files = Object.entries(uploaded).map(([version, day]) => ({
    filename: `${name}-${version}-py3-none-any.whl`,
    url: `https://files.example/${name}-${version}.whl`,
    hashes: {},
    'upload-time': `${day}T00:00:00Z`,
    yanked: false,
  }));
  return { meta: { 'api-version': '1.1' }, name, versions: Object.keys(uploaded), files };
}

describe('what is seen beside a manifest', () => {
  const uri = inWorkspace('requirements.txt');
  const server = http.createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => void parts.push(part));
    request.on('end', () => {
      const found = answer(request.url!, Buffer.concat(parts).toString('utf8'));
      response.writeHead(found ? 200 : 404, { 'content-type': 'application/vnd.pypi.simple.v1+json' });
      response.end(JSON.stringify(found ?? { message: 'Not Found' }));
    });
  });
  const configure = async (settings: Readonly<Record<string, unknown>>) => {
    for (const [key, value] of Object.entries(settings))
      await vscode.workspace.getConfiguration('merlon').update(key, value, vscode.ConfigurationTarget.Global);
  };

  before('a registry on this machine is asked', async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    await configure({ 'feeds.osv.url': url, 'registries.pypi': url, 'registries.npm': url, 'feeds.mode': 'online' });
  });
  after(async () => {
    await configure({ 'feeds.mode': 'local', 'feeds.osv.url': undefined, 'registries.pypi': undefined, 'registries.npm': undefined });
    server.closeAllConnections();
    server.close();
  });
  afterEach(discard);

  /** A request in flight is cancelled whenever any extension registers a provider, and the first answer may come too early: ask again. */
  const ask = async <T>(what: string, good: (answer: T) => boolean, command: string, ...args: unknown[]): Promise<T> =>
    until(what, async () => {
      try {
        const found = await vscode.commands.executeCommand<T | undefined>(command, ...args);
        return found && good(found) ? found : undefined;
      } catch (error) {
        if (/cancel/i.test(String(error))) return undefined;
        throw error;
      }
    });
  const textOf = (label: string | { readonly label: string }) => (typeof label === 'string' ? label : label.label);

  it('a lens counts what the list holds, and pins it by our own command', async () => {
    await show(uri);
    await finding(uri, 'compromised-release');
    const lenses = await ask<vscode.CodeLens[]>(
      'lenses',
      (found) => found.some(({ command }) => command?.title.endsWith('1 malware · 1 unpinned') === true),
      'vscode.executeCodeLensProvider',
      uri,
    );
    const titles = lenses.map(({ command }) => command?.title);
    assert.deepEqual(titles, ['3 packages · 2 AI · 1 malware · 1 unpinned', 'Pin all']);
    assert.deepEqual(lenses[1]?.command?.arguments, [{ scope: uri.toString(), section: '' }]);
  });

  it('a hint says which release a range comes to, and its age', async () => {
    const { document } = await show(uri);
    const whole = new vscode.Range(0, 0, document.lineCount, 0);
    const isOurs = ({ label }: vscode.InlayHint) => typeof label === 'string' && label.startsWith('→ 1.83.0 · ');
    const hints = await ask<vscode.InlayHint[]>('hints', (found) => found.some(isOurs), 'vscode.executeInlayHintProvider', uri, whole);
    const place = hints.find(isOurs)!.position;
    assert.equal(document.getText(new vscode.Range(new vscode.Position(place.line, 0), place)), 'openai');
  });

  it('a list of versions is offered while one is written: the newest clean one first, the compromised one never', async () => {
    const editor = await show(uri);
    const line = editor.document.lineCount - 1;
    await editor.edit((edit) => edit.insert(new vscode.Position(line, 0), 'litellm==1.8'));
    const list = await ask<vscode.CompletionList>(
      'versions',
      ({ items }) => items.some(({ label }) => textOf(label) === '1.83.0'),
      'vscode.executeCompletionItemProvider',
      uri,
      new vscode.Position(line, 12),
    );
    const ours = list.items
      .filter(({ detail }) => / ago · 2026-01-/.test(detail ?? ''))
      .sort((a, b) => a.sortText!.localeCompare(b.sortText!));
    assert.deepEqual(ours.map(({ label }) => textOf(label)).slice(0, 1), ['1.83.0']);
    assert.ok(!ours.some(({ label }) => textOf(label) === '1.82.7'));
    const { range } = ours[0]!;
    assert.equal(editor.document.getText(range instanceof vscode.Range ? range : range!.replacing), '1.8');
  });

  it('the hover has a table of releases', async () => {
    const { document } = await show(uri);
    const at = document.positionAt(document.getText().indexOf('litellm') + 2);
    const text = (hovers: readonly vscode.Hover[]) =>
      hovers.flatMap(({ contents }) => contents.map((one) => (typeof one === 'string' ? one : one.value))).join('\n');
    const hovers = await ask<vscode.Hover[]>(
      'a hover',
      (found) => /\| resolved \|/.test(text(found)),
      'vscode.executeHoverProvider',
      uri,
      at,
    );
    assert.match(text(hovers), /\| resolved \| 1\.82\.7, \*\*malware\*\*, 3 advisories \|/);
    assert.match(text(hovers), /\| newest \| 1\.83\.0, 3 advisories \|/);
  });
});
