import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { codeActions, discard, finding, findings, inWorkspace, noFinding, rule, show, until } from './support';

describe('a manifest while it is edited', () => {
  const uri = inWorkspace('requirements.txt');
  afterEach(discard);

  it('is judged while typing, unsaved', async () => {
    const editor = await show(uri);
    const before = await vscode.workspace.fs.readFile(uri);
    const at = editor.document.lineAt(editor.document.lineCount - 1).range.end;
    for (const character of 'telnyx==4.87.1') {
      await editor.edit((edit) => edit.insert(editor.document.lineAt(at.line).range.end, character));
    }
    await until('the finding on the new line', () =>
      findings(uri).some((item) => item.range.start.line === at.line && rule(item) === 'compromised-release'),
    );
    assert.ok(editor.document.isDirty);
    assert.deepEqual(await vscode.workspace.fs.readFile(uri), before, 'the file on disk is as it was');
    await editor.edit((edit) => edit.delete(editor.document.lineAt(at.line).range));
    await until('the finding to go', () => !findings(uri).some((item) => item.range.start.line === at.line));
  });

  it('keeps its findings beside a line that is half written', async () => {
    const editor = await show(uri);
    await editor.edit((edit) => edit.insert(new vscode.Position(1, 0), 'torch[cu=>=\n'));
    const found = await until('the finding, moved down', () =>
      findings(uri).find((item) => rule(item) === 'compromised-release' && item.range.start.line === 2),
    );
    assert.equal(editor.document.getText(found.range), '==1.82.7');
  });

  it('is cured by the preferred quick fix, which touches nothing else', async () => {
    const editor = await show(uri);
    const { document } = editor;
    const found = await finding(uri, 'compromised-release');
    const fix = await until('a preferred fix', async () =>
      (await codeActions(uri, found.range, vscode.CodeActionKind.QuickFix.value)).find((action) => action.isPreferred),
    );
    assert.ok(fix.edit, 'the fix carries its edit');
    assert.ok(await vscode.workspace.applyEdit(fix.edit));
    await noFinding(uri, 'compromised-release');
    const lines = document.getText().split('\n');
    assert.match(lines[1]!, /^litellm\[proxy\]\S*1\.\d+\.\d+\S*  # pinned in March$/);
    assert.deepEqual([lines[0], ...lines.slice(2)], ['# the gateway', 'openai', 'requests==2.32.5', '']);
    assert.ok(document.isDirty, 'nothing was saved');
  });

  it('is cured by source.fixAll.merlon', async () => {
    const { document } = await show(uri);
    await finding(uri, 'compromised-release');
    const whole = new vscode.Range(0, 0, document.lineCount, 0);
    const [fix] = await codeActions(uri, whole, 'source.fixAll.merlon');
    assert.ok(fix?.edit);
    assert.ok(await vscode.workspace.applyEdit(fix.edit));
    await noFinding(uri, 'compromised-release');
  });

  it('tells in the hover what the package is, and every advisory', async () => {
    const { document } = await show(uri);
    await finding(uri, 'compromised-release');
    const text = await until('a hover', async () => {
      const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
        'vscode.executeHoverProvider',
        uri,
        document.positionAt(document.getText().indexOf('litellm') + 2),
      );
      const markdown = hovers.flatMap((hover) => hover.contents).map((content) => (typeof content === 'string' ? content : content.value));
      return markdown.join('\n').includes('litellm') && markdown.join('\n');
    });
    assert.match(text, /MAL-2026-2144/);
    assert.doesNotMatch(text, /\]\(command:/, 'no command link');
  });
});
