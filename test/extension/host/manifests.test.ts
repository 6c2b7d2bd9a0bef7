import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { api, finding, findings, inWorkspace, rule, show, until } from './support';

describe('manifests of the workspace', () => {
  it('is activated by the folder alone, and its server runs', async () => {
    const extension = vscode.extensions.getExtension('merlon.merlon');
    assert.ok(extension);
    await until('activation', () => extension.isActive);
    const { running } = await api();
    await until('the server', () => running());
  });

  const closed = [
    { file: 'requirements.txt', rule: 'compromised-release', severity: vscode.DiagnosticSeverity.Error, covers: '==1.82.7' },
    { file: 'services/requirements-dev.txt', rule: 'compromised-release', severity: vscode.DiagnosticSeverity.Error, covers: '==1.82.8' },
    { file: 'pyproject.toml', rule: 'admits-compromised', severity: vscode.DiagnosticSeverity.Warning, covers: '>=1.80,<2' },
    { file: 'web/package.json', rule: 'compromised-release', severity: vscode.DiagnosticSeverity.Error, covers: '1.42.1' },
  ];
  for (const expected of closed) {
    it(`says ${expected.rule} in ${expected.file}, which nobody opened`, async () => {
      const uri = inWorkspace(expected.file);
      const found = await finding(uri, expected.rule);
      assert.equal(found.severity, expected.severity);
      // A built-in extension may read a package.json as a document, so the tabs are what counts.
      const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs.map((tab) => tab.input));
      assert.ok(!tabs.some((input) => input instanceof vscode.TabInputText && input.uri.path === uri.path), 'it is not open');
      const text = Buffer.from(await vscode.workspace.fs.readFile(uri))
        .toString('utf8')
        .split('\n')[found.range.start.line]!;
      assert.equal(text.slice(found.range.start.character, found.range.end.character), expected.covers);
      assert.ok(typeof found.code === 'object' && found.code.target.path.endsWith(`/docs/checks/${expected.rule}.md`));
    });
  }

  it('says the same of a file when it is opened', async () => {
    const uri = inWorkspace('requirements.txt');
    const before = findings(uri).map(rule);
    assert.deepEqual(before.toSorted(), ['compromised-release', 'unpinned']);
    await show(uri);
    await until('the same findings', () => findings(uri).length === before.length);
  });

  it('judges an untitled document by its name', async () => {
    const uri = vscode.Uri.from({ scheme: 'untitled', path: inWorkspace('extra-requirements.txt').path });
    const editor = await show(uri);
    await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), 'litellm==1.82.7\n'));
    await finding(uri, 'compromised-release');
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
    await until('its findings to go', () => findings(uri).length === 0);
  });

  it('says nothing of a file that is no manifest', async () => {
    const uri = inWorkspace('notes.txt');
    await vscode.workspace.fs.writeFile(uri, Buffer.from('litellm==1.82.7\n'));
    await show(uri);
    await finding(inWorkspace('requirements.txt'), 'compromised-release');
    assert.deepEqual(findings(uri), []);
    await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
  });
});
