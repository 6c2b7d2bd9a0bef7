import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { DependencyNode } from '../../../server/src/lsp/messages';
import { api, finding, inWorkspace, until } from './support';

const pyproject = '[project]\nname = "story"\nversion = "0.1.0"\nclassifiers = ["Private :: x"]\ndependencies = ["attrs", "dspy>=3"]\n';
const uvLock = `version = 1
revision = 3
requires-python = ">=3.12"

[[package]]
name = "story"
version = "0.1.0"
source = { virtual = "." }
dependencies = [{ name = "attrs" }, { name = "dspy" }]

[[package]]
name = "attrs"
version = "25.1.0"
source = { registry = "https://pypi.org/simple" }

[[package]]
name = "dspy"
version = "3.0.3"
source = { registry = "https://pypi.org/simple" }
dependencies = [{ name = "attrs" }, { name = "litellm" }]

[[package]]
name = "litellm"
version = "1.82.7"
source = { registry = "https://pypi.org/simple" }
`;

describe('the view of dependencies', () => {
  const manifest = inWorkspace('story/pyproject.toml');
  before(async () => {
    await vscode.workspace.fs.writeFile(inWorkspace('story/uv.lock'), Buffer.from(uvLock));
    await vscode.workspace.fs.writeFile(manifest, Buffer.from(pyproject));
    await finding(manifest, 'compromised-release');
  });
  after(() => vscode.workspace.fs.delete(inWorkspace('story'), { recursive: true }));

  const below = async (label: string, parent?: DependencyNode): Promise<DependencyNode> => {
    const { dependencies } = await api();
    return until(label, async () => (await dependencies.getChildren(parent)).find((node) => node.label === label));
  };

  it('lists what a manifest brings, worst first', async () => {
    const { dependencies } = await api();
    const root = await below('story/pyproject.toml');
    const direct = await dependencies.getChildren(root);
    assert.deepEqual(
      direct.map(({ label, description, severity }) => [label, description, severity]),
      [
        ['dspy', '3.0.3 · llm-sdk · brings litellm 1.82.7 (malware)', 'error'],
        ['attrs', '25.1.0', undefined],
      ],
    );
    const items = direct.map((node) => dependencies.getTreeItem(node));
    assert.deepEqual(
      items.map(({ collapsibleState }) => collapsibleState),
      [vscode.TreeItemCollapsibleState.Collapsed, vscode.TreeItemCollapsibleState.None],
    );
    assert.ok(
      items.every(({ tooltip, label }) => typeof tooltip === 'string' && typeof label === 'string'),
      'nothing is read as Markdown',
    );
    const [litellm, attrs] = await dependencies.getChildren(direct[0]);
    assert.deepEqual([litellm?.label, litellm?.severity, attrs?.label], ['litellm', 'error', 'attrs']);
  });

  it('says why a release is here, in a read-only document, and goes to its line', async () => {
    const litellm = await below('litellm', await below('dspy', await below('story/pyproject.toml')));
    await vscode.commands.executeCommand('merlon.whyHere', litellm);
    const shown = vscode.window.activeTextEditor?.document;
    assert.equal(shown?.uri.scheme, 'merlon-text');
    assert.match(shown.getText(), /story\/pyproject\.toml asks for\r?\n {2}dspy 3\.0\.3 → litellm 1\.82\.7\r?\n/);
    assert.match(shown.getText(), /MAL-2026-2144/);
    await vscode.commands.executeCommand('workbench.action.closeActiveEditor');

    await vscode.commands.executeCommand('merlon.openDependency', litellm);
    const editor = await until('the lockfile', () =>
      vscode.window.visibleTextEditors.find(({ document }) => document.uri.path.endsWith('/story/uv.lock')),
    );
    assert.match(editor.document.lineAt(editor.selection.start.line).text, /name = "litellm"/);
    await vscode.window.showTextDocument(editor.document);
    await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
  });

  it('is told when something was assessed anew', async () => {
    const { dependencies } = await api();
    const told = new Promise<void>((resolve) => {
      const listening = dependencies.onDidChangeTreeData!(() => {
        listening.dispose();
        resolve();
      });
    });
    await vscode.workspace.fs.writeFile(manifest, Buffer.from(pyproject.replace('"attrs", ', '')));
    await told;
    await until('attrs to go', async () => {
      const root = await below('story/pyproject.toml');
      return !(await dependencies.getChildren(root)).some(({ label }) => label === 'attrs');
    });
  });
});

describe('the command that verifies what is installed', () => {
  const info = 'venv/lib/python3.12/site-packages/litellm-1.82.7.dist-info';
  before(async () => {
    const write = (path: string, text: string) => vscode.workspace.fs.writeFile(inWorkspace(path), Buffer.from(text));
    await write('venv/pyvenv.cfg', 'version = 3.12.1\n');
    await write(`${info}/METADATA`, 'Metadata-Version: 2.4\nName: litellm\nVersion: 1.82.7\n\n');
    await write(`${info}/RECORD`, `litellm-1.82.7.dist-info/METADATA,,\nlitellm-1.82.7.dist-info/RECORD,,\n`);
  });
  after(() => vscode.workspace.fs.delete(inWorkspace('venv'), { recursive: true }));

  it('shows in a read-only document what was found and what was looked at', async () => {
    await vscode.commands.executeCommand('merlon.verifyInstalled');
    const document = vscode.window.activeTextEditor?.document;
    assert.equal(document?.uri.scheme, 'merlon-text');
    assert.match(document.getText(), /litellm 1\.82\.7 is installed and is malware/);
    assert.match(document.getText(), /^venv {2}1 package/m);
    await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
  });
});
