import * as vscode from 'vscode';
import { SBOM, type SbomParams, type SbomResult } from '../../server/src/lsp/messages';
import type { Session } from './session';

const formats = [
  { label: 'CycloneDX 1.6', description: 'JSON', format: 'cyclonedx', file: 'bom.cdx.json' },
  { label: 'SPDX 3.0.1', description: 'JSON-LD', format: 'spdx', file: 'bom.spdx.json' },
] as const;

/**
 * Asks for the folder, the format and the place, writes the bill of materials there and offers to open it. A key binding or a
 * task may name what else is asked for: `{ "format": "spdx", "target": "file:///…" }`.
 */
export async function exportSbom(session: Session, [wanted]: readonly unknown[] = []): Promise<void> {
  const folder = await pickFolder();
  if (!folder) return;
  const { format, target } = (isObject(wanted) ? wanted : {}) as { readonly format?: unknown; readonly target?: unknown };
  const chosen =
    formats.find((one) => one.format === format) ??
    (await vscode.window.showQuickPick(formats, { title: 'Export AI bill of materials', placeHolder: 'Format' }));
  if (!chosen) return;
  const place =
    typeof target === 'string'
      ? vscode.Uri.parse(target, true)
      : await vscode.window.showSaveDialog({
          title: 'Export AI bill of materials',
          defaultUri: vscode.Uri.joinPath(folder.uri, chosen.file),
          filters: { JSON: ['json'] },
        });
  if (place) await writeSbom(session, folder.uri, chosen.format, place);
}

/** Writes the bill of a folder to a file, and says what it does not know. */
async function writeSbom(session: Session, folder: vscode.Uri, format: SbomParams['format'], target: vscode.Uri): Promise<void> {
  const params: SbomParams = { folder: folder.toString(), format };
  const { text, files, complete } = await (await session.client()).sendRequest<SbomResult>(SBOM, params);
  if (files === 0) throw new Error('There is no manifest and no lockfile in this folder.');
  await vscode.workspace.fs.writeFile(target, new TextEncoder().encode(text));
  const name = target.path.slice(target.path.lastIndexOf('/') + 1);
  const incomplete = complete ? '' : ' Not everything could be asked or read: the file says what is missing.';
  const opened = vscode.window.showInformationMessage(`The bill of materials is in ${name}.${incomplete}`, 'Open');
  void opened.then(async (answer) => {
    if (answer) await vscode.window.showTextDocument(target, { preview: true });
  });
}

/** The only folder, or the one that the user chooses. */
export async function pickFolder(): Promise<vscode.WorkspaceFolder | undefined> {
  const folders = vscode.workspace.workspaceFolders ?? [];
  if (folders.length === 0) throw new Error('No folder is open.');
  return folders.length === 1 ? folders[0] : vscode.window.showWorkspaceFolderPick({ placeHolder: 'Folder' });
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
