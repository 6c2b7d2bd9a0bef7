import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { CancellationTokenSource } from 'vscode-languageserver-protocol/node';
import type { DependencyNode, DependencyResult } from '../../server/src/lsp/messages';
import { builtPrograms } from '../support/built';
import { startEditor, stopEditors, type Editor } from '../support/editor';

const entry = (name: string, version: string, dependencies: readonly string[] = [], registry = true) =>
  [
    '[[package]]',
    `name = "${name}"`,
    `version = "${version}"`,
    registry ? 'source = { registry = "https://pypi.org/simple" }' : 'source = { virtual = "." }',
    ...(dependencies.length ? ['dependencies = [', ...dependencies.map((one) => `    { name = "${one}" },`), ']'] : []),
    '',
  ].join('\n');

const uvLock = [
  'version = 1\nrevision = 3\nrequires-python = ">=3.12"\n',
  entry('demo', '0.1.0', ['attrs', 'dspy', 'left'], false),
  entry('attrs', '25.1.0'),
  entry('dspy', '3.0.3', ['attrs', 'litellm']),
  entry('left', '1.0.0', ['right']),
  entry('litellm', '1.82.7', ['openai']),
  entry('openai', '2.0.0'),
  entry('right', '1.0.0', ['left']),
].join('\n');

const files = {
  'pyproject.toml': '[project]\nname = "demo"\nversion = "0.1.0"\ndependencies = [\n  "attrs",\n  "left",\n  "dspy>=3",\n]\n',
  'uv.lock': uvLock,
  'clean/requirements.txt': 'six==1.17.0\n',
};

describe('the tree of dependencies over stdio', () => {
  before(async function () {
    this.timeout(60_000);
    await builtPrograms();
  });
  afterEach(stopEditors);

  const children = (editor: Editor, parent?: DependencyNode) =>
    editor.request<DependencyNode[]>('merlon/dependencies', parent ? { parent: parent.id } : {});
  const find = async (editor: Editor, ...labels: readonly string[]): Promise<DependencyNode> => {
    let node: DependencyNode | undefined;
    for (const label of labels) {
      const below = await children(editor, node);
      node = below.find((one) => one.label === label);
      assert.ok(node, `${label} among ${below.map((one) => one.label).join(', ')}`);
    }
    return node!;
  };
  const start = async () => {
    const editor = await startEditor({ files });
    await editor.status(({ state }) => state === 'local');
    return editor;
  };
  const shown = ({ kind, label, description, severity, hasChildren }: DependencyNode) =>
    [kind, label, description, severity ?? '', hasChildren ? '+' : ''].join(' | ');

  it('shows manifests, declarations and what these bring, worst first', async () => {
    const editor = await start();
    const roots = await children(editor);
    assert.deepEqual(roots.map(shown), [
      'manifest | pyproject.toml | 3 direct, 3 brought in · 2 findings | error | +',
      'manifest | clean/requirements.txt | 1 direct |  | +',
    ]);
    const direct = await children(editor, roots[0]);
    assert.deepEqual(direct.map(shown), [
      'declaration | dspy | 3.0.3 · llm-sdk · brings litellm 1.82.7 (malware) | error | +',
      'declaration | attrs | 25.1.0 |  | ',
      'declaration | left | 1.0.0 |  | +',
    ]);
    assert.deepEqual(direct[0]!.location, {
      uri: editor.uri('pyproject.toml'),
      range: { start: { line: 6, character: 3 }, end: { line: 6, character: 7 } },
    });
    const below = await children(editor, direct[0]);
    assert.deepEqual(below.map(shown), [
      'release | litellm | 1.82.7 · ai-gateway, llm-sdk · malware | error | +'.replace('ai-gateway, llm-sdk', rolesOf(below[0]!)),
      'release | attrs | 25.1.0 |  | ',
    ]);
    assert.deepEqual(
      (await children(editor, below[0])).map(({ label, severity }) => [label, severity]),
      [['openai', undefined]],
    );
  });

  it('cuts a cycle where it closes', async () => {
    const editor = await start();
    const right = await find(editor, 'pyproject.toml', 'left', 'right');
    const [left, ...others] = await children(editor, right);
    assert.deepEqual(others, []);
    assert.equal(shown(left!), 'release | left | 1.0.0 · shown above |  | ');
    assert.deepEqual(await children(editor, left), []);
  });

  it('says why something is here, and where it stands', async () => {
    const editor = await start();
    const openai = await find(editor, 'pyproject.toml', 'dspy', 'litellm', 'openai');
    const why = await editor.request<DependencyResult>('merlon/dependency', { id: openai.id });
    assert.equal(why.name, 'openai 2.0.0');
    assert.match(why.why, /^pyproject\.toml asks for\n  dspy 3\.0\.3 → litellm 1\.82\.7 → openai 2\.0\.0$/m);
    const line = uvLock.split('\n').indexOf('name = "openai"');
    assert.equal(why.location?.uri, editor.uri('uv.lock'));
    assert.equal(why.location.range.start.line, line);

    const attrs = await find(editor, 'pyproject.toml', 'attrs');
    const ways = await editor.request<DependencyResult>('merlon/dependency', { id: attrs.id });
    assert.match(ways.why, /asks for\n  attrs 25\.1\.0\n  dspy 3\.0\.3 → attrs 25\.1\.0\n/, 'asked for and brought in');
    assert.equal(ways.location?.uri, editor.uri('pyproject.toml'));

    const six = await find(editor, 'clean/requirements.txt', 'six');
    const unlocked = await editor.request<DependencyResult>('merlon/dependency', { id: six.id });
    assert.match(unlocked.why, /^clean\/requirements\.txt asks for six ==1\.17\.0\.\n\nNo lockfile that was read holds it/);
  });

  it('keeps ids over edits, and answers nothing for what is no more', async () => {
    const editor = await start();
    const litellm = await find(editor, 'pyproject.toml', 'dspy', 'litellm');
    const uri = editor.uri('pyproject.toml');
    editor.open(uri, files['pyproject.toml']);
    editor.change(uri, 2, files['pyproject.toml'].replace('  "attrs",\n', '  # gone\n\n'));
    assert.equal((await find(editor, 'pyproject.toml', 'dspy', 'litellm')).id, litellm.id);
    editor.change(uri, 3, files['pyproject.toml'].replace('  "dspy>=3",\n', ''));
    assert.deepEqual(await children(editor, litellm), []);
    assert.equal(await editor.request('merlon/dependency', { id: litellm.id }), null);
    for (const id of ['', '7', '[]', '{"a":1}', '["x"', '[null,null,null]'])
      assert.deepEqual(await editor.request('merlon/dependencies', { parent: id }), []);
  });

  it('tells a few times of many changes, and only a client that wants to know', async () => {
    for (const wanted of [true, false]) {
      const editor = await startEditor({ files, capabilities: { experimental: { merlonStatus: true, merlonDependencies: wanted } } });
      await editor.status(({ state }) => state === 'local');
      const uri = editor.uri('clean/requirements.txt');
      editor.open(uri, 'six==1.17.0\n');
      for (let version = 2; version < 30; version++) editor.change(uri, version, `litellm==1.82.${version}\n`);
      editor.change(uri, 30, 'litellm==1.82.7\n');
      await editor.diagnostics(uri, (_, version) => version === 30);
      while (wanted && !editor.told('merlon/assessed')) await sleep(20);
      if (!wanted) await sleep(400);
      assert.ok(wanted ? editor.told('merlon/assessed') < 15 : editor.told('merlon/assessed') === 0);
    }
  });

  it('stops when it is cancelled, and goes on serving', async () => {
    const many = Array.from({ length: 3000 }, (_, n) => `p${n}==1.0.${n}`).join('\n');
    const editor = await startEditor({ files: { 'requirements.txt': many } });
    await editor.status(({ state }) => state === 'local');
    const root = await find(editor, 'requirements.txt');
    const cancel = new CancellationTokenSource();
    const answer = editor.request<DependencyNode[]>('merlon/dependencies', { parent: root.id }, cancel.token);
    cancel.cancel();
    await assert.rejects(answer, /cancel/);
    assert.equal((await children(editor, root)).length, 3000);
  });

  it('gives no text that could pass for more than one line', async () => {
    const dependencies = { left: 'file:../\u202e\u0007\n$(alert)', openai: '^1.0.0 \u202e||\n2' };
    const editor = await startEditor({ files: { 'package.json': JSON.stringify({ dependencies }) } });
    await editor.status(({ state }) => state !== 'checking');
    const nodes = await children(editor, await find(editor, 'package.json'));
    assert.equal(nodes.length, 2);
    for (const { label, description, tooltip } of nodes)
      assert.doesNotMatch(label + description + tooltip.replaceAll('\n', ''), /[\p{Cc}\p{Cf}]/u);
  });
});

function rolesOf({ description }: DependencyNode): string {
  return description.split(' · ').slice(1, -1).join(' · ');
}
