import * as vscode from 'vscode';
import { CHECK_WORKSPACE, CLEAR_CACHE, type CheckWorkspaceResult, type PinAiParams } from '../../server/src/lsp/messages';
import { exportLedger } from './ledger';
import { buildIndex, syncIndex } from './offlineIndex';
import { pinAi } from './pin';
import { verifyProvenance } from './provenance';
import type { ReportView } from './report';
import { openSample } from './sample';
import { exportSbom } from './sbom';
import type { Session } from './session';
import { suppressFinding, type SuppressedFinding } from './suppress';
import type { Texts } from './texts';
import { verifyInstalled } from './verify';

export interface CommandParts {
  readonly context: vscode.ExtensionContext;
  readonly session: Session;
  readonly output: vscode.LogOutputChannel;
  readonly selector: vscode.DocumentSelector;
  readonly texts: Texts;
  readonly report: ReportView;
}

/** The commands of the palette. Only these may show a message: the user asked. */
export function registerCommands({ context, session, output, selector, texts, report }: CommandParts): vscode.Disposable {
  const command = (id: string, title: string, action: (...args: unknown[]) => unknown) =>
    vscode.commands.registerCommand(id, async (...args: unknown[]) => {
      try {
        await vscode.window.withProgress({ location: vscode.ProgressLocation.Window, title }, async () => action(...args));
      } catch (error) {
        output.error(`${id}: ${String(error)}`);
        const shown = await vscode.window.showErrorMessage(error instanceof Error ? error.message : String(error), 'Show output');
        if (shown) output.show();
      }
    });

  return vscode.Disposable.from(
    followActiveEditor(selector),
    command('merlon.checkWorkspace', 'Merlon: checking the workspace', async () => {
      const result = await (await session.client()).sendRequest<CheckWorkspaceResult>(CHECK_WORKSPACE);
      void announce(result);
    }),
    command('merlon.clearCache', 'Merlon: clearing the cache', async () => {
      await (await session.client()).sendRequest(CLEAR_CACHE);
      void vscode.window.showInformationMessage('Merlon’s cache is empty; everything is asked again.');
    }),
    command('merlon.pinAiInFile', 'Merlon: pinning AI dependencies', async (section?: unknown) => {
      // The lens above a section says which; the palette means the open file.
      if (isSection(section)) return pinAi(await session.client(), section, output);
      const document = vscode.window.activeTextEditor?.document;
      if (!document || !vscode.languages.match(selector, document)) throw new Error('The open file is no manifest that Merlon reads.');
      await pinAi(await session.client(), { scope: document.uri.toString() }, output);
    }),
    command('merlon.pinAiInWorkspace', 'Merlon: pinning AI dependencies', async () =>
      pinAi(await session.client(), { scope: 'workspace' }, output),
    ),
    vscode.commands.registerCommand('merlon.suppress', (finding?: SuppressedFinding) => suppressFinding(session, output, finding)),
    command('merlon.verifyInstalled', 'Merlon: verifying what is installed', () => verifyInstalled(session, texts)),
    command('merlon.verifyProvenance', 'Merlon: verifying provenance', () => verifyProvenance(session, texts, selector)),
    command('merlon.openReport', 'Merlon: opening the report', () => report.open()),
    command('merlon.exportSbom', 'Merlon: writing the bill of materials', (...args) => exportSbom(session, args)),
    command('merlon.syncIndex', 'Merlon: syncing the offline index', () => syncIndex(session)),
    command('merlon.buildIndex', 'Merlon: building the offline index', (...args) => buildIndex(session, args)),
    command('merlon.exportLedger', 'Merlon: writing the ledger', (...args) => exportLedger(session, args)),
    command('merlon.openSample', 'Merlon: opening the sample', () => openSample(context)),
    command('merlon.showOutput', 'Merlon', () => output.show()),
    command('merlon.restartServer', 'Merlon: restarting', () => session.restart()),
  );
}

function isSection(argument: unknown): argument is PinAiParams {
  return typeof argument === 'object' && argument !== null && 'section' in argument && 'scope' in argument;
}

async function announce(result: CheckWorkspaceResult): Promise<void> {
  const found = result.errors + result.warnings + result.others;
  const counts = found ? `${result.errors} errors, ${result.warnings} warnings, ${result.others} hints` : 'nothing found';
  const incomplete = result.complete ? '' : ' Not everything could be asked or read, so this is not the whole picture.';
  const message = `${result.files} ${result.files === 1 ? 'manifest' : 'manifests'} checked: ${counts}.${incomplete}`;
  const chosen = await vscode.window.showInformationMessage(message, ...(found ? ['Show problems'] : []));
  if (chosen) await vscode.commands.executeCommand('workbench.actions.view.problems');
}

/** Keeps the context key by which the palette offers what concerns one file. */
function followActiveEditor(selector: vscode.DocumentSelector): vscode.Disposable {
  const update = (editor: vscode.TextEditor | undefined) =>
    void vscode.commands.executeCommand(
      'setContext',
      'merlon.manifestOpen',
      !!editor && vscode.languages.match(selector, editor.document) > 0,
    );
  update(vscode.window.activeTextEditor);
  return vscode.window.onDidChangeActiveTextEditor(update);
}
