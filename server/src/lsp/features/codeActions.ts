import { CodeActionTriggerKind, type ClientCapabilities, type CodeAction, type CodeActionParams } from 'vscode-languageserver';
import { FIX_ALL, fixAll, quickFixes } from '../../render/codeActions';
import { lineIndexOf } from '../../render/positions';
import type { Asker } from '../asker';
import { canApply, clientEdit } from '../clientEdits';
import { currentCompanions } from '../companions';
import { settingsAt } from '../settingsFiles';
import type { Workspace } from '../workspace';
import { policyFixes, suppressActions } from './suppress';

/** How long a fix may wait for a list of releases that is being asked for; then what is known is offered. */
const patienceMs = 500;

/** Quick fixes for the findings in the range, and every preferred fix of the file as one action. */
export async function codeActions(
  { textDocument, range, context }: CodeActionParams,
  workspace: Workspace,
  asker: Asker,
  capabilities: ClientCapabilities,
  now: Date,
): Promise<CodeAction[]> {
  const wants = (kind: string) => !context.only || context.only.some((only) => kind === only || kind.startsWith(`${only}.`));
  if (!(wants('quickfix') || wants(FIX_ALL))) return [];
  const usable = (actions: readonly CodeAction[]) =>
    actions
      .filter(({ edit }) => edit?.documentChanges?.length && canApply(edit, capabilities))
      .map((action) => ({ ...action, edit: clientEdit(action.edit!, capabilities) }));
  const before = workspace.assessed(textDocument.uri);
  /** They cure nothing, so they stand behind what does. */
  const suppressing = () => (wants('quickfix') ? suppressActions({ textDocument, range }, workspace, now, capabilities) : []);
  if (!before) {
    const beside = [...settingsFixes(textDocument.uri, range, workspace), ...policyFixes(textDocument.uri, range, workspace)];
    return wants('quickfix') ? [...usable(beside), ...suppressing()] : [];
  }
  const lines = lineIndexOf(before.file);
  const asked = { start: lines.offset(range.start), end: lines.offset(range.end) };
  if (before.file.findings.some(({ subject, span }) => subject?.releases.state === 'pending' && touches(span, asked))) {
    // Editors ask while a person types, too: then a name may be half typed, and only what is asked anyway is waited for.
    await (context.triggerKind === CodeActionTriggerKind.Automatic ? asker.answered(patienceMs) : asker.now(patienceMs));
  }
  // The text may have changed while it was waited for: what is offered is made for the text as it stands now.
  const assessed = workspace.assessed(textDocument.uri);
  if (!assessed) return [];
  const current = lineIndexOf(assessed.file);
  const span = { start: current.offset(range.start), end: current.offset(range.end) };
  const report = { files: [currentCompanions(assessed, workspace)] };
  const naming = workspace.namingOf(assessed.folder);
  const actions = wants('quickfix') ? quickFixes(assessed.file, span, report, naming) : [];
  // Unasked, the big hammer is not laid beside the small ones.
  const all = context.only && wants(FIX_ALL) ? fixAll(assessed.file, report, naming) : undefined;
  return [...usable([...actions, ...(all ? [all] : [])]), ...suppressing()];
}

/** The cures of what manifests find in a file of settings beside them. */
function settingsFixes(uri: string, range: CodeActionParams['range'], workspace: Workspace): CodeAction[] {
  const at = workspace.located(uri);
  const settings = at && settingsAt(at.folder, at.path);
  if (!settings) return [];
  const lines = lineIndexOf(settings);
  const span = { start: lines.offset(range.start), end: lines.offset(range.end) };
  const files = [...at.folder.assessed.values()].map((assessed) => currentCompanions(assessed, workspace));
  return quickFixes(settings, span, { files }, workspace.namingOf(at.folder));
}

function touches(a: { start: number; end: number }, b: { start: number; end: number }): boolean {
  return a.start <= b.end && b.start <= a.end;
}
