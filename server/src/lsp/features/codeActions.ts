import { CodeActionTriggerKind, type ClientCapabilities, type CodeAction, type CodeActionParams } from 'vscode-languageserver';
import { FIX_ALL, fixAll, quickFixes } from '../../render/codeActions';
import { lineIndexOf } from '../../render/positions';
import type { Asker } from '../asker';
import { clientEdit } from '../clientEdits';
import { currentCompanions } from '../companions';
import type { Workspace } from '../workspace';

/** How long a fix may wait for a list of releases that is being asked for; then what is known is offered. */
const patienceMs = 500;

/** Quick fixes for the findings in the range, and every preferred fix of the file as one action. */
export async function codeActions(
  { textDocument, range, context }: CodeActionParams,
  workspace: Workspace,
  asker: Asker,
  capabilities: ClientCapabilities,
): Promise<CodeAction[]> {
  const wants = (kind: string) => !context.only || context.only.some((only) => kind === only || kind.startsWith(`${only}.`));
  const before = workspace.assessed(textDocument.uri);
  if (!before || !(wants('quickfix') || wants(FIX_ALL))) return [];
  const lines = lineIndexOf(before.file);
  const asked = { start: lines.offset(range.start), end: lines.offset(range.end) };
  if (before.file.findings.some(({ subject, span }) => subject?.releases.state === 'pending' && touches(span, asked))) {
    // Editors ask while a person types, too: then a name may be half typed, and only what is asked anyway is waited for.
    await (context.triggerKind === CodeActionTriggerKind.Automatic ? asker.answered(patienceMs) : asker.now(patienceMs));
  }
  // The text may have changed while it was waited for: what is offered is made for the text as it stands now.
  const assessed = workspace.assessed(textDocument.uri);
  if (!assessed) return [];
  const now = lineIndexOf(assessed.file);
  const span = { start: now.offset(range.start), end: now.offset(range.end) };
  const report = { files: [currentCompanions(assessed, workspace)] };
  const naming = workspace.namingOf(assessed.folder);
  const actions = wants('quickfix') ? quickFixes(assessed.file, span, report, naming) : [];
  // Unasked, the big hammer is not laid beside the small ones.
  const all = context.only && wants(FIX_ALL) ? fixAll(assessed.file, report, naming) : undefined;
  return [...actions, ...(all ? [all] : [])]
    .filter(({ edit }) => edit?.documentChanges?.length)
    .map((action) => ({ ...action, edit: clientEdit(action.edit!, capabilities) }));
}

function touches(a: { start: number; end: number }, b: { start: number; end: number }): boolean {
  return a.start <= b.end && b.start <= a.end;
}
