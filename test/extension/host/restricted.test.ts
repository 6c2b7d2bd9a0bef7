import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { finding, inWorkspace } from './support';

describe('a workspace that is not trusted', () => {
  it('is judged all the same, and cannot switch a rule off', async () => {
    assert.equal(vscode.workspace.isTrusted, false);
    const settings = inWorkspace('.vscode/settings.json');
    await vscode.workspace.fs.writeFile(
      settings,
      Buffer.from(JSON.stringify({ 'merlon.rules': { 'compromised-release': 'off' }, 'merlon.exclude': ['**'] })),
    );
    const manifest = inWorkspace('late-requirements.txt');
    await vscode.workspace.fs.writeFile(manifest, Buffer.from('litellm==1.82.7\n'));
    await finding(manifest, 'compromised-release');
    assert.deepEqual(vscode.workspace.getConfiguration('merlon', manifest).get('exclude'), []);
  });
});
