import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { codeActions, discard, finding, findings, inWorkspace, noFinding, rule, show, until } from './support';

describe('files beside manifests', () => {
  it('have quick fixes too: a limit on age in the wrong unit', async () => {
    const uri = inWorkspace('web/.npmrc');
    await vscode.workspace.fs.writeFile(uri, Buffer.from('min-release-age=4320\n'));
    try {
      await show(uri);
      const { range } = await finding(uri, 'release-age-setting');
      const [fix] = await codeActions(uri, range, 'quickfix');
      assert.match(fix!.title, /3/);
      await vscode.workspace.applyEdit(fix!.edit!);
      await until('its findings to go', () => findings(uri).length === 0);
    } finally {
      await discard();
      await vscode.workspace.fs.delete(uri);
    }
  });

  it('are followed as they are typed: a release that the team blocks', async () => {
    const policy = inWorkspace('merlon.toml');
    const manifest = inWorkspace('requirements.txt');
    await vscode.workspace.fs.writeFile(policy, Buffer.from('# nothing yet\n'));
    try {
      const editor = await show(policy);
      const before = findings(manifest).filter((found) => rule(found) === 'blocked-release').length;
      await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), 'blocked = ["litellm"]\n'));
      await finding(manifest, 'blocked-release');
      assert.equal(before, 0);
      await editor.edit((edit) => edit.insert(new vscode.Position(1, 0), 'nobody-knows-this = 1\n'));
      await finding(policy, 'policy-problem');
      assert.equal(findings(policy).length, 1, 'each change is heard once');
    } finally {
      await discard();
      await vscode.workspace.fs.delete(policy);
    }
    await noFinding(manifest, 'blocked-release');
  });
});
