import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { discard, finding, inWorkspace, show } from './support';

describe('verifying provenance', () => {
  it('tells in a read-only document what became of each release of the manifest, and what it does not mean', async () => {
    const uri = inWorkspace('requirements.txt');
    await show(uri);
    await finding(uri, 'compromised-release');
    await vscode.commands.executeCommand('merlon.verifyProvenance');
    const document = vscode.window.activeTextEditor?.document;
    assert.equal(document?.uri.scheme, 'merlon-text');
    const text = document.getText();
    assert.match(text, /^requirements\.txt\n/);
    assert.match(text, /litellm 1\.82\.7/);
    assert.doesNotMatch(text, /\bverified by\b/i);
    // This suite runs in local mode: that nobody was asked is said, and is no verdict.
    assert.match(text, /local knowledge only/);
    await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
    await discard();
  });
});
