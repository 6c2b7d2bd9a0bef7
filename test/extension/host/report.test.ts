import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { api, inWorkspace, until } from './support';

describe('the report', () => {
  const tabs = () =>
    vscode.window.tabGroups.all
      .flatMap((group) => group.tabs)
      .filter(({ input }) => input instanceof vscode.TabInputWebview && input.viewType.endsWith('merlon.report'));

  it('opens in one tab, follows what is typed, and is gone when it is closed', async () => {
    await vscode.commands.executeCommand('merlon.openReport');
    const { report } = await api();
    const page = await until('the page', report);
    assert.match(page, /default-src &#39;none&#39;/);
    assert.match(page, /services\/requirements-dev\.txt/);
    const uri = inWorkspace('services/requirements-dev.txt');
    const document = await vscode.workspace.openTextDocument(uri);
    const change = new vscode.WorkspaceEdit();
    change.insert(uri, new vscode.Position(0, 0), 'crewai>=0.1\n');
    await vscode.workspace.applyEdit(change);
    await until('the new line in the page', () => /crewai/.test(report() ?? ''));
    const back = new vscode.WorkspaceEdit();
    back.delete(uri, new vscode.Range(0, 0, 1, 0));
    await vscode.workspace.applyEdit(back);
    await document.save();
    await until('the page as it was', () => !/crewai/.test(report() ?? 'crewai'));
    await vscode.commands.executeCommand('merlon.openReport');
    assert.equal(tabs().length, 1);
    await vscode.window.tabGroups.close(tabs());
    await until('the page to be gone', () => report() === undefined);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });
});
