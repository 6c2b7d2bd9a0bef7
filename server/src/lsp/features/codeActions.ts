import type { CodeAction, CodeActionParams } from 'vscode-languageserver';
import { FIX_ALL, fixAll, quickFixes } from '../../render/codeActions';
import { lineIndexOf } from '../../render/positions';
import type { Asker } from '../asker';
import type { Assessed, Workspace } from '../workspace';

/** How long a fix may wait for a list of releases that is being asked for; then what is known is offered. */
const patienceMs = 500;

/** Quick fixes for the findings in the range, and every preferred fix of the file as one action. */
export async function codeActions(
  { textDocument, range, context }: CodeActionParams,
  workspace: Workspace,
  asker: Asker,
): Promise<CodeAction[]> {
  const wants = (kind: string) => !context.only || context.only.some((only) => kind === only || kind.startsWith(`${only}.`));
  const before = workspace.assessed(textDocument.uri);
  if (!before || !(wants('quickfix') || wants(FIX_ALL))) return [];
  const lines = lineIndexOf(before.file);
  const span = { start: lines.offset(range.start), end: lines.offset(range.end) };
  if (before.file.findings.some((finding) => finding.subject?.releases.state === 'pending' && touches(finding.span, span))) {
    await asker.now(patienceMs);
  }
  // The text may have changed while it was waited for: what is offered is made for the text as it stands now.
  const assessed = workspace.assessed(textDocument.uri);
  if (!assessed) return [];
  const report = { files: [currentCompanions(assessed, workspace)] };
  const naming = workspace.namingOf(assessed.folder);
  const actions = wants('quickfix') ? quickFixes(assessed.file, span, report, naming) : [];
  // Unasked, the big hammer is not laid beside the small ones.
  const all = context.only && wants(FIX_ALL) ? fixAll(assessed.file, report, naming) : undefined;
  return all ? [...actions, all] : actions;
}

function touches(a: { start: number; end: number }, b: { start: number; end: number }): boolean {
  return a.start <= b.end && b.start <= a.end;
}

/** The file with those companions only whose text is still the one that was read: an edit of another would go astray. */
function currentCompanions({ file, folder }: Assessed, workspace: Workspace): Assessed['file'] {
  const companions = file.companions.filter(({ path, text }) => (workspace.openText(folder.uriOf(path)) ?? text) === text);
  return companions.length === file.companions.length ? file : { ...file, companions };
}
