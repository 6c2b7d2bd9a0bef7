import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { api, finding, inWorkspace, noFinding, show, discard, until } from './support';

const changed = '2026-08-30T00:00:00Z';
const records = [
  { id: 'PYSEC-2026-9101', ecosystem: 'PyPI', name: 'demo-carried-kit', versions: ['0.4.1'] },
  { id: 'MAL-2026-9102', ecosystem: 'npm', name: 'demo-carried-tools', versions: ['1.0.3'] },
].map(({ id, ecosystem, name, versions }) => ({
  ...{ id, modified: changed, published: changed, summary: `About ${name}` },
  affected: [{ package: { ecosystem, name }, versions }],
}));

// The last of its suite: the index stays with it.
describe('building the offline index from files', () => {
  it('makes what the files say known at once, and its age', async () => {
    const manifest = inWorkspace('carried-requirements.txt');
    const lines = inWorkspace('records.jsonl');
    const folder = inWorkspace('records');
    const write = (uri: vscode.Uri, text: string) => vscode.workspace.fs.writeFile(uri, Buffer.from(text));
    try {
      await write(manifest, 'demo-carried-kit==0.4.1\n');
      await show(manifest);
      await noFinding(manifest, 'vulnerable-release');
      await write(lines, `${JSON.stringify(records[0])}\n`);
      await write(vscode.Uri.joinPath(folder, 'npm', 'MAL-2026-9102.json'), JSON.stringify(records[1]));
      await vscode.commands.executeCommand('merlon.buildIndex', { from: [lines.toString(), folder.toString()] });
      const found = await finding(manifest, 'vulnerable-release');
      assert.match(found.message, /PYSEC-2026-9101/);
      const { status } = await api();
      const value = await until('the age of the index', () => (status()?.index === undefined ? undefined : status()));
      assert.equal(value.index, '2026-08-30T00:00:00.000Z');

      // A file that is no dump changes nothing.
      await write(lines, 'no record\n');
      await vscode.commands.executeCommand('merlon.buildIndex', { from: [lines.toString()] });
      await finding(manifest, 'vulnerable-release');
      assert.equal(status()?.index, '2026-08-30T00:00:00.000Z');
    } finally {
      await discard();
      for (const uri of [manifest, lines, folder]) await vscode.workspace.fs.delete(uri, { recursive: true });
    }
  });
});
