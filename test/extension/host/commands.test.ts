import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { api, finding, inWorkspace, until } from './support';

describe('commands and status', () => {
  it('has every command that it contributes', async () => {
    const { contributes } = vscode.extensions.getExtension('merlon.merlon')!.packageJSON as {
      contributes: { commands: { command: string }[] };
    };
    const known = new Set(await vscode.commands.getCommands(true));
    const missing = contributes.commands.map(({ command }) => command).filter((command) => !known.has(command));
    assert.deepEqual(missing, []);
  });

  it('says in the status that it judges by local knowledge, and as of which date', async () => {
    const { status } = await api();
    await until('the status', () => !!status() && status()?.state !== 'checking');
    const value = status()!;
    assert.equal(value.state, 'local', JSON.stringify(value));
    const bundled = value.detail.find((source) => source.id === 'bundled');
    assert.equal(bundled?.state, 'ok');
    assert.match(bundled.asOf ?? '', /^20\d\d-/);
  });

  it('shows what leaves this machine in a read-only document', async () => {
    await vscode.commands.executeCommand('merlon.showLedger');
    const document = vscode.window.activeTextEditor?.document;
    assert.equal(document?.uri.scheme, 'merlon');
    assert.ok(document.getText().trim().length > 0);
    assert.equal(vscode.workspace.fs.isWritableFileSystem('merlon') ?? false, false);
    await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
  });

  it('writes it into a file, in the form that its name says', async () => {
    for (const name of ['ledger.json', 'ledger.csv']) {
      const target = inWorkspace(name);
      try {
        await vscode.commands.executeCommand('merlon.exportLedger', { target: target.toString() });
        const text = Buffer.from(await vscode.workspace.fs.readFile(target)).toString('utf8');
        if (name.endsWith('.csv')) assert.match(text, /^time,host,path,purpose,names/);
        else {
          const ledger = JSON.parse(text) as { schema: string; mode: string; requests: unknown[] };
          assert.deepEqual([ledger.schema, ledger.mode, ledger.requests], ['merlon.ledger/1', 'local', []]);
        }
      } finally {
        await vscode.workspace.fs.delete(target);
      }
    }
  });

  it('writes the bill of materials of the workspace into a file', async () => {
    const target = inWorkspace('bom.cdx.json');
    try {
      await vscode.commands.executeCommand('merlon.exportSbom', { format: 'cyclonedx', target: target.toString() });
      const bom = JSON.parse(Buffer.from(await vscode.workspace.fs.readFile(target)).toString('utf8')) as {
        specVersion: string;
        components: { purl?: string; evidence: { occurrences: { location: string }[] } }[];
      };
      assert.equal(bom.specVersion, '1.6');
      const litellm = bom.components.filter(({ purl }) => purl?.startsWith('pkg:pypi/litellm@'));
      const places = litellm.flatMap(({ evidence }) => evidence.occurrences.map(({ location }) => location));
      assert.ok(places.includes('services/requirements-dev.txt'), places.join());
    } finally {
      await vscode.workspace.fs.delete(target);
    }
  });

  it('opens the sample outside the workspace, with its finding', async () => {
    await vscode.commands.executeCommand('merlon.openSample');
    const document = vscode.window.activeTextEditor?.document;
    assert.ok(document);
    assert.ok(document.uri.path.endsWith('/sample/requirements.txt'));
    assert.equal(vscode.workspace.getWorkspaceFolder(document.uri), undefined);
    const found = await finding(document.uri, 'compromised-release');
    assert.equal(document.getText(found.range), '==1.82.7');
    assert.equal(vscode.window.activeTextEditor?.selection.active.line, found.range.start.line, 'the cursor stands on it');
    await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
  });

  it('says the same after the server was started again', async () => {
    await vscode.commands.executeCommand('merlon.restartServer');
    await finding(inWorkspace('services/requirements-dev.txt'), 'compromised-release');
    const { running } = await api();
    assert.ok(running());
  });
});
