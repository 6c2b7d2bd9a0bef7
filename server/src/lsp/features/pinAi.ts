import type { ClientCapabilities } from 'vscode-languageserver';
import type { Finding } from '../../core/finding';
import { planFixes } from '../../core/fixPlan';
import { pinPolicy, pinnable, pinOf } from '../../fixes/pinning';
import { workspaceEdit, writable } from '../../render/codeActions';
import type { Session } from '../../session/session';
import { clientEdit } from '../clientEdits';
import { currentCompanions } from '../companions';
import type { PinAiParams, PinAiResult } from '../messages';
import type { Workspace } from '../workspace';

/** How long releases are waited for; what is not known then is left, and the answer says why. */
const patienceMs = 28_000;

/** Pins the AI dependencies of one file or of all, or all that is unpinned in one section, as an edit that wants confirmation. */
export async function pinAi(
  { scope, section }: PinAiParams,
  workspace: Workspace,
  session: Session,
  capabilities: ClientCapabilities,
): Promise<PinAiResult> {
  const chosen = () => {
    const one = scope === 'workspace' ? undefined : workspace.assessed(scope);
    const assessed = scope === 'workspace' ? workspace.all() : one ? [one] : [];
    return assessed.map((item) => {
      const rules = workspace.rulesOf(item.folder, item.path);
      return {
        ...item,
        locks: item.folder.locks.documents(),
        rules: section === undefined ? { ...rules, policy: pinPolicy(rules.policy, 'ai') } : rules,
      };
    });
  };
  const isWanted = (finding: Finding) =>
    section === undefined ? pinnable(finding, 'ai') : pinnable(finding, 'all') && finding.subject?.declaration.section === section;
  const patience = AbortSignal.timeout(patienceMs);
  try {
    await session.engine.ask(chosen(), patience);
  } catch (error) {
    if (!patience.aborted) throw error;
  }

  const left: string[] = [];
  const documentChanges: object[] = [];
  const changeAnnotations: Record<string, unknown> = {};
  let pinned = 0;
  // The texts as they stand now, not as they stood when the releases were asked for.
  const now = chosen();
  for (const folder of new Set(now.map((item) => item.folder))) {
    const files = now
      .filter((item) => item.folder === folder)
      .map(({ document, rules, locks }) => currentCompanions({ file: session.engine.assess(document, rules, locks), folder }, workspace));
    const plan = planFixes(files, isWanted, writable({ files }, pinOf));
    pinned += plan.taken.length;
    left.push(...plan.left.map(({ finding, reason }) => `${nameOf(finding)} in ${finding.file}: ${reason}`));
    const titles = new Map(plan.taken.flatMap(({ fix }) => fix.edits.map((edit) => [edit, fix.title])));
    const edit = workspaceEdit(plan.edits, { files }, workspace.namingOf(folder), (own) => titles.get(own) ?? 'Pin');
    // Two folders may hold files of one path.
    const prefixed = (id: string) => `${folder.uri} ${id}`;
    for (const change of edit.documentChanges ?? []) {
      if (!('edits' in change)) continue;
      const edits = change.edits.map((own) => ('annotationId' in own ? { ...own, annotationId: prefixed(own.annotationId!) } : own));
      documentChanges.push({ ...change, edits });
    }
    for (const [id, annotation] of Object.entries(edit.changeAnnotations ?? {})) changeAnnotations[prefixed(id)] = annotation;
  }
  return { ...(pinned && { edit: clientEdit({ documentChanges, changeAnnotations } as never, capabilities) }), pinned, left };
}

function nameOf(finding: Finding): string {
  return finding.subject?.declaration.writtenName ?? finding.package;
}
