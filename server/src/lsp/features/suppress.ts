import type { ClientCapabilities, CodeAction, CodeActionParams, WorkspaceEdit } from 'vscode-languageserver';
import type { Finding, Fix } from '../../core/finding';
import type { Companion } from '../../core/manifest';
import { suppressFix } from '../../policy/suppressFix';
import { quickFixes, workspaceEdit } from '../../render/codeActions';
import { diagnosticOf } from '../../render/diagnostics';
import { lineIndexOf } from '../../render/positions';
import { versionsOf } from '../../scan/suppress';
import { canApply, clientEdit } from '../clientEdits';
import type { Folder } from '../folder';
import type { SuppressParams } from '../messages';
import { knownToPolicies } from '../policies';
import type { Workspace } from '../workspace';

/** The command of our own client, which asks for the reason. */
const command = 'merlon.suppress';

/** For each finding in the range, the entry of the nearest policy file that suppresses it. Our own client asks for the reason first. */
export function suppressActions(
  { textDocument: { uri }, range }: Pick<CodeActionParams, 'textDocument' | 'range'>,
  workspace: Workspace,
  now: Date,
  capabilities: ClientCapabilities,
): CodeAction[] {
  const at = judgedAt(uri, workspace);
  if (!at) return [];
  const asks = (capabilities.experimental as { merlonSuppress?: boolean } | undefined)?.merlonSuppress === true;
  const lines = lineIndexOf(at.file);
  const span = { start: lines.offset(range.start), end: lines.offset(range.end) };
  return at.file.findings
    .filter((finding) => finding.span.start <= span.end && span.start <= finding.span.end)
    .flatMap((finding): CodeAction[] => {
      const fix = fixFor(finding, at.folder, workspace, now);
      if (!fix) return [];
      const action = { title: fix.title, kind: 'quickfix', diagnostics: [diagnosticOf(finding, at.file)] };
      if (asks) return [{ ...action, command: { title: fix.title, command, arguments: [paramsOf(uri, finding)] } }];
      const edit = editOf(fix, at.folder, workspace);
      return canApply(edit, capabilities) ? [{ ...action, edit: clientEdit(edit, capabilities) }] : [];
    });
}

/** What to change so that a finding is suppressed, for this reason; null where it is no more. */
export function suppress(params: SuppressParams, workspace: Workspace, now: Date, capabilities: ClientCapabilities): WorkspaceEdit | null {
  const at = judgedAt(params.uri, workspace);
  const finding = at?.file.findings.find(
    (one) => one.rule === params.rule && one.package === params.package && one.version === (params.version ?? undefined),
  );
  const fix = at && finding && fixFor(finding, at.folder, workspace, now, params.reason);
  return fix ? clientEdit(editOf(fix, at.folder, workspace), capabilities) : null;
}

/** The cures of a policy file's own faults. */
export function policyFixes(uri: string, range: CodeActionParams['range'], workspace: Workspace): CodeAction[] {
  const at = workspace.policyAt(uri);
  if (!at || (workspace.openText(uri) ?? at.file.text) !== at.file.text) return [];
  const lines = lineIndexOf(at.file);
  const span = { start: lines.offset(range.start), end: lines.offset(range.end) };
  return quickFixes(at.file, span, { files: [], policies: [at.file] }, workspace.namingOf(at.folder));
}

function judgedAt(
  uri: string,
  workspace: Workspace,
): { readonly folder: Folder; readonly file: Companion & { readonly findings: readonly Finding[] } } | undefined {
  const assessed = workspace.assessed(uri);
  if (assessed) return assessed;
  const at = workspace.located(uri);
  const lock = at?.folder.assessedLocks.get(at.path);
  return lock && { folder: at!.folder, file: lock };
}

function fixFor(finding: Finding, folder: Folder, workspace: Workspace, now: Date, reason?: string): Fix | undefined {
  const policy = workspace.policyToWrite(folder, finding.file);
  if (policy === 'none') return undefined;
  const known = knownToPolicies;
  return suppressFix(finding, {
    ...(policy && { policy }),
    versions: versionsOf(finding),
    now,
    ...(reason !== undefined && { reason }),
    known,
  });
}

function editOf(fix: Fix, folder: Folder, workspace: Workspace): WorkspaceEdit {
  const policy = workspace.policyToWrite(folder, fix.edits[0]!.file);
  const policies = policy && policy !== 'none' ? [{ ...policy, ecosystem: '' as const, findings: [], suppressed: [] as const }] : [];
  return workspaceEdit(fix.edits, { files: [], policies }, workspace.namingOf(folder));
}

function paramsOf(uri: string, { rule, package: name, version }: Finding): Omit<SuppressParams, 'reason'> {
  return { uri, rule, package: name, ...(version !== undefined && { version }) };
}
