import * as vscode from 'vscode';
import { finding, findings, inWorkspace, noFinding, until } from './support';

describe('files that come and go', () => {
  const uri = inWorkspace('jobs/constraints.txt');
  const write = (text: string) => vscode.workspace.fs.writeFile(uri, Buffer.from(text));

  it('finds a new file, follows its change on disk, and forgets it when it is deleted', async () => {
    await write('litellm==1.82.8\n');
    await finding(uri, 'compromised-release');
    await write('# nothing\n');
    await noFinding(uri, 'compromised-release');
    await write('litellm==1.82.7\n');
    await finding(uri, 'compromised-release');
    await vscode.workspace.fs.delete(uri);
    await until('its findings to go', () => findings(uri).length === 0);
  });

  it('follows a rule that is set for the workspace', async () => {
    const manifest = inWorkspace('requirements.txt');
    await finding(manifest, 'unpinned');
    const configuration = vscode.workspace.getConfiguration('merlon');
    await configuration.update('rules', { unpinned: 'off' }, vscode.ConfigurationTarget.Workspace);
    await noFinding(manifest, 'unpinned');
    await configuration.update('rules', undefined, vscode.ConfigurationTarget.Workspace);
    await finding(manifest, 'unpinned');
  });
});
