import * as vscode from 'vscode';
import { REPORT, type ReportParams, type ReportResult } from '../../server/src/lsp/messages';
import { pickFolder } from './sbom';
import type { Session } from './session';

/** The report on one folder, in a tab of its own. */
export interface ReportView extends vscode.Disposable {
  /** Shows it, of the folder that the user chooses where there are several. */
  open(): Promise<void>;
  /** What the tab shows; `undefined` where it is closed. */
  html(): string | undefined;
}

/** What the page may say; anything else is passed over. */
type Message = { readonly type: 'open'; readonly place: number } | { readonly type: 'save' } | { readonly type: 'check' };

/** A report that follows what is typed need not follow each letter. */
const quietMs = 800;

export function createReport(session: Session, output: vscode.LogOutputChannel): ReportView {
  let panel: vscode.WebviewPanel | undefined;
  let folder: vscode.WorkspaceFolder | undefined;
  let shown: ReportResult | undefined;
  let isOld = false;
  let soon: NodeJS.Timeout | undefined;
  /** Answers to older requests are no longer wanted. */
  let latest = 0;

  const request = async (form: ReportParams['form'], ask: boolean): Promise<ReportResult> => {
    if (!folder) throw new Error('No folder is open.');
    const params: ReportParams = { folder: folder.uri.toString(), form, ask };
    return (await session.client()).sendRequest<ReportResult>(REPORT, params);
  };
  const show = async (ask: boolean) => {
    const turn = ++latest;
    isOld = false;
    const result = await request('editor', ask);
    if (!panel || turn !== latest) return;
    // Setting the same page again would throw away what is unfolded and where one reads.
    const isSame = shown && withoutTime(shown.html) === withoutTime(result.html);
    shown = result;
    if (!isSame) panel.webview.html = result.html;
  };
  const refresh = () => {
    if (!panel?.visible) return void (isOld = true);
    clearTimeout(soon);
    soon = setTimeout(() => void attempt(() => show(false)), quietMs);
  };
  const attempt = async (work: () => Promise<unknown>) => {
    try {
      await work();
    } catch (error) {
      output.warn(`The report: ${String(error)}`);
    }
  };
  const heard = async (message: unknown) => {
    if (!isMessage(message) || !shown) return;
    if (message.type === 'check') return vscode.window.withProgress(checking, () => show(true));
    if (message.type === 'save') return save();
    // The page can name nothing but places that the server has counted.
    const place = shown.places[message.place];
    if (!place) return;
    const { line, character } = place.range.start;
    const selection = new vscode.Range(line, character, line, character);
    return vscode.window.showTextDocument(vscode.Uri.parse(place.uri), { selection, viewColumn: vscode.ViewColumn.Beside, preview: true });
  };
  const save = async () => {
    const target = await vscode.window.showSaveDialog({
      title: 'Save the report',
      defaultUri: vscode.Uri.joinPath(folder!.uri, 'merlon-report.html'),
      filters: { HTML: ['html'] },
    });
    if (!target) return;
    const { html } = await request('file', false);
    await vscode.workspace.fs.writeFile(target, new TextEncoder().encode(html));
  };
  const create = () => {
    const options: vscode.WebviewOptions = { enableScripts: true, localResourceRoots: [], enableForms: false, enableCommandUris: false };
    const made = vscode.window.createWebviewPanel('merlon.report', 'Merlon: Report', vscode.ViewColumn.Active, options);
    made.webview.onDidReceiveMessage((message: unknown) => void attempt(() => Promise.resolve(heard(message))));
    made.onDidChangeViewState(() => {
      if (made.visible && isOld) void attempt(() => show(false));
    });
    made.onDidDispose(() => {
      panel = shown = undefined;
      clearTimeout(soon);
    });
    return made;
  };
  const following = session.onAssessed(refresh);

  return {
    async open() {
      const wanted = await pickFolder();
      if (!wanted) return;
      if (folder !== wanted) shown = undefined;
      folder = wanted;
      if (panel) panel.reveal();
      else panel = create();
      await show(true);
    },
    html: () => (panel ? shown?.html : undefined),
    dispose: () => {
      following.dispose();
      clearTimeout(soon);
      panel?.dispose();
    },
  };
}

const checking = { location: vscode.ProgressLocation.Window, title: 'Merlon: checking' };

function isMessage(message: unknown): message is Message {
  if (typeof message !== 'object' || message === null || !('type' in message)) return false;
  if (message.type === 'save' || message.type === 'check') return true;
  return message.type === 'open' && 'place' in message && Number.isSafeInteger(message.place);
}

function withoutTime(html: string): string {
  return html.replace(/<time [^]*?<\/time>/, '');
}
